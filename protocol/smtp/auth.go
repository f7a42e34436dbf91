package smtp

import (
	"encoding/base64"
	"strings"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// maxLogins is how many wrong passwords one session may try.
const maxLogins = 5

// mechanisms are what the client may sign in by now: nothing in clear, unless
// the server is careless.
//
// RFC 4954 §4; RFC 8314 §3.
func (s *session) mechanisms() []string {
	if s.c.TLS() == nil && !s.srv.ClearAuth {
		return nil
	}
	return s.sasl().Offered(s.srv.Offer.Auth)
}

func (s *session) sasl() sasl.Options {
	o := s.srv.SASL
	o.TLS = s.c.TLS()
	return o
}

// auth answers AUTH: the first step of a login.
//
// RFC 4954 §4.
func (s *session) auth(arg string) Reply {
	mech, initial, has := strings.Cut(arg, " ")
	mech = strings.ToUpper(mech)
	switch {
	case !s.env.ESMTP:
		return reply(503, "5.5.1", "EHLO first")
	case s.env.User != "":
		return reply(503, "5.5.1", "already logged in")
	case s.c.TLS() == nil && !s.srv.ClearAuth:
		return reply(538, "5.7.11", "encryption required to log in") // RFC 4954 §6
	case mech == "":
		return reply(501, "5.5.4", "want a mechanism")
	}
	offered := s.mechanisms()
	e, err := sasl.NewExchange(mech, offered, s.sasl())
	if err != nil {
		return reply(504, "5.5.4", "mechanism not offered")
	}
	l := &login{e}
	if !has {
		return l.step(s, nil)
	}
	if initial == "=" { // an empty response
		initial = ""
	}
	return l.decode(s, initial)
}

// login is an exchange under way.
type login struct{ *sasl.Exchange }

// read takes the client's answer to a challenge.
func (l *login) read(s *session) Reply {
	line, err := s.c.ReadLine(wire.Command, maxAuth)
	switch {
	case err == wire.ErrLineTooLong:
		return replyAuthTooLong
	case err != nil:
		return s.lost(err)
	case string(line) == "*":
		return reply(501, "5.0.0", "login cancelled")
	}
	return l.decode(s, string(line))
}

func (l *login) decode(s *session, text string) Reply {
	response, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return reply(501, "5.5.2", "not base64")
	}
	return l.step(s, response)
}

// step gives the mechanism a response, nil if there was none yet.
func (l *login) step(s *session, response []byte) Reply {
	challenge, done, err := l.Next(response)
	if err != nil {
		return s.loginFailed(l.Claimed())
	}
	if !done {
		s.next = l.read
		return reply(334, "", base64.StdEncoding.EncodeToString(challenge))
	}
	user, password := l.Credentials()
	if err := s.back.Authenticate(user, password); err != nil {
		if r, ok := refusal(err); ok {
			return r
		}
		return s.loginFailed(user)
	}
	s.env.User = user
	return reply(235, "2.7.0", "authentication succeeded")
}

// loginFailed slows the client down, and sends it away after too many tries.
//
// RFC 4954 §6 and §9.
func (s *session) loginFailed(user string) Reply {
	s.logins++
	locked := s.srv.Failed != nil && s.srv.Failed(s.ctx, s.nc, user, s.logins)
	switch {
	case s.logins >= maxLogins:
		return reply(421, "4.7.0", s.srv.Hostname+" too many failed logins")
	case locked:
		return reply(454, "4.7.0", "too many failed logins, try later")
	}
	return reply(535, "5.7.8", "authentication failed")
}
