package network

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"mailscope/protocol/wire"
	"mailscope/sim/fault"
)

// PowerOff takes a host off the network without a word: its connections break
// at both ends, what it says does not get out, what it heard last is not acted
// on, and who calls it waits in vain.
func (n *Network) PowerOff(host string) {
	n.mu.Lock()
	n.off[host] = true
	var broken []*Conn
	for c := range n.open {
		if c.s != nil && (c.s.client == host || c.s.server == host) {
			broken = append(broken, c)
		}
	}
	n.mu.Unlock()
	slices.SortFunc(broken, func(x, y *Conn) int { return x.s.id - y.s.id })
	for _, c := range broken {
		c.lose()
	}
	for _, c := range broken { // once all is done that others could notice
		c.Conn.Close()
	}
}

// PowerOn puts a host back on the network.
func (n *Network) PowerOn(host string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.off, host)
}

// lose breaks the connection of this end, which records it. A client that
// sleeps is woken; one that waits notices once the socket is closed.
func (c *Conn) lose() {
	s := c.s
	s.lost.Store(true)
	s.mu.Lock()
	wake := s.wake
	s.wake = nil
	s.mu.Unlock()
	if wake != nil {
		s.n.Clock.After(0, wake)
	}
}

// alive is ErrCut once the connection was lost.
func (c *Conn) alive() error {
	if c.session().lost.Load() {
		return ErrCut
	}
	return nil
}

// dark tells why a connection cannot come about because one of its ends is
// without power; nil if both have it.
func (n *Network) dark(ctx context.Context, from string, to netip.AddrPort) error {
	n.mu.Lock()
	server, known := n.names[to.Addr()]
	caller, called := n.off[from], n.off[server]
	n.mu.Unlock()
	switch {
	case caller:
		return ErrCut // and nobody is there to know
	case known && called:
		n.notGot(from, server, to, ErrTimedOut)
		n.spend(ctx.Done(), unanswered, true)
		return fmt.Errorf("connect to %s port %d: %w", server, to.Port(), ErrTimedOut)
	}
	return nil
}

// dies has a host lose its power if a fault wants it so at this line: the one
// that is about to say it, or, heard, the one to which it goes. Both are seen
// from the end that records, so that the order of events is one that repeats:
// of a host that does not act on what it hears, nobody can tell whether it did.
func (c *Conn) dies(l *wire.Line, from, to string, heard bool) bool {
	s := c.s
	if s.n.Faults.None() {
		return false
	}
	host, other := from, to
	if heard {
		host, other = to, from
	}
	text := string(l.Text)
	f, ok := s.n.Faults.Strike(fault.Power, func(f *fault.Fault) bool {
		pattern := f.Says
		if heard {
			pattern = f.Hears
		}
		return f.Host == host && pattern != "" && fault.LikeFold(pattern, text)
	})
	if !ok || s.lost.Load() {
		return false
	}
	text, _, _ = strings.Cut(text, "\r\n") // of a letter
	s.strikes(&f, host, other, text)
	s.n.LosePower(f)
	return true
}
