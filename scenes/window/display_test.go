//go:build cgo || ci

package window

import "testing"

func TestHasDisplay(t *testing.T) {
	for _, c := range []struct {
		goos, name, value string
		listens           string // address at which a display does
		want              bool
	}{
		{"linux", "", "", "", false},
		{"linux", "DISPLAY", ":0", "/tmp/.X11-unix/X0", true},
		{"linux", "DISPLAY", ":1.0", "@/tmp/.X11-unix/X1", true},
		{"linux", "DISPLAY", ":1", "/tmp/.X11-unix/X0", false},
		{"linux", "DISPLAY", "localhost:10.0", "localhost:6010", true},
		{"linux", "DISPLAY", "localhost:10.0", "", false},
		{"linux", "DISPLAY", "odd", "", true},
		{"freebsd", "WAYLAND_DISPLAY", "wayland-0", "", true},
		{"windows", "", "", "", true},
		{"darwin", "", "", "", true},
	} {
		getenv := func(name string) string {
			if name == c.name {
				return c.value
			}
			return ""
		}
		reach := func(_, address string) bool { return address == c.listens }
		if got := hasDisplay(c.goos, getenv, reach); got != c.want {
			t.Errorf("hasDisplay(%s, %s=%s), display at %q: %v", c.goos, c.name, c.value, c.listens, got)
		}
	}
}
