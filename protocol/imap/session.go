package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"mailscope/protocol/wire"
)

// state is where a session is; a set of states is their sum.
//
// RFC 9051 §3.
type state uint8

const (
	notAuthenticated state = 1 << iota
	authenticated
	selected
	loggedOut

	signedIn = authenticated | selected
	anyState = notAuthenticated | signedIn
)

// command is one row of the table: when a verb is legal, and who answers it.
type command struct {
	in     state
	answer func(s *session, p *parser) result
	needs  string // capability without which the verb is unknown; "" means none
	// uid has the verb behind UID take UIDs for sequence numbers.
	uid bool
	// keeps holds EXPUNGE responses back: sequence numbers must stay what the
	// client thinks they are (RFC 9051 §7.5.1).
	keeps bool
}

var commands map[string]command

func init() { // RFC 9051 §6, RFC 3501 §6
	commands = map[string]command{
		"CAPABILITY":   {in: anyState, answer: (*session).capability},
		"NOOP":         {in: anyState, answer: (*session).noop},
		"LOGOUT":       {in: anyState, answer: (*session).logout},
		"ID":           {in: anyState, answer: (*session).id, needs: "ID"},
		"STARTTLS":     {in: notAuthenticated, answer: (*session).startTLS, needs: "STARTTLS"},
		"LOGIN":        {in: notAuthenticated, answer: (*session).login},
		"AUTHENTICATE": {in: notAuthenticated, answer: (*session).authenticate},
		"ENABLE":       {in: signedIn, answer: (*session).enable, needs: "ENABLE"},
		"SELECT":       {in: signedIn, answer: (*session).selectBox},
		"EXAMINE":      {in: signedIn, answer: (*session).examine},
		"CREATE":       {in: signedIn, answer: (*session).create},
		"DELETE":       {in: signedIn, answer: (*session).deleteBox},
		"RENAME":       {in: signedIn, answer: (*session).rename},
		"SUBSCRIBE":    {in: signedIn, answer: (*session).subscribe},
		"UNSUBSCRIBE":  {in: signedIn, answer: (*session).unsubscribe},
		"LIST":         {in: signedIn, answer: (*session).list},
		"LSUB":         {in: signedIn, answer: (*session).lsub, needs: "IMAP4REV1"},
		"NAMESPACE":    {in: signedIn, answer: (*session).namespace, needs: "NAMESPACE"},
		"STATUS":       {in: signedIn, answer: (*session).status},
		"APPEND":       {in: signedIn, answer: (*session).appendLetter},
		"IDLE":         {in: signedIn, answer: (*session).idle, needs: "IDLE"},
		"GETQUOTA":     {in: signedIn, answer: (*session).getQuota, needs: "QUOTA"},
		"GETQUOTAROOT": {in: signedIn, answer: (*session).getQuotaRoot, needs: "QUOTA"},
		"SETQUOTA":     {in: signedIn, answer: (*session).setQuota, needs: "QUOTA"},
		"CHECK":        {in: selected, answer: (*session).check, needs: "IMAP4REV1"},
		"CLOSE":        {in: selected, answer: (*session).close},
		"UNSELECT":     {in: selected, answer: (*session).unselect, needs: "UNSELECT"},
		"EXPUNGE":      {in: selected, answer: (*session).expunge, uid: true},
		"SEARCH":       {in: selected, answer: (*session).search, uid: true, keeps: true},
		"SORT":         {in: selected, answer: (*session).sort, uid: true, keeps: true, needs: "SORT"},
		"THREAD":       {in: selected, answer: (*session).thread, uid: true, keeps: true},
		"FETCH":        {in: selected, answer: (*session).fetch, uid: true, keeps: true},
		"STORE":        {in: selected, answer: (*session).store, uid: true, keeps: true},
		"COPY":         {in: selected, answer: (*session).copy, uid: true},
		"MOVE":         {in: selected, answer: (*session).move, uid: true, needs: "MOVE"},
	}
}

// session is one client's dialogue.
type session struct {
	srv  *Server
	ctx  context.Context
	nc   net.Conn
	conn *wire.Conn
	out  encoder
	log  *slog.Logger

	state    state
	account  Account // once signed in
	view     *view   // in state selected
	tag      string  // of the command under way
	uid      bool    // it is a UID command
	mistakes int
	logins   int  // that failed
	secure   bool // a TLS handshake follows

	rev2      bool // enabled, or nothing else is offered: RFC 9051
	condstore bool // RFC 7162 §3.1
	qresync   bool // RFC 7162 §3.2
	saved     []uint32
}

