package stage

import (
	"slices"
	"strconv"
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// Session is how far a conversation has come.
type Session struct {
	Conn        int
	Service     string
	From, To    string // client and server
	Chips       []Chip
	Sender      string // reverse-path, "" before MAIL and for a notification
	SenderKnown bool   // a MAIL of this transaction was not refused
	Rcpts       []Rcpt // of this transaction, in order
	Letter      string // "" if not known yet
	DataSent    bool   // the whole letter of this transaction was sent
	Count       int    // POP3: letters announced; IMAP: letters in the open folder
	Folder      string // IMAP: the open one, its name as on the wire; "" if none is
	ReadOnly    bool   // IMAP: nothing in it can be changed
	Idle        bool   // IMAP: the client only listens
}

// Rcpt is one recipient of an envelope.
type Rcpt struct {
	Address string
	Code    string // of the reply; "" while it is awaited
}

// ChipState is where a phase stands.
type ChipState int

// The states of a chip.
const (
	Future ChipState = iota
	Now
	Done
)

// Chip is one phase of a session.
type Chip struct {
	Name  string // the command's verb
	State ChipState
}

// phases are the commands that have a chip, in the order of a session.
var phases = []string{
	"HELO", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA",
	"STLS", "APOP", "USER", "PASS", "LOGIN", "AUTHENTICATE",
	"STAT", "LIST", "LSUB", "STATUS", "UIDL", "RETR", "DELE",
	"SELECT", "EXAMINE", "SEARCH", "SORT", "THREAD", "FETCH", "STORE", "COPY", "MOVE", "EXPUNGE",
	"APPEND", "CREATE", "RENAME", "DELETE", "IDLE", "CLOSE", "LOGOUT",
	"QUIT",
}

// phaseSet has bit i set for phases[i].
type phaseSet uint64

func phaseOf(verb string) phaseSet {
	if i := slices.Index(phases, verb); i >= 0 {
		return 1 << i
	}
	return 0
}

func set(verbs ...string) (p phaseSet) {
	for _, v := range verbs {
		p |= phaseOf(v)
	}
	return p
}

var (
	transaction = set("MAIL", "RCPT", "DATA")
	greeting    = set("HELO", "EHLO")
	logins      = set("APOP", "USER", "PASS")
	signIns     = set("LOGIN", "AUTHENTICATE")
	openings    = set("SELECT", "EXAMINE")
)

// expected adds to the phases that a connection has those that every session
// of its service has.
func (c *Conn) expected() phaseSet {
	p := c.phases
	if c.Service == "pop3" {
		if p&logins == 0 {
			p |= set("USER", "PASS")
		}
		return p | set("STAT", "UIDL", "RETR", "DELE", "QUIT")
	}
	if c.Service == "imap" {
		if p&signIns == 0 {
			p |= set("LOGIN")
		}
		if p&openings == 0 {
			p |= set("SELECT")
		}
		return p | set("FETCH", "STORE", "LOGOUT")
	}
	if p&greeting == 0 {
		p |= set("EHLO")
	}
	if c.Service == "submission" {
		p |= set("AUTH")
	}
	return p | transaction | set("QUIT")
}

// dialogue is the state of one connection between two of its lines.
type dialogue struct {
	place       imapline.Place // of the last line; of other protocols, too
	pending     []string       // client lines whose reply is awaited
	asked       string         // the server asked for the rest of an AUTH
	imap        imapline.Talk
	seen        phaseSet // of this transaction
	now         phaseSet // at most one bit
	sender      string
	senderKnown bool
	rcpts       []Rcpt
	answered    int // of rcpts
	letter      string
	dataSent    bool
	count       int
	folder      folder
	named       string // the folder to be opened, if its name came as a literal
}

func (d *dialogue) clone() dialogue {
	c := *d
	c.pending = slices.Clone(d.pending)
	c.rcpts = slices.Clone(d.rcpts)
	c.imap = d.imap.Clone()
	return c
}

// size is how many things it holds.
func (d *dialogue) size() int { return len(d.pending) + len(d.rcpts) + d.imap.Size() }

// apply takes in the next event of c.
func (d *dialogue) apply(c *Conn, e *trace.Event) {
	if e.Letter != "" {
		d.letter = e.Letter
	}
	switch b := e.Body.(type) {
	case *trace.Close:
		d.now = 0
	case *trace.TLS: // what was not answered in clear never will be (RFC 3207 §4.2)
		d.pending, d.asked = nil, ""
		d.reset()
	case *trace.Line:
		d.place.Asked = d.asked
		switch {
		case e.Proto == "imap":
			d.imapLine(c, e, b)
		case b.Role == trace.Reply:
			d.reply(c, b)
		case e.From != c.From: // a letter or a list of the POP3 server
		case b.Role == trace.Data:
			if b.Text == "." && verbOf(d.place.Command) == "DATA" {
				d.dataSent = true
				d.pending = append(d.pending, d.place.Command)
			}
		case d.asked != "":
			d.asked = ""
		default:
			d.say(b.Text)
		}
	}
}

// say takes in a command of the client.
func (d *dialogue) say(line string) {
	verb := verbOf(line)
	d.place.Command = line
	d.pending = append(d.pending, line)
	switch verb {
	case "MAIL":
		d.reset()
		d.sender, d.senderKnown = path(line), true
	case "RCPT":
		d.rcpts = append(d.rcpts, Rcpt{Address: path(line)})
	case "RSET", "HELO", "EHLO":
		d.reset()
	}
	if p := phaseOf(verb); p != 0 {
		d.seen |= p
		d.now = p
	}
}

// reset forgets the transaction.
func (d *dialogue) reset() {
	d.sender, d.senderKnown, d.dataSent = "", false, false
	d.rcpts, d.answered = nil, 0
	d.seen &^= transaction
}

// reply takes in one line of a reply; its last line settles the command that
// has waited longest.
func (d *dialogue) reply(c *Conn, l *trace.Line) {
	if len(d.pending) == 0 {
		return // the greeting
	}
	d.place = imapline.Place{Command: d.pending[0]}
	if c.Service != "pop3" && len(l.Text) > 3 && l.Text[3] == '-' {
		return
	}
	verb := verbOf(d.place.Command)
	d.asked = ""
	if verb == "AUTH" && (l.Code == "334" || l.Code == "+") {
		d.asked = l.Text
		d.place.Asked = l.Text
		return
	}
	d.pending = d.pending[1:]
	refused := strings.HasPrefix(l.Code, "4") || strings.HasPrefix(l.Code, "5")
	switch verb {
	case "MAIL":
		if refused {
			d.sender, d.senderKnown = "", false
		}
	case "RCPT":
		if d.answered < len(d.rcpts) {
			d.rcpts[d.answered].Code = l.Code
			d.answered++
		}
	case "STAT":
		if f := strings.Fields(l.Text); len(f) > 1 && l.Code == "+OK" {
			d.count, _ = strconv.Atoi(f[1]) // a server's nonsense counts as none
		}
	}
}

// session shows the dialogue as of now.
func (d *dialogue) session(c *Conn) *Session {
	s := &Session{
		Conn: c.ID, Service: c.Service, From: c.From, To: c.To,
		Sender: d.sender, SenderKnown: d.senderKnown, Rcpts: d.rcpts,
		Letter: d.letter, DataSent: d.dataSent, Count: d.count,
		Folder: d.folder.name, ReadOnly: d.folder.readOnly, Idle: d.imap.Idle(),
	}
	expected := c.expected()
	for i, name := range phases {
		bit := phaseSet(1) << i
		if expected&bit == 0 {
			continue
		}
		state := Future
		switch {
		case d.now == bit:
			state = Now
		case d.seen&bit != 0:
			state = Done
		}
		s.Chips = append(s.Chips, Chip{name, state})
	}
	return s
}

// path is the address between the angle brackets of a MAIL or RCPT command.
func path(line string) string {
	_, rest, ok := strings.Cut(line, "<")
	if !ok {
		return ""
	}
	address, _, _ := strings.Cut(rest, ">")
	return address
}
