package explain

import (
	"strings"

	"mailscope/scenes/words"
)

// Reason tells in the chosen language why something did not work, where that
// is the program's own finding; what a server said stays as it was said. Only
// the last part of a reason such as "read reply to RETR: connection lost" is
// told.
func Reason(l words.Lang, text string) string {
	for _, r := range reasons {
		if text == r.text || strings.HasSuffix(text, ": "+r.text) {
			return words.T(l, "explain.reason."+r.key)
		}
	}
	return text
}

var reasons = []struct{ text, key string }{
	{"no such letter on this device", "noletter"},
	{"no network", "offline"},
	{"the device is lost", "lost"},
	{"POP3 knows no folders", "nofolders"},
	{"connection lost", "cut"},
	{"connection refused", "refused"},
	{"no route to host", "noroute"},
}
