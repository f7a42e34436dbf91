package smtp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"

	"mailscope/protocol/wire"
)

// state is how far a session has come.
type state uint8

const (
	stateNew   state = iota // no HELO or EHLO yet
	stateReady              // greeted, no transaction
	stateMail               // MAIL accepted
	stateRcpt               // at least one RCPT accepted
	stateBdat               // some chunks of the letter came
)

// states is a set of states.
type states uint8

func in(list ...state) (set states) {
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

const anyState states = 0xff

// session is the server's side of one connection.
type session struct {
	srv  *Server
	ctx  context.Context
	nc   net.Conn
	c    *wire.Conn
	back Session

	state        state
	env          Envelope
	chunks       []byte // of a letter that comes by BDAT
	errs         int    // mistakes so far
	transactions int
	logins       int                  // that failed
	next         func(*session) Reply // reads what an intermediate reply asked for
	closing      bool
}

// command is one verb of the protocol.
type command struct {
	legal   states
	do      func(s *session, arg string) Reply
	offered func(*session) bool // nil means always
	login   bool                // needs one where the server asks for it
	limit   int                 // octets of its line; 0 means maxCommand
	octets  bool                // follow it at once
}

// Limits of a command line, CR LF included: RFC 5321 §4.5.3.1.4 and what
// SIZE (26), 8BITMIME (17), SMTPUTF8 (10), DSN (MAIL 9+108, RCPT 28+508) and
// AUTH (500; its own line 12288, RFC 4954 §4) add.
const (
	maxCommand = 512
	maxMail    = maxCommand + 26 + 17 + 10 + 9 + 108 + 500
	maxRcpt    = maxCommand + 10 + 28 + 508
	maxAuth    = 12288
)

var commands map[string]command

func init() { // RFC 5321 §4.1.4
	commands = map[string]command{
		"EHLO":     {legal: anyState, do: (*session).ehlo, offered: func(s *session) bool { return s.srv.Offer.EHLO }},
		"HELO":     {legal: anyState, do: (*session).helo},
		"MAIL":     {legal: in(stateReady), do: (*session).mail, login: true, limit: maxMail},
		"RCPT":     {legal: in(stateMail, stateRcpt), do: (*session).rcpt, limit: maxRcpt},
		"DATA":     {legal: in(stateRcpt), do: (*session).data},
		"BDAT":     {legal: anyState, do: (*session).bdat, offered: (*session).chunking, octets: true}, // in any state
		"RSET":     {legal: anyState, do: (*session).rset},
		"NOOP":     {legal: anyState, do: (*session).noop},
		"VRFY":     {legal: anyState, do: (*session).vrfy, login: true, offered: func(s *session) bool { return s.srv.Offer.VRFY }},
		"EXPN":     {legal: anyState, offered: never},
		"HELP":     {legal: anyState, do: (*session).help, offered: func(s *session) bool { return s.srv.Offer.Help }},
		"QUIT":     {legal: anyState, do: (*session).quit},
		"AUTH":     {legal: in(stateReady), do: (*session).auth, offered: func(s *session) bool { return len(s.srv.Offer.Auth) > 0 }, limit: maxAuth},
		"STARTTLS": {legal: anyState, do: (*session).starttls, offered: (*session).canStartTLS}, // not only after EHLO: RFC 3207 §4
		"SEND":     {legal: anyState, offered: never},                                           // RFC 821 §3.4
		"SOML":     {legal: anyState, offered: never},
		"SAML":     {legal: anyState, offered: never},
		"TURN":     {legal: anyState, offered: never},
	}
}

func never(*session) bool { return false }

// greeting is the text behind the host's name.
func (s *session) greeting() string {
	switch {
	case s.srv.Greeting != "":
		return s.srv.Greeting
	case s.srv.Offer.EHLO:
		return "ESMTP"
	}
	return "Simple Mail Transfer Service Ready" // RFC 821 §4.3
}

// run greets the client and answers its commands until one side closes.
func (s *session) run() {
	greeting, told := s.instead(greets)
	if told && !greeting.Positive() {
		s.refuse(greeting)
		return
	}
	if !told {
		greeting = reply(220, "", s.srv.Hostname+" "+s.greeting())
	}
	s.send(greeting)
	for !s.closing {
		if s.ctx.Err() != nil {
			s.end(s.shutdown())
			return
		}
		s.flush()
		line, err := s.c.ReadLine(wire.Command, maxAuth)
		s.respond(s.answer(line, err))
		for s.next != nil && !s.closing {
			next := s.next
			s.next = nil
			if s.c.Flush() != nil {
				return
			}
			s.respond(next(s))
		}
	}
	s.c.Flush()
}

// respond sends a reply, or 421 if it is one mistake too many.
func (s *session) respond(r Reply) {
	if s.mistake(r) {
		r = reply(421, "4.7.0", s.srv.Hostname+" too many errors")
	}
	s.send(r)
}

// answer finds the reply to one line, read with err.
func (s *session) answer(line []byte, err error) Reply {
	verb, arg := split(line)
	var upper [8]byte
	cmd, known := commands[string(upperCase(upper[:0], verb))]
	switch {
	case err == wire.ErrLineTooLong || err == nil && len(line)+2 > or(cmd.limit, maxCommand):
		if cmd.limit == maxAuth {
			return replyAuthTooLong
		}
		return replyTooLong
	case err != nil:
		return s.lost(err)
	case bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, '\n') >= 0:
		return replyBareInCommand
	case bytes.IndexByte(line, 0) >= 0:
		return replyNUL
	case !known || !s.srv.Offer.EHLO && cmd.limit == maxAuth:
		return replyUnknown
	case cmd.offered != nil && !cmd.offered(s):
		if !s.srv.Offer.EHLO && !known1982[string(upperCase(upper[:0], verb))] {
			return replyUnknown
		}
		return replyNotOffered
	case cmd.login && s.srv.RequireAuth && s.env.User == "":
		if s.canStartTLS() && s.c.TLS() == nil && !s.srv.ClearAuth {
			return replyStartTLS
		}
		return replyLogin
	case cmd.legal&(1<<s.state) == 0:
		return s.outOfOrder(string(upperCase(upper[:0], verb)))
	}
	if cmd.octets {
		return cmd.do(s, string(arg))
	}
	if r, ok := s.instead(line); ok {
		return r
	}
	return cmd.do(s, string(arg))
}