// run holds the dialogue to its end. A nil error means that it ended between
// two commands.
func (s *session) run() error {
	defer s.hangUp()
	s.state = notAuthenticated
	if s.srv.TLSFirst {
		if err := s.conn.StartTLS(tls.Server, s.srv.TLS); err != nil {
			return err
		}
	}
	if !s.srv.Offer["IMAP4REV1"] {
		s.speakRev2()
	}
	s.untagged("OK [CAPABILITY %s] %s ready", s.capabilityList(), s.srv.Hostname)
	for s.state != loggedOut {
		if err := s.flush(); err != nil {
			return err
		}
		cmd, err := s.read()
		switch {
		case err == nil:
			if s.answer(cmd); s.secure {
				if err := s.handshake(); err != nil {
					return err
				}
			}
		case err == io.EOF:
			return nil
		case s.ctx.Err() != nil:
			s.bye("the server is shutting down")
		case wire.IsTimeout(err):
			s.bye("idle for too long")
		default:
			return err
		}
	}
	return s.conn.Flush()
}

// flush sends what was said, unless the next command is here already.
func (s *session) flush() error {
	if s.out.err != nil {
		return s.out.err
	}
	if s.conn.Buffered() {
		return nil
	}
	return s.conn.Flush()
}

// hangUp gives back what the session holds.
func (s *session) hangUp() {
	s.leave()
	if s.account != nil {
		s.account.Close()
	}
}

// bye ends the session with an untagged response.
//
// RFC 9051 §7.1.5.
func (s *session) bye(why string) {
	s.untagged("BYE %s", why)
	s.state = loggedOut
}

// answer carries one command out, and says how it ended.
func (s *session) answer(cmd *raw) {
	p := newParser(cmd.text)
	s.tag = p.run(&isTag, "a tag")
	if !p.done() && p.peek() != ' ' {
		p.want("a space")
	}
	if s.tag == "" || p.err != nil {
		s.untagged("BAD %s", badSyntax(p.err).text)
		s.mistake()
		return
	}
	p.sp()
	r, c := s.carryOut(p.keyword(), p, cmd)
	if s.state == loggedOut {
		s.tagged(s.tag, r)
		return
	}
	s.sync(!c.keeps || s.uid)
	s.tagged(s.tag, r)
	if r.status == "BAD" {
		s.mistake()
	} else {
		s.mistakes = 0
	}
}

// carryOut finds the handler of a command and returns how it ended.
func (s *session) carryOut(name string, p *parser, cmd *raw) (result, command) {
	if s.uid = name == "UID"; s.uid {
		p.sp()
		name = p.keyword()
	}
	c, known := commands[name]
	switch {
	case p.err != nil:
		return badSyntax(p.err), c
	case cmd.refused.status != "":
		return cmd.refused, c
	case !known || s.uid && !c.uid || c.needs != "" && !s.has(c.needs), s.uid && name == "EXPUNGE" && !s.has("UIDPLUS"):
		return unknown, command{}
	case s.state&c.in == 0:
		return outOfState(c.in), c
	}
	return c.answer(s, p), c
}

// outOfState answers a command that is legal in other states only.
func outOfState(legal state) result {
	switch legal {
	case notAuthenticated:
		return bad("already signed in")
	case selected:
		return bad("select a mailbox first")
	}
	return bad("sign in first")
}

// mistake counts what only a faulty or hostile client sends, one after another,
// and ends the session at the last one.
func (s *session) mistake() {
	if s.mistakes++; s.mistakes >= s.srv.MaxErrors && s.state != loggedOut {
		s.bye("too many mistakes")
	}
}

// Limits on a command.
const (
	maxLine     = 64 << 10  // octets of all its lines, CR LF included
	maxStrings  = 64 << 10  // octets of all its literals but an appended letter
	maxEarly    = 8 << 10   // the same, before the login
	maxDiscard  = 128 << 20 // a literal above it ends the session
	maxLiterals = 100
	maxMinus    = 4096 // octets of a literal of LITERAL-: RFC 7888 §5
	midCommand  = 5 * time.Minute
)

