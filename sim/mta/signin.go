package mta

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"

	"mailscope/protocol/imap"
	"mailscope/protocol/sasl"
	"mailscope/sim/mailbox"
)

// authenticate tells whether the password is the account's, and the client is
// not locked out: then nobody looks at it.
func (s *Server) authenticate(nc net.Conn, user, password string) bool {
	return s.admitted(nc, user, func() bool {
		a, ok := s.accounts[mailbox.Key(user)]
		return ok && a.Password == password
	})
}

// Secret is the password of an account, which the simulation keeps as it is.
func (s *Server) Secret(user string) (password string, ok bool) {
	a, ok := s.accounts[mailbox.Key(user)]
	return a.Password, ok
}

// sasl is what the ways to sign in need. Where one conversation runs at a time
// nothing is random, so that a lesson repeats.
func (s *Server) sasl() sasl.Options {
	o := sasl.Options{Secrets: s, Challenge: s.stamp}
	if s.net.Serial {
		o.Nonce = s.nonce
	}
	return o
}

// nonce makes one that this server gives once in a run.
func (s *Server) nonce() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", s.Host, s.disk.next(&s.disk.nonces)))
	return base64.RawStdEncoding.EncodeToString(sum[:18])
}

// imapOffer is what IMAP can do here, with the ways to sign in.
func (t *Settings) imapOffer() imap.Offer {
	offered := t.Auth
	o := t.IMAP
	if o == nil {
		o = imap.Full()
		if offered == nil {
			offered = []string{sasl.Plain}
		}
	}
	o = o.Without("STARTTLS")
	if t.starts() {
		o["STARTTLS"] = true
	}
	if offered == nil { // the offer says it
		return o
	}
	for _, m := range sasl.Mechanisms() {
		delete(o, "AUTH="+m)
	}
	for _, m := range offered {
		o["AUTH="+m] = true
	}
	return o
}
