//go:build cgo || ci

package window

import (
	"net"
	"strconv"
	"strings"
	"time"
)

// hasDisplay tells whether a window can be opened. Only on X11 and Wayland
// may there be no display; Fyne would panic then, or wait for ever for a
// display that is named but gone. getenv is os.Getenv, reach tells whether
// something listens there.
func hasDisplay(goos string, getenv func(string) string, reach func(network, address string) bool) bool {
	switch goos {
	case "windows", "darwin":
		return true
	}
	x11 := getenv("DISPLAY")
	if x11 == "" {
		return getenv("WAYLAND_DISPLAY") != ""
	}
	host, number, ok := strings.Cut(x11, ":")
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		return true // of a form that only X11 knows
	case host == "" || host == "unix":
		socket := "/tmp/.X11-unix/X" + number
		return reach("unix", socket) || goos == "linux" && reach("unix", "@"+socket)
	}
	return reach("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
}

// reachable tells whether something accepts connections at an address.
func reachable(network, address string) bool {
	c, err := net.DialTimeout(network, address, 3*time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}
