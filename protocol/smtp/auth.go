package smtp

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"mailscope/protocol/wire"
)

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
	case mech == "":
		return reply(501, "5.5.4", "want a mechanism")
	case !slices.Contains(s.srv.Offer.Auth, mech):
		return reply(504, "5.5.4", "mechanism not offered")
	}
	var user string
	check := func(name, password string) error {
		user = name
		return s.back.Authenticate(name, password)
	}
	var mechanism sasl.Server
	switch mech {
	case "PLAIN":
		mechanism = sasl.NewPlainServer(func(identity, name, password string) error {
			if identity != "" && identity != name {
				return errors.New("cannot act for another")
			}
			return check(name, password)
		})
	case "LOGIN":
		mechanism = &loginServer{check: check}
	default:
		return reply(504, "5.5.4", "mechanism not known")
	}
	l := &login{mechanism, &user}
	if !has {
		return l.step(s, nil)
	}
	if initial == "=" { // an empty response
		initial = ""
	}
	return l.decode(s, initial)
}

// login is an exchange under way.
type login struct {
	mechanism sasl.Server
	user      *string
}

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
	challenge, done, err := l.mechanism.Next(response)
	if err != nil {
		if r, ok := refusal(err); ok {
			return r
		}
		return reply(535, "5.7.8", "authentication failed")
	}
	if done {
		s.env.User = *l.user
		return reply(235, "2.7.0", "authentication succeeded")
	}
	s.next = l.read
	return reply(334, "", base64.StdEncoding.EncodeToString(challenge))
}

// loginServer is the server's side of LOGIN, which the library has for
// clients only.
//
// draft-murchison-sasl-login.
type loginServer struct {
	check func(user, password string) error
	asked int
	user  string
}

// Next asks for the name, then for the password. A first response is the name.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && l.asked == 0:
		return []byte("Username:"), false, nil
	case l.asked == 0:
		l.asked, l.user = 1, string(response)
		return []byte("Password:"), false, nil
	case l.asked == 1:
		l.asked = 2
		return nil, true, l.check(l.user, string(response))
	}
	return nil, false, sasl.ErrUnexpectedClientResponse
}
