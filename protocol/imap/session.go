package imap

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"

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
		"ENABLE":       {in: authenticated, answer: (*session).enable, needs: "ENABLE"},
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
	if r, ok := s.instead([]byte("greeting")); ok && r.status == "BYE" {
		s.bye(r.text)
		return s.conn.Flush()
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
	if r, ok := s.instead(p.rest()); ok && cmd.refused.status == "" {
		if r.status == "BYE" {
			s.bye(r.text)
		} else {
			s.tagged(s.tag, r)
		}
		return
	}
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
		return outOfState(c.in, s.state), c
	}
	return c.answer(s, p), c
}

// outOfState answers a command that is legal in other states only.
func outOfState(legal, now state) result {
	switch {
	case legal == notAuthenticated:
		return bad("already signed in")
	case legal == selected:
		return bad("select a mailbox first")
	case now == selected:
		return bad("not while a mailbox is selected")
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
