package window

// hasDisplay tells whether a window can be opened. Only on X11 and Wayland
// may there be no display; Fyne would panic then. getenv is os.Getenv.
func hasDisplay(goos string, getenv func(string) string) bool {
	switch goos {
	case "windows", "darwin":
		return true
	}
	return getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != ""
}
