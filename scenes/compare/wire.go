package compare

import (
	"strings"

	"mailscope/protocol/imap"
	"mailscope/sim/trace"
)

// receiving are the protocols by which a device gets its mail. What a device
// hands in is the same on both sides, and is not counted.
func receiving(proto string) bool { return proto == "pop3" || proto == "imap" }

// wire is what went over the receiving connections so far.
type wire struct {
	Connections int // opened
	Commands    int // said by clients; a continuation is part of its command
	Trips       int // times that a client waited for its server
	Up, Down    int // octets, client to server and back
	Searched    int // octets of letters that the server had to look through
}

// talk is where one receiving connection stands.
type talk struct {
	client string
	asked  bool // the client spoke last
	goOn   bool // the server asked for more of a command
	data   bool // the client's last words were a literal
	folder string
}

// connect takes in that a connection opened. The client waits for the
// greeting: that is the first trip.
func (st *State) connect(e *trace.Event) {
	if !receiving(e.Proto) {
		return
	}
	st.wire.Connections++
	st.wire.Trips++
	st.talks[e.Conn] = talk{client: e.From}
}

// line takes in one line of a receiving connection.
func (st *State) line(s *Side, e *trace.Event, l *trace.Line) {
	if !receiving(e.Proto) {
		return
	}
	t, ok := st.talks[e.Conn]
	if !ok { // the recording begins in the middle
		t.client = e.From
		if l.Role != trace.Command {
			t.client = e.To
		}
	}
	n := l.Bytes
	if n == 0 {
		n = len(l.Text) + len("\r\n")
	}
	if e.From != t.client {
		st.wire.Down += n
		if t.asked {
			st.wire.Trips++
		}
		t.asked, t.data = false, false
		switch {
		case l.Code == "+":
			t.goOn = true
		case l.Code != "" && !strings.HasPrefix(l.Text, "*"): // the end of the command
			t.goOn = false
		}
		st.talks[e.Conn] = t
		return
	}
	st.wire.Up += n
	t.asked = true
	switch {
	case l.Role == trace.Data:
		t.data = true
	case t.data || t.goOn: // the rest of a command
		t.data = false
	default:
		st.wire.Commands++
		if e.Proto == "imap" {
			st.command(s, e, &t, l.Text)
		}
	}
	t.goOn = false
	st.talks[e.Conn] = t
}

// command notes which folder an IMAP client selects and what a search costs.
func (st *State) command(s *Side, e *trace.Event, t *talk, line string) {
	_, rest, _ := strings.Cut(line, " ") // the tag
	verb, arg, _ := strings.Cut(rest, " ")
	if strings.EqualFold(verb, "UID") {
		verb, arg, _ = strings.Cut(arg, " ")
	}
	switch strings.ToUpper(verb) {
	case "SELECT", "EXAMINE":
		t.folder = imap.NameFromWire(strings.Trim(firstArg(arg), `"`))
	case "SEARCH", "SORT", "THREAD":
		keys := " " + strings.ToUpper(arg) + " "
		if strings.Contains(keys, " TEXT ") || strings.Contains(keys, " BODY ") {
			st.wire.Searched += st.octets(s, t.client, t.folder)
		}
	}
}

// firstArg is the first argument of a line: a quoted string or an atom.
func firstArg(s string) string {
	if strings.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			return s[:end+2]
		}
		return s
	}
	arg, _, _ := strings.Cut(s, " ")
	return arg
}

// octets is what the letters of a folder take in the mailbox of a client's
// owner; of all its folders if there is none of that name.
func (st *State) octets(s *Side, client, folder string) int {
	account := s.accounts[client]
	for i := range st.Boxes {
		b := &st.Boxes[i]
		if b.Mailbox != account {
			continue
		}
		found, sum, all := false, 0, 0
		for j := range b.copies {
			c := &b.copies[j]
			if c.Holds == Nothing {
				continue
			}
			all += c.octets
			if strings.EqualFold(c.folder, "INBOX") && strings.EqualFold(folder, "INBOX") || c.folder == folder {
				found, sum = true, sum+c.octets
			}
		}
		if found || strings.EqualFold(folder, "INBOX") {
			return sum
		}
		return all
	}
	return 0
}
