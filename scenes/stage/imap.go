package stage

import (
	"strconv"
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// folder is the mailbox that an IMAP session has open.
type folder struct {
	name     string // as on the wire; "" if none is open
	readOnly bool
}

// imapLine takes in a line of an IMAP session.
func (d *dialogue) imapLine(c *Conn, e *trace.Event, l *trace.Line) {
	d.place = d.imap.Take(e, l)
	begins := d.place.Before == ""
	switch {
	case l.Role == trace.Data:
		if e.From == c.From && opens(imapline.Verb(d.place.Command)) {
			d.named = l.Text // the folder's name came as a literal
		}
	case l.Role == trace.Command && begins && d.place.Command == l.Text:
		d.imapCommand(l.Text)
	case l.Role == trace.Reply && begins:
		d.imapReply(l)
	}
}

// opens tells whether a command opens a folder.
func opens(verb string) bool { return verb == "SELECT" || verb == "EXAMINE" }

// imapCommand takes in a command.
func (d *dialogue) imapCommand(line string) {
	verb := imapline.Verb(line)
	if opens(verb) { // which closes the one before, whatever comes of it
		d.folder, d.named, d.count = folder{}, "", 0
	}
	if p := phaseOf(verb); p != 0 {
		d.seen |= p
		d.now = p
	}
}

// imapReply takes in the beginning of a line of the server: how many letters
// there are, or how a command came out.
func (d *dialogue) imapReply(l *trace.Line) {
	words := strings.SplitN(l.Text, " ", 4)
	if words[0] == "*" && len(words) > 2 {
		n, err := strconv.Atoi(words[1])
		switch what := strings.ToUpper(words[2]); {
		case strings.EqualFold(words[1], "VANISHED") && len(words) == 3:
			d.count = max(0, d.count-setSize(words[2]))
		case err != nil || n < 0:
		case what == "EXISTS":
			d.count = n
		case what == "EXPUNGE":
			d.count = max(0, d.count-1)
		}
		return
	}
	if words[0] == "*" || words[0] == "+" || l.Code != "OK" {
		return
	}
	switch verb := imapline.Verb(d.place.Command); verb {
	case "SELECT", "EXAMINE":
		d.folder = folder{
			name:     argument(d.place.Command, d.named),
			readOnly: verb == "EXAMINE" || strings.Contains(strings.ToUpper(l.Text), "[READ-ONLY]"),
		}
	case "CLOSE", "UNSELECT", "UNAUTHENTICATE":
		d.folder, d.count = folder{}, 0
	}
}

// setSize is how many numbers a set such as "3:5,7" has.
func setSize(set string) int {
	n := 0
	for part := range strings.SplitSeq(set, ",") {
		from, to, ranged := strings.Cut(part, ":")
		a, err := strconv.ParseUint(from, 10, 32)
		if err != nil {
			continue
		}
		b := a
		if ranged {
			if b, err = strconv.ParseUint(to, 10, 32); err != nil {
				continue
			}
		}
		n += int(max(a, b)-min(a, b)) + 1
	}
	return n
}

// argument is the first thing told after a command's verb, without quotes;
// named if it came as a literal.
func argument(command, named string) string {
	words := strings.SplitN(command, " ", 3)
	if len(words) < 3 {
		return ""
	}
	if strings.HasPrefix(words[2], "{") {
		return named
	}
	arg, _ := astring(words[2])
	return arg
}