// known1982 are the verbs of RFC 821 that need not be offered.
var known1982 = map[string]bool{"VRFY": true, "EXPN": true, "HELP": true,
	"SEND": true, "SOML": true, "SAML": true, "TURN": true}

// Replies that need nothing of the session.
var (
	replyTooLong       = reply(500, "5.5.2", "line too long")
	replyAuthTooLong   = reply(500, "5.5.6", "authentication line too long")
	replyBareInCommand = reply(500, "5.5.2", "bare CR or LF in command")
	replyNUL           = reply(500, "5.5.2", "NUL in command")
	replyUnknown       = reply(500, "5.5.2", "command not recognized")
	replyNotOffered    = reply(502, "5.5.1", "command not implemented")
	replyLogin         = reply(530, "5.7.0", "authentication required")
	replyStartTLS      = reply(530, "5.7.0", "STARTTLS first") // RFC 3207 §4
	replyNoArgument    = reply(501, "5.5.4", "no argument allowed")
	replyOK            = reply(250, "2.0.0", "ok")
)

// outOfOrder answers a verb that is not legal in the session's state.
//
// RFC 5321 §4.1.4.
func (s *session) outOfOrder(verb string) Reply {
	text := "MAIL first"
	switch {
	case s.state == stateNew && s.srv.Offer.EHLO:
		text = "EHLO or HELO first"
	case s.state == stateNew:
		text = "HELO first"
	case s.state == stateBdat:
		text = "only BDAT can follow BDAT"
	case verb == "MAIL":
		text = "a transaction is open already"
	case verb == "AUTH":
		text = "not during a transaction"
	case s.state == stateMail:
		text = "RCPT first"
	}
	return reply(503, "5.5.1", text)
}

