package explain

import (
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Label is an event on one line: what went over the wire as it was, and
// anything else in words.
func Label(l words.Lang, w trace.World, e *trace.Event) (text string, wire bool) {
	switch b := e.Body.(type) {
	case *trace.Line:
		if b.Text == "" && e.Proto == "imap" {
			return words.T(l, "explain.label.empty"), false
		}
		first, rest, more := strings.Cut(b.Text, "\r\n")
		if more && rest != "" {
			first += " …"
		}
		return first, true
	case *trace.Lookup:
		if len(b.Answers) == 0 {
			return b.Type + " " + b.Name + " → " + b.RCode, true
		}
		return b.Type + " " + b.Name + " → " + strings.Join(b.Answers, ", "), true
	}
	return Event(l, w, e, Context{}).Sentence, false
}
