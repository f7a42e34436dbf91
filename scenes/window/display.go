//go:build cgo || ci

package window

import (
	"net"
	"strconv"
	"strings"
	"time"
)

// display tells whether a window can be opened. Only on X11 and Wayland may
// there be no display; Fyne would panic then, or wait for ever for a display
// that is named but gone. getenv is os.Getenv, dial connects to a display.
//
// conn, if not nil, is a connection to the display. It has to stay open until
// the window is: an X server begins anew when its last client leaves, and
// turns away the next one meanwhile.
func display(goos string, getenv func(string) string, dial func(network, address string) (net.Conn, error)) (conn net.Conn, ok bool) {
	switch goos {
	case "windows", "darwin":
		return nil, true
	}
	x11 := getenv("DISPLAY")
	if x11 == "" {
		return nil, getenv("WAYLAND_DISPLAY") != ""
	}
	host, number, ok := strings.Cut(x11, ":")
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		return nil, true // of a form that only X11 knows
	case host == "" || host == "unix":
		socket := "/tmp/.X11-unix/X" + number
		conn, err = dial("unix", socket)
		if err != nil && goos == "linux" {
			conn, err = dial("unix", "@"+socket)
		}
	default:
		conn, err = dial("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
	}
	return conn, err == nil
}

// dialDisplay connects to a display, which may be far away.
func dialDisplay(network, address string) (net.Conn, error) {
	return net.DialTimeout(network, address, 3*time.Second)
}
