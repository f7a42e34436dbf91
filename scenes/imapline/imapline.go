// Package imapline follows a conversation in IMAP event by event: which
// command a line belongs to, and what stood on it before a literal.
//
// Replies carry the tag of their command, a literal parts a line into several
// events, and some lines of a client are no commands of their own. Whoever
// explains a line or shows how far a session has come needs all of this.
package imapline

import (
	"slices"
	"strconv"
	"strings"

	"mailscope/sim/trace"
)

// Place is where a line stands in its conversation.
type Place struct {
	Command string // the client's line, literals left out, that this line is, answers or follows; "" if none
	Before  string // what stood on this very line before, up to the literal just sent; "" if it begins here
	Asked   string // the server's "+" that the client is to answer; "" if none is open
}

// Talk follows one connection. The zero Talk is ready for use.
type Talk struct {
	client  string   // host name; "" until it has said something
	waiting []string // commands not yet answered in full, the oldest first
	asked   string   // the last "+" to the newest of them, not yet answered
	halves  [2]half  // what the client is saying, and the server
}

// half is the unfinished line of one side.
type half struct {
	before  string // "" if no literal is open
	command string // that the line belongs to
	silent  bool   // nothing of the literal has come yet
}

// maxBefore is how much of a line is remembered: a line of ten thousand
// literals is nobody's, and must not cost their square.
const maxBefore = 16 << 10

// Clone is a Talk that goes its own way from here.
func (t *Talk) Clone() Talk {
	c := *t
	c.waiting = slices.Clone(t.waiting)
	return c
}

// Size is how many commands it holds.
func (t *Talk) Size() int { return len(t.waiting) }

// Idle tells whether the client only listens: the server agreed to an IDLE
// that is not over.
func (t *Talk) Idle() bool { return t.asked != "" && t.newest() == "IDLE" }

// Take takes in the next line of the connection and tells its place.
func (t *Talk) Take(e *trace.Event, l *trace.Line) Place {
	side := &t.halves[1]
	switch {
	case l.Role == trace.Command:
		t.client = e.From
		side = &t.halves[0]
	case l.Role == trace.Data && e.From == t.client:
		side = &t.halves[0]
	}
	if l.Role == trace.Data {
		side.silent = false
		return Place{Command: side.command, Before: side.before, Asked: t.open()}
	}
	before, command := side.before, side.command
	if side.silent {
		before = "" // the literal never came: it was refused
	}
	p := Place{Before: before, Asked: t.open()}
	switch {
	case l.Role == trace.Reply && before != "":
		p.Command = command
	case l.Role == trace.Reply:
		p.Command = t.reply(l.Text)
		p.Asked = t.open()
	case before != "":
		p.Command = t.further(command, l.Text)
		if t.newest() != "AUTHENTICATE" {
			t.asked = ""
		}
	default:
		p.Command = t.say(l.Text)
	}
	*side = half{}
	if n, ok := Literal(l.Text); ok {
		*side = half{before: before + l.Text, command: p.Command, silent: n > 0}
		if len(side.before) > maxBefore {
			side.before = l.Text[max(0, len(l.Text)-maxBefore):]
		}
	}
	return p
}

// open is the "+" that the client answers with a line of its own.
func (t *Talk) open() string {
	if t.newest() == "AUTHENTICATE" {
		return t.asked
	}
	return ""
}

// newest is the verb of the command said last, if it is unanswered: the only
// one that can wait for more from the client.
func (t *Talk) newest() string {
	if len(t.waiting) == 0 {
		return ""
	}
	return Verb(t.waiting[len(t.waiting)-1])
}

// say takes in a line of the client that begins. What answers AUTHENTICATE,
// and the DONE after IDLE, are no commands.
func (t *Talk) say(line string) string {
	switch t.newest() {
	case "AUTHENTICATE":
		t.asked = ""
		return t.waiting[len(t.waiting)-1]
	case "IDLE":
		if strings.EqualFold(line, "DONE") {
			t.asked = ""
			return t.waiting[len(t.waiting)-1]
		}
	}
	t.asked = ""
	t.waiting = append(t.waiting, line)
	return line
}

// further takes in what follows a literal on a client's line.
func (t *Talk) further(command, rest string) string {
	whole := command + rest
	if len(whole) > maxBefore {
		whole = command
	}
	if i := slices.Index(t.waiting, command); i >= 0 {
		t.waiting[i] = whole
	}
	return whole
}

// reply takes in a server's line that begins, and finds its command: the one
// with its tag; of a "+" the newest; of an untagged line the oldest.
func (t *Talk) reply(line string) string {
	tag, rest, _ := strings.Cut(line, " ")
	if len(t.waiting) == 0 {
		return ""
	}
	switch tag {
	case "+":
		t.asked = line
		return t.waiting[len(t.waiting)-1]
	case "*":
		command := t.waiting[0]
		if status, _, _ := strings.Cut(rest, " "); strings.EqualFold(status, "BAD") && Verb(command) == "" {
			t.waiting = t.waiting[1:] // it had no tag to answer to
		}
		return command
	}
	i := slices.IndexFunc(t.waiting, func(c string) bool {
		own, _, _ := strings.Cut(c, " ")
		return own == tag
	})
	if i < 0 {
		return ""
	}
	command := t.waiting[i]
	if i == len(t.waiting)-1 {
		t.asked = ""
	}
	if i == 0 {
		t.waiting = t.waiting[1:]
	} else {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	}
	return command
}

// Literal tells whether a line ends in "{812}", "{812+}" or "~{812}", and how
// many octets it promises.
//
// RFC 9051 §4.3; RFC 7888 §4.
func Literal(line string) (octets int, ok bool) {
	i := strings.LastIndexByte(line, '{')
	if i < 0 || !strings.HasSuffix(line, "}") {
		return 0, false
	}
	digits := strings.TrimSuffix(line[i+1:len(line)-1], "+")
	if len(digits) > 10 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	return int(n), err == nil
}

// Verb is what a client's line asks for, in capitals: the word after its tag,
// or after UID. "" if there is none.
func Verb(command string) string {
	words := strings.Fields(command)
	if len(words) < 2 {
		return ""
	}
	verb := strings.ToUpper(words[1])
	if verb == "UID" && len(words) > 2 {
		return strings.ToUpper(words[2])
	}
	return verb
}

// Letter tells whether the literal at the end of before is a letter or a
// piece of one: it is the value of a section, or what APPEND hands over.
func Letter(before string) bool {
	i := strings.LastIndexByte(before, '{')
	if i < 0 {
		return false
	}
	item := strings.ToUpper(strings.TrimSuffix(before[:i], "~"))
	words := strings.Fields(item)
	if len(words) > 2 && words[1] == "APPEND" {
		return true // the first word after APPEND is the mailbox
	}
	item = strings.TrimSuffix(item, " ")
	if at := strings.LastIndexByte(item, '<'); at >= 0 && strings.HasSuffix(item, ">") {
		item = item[:at]
	}
	if strings.HasSuffix(item, "]") {
		at := strings.LastIndexAny(item, "[")
		return at >= 0 && (strings.HasSuffix(item[:at], "BODY") || strings.HasSuffix(item[:at], "BINARY"))
	}
	for _, name := range []string{"RFC822", "RFC822.HEADER", "RFC822.TEXT"} {
		if strings.HasSuffix(item, " "+name) || strings.HasSuffix(item, "("+name) {
			return true
		}
	}
	return false
}
