package pop3

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"mailscope/protocol/wire"
)

// maxLogins is how many wrong passwords one session may try.
const maxLogins = 3

// greeting is the server's first line; with APOP it ends in the timestamp.
//
// RFC 1939 §4 and §7.
func (s *session) greeting() reply {
	text := s.srv.Hostname + " POP3 server ready"
	if s.srv.hasAPOP() && s.mayLogin() {
		s.stamp = s.srv.Stamp()
		text += " " + s.stamp
	}
	return ok(text)
}

// mayLogin tells whether the client may sign in by now: in clear only if the
// server is careless.
//
// RFC 2595 §2.3 and §6, RFC 8314 §3.
func (s *session) mayLogin() bool { return s.conn.TLS() != nil || s.srv.ClearAuth }

// loginNeedsTLS answers who signs in too early.
var loginNeedsTLS = mistake("encryption required to log in")

func (s *Server) hasAPOP() bool { return s.Offer.APOP && s.Stamp != nil }

// name answers USER. A name that does not exist is accepted like any other,
// so that nobody learns who has a mailbox here.
//
// RFC 1939 §7 and §13.
func (s *session) name(user string) reply {
	if !s.mayLogin() {
		return loginNeedsTLS
	}
	if strings.Contains(user, " ") {
		return mistake("USER takes one argument")
	}
	s.state, s.user = named, user
	return ok("send PASS")
}

// pass answers PASS: all that follows the first space is the password.
//
// RFC 1939 §7.
func (s *session) pass(password string) reply {
	user := s.user
	s.forgetName()
	drop, err := s.srv.Backend.Login(s.ctx, s.conn.NetConn(), user, password)
	return s.open(user, drop, err)
}

// apop answers APOP: the digest of the timestamp and the secret.
//
// RFC 1939 §7.
func (s *session) apop(arg string) reply {
	if !s.mayLogin() {
		return loginNeedsTLS
	}
	user, digest, err := parseAPOP(arg)
	if err != nil {
		return syntaxReply(err)
	}
	check := func(secret string) bool {
		return subtle.ConstantTimeCompare([]byte(digest), []byte(apopDigest(s.stamp, secret))) == 1
	}
	drop, err := s.srv.Backend.APOP(s.ctx, s.conn.NetConn(), user, check)
	return s.open(user, drop, err)
}

// open enters the TRANSACTION state, or says why not.
func (s *session) open(user string, drop Maildrop, err error) reply {
	switch {
	case errors.Is(err, ErrAuth):
		s.fails++
		r := fail(codeAuth, "user or password is wrong")
		if s.srv.Failed != nil && s.srv.Failed(s.ctx, s.conn.NetConn(), user, s.fails) {
			r = fail(codeTemporary, "too many failed logins, try later") // RFC 3206 §3
		}
		if s.fails == maxLogins {
			s.state = update
			r.text += ", too many attempts"
		}
		return r
	case errors.Is(err, ErrInUse):
		return fail(codeInUse, "another session has this maildrop open")
	case err != nil:
		s.log.Error("open maildrop", "err", err)
		return fail(codeTemporary, "maildrop cannot be opened now")
	}
	s.drop, s.letters = drop, drop.List()
	for i, letter := range s.letters {
		if !validUID(letter.UID) {
			s.log.Error("maildrop has a bad UID", "letter", i, "uid", letter.UID)
			s.letters = nil
			s.closeDrop()
			return fail(codePermanent, "maildrop is damaged")
		}
	}
	s.deleted = make([]bool, len(s.letters))
	s.state = transaction
	return ok(s.summary())
}

// summary says how much is in the maildrop: "2 messages (320 octets)".
func (s *session) summary() string {
	n, size := s.total()
	noun := "messages"
	if n == 1 {
		noun = "message"
	}
	return fmt.Sprintf("%d %s (%d octets)", n, noun, size)
}

// parseAPOP reads the argument of APOP: a name and 32 digits of hexadecimal in
// lower case. Errors are *wire.SyntaxError, counting from the argument's start.
//
// RFC 1939 §7.
func parseAPOP(arg string) (user, digest string, err error) {
	user, digest, _ = strings.Cut(arg, " ")
	if user == "" {
		return "", "", &wire.SyntaxError{Want: "a name"}
	}
	for i := range len(digest) {
		if !isHex(digest[i]) {
			return "", "", &wire.SyntaxError{At: len(user) + 1 + i, Want: "a digest in lower-case hexadecimal"}
		}
	}
	if len(digest) != hex.EncodedLen(md5.Size) {
		return "", "", &wire.SyntaxError{At: len(arg), Want: "a digest of 32 digits"}
	}
	return user, digest, nil
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// apopDigest is what a client sends to prove that it knows secret. stamp keeps
// its angle brackets.
//
// RFC 1939 §7.
func apopDigest(stamp, secret string) string {
	sum := md5.Sum([]byte(stamp + secret))
	return hex.EncodeToString(sum[:])
}
