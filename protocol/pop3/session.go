package pop3

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// maxCommand is the longest line of a client, CR LF included.
//
// RFC 2449 §4.
const maxCommand = 255

// state is where a session is; a set of states is their sum.
//
// RFC 1939 §3.
type state uint8

const (
	authorization state = 1 << iota
	named               // authorization, right after USER: any verb but PASS leaves it
	transaction
	update // QUIT was said; nothing may follow
)

// arity is what may follow a verb.
type arity uint8

const (
	none arity = iota
	optional
	required
)

// command is one row of the table: when a verb is legal, and who answers it.
type command struct {
	in      state
	args    arity
	answer  func(s *session, arg string) reply
	offered func(*Server) bool // nil means always
}

// commands are all that the server knows.
var commands map[string]command

func init() {
	commands = map[string]command{
		"USER": {authorization, required, (*session).name, func(s *Server) bool { return s.Offer.User }},
		"PASS": {named, required, (*session).pass, func(s *Server) bool { return s.Offer.User }},
		"APOP": {authorization, required, (*session).apop, (*Server).hasAPOP},
		"AUTH": {authorization, optional, (*session).auth, (*Server).hasAuth},
		"STLS": {authorization, none, (*session).stls, (*Server).hasSTLS},
		"UTF8": {authorization, none, (*session).allowUTF8, func(s *Server) bool { return s.Offer.UTF8 }},
		"CAPA": {authorization | transaction, none, (*session).capa, func(s *Server) bool { return s.Offer.Capa }},
		"STAT": {transaction, none, (*session).stat, nil},
		"LIST": {transaction, optional, (*session).list, nil},
		"UIDL": {transaction, optional, (*session).uidl, func(s *Server) bool { return s.Offer.UIDL }},
		"RETR": {transaction, required, (*session).retr, nil},
		"TOP":  {transaction, required, (*session).top, func(s *Server) bool { return s.Offer.Top }},
		"DELE": {transaction, required, (*session).dele, nil},
		"RSET": {transaction, none, (*session).rset, nil},
		"NOOP": {transaction, none, (*session).noop, nil},
		"QUIT": {authorization | transaction, none, (*session).quit, nil},
	}
}

// session is one client's dialogue.
type session struct {
	srv  *Server
	ctx  context.Context
	nc   net.Conn
	conn *wire.Conn
	log  *slog.Logger

	state    state
	stamp    string // of the greeting; "" without APOP
	user     string // in state named
	drop     Maildrop
	letters  []Info
	deleted  []bool // as long as letters
	fails    int    // wrong passwords
	mistakes int
	gone     error // the connection broke while a command was under way
}

// run holds the dialogue to its end. A nil error means that it ended between
// two lines.
//
// RFC 1939 §3: an idle session is closed without a word and deletes nothing.
func (s *session) run() error {
	defer s.closeDrop()
	s.state = authorization
	if s.srv.TLSFirst {
		if err := s.secure(); err != nil {
			return err
		}
	}
	if r, ok := s.instead("greeting"); ok {
		if err := s.send(r); err != nil || !r.ok {
			return errors.Join(err, s.conn.Flush())
		}
	} else if err := s.send(s.greeting()); err != nil {
		return err
	}
	for {
		// Replies to pipelined commands go out together (RFC 2449 §6.6).
		if !s.conn.Buffered() {
			if err := s.conn.Flush(); err != nil {
				return err
			}
		}
		line, err := s.conn.ReadLine(wire.Command, maxCommand)
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, wire.ErrLineTooLong) {
			return err
		}
		var r reply
		if err == nil {
			if r = s.answer(string(line)); s.gone != nil {
				return s.gone
			}
		} else {
			s.forgetName()
			r = mistake("line too long")
		}
		if err := s.send(s.count(r)); err != nil {
			return err
		}
		if r.close || s.state == update {
			return s.conn.Flush()
		}
		if r.secure {
			if err := s.secure(); err != nil {
				return err
			}
		}
	}
}

// answer finds the handler of one line and returns its reply.
func (s *session) answer(line string) reply {
	verb, arg, given := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	if verb != "PASS" {
		s.forgetName() // RFC 1939 §7: PASS comes immediately after USER
	}
	if s.badOctet(line) >= 0 {
		return mistake("this character is not allowed in a command")
	}
	c, known := commands[verb]
	if !known || c.offered != nil && !c.offered(s.srv) {
		return mistake("unknown command")
	}
	if s.state&c.in == 0 {
		return outOfState(verb, s.state)
	}
	switch {
	case c.args == none && given:
		return mistake(verb + " takes no argument")
	case c.args == required && !given, given && arg == "" && verb != "PASS":
		return mistake(verb + " needs an argument")
	}
	if r, ok := s.instead(line); ok {
		s.forgetName()
		return r
	}
	return c.answer(s, arg)
}

// instead is the reply that the server was told to give to a command, without
// carrying it out.
func (s *session) instead(command string) (r reply, ok bool) {
	if s.srv.Instead == nil {
		return reply{}, false
	}
	line := s.srv.Instead(s.nc, command)
	if line == "" {
		return reply{}, false
	}
	good, code, text, err := parseReply(line)
	if err != nil {
		s.log.Error("say instead", "line", line, "err", err)
		return reply{}, false
	}
	return reply{ok: good, code: code, text: text}, true
}

// forgetName returns to the state before USER.
func (s *session) forgetName() {
	if s.state == named {
		s.state, s.user = authorization, ""
	}
}

// outOfState answers a verb that is known but not legal now.
func outOfState(verb string, now state) reply {
	switch {
	case now == transaction:
		return mistake("already logged in")
	case verb == "PASS":
		return mistake("USER first")
	}
	return mistake("log in first")
}

// badOctet finds the first octet of a command line that may not stand there,
// or -1.
//
// RFC 2449 §4; RFC 6856 §2.2 allows UTF-8 in names and passwords.
func (s *session) badOctet(line string) int {
	for i := 0; i < len(line); {
		if line[i] < utf8.RuneSelf {
			if line[i] < ' ' || line[i] == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(line[i:])
		if !s.srv.Offer.UTF8 || r == utf8.RuneError && size == 1 || r < 0xa0 {
			return i
		}
		i += size
	}
	return -1
}

// count keeps the number of mistakes, and ends the session at the last one.
func (s *session) count(r reply) reply {
	if !r.mistake {
		return r
	}
	s.mistakes++
	if s.mistakes >= cmp.Or(s.srv.MaxErrors, defaultErrors) {
		s.state = update
		return fail("", "too many mistakes")
	}
	return r
}

// send buffers a reply, and passes it to the tap.
func (s *session) send(r reply) error {
	if err := s.conn.WriteLine(wire.Reply, r.line(s.srv.Offer.RespCodes)); err != nil {
		return err
	}
	switch r.shape {
	case listLines:
		for _, item := range r.items {
			if err := s.conn.WriteLine(wire.Data, item); err != nil {
				return err
			}
		}
		return s.conn.WriteLine(wire.Data, ".")
	case letterLines:
		return s.conn.WriteDot(r.letter)
	}
	return nil
}

// closeDrop gives the maildrop back, deleting nothing.
func (s *session) closeDrop() {
	if s.drop != nil {
		s.drop.Close()
		s.drop = nil
	}
}
