package imap

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/sasl"
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
	if !s.mayLogin() {
		return needsTLS
	}
	if !utf8.Valid(user) || !utf8.Valid(password) {
		return bad("want UTF-8 in user and password")
	}
	return s.signIn("LOGIN", string(user), func() error { return s.open(string(user), string(password)) })
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
	if !s.mayLogin() {
		return needsTLS
	}
	e, err := sasl.NewExchange(mechanism, s.mechanisms(), s.sasl())
	if err != nil {
		return no("", "this mechanism is not offered")
	}
	var response []byte // nil before the first one
	if given {
		if response, err = saslOctets(initial, "="); err != nil {
			return bad("not base64")
		}
	}
	for {
		challenge, done, err := e.Next(response)
		switch {
		case errors.Is(err, sasl.ErrAuth):
			return s.signIn("AUTHENTICATE", e.Claimed(), func() error { return ErrAuth })
		case err != nil:
			return bad("the response is malformed")
		case done:
			user, password := e.Credentials()
			if !utf8.ValidString(user + password) {
				return bad("the response is malformed")
			}
			return s.signIn("AUTHENTICATE", user, func() error { return s.open(user, password) })
		}
		var r result
		if response, r = s.response(challenge); r.status != "" {
			return r
		}
	}
}

// mayLogin tells whether the client may sign in by now: in clear only if the
// server is careless.
//
// RFC 9051 §6.2.3, §11.1; RFC 8314 §3.
func (s *session) mayLogin() bool { return s.conn.TLS() != nil || s.srv.ClearAuth }

// needsTLS answers who signs in too early: RFC 5530 §3.
var needsTLS = no("PRIVACYREQUIRED", "encryption required to sign in")

// mechanisms are what the client may sign in by now.
func (s *session) mechanisms() []string {
	if !s.mayLogin() {
		return nil
	}
	var list []string
	for _, m := range sasl.Mechanisms() {
		if s.srv.Offer["AUTH="+m] {
			list = append(list, m)
		}
	}
	return s.sasl().Offered(list)
}

func (s *session) sasl() sasl.Options {
	o := s.srv.SASL
	o.TLS = s.conn.TLS()
	return o
}

// response sends a challenge and reads the client's response; r says why there
// is none.
func (s *session) response(challenge []byte) (response []byte, r result) {
	s.out.line("+ %s", saslText(challenge, ""))
	if err := s.conn.Flush(); err != nil {
		return nil, bad("connection lost")
	}
	line, err := s.conn.ReadLine(wire.Command, s.limit(maxLine))
	if err != nil {
		return nil, bad("no response")
	}
	if string(line) == "*" {
		return nil, bad("cancelled")
	}
	if response, err = saslOctets(string(line), ""); err != nil {
		return nil, bad("not base64")
	}
	return response, result{}
}

// saslOctets reads base64; empty is what stands for an empty response, which
// is not nil.
//
// RFC 4959 §3.
func saslOctets(text, empty string) ([]byte, error) {
	if text == empty {
		return []byte{}, nil
	}
	if strings.ContainsAny(text, "\r\n") {
		return nil, base64.CorruptInputError(0)
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}

func (s *session) open(user, password string) (err error) {
	s.account, err = s.srv.Backend.Login(s.ctx, s.nc, user, password)
	return err
}

// signIn enters the authenticated state, or says why not.
func (s *session) signIn(what, user string, open func() error) result {
	err := open()
	if err == nil {
		s.state = authenticated
		s.conn.SetTimeout(s.timeout())
		return okCode("CAPABILITY "+s.capabilityList(), what+" completed")
	}
	s.account = nil
	r := s.failed("sign in", err)
	s.logins++
	if errors.Is(err, ErrAuth) && s.srv.Failed != nil && s.srv.Failed(s.ctx, s.nc, user, s.logins) {
		r = no("UNAVAILABLE", "too many failed logins, try later") // RFC 5530 §3
	}
	if s.logins == maxLogins {
		s.bye("too many attempts")
	}
	return r
}
