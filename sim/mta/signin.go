package mta

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/sasl"
	"mailscope/sim/mailbox"
)

// authenticate tells whether the password is the account's.
func (s *Server) authenticate(user, password string) bool {
	a, ok := s.accounts[mailbox.Key(user)]
	return ok && a.Password == password
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nonces++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", s.Host, s.nonces))
	return base64.RawStdEncoding.EncodeToString(sum[:18])
}

// Waits before the answer to wrong passwords: the first may be a slip.
const (
	slowed  = 2 * time.Second // more for each after the first
	slowest = 10 * time.Second
)

// slow has a client wait that fails to sign in, simulated time where that is
// all there is.
func (s *Server) slow(ctx context.Context, failures int) {
	wait := min(time.Duration(failures-1)*slowed, slowest)
	if s.net.Serial || wait == 0 {
		s.net.Clock.Spend(wait)
		return
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
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
