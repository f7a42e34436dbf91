package window

import "testing"

func TestHasDisplay(t *testing.T) {
	for _, c := range []struct {
		goos, name string
		want       bool
	}{
		{"linux", "", false},
		{"linux", "DISPLAY", true},
		{"freebsd", "WAYLAND_DISPLAY", true},
		{"windows", "", true},
		{"darwin", "", true},
	} {
		getenv := func(name string) string {
			if name == c.name {
				return ":0"
			}
			return ""
		}
		if got := hasDisplay(c.goos, getenv); got != c.want {
			t.Errorf("hasDisplay(%s, %q set) = %v", c.goos, c.name, got)
		}
	}
}