// raw is a command as it came.
type raw struct {
	text    []byte // literals in place; valid until the next one is read
	refused result // what answers it, if it is not worth reading
}

// read reads one command, literals included. What exceeds a limit is read to
// its end all the same, if it does come, so that the next command is found.
//
// RFC 9051 §4.3, RFC 7888.
func (s *session) read() (*raw, error) {
	line, err := s.conn.ReadLine(wire.Command, s.limit(maxLine))
	cmd := &raw{text: line}
	if errors.Is(err, wire.ErrLineTooLong) {
		cmd.refused = bad("line too long")
		return cmd, nil
	}
	if err != nil {
		return nil, err
	}
	size, sync, found := literalTail(line)
	if !found {
		return cmd, nil
	}
	s.conn.SetTimeout(min(midCommand, s.timeout()))
	defer func() { s.conn.SetTimeout(s.timeout()) }()
	cmd.text = append(make([]byte, 0, len(line)+2+min(size, progress)), line...)
	strings := 0
	for n := 1; found; n++ {
		cmd.check(s, size, sync, &strings, n)
		if cmd.refused.status != "" && sync {
			return cmd, nil // the client sends nothing that was not asked for
		}
		if size > maxDiscard {
			s.bye("literal too large")
			return cmd, nil
		}
		if sync {
			s.out.line("+ go ahead")
			if err := s.conn.Flush(); err != nil {
				return nil, err
			}
		}
		if line, err = s.literal(cmd, size); err != nil {
			return nil, err
		}
		size, sync, found = literalTail(line)
	}
	return cmd, nil
}

// progress is how much room is made for a literal before any of it is here.
const progress = 4 << 10

// check decides whether a literal may come.
func (c *raw) check(s *session, size int, sync bool, total *int, n int) {
	letter := s.state&signedIn != 0 && isAppend(c.text)
	if !letter {
		*total += size
	}
	switch {
	case c.refused.status != "":
	case !sync && !s.has("LITERAL+") && (!s.has("LITERAL-") || size > maxMinus):
		c.refused = bad("a literal must be asked for first")
	case n > maxLiterals:
		c.refused = bad("too many literals")
	case letter && size > s.srv.MaxSize:
		c.refused = no("TOOBIG", "the letter is too large")
	case *total > s.limit(maxStrings):
		c.refused = bad("literal too large")
	}
}

// literal takes the octets of a literal and the line after it into a command.
func (s *session) literal(cmd *raw, size int) (line []byte, err error) {
	if cmd.refused.status != "" {
		if _, err := s.conn.AppendN(nil, size, 0); err != nil && !errors.Is(err, wire.ErrTooBig) {
			return nil, err
		}
	} else {
		cmd.text = append(cmd.text, "\r\n"...)
		if cmd.text, err = s.conn.AppendN(cmd.text, size, size); err != nil {
			return nil, err
		}
	}
	line, err = s.conn.ReadLine(wire.Command, s.limit(maxLine))
	if errors.Is(err, wire.ErrLineTooLong) {
		cmd.refused = bad("line too long")
		return nil, nil
	}
	if cmd.refused.status == "" {
		cmd.text = append(cmd.text, line...)
	}
	return line, err
}

// limit is less before the login.
func (s *session) limit(octets int) int {
	if s.state == notAuthenticated {
		return min(octets, maxEarly)
	}
	return octets
}

func (s *session) timeout() time.Duration {
	if s.state == notAuthenticated {
		return s.srv.LoginTimeout
	}
	return s.srv.Timeout
}

// literalTail finds the announcement of a literal at the end of a line.
func literalTail(line []byte) (size int, sync, found bool) {
	if len(line) == 0 || line[len(line)-1] != '}' {
		return 0, false, false
	}
	open := strings.LastIndexByte(string(line[max(0, len(line)-14):]), '{')
	if open < 0 {
		return 0, false, false
	}
	open += max(0, len(line)-14)
	return literalSize(line[open+1 : len(line)-1])
}

// isAppend tells whether a command is APPEND.
func isAppend(text []byte) bool {
	p := newParser(text)
	p.run(&isTag, "a tag")
	p.sp()
	return p.word("APPEND")
}
