package mta

import (
	"context"
	"net"
	"net/netip"
	"time"

	"mailscope/sim/mailbox"
	"mailscope/sim/network"
)

// Limits of signing in, over all connections: by client address and account
// together, so that no stranger can lock an owner out, and a higher one by
// address alone, against who tries one password on many accounts.
const (
	pairLimit    = 10
	addressLimit = 50
	lockedFor    = 15 * time.Minute // simulated, since the last failure that counted; then all is forgotten
	maxGuarded   = 10_000           // pairs that are remembered
)

// Waits before the answer to wrong passwords: the first may be a slip.
const (
	slowed  = 2 * time.Second // more for each after the first
	slowest = 10 * time.Second
)

// caller is who signs in: an address with the key of an account, or "" for all
// that it tries.
type caller struct {
	addr    netip.Addr
	account string
}

// failures are what a caller did wrong lately.
type failures struct {
	n    int
	last time.Duration // simulated
}

// guard counts failures to sign in. Its zero value has none. A server that
// loses its power forgets them.
type guard struct{ seen map[caller]failures }

// count is how often a caller has failed lately.
func (g *guard) count(c caller, now time.Duration) int {
	f := g.seen[c]
	if now-f.last >= lockedFor {
		return 0
	}
	return f.n
}

// locked tells whether a client may not try an account for now.
func (g *guard) locked(c caller, now time.Duration) bool {
	return g.count(c, now) >= pairLimit || g.count(caller{addr: c.addr}, now) >= addressLimit
}

// fail counts a failure, and returns how many the address has had lately. One
// while it is locked out does not count, so that the end is known.
func (g *guard) fail(c caller, now time.Duration) int {
	if g.seen == nil {
		g.seen = map[caller]failures{}
	}
	if len(g.seen) >= maxGuarded {
		for k, f := range g.seen {
			if now-f.last >= lockedFor {
				delete(g.seen, k)
			}
		}
	}
	for _, k := range []caller{c, {addr: c.addr}} {
		if f, is := g.seen[k]; is || len(g.seen) < maxGuarded {
			f.n, f.last = g.count(k, now)+1, now
			g.seen[k] = f
		}
	}
	return g.count(caller{addr: c.addr}, now)
}

// callerOf is who signs in over a connection.
func callerOf(nc net.Conn, user string) caller {
	_, addr := nc.(*network.Conn).Peer()
	return caller{addr, mailbox.Key(user)}
}

// admitted is fits, unless the client is locked out: then it is not asked. Who
// gets in is forgiven.
func (s *Server) admitted(nc net.Conn, user string, fits func() bool) bool {
	c := callerOf(nc, user)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guard.locked(c, s.net.Clock.Now()) || !fits() {
		return false
	}
	delete(s.guard.seen, c)
	return true
}

// failed counts a failure and has the client wait, simulated time where that
// is all there is. locked tells that it was locked out already.
func (s *Server) failed(ctx context.Context, nc net.Conn, user string, inSession int) (locked bool) {
	c, now := callerOf(nc, user), s.net.Clock.Now()
	s.mu.Lock()
	locked = s.guard.locked(c, now)
	n := inSession
	if !locked {
		n = max(n, s.guard.fail(c, now))
	}
	s.mu.Unlock()
	s.slow(ctx, n)
	return locked
}

// slow has a client wait that has failed so often.
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
