package imap

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-sasl"

	"mailscope/protocol/wire"
)

// maxLogins is how many wrong passwords one session may try.
const maxLogins = 5

// login answers LOGIN.
//
// RFC 9051 §6.2.3.
func (s *session) login(p *parser) result {
	p.sp()
	user := p.astring()
	p.sp()
	password := p.astring()
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if !utf8.Valid(user) || !utf8.Valid(password) {
		return bad("want UTF-8 in user and password")
	}
	return s.signIn("LOGIN", func() error { return s.open(string(user), string(password)) })
}

// authenticate answers AUTHENTICATE: a login in steps.
//
// RFC 9051 §6.2.2, RFC 4959 §3 (a first response on the same line).
func (s *session) authenticate(p *parser) result {
	p.sp()
	mechanism := p.keyword()
	initial, given := "", false
	if p.err == nil && s.has("SASL-IR") && p.more() {
		given = true
		initial = string(p.rest())
		p.at = len(p.in)
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if mechanism != "PLAIN" || !s.has("AUTH=PLAIN") {
		return no("", "this mechanism is not offered")
	}
	response, r := s.response(initial, given)
	if r.status != "" {
		return r
	}
	var user, password string
	plain := sasl.NewPlainServer(func(identity, name, word string) error {
		if identity != "" && identity != name {
			return ErrAuth // nobody may act for another
		}
		user, password = name, word
		return nil
	})
	_, _, err := plain.Next(response)
	switch {
	case errors.Is(err, ErrAuth):
	case err != nil || !utf8.ValidString(user+password):
		return bad("the response is malformed")
	}
	return s.signIn("AUTHENTICATE", func() error {
		if err != nil {
			return err
		}
		return s.open(user, password)
	})
}

// response reads the client's response; unless it was given already, an empty
// challenge asks for it. r says why there is none.
func (s *session) response(text string, given bool) (response []byte, r result) {
	if !given {
		s.out.line("+ ")
		if err := s.conn.Flush(); err != nil {
			return nil, bad("connection lost")
		}
		line, err := s.conn.ReadLine(wire.Command, s.limit(maxLine))
		if err != nil {
			return nil, bad("no response")
		}
		if text = string(line); text == "*" {
			return nil, bad("cancelled")
		}
	} else if text == "=" { // an empty response: RFC 4959 §3
		text = ""
	}
	response, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, bad("not base64")
	}
	return response, result{}
}

func (s *session) open(user, password string) (err error) {
	s.account, err = s.srv.Backend.Login(s.ctx, s.nc, user, password)
	return err
}

// signIn enters the authenticated state, or says why not.
func (s *session) signIn(what string, open func() error) result {
	err := open()
	if err == nil {
		s.state = authenticated
		s.conn.SetTimeout(s.timeout())
		return okCode("CAPABILITY "+s.capabilityList(), what+" completed")
	}
	s.account = nil
	r := s.failed("sign in", err)
	if s.logins++; s.logins == maxLogins {
		s.bye("too many attempts")
	}
	return r
}
