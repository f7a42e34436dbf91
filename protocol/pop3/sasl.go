package pop3

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// maxResponse is the longest line of an exchange, CR LF included.
//
// RFC 5034 §4.
const maxResponse = 12288

func (s *Server) hasAuth() bool { return len(s.Offer.Auth) > 0 }

// mechanisms are what the client may sign in by now.
//
// RFC 5034 §3.
func (s *session) mechanisms() []string {
	if !s.mayLogin() {
		return nil
	}
	return s.sasl().Offered(s.srv.Offer.Auth)
}

func (s *session) sasl() sasl.Options {
	o := s.srv.SASL
	o.TLS = s.conn.TLS()
	return o
}

// auth answers AUTH: a login in steps; without an argument the mechanisms are
// listed, as old clients ask.
//
// RFC 5034 §4.
func (s *session) auth(arg string) reply {
	switch {
	case !s.mayLogin():
		return loginNeedsTLS
	case arg == "":
		return list("mechanisms follow", s.mechanisms())
	}
	mech, initial, given := strings.Cut(arg, " ")
	e, err := sasl.NewExchange(strings.ToUpper(mech), s.mechanisms(), s.sasl())
	if err != nil {
		return fail("", "mechanism not offered")
	}
	var response []byte
	if given {
		if initial == "=" { // an empty response
			initial = ""
		}
		if response, err = decode(initial); err != nil {
			return mistake("not base64")
		}
	}
	for {
		challenge, done, err := e.Next(response)
		switch {
		case errors.Is(err, sasl.ErrAuth):
			return s.open(e.Claimed(), nil, ErrAuth)
		case err != nil:
			return mistake("the response is malformed")
		case done:
			return s.openAs(s.ctx, e)
		}
		line, r := s.ask(challenge)
		if r != nil {
			return *r
		}
		if response, err = decode(line); err != nil {
			return mistake("not base64")
		}
	}
}

// openAs opens the maildrop of whoever an exchange found.
func (s *session) openAs(ctx context.Context, e *sasl.Exchange) reply {
	user, password := e.Credentials()
	if !utf8.ValidString(user + password) {
		return mistake("want UTF-8 in user and password")
	}
	drop, err := s.srv.Backend.Login(ctx, s.conn.NetConn(), user, password)
	return s.open(user, drop, err)
}

// ask sends a challenge and reads the response; r answers the command if there
// is none.
//
// RFC 5034 §4.
func (s *session) ask(challenge []byte) (line string, r *reply) {
	err := s.conn.WriteLine(wire.Reply, "+ "+base64.StdEncoding.EncodeToString(challenge))
	if err == nil {
		err = s.conn.Flush()
	}
	var text []byte
	if err == nil {
		text, err = s.conn.ReadLine(wire.Command, maxResponse)
	}
	switch {
	case errors.Is(err, wire.ErrLineTooLong):
		return "", new(mistake("line too long"))
	case err != nil:
		s.gone = err
		return "", &reply{}
	case string(text) == "*":
		return "", new(fail("", "cancelled"))
	}
	return string(text), nil
}

// decode reads base64; an empty response is not nil.
func decode(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, base64.CorruptInputError(0)
	}
	response, err := base64.StdEncoding.Strict().DecodeString(text)
	if response == nil {
		response = []byte{}
	}
	return response, err
}