// split takes a verb from a command line.
func split(line []byte) (verb, arg []byte) {
	verb = line
	if i := bytes.IndexByte(line, ' '); i >= 0 {
		verb, arg = line[:i], line[i+1:]
	}
	return verb, bytes.TrimRight(arg, " \t") // RFC 5321 §4.1.1: tolerate
}

// upperCase appends verb in capitals; one that is too long for any command
// gives nothing.
func upperCase(to, verb []byte) []byte {
	if len(verb) != 4 && len(verb) != len("STARTTLS") {
		return to
	}
	for _, b := range verb {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		to = append(to, b)
	}
	return to
}

// mistake counts what only a faulty or hostile client provokes, and tells
// when it is enough.
func (s *session) mistake(r Reply) bool {
	switch r.Code {
	case 500, 501, 502, 503, 504, 530, 535, 538, 555:
		s.errs++
		return s.errs >= or(s.srv.MaxErrors, DefaultMaxErrors)
	}
	return false
}

// lost answers a failed read: with 421 after a timeout or at the server's
// end, with nothing if the client is gone. The session ends either way.
func (s *session) lost(err error) Reply {
	s.closing = true
	switch {
	case s.ctx.Err() != nil:
		return s.shutdown()
	case wire.IsTimeout(err):
		return reply(421, "4.4.2", s.srv.Hostname+" waited too long") // RFC 5321 §4.5.3.2
	}
	return Reply{}
}

func (s *session) shutdown() Reply {
	return reply(421, "4.3.2", s.srv.Hostname+" shutting down") // RFC 5321 §3.8
}

// send buffers a reply; the zero Reply is none. After 421 the session ends.
func (s *session) send(r Reply) {
	if r.Code == 0 {
		return
	}
	o := s.srv.Offer
	if len(r.Lines) == 1 {
		s.c.WriteLine(wire.Reply, encodeLine(r, ' ', r.Lines[0], o.EnhancedCodes, o.SMTPUTF8))
	} else {
		for _, line := range encodeReply(r, o.EnhancedCodes, o.SMTPUTF8) {
			s.c.WriteLine(wire.Reply, line)
		}
	}
	if r.Code == 421 {
		s.closing = true
	}
}

// flush sends replies out unless more commands wait to be read already.
//
// RFC 2920 §3.2.
func (s *session) flush() {
	if !s.c.Buffered() && s.c.Flush() != nil {
		s.closing = true
	}
}

// end sends a last reply.
func (s *session) end(r Reply) {
	s.send(r)
	s.c.Flush()
}

// refuse says r for a greeting; after 554 the client may only quit.
//
// RFC 5321 §3.1.
func (s *session) refuse(r Reply) {
	s.send(r)
	for !s.closing && s.c.Flush() == nil {
		line, err := s.c.ReadLine(wire.Command, maxCommand)
		switch verb, _ := split(line); {
		case err != nil:
			s.send(s.lost(err))
		case strings.EqualFold(string(verb), "QUIT"):
			s.send(s.quit(""))
		default:
			s.respond(reply(503, "5.5.1", "no service here"))
		}
	}
	s.c.Flush()
}

// drop gives the transaction up, if there is one.
func (s *session) drop() {
	open := s.state > stateReady
	s.clear()
	if open {
		s.back.Reset()
	}
}

// clear forgets the transaction; the greeting and the login stay.
func (s *session) clear() {
	if s.state > stateReady {
		s.state = stateReady
	}
	s.env.Mail, s.env.Rcpts, s.chunks = Mail{}, nil, nil
}

// decided turns a backend's error into a reply.
func (s *session) decided(err error, what string) Reply {
	if r, ok := refusal(err); ok {
		return r
	}
	s.srv.log(what, err)
	return reply(451, "4.3.0", "local error, try again later")
}

// mistakeAt answers bad syntax in an argument.
func mistakeAt(enhanced string, err error) Reply {
	if e, ok := errors.AsType[*wire.SyntaxError](err); ok {
		return reply(501, enhanced, "syntax error: want "+e.Want)
	}
	return reply(501, enhanced, err.Error())
}
