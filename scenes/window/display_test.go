//go:build cgo || ci

package window

import (
	"errors"
	"net"
	"testing"
)

func TestDisplay(t *testing.T) {
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
		dial := func(_, address string) (net.Conn, error) {
			if address != c.listens {
				return nil, errors.New("nobody there")
			}
			return new(net.UnixConn), nil
		}
		conn, got := display(c.goos, getenv, dial)
		if got != c.want || (conn != nil) != (c.listens != "" && c.want) {
			t.Errorf("display(%s, %s=%s), display at %q: %v, %v", c.goos, c.name, c.value, c.listens, conn, got)
		}
	}
}
