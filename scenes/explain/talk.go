package explain

import (
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// Talk follows one connection, event by event, and knows what each line
// answers: with PIPELINING (RFC 2920) a client says several commands before
// the first reply, and in IMAP every reply carries the tag of its command. The
// zero Talk is ready for use.
type Talk struct {
	service string
	command string   // that the last line was, answered or followed
	waiting []string // commands not yet answered, the oldest first
	asked   string   // the server's last reply within AUTH
	imap    imapline.Talk
}

// Context takes in the next event of the connection and returns what is
// needed to explain it.
func (t *Talk) Context(e *trace.Event) Context {
	switch b := e.Body.(type) {
	case *trace.Connect:
		t.service = b.Service
	case *trace.Line:
		if t.service == "" {
			t.service = e.Proto
		}
		if e.Proto == "imap" {
			p := t.imap.Take(e, b)
			t.command = p.Command
			return At(p, t.service)
		}
		return Context{Command: t.line(e, b), Service: t.service, Asked: t.asked}
	}
	return Context{Command: t.command, Service: t.service}
}

// line takes in a line and returns the command that it is, answers or
// follows.
func (t *Talk) line(e *trace.Event, l *trace.Line) string {
	switch {
	case l.Role == trace.Reply:
		t.reply(l)
	case l.Role == trace.Command && t.asked == "":
		t.command = l.Text
		t.waiting = append(t.waiting, l.Text)
	case l.Role == trace.Data && l.Text == "." && e.Proto == "smtp":
		t.waiting = append(t.waiting, t.command) // the letter has a reply of its own
	}
	return t.command
}

// reply takes in one line of a reply. The last line settles the command that
// has waited longest; 334 and "+" ask for more of AUTH.
func (t *Talk) reply(l *trace.Line) {
	t.asked = ""
	if len(t.waiting) == 0 {
		return // the greeting, or a reply to nothing
	}
	t.command = t.waiting[0]
	if len(l.Text) > 3 && l.Text[3] == '-' && isCode(l.Text) {
		return
	}
	if verb, _ := verbOf(t.command); verb == "AUTH" && (l.Code == "334" || strings.HasPrefix(l.Text, "+ ") || l.Text == "+") {
		t.asked = l.Text
		return
	}
	t.waiting = t.waiting[1:]
}
