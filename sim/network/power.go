package network

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
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

// Place is a place in a conversation of a host: it has just heard a line, and
// not acted on it, or it is about to say one, which has not gone out.
type Place struct {
	Host  string
	Heard bool // the line; otherwise it is the host's own
	// Line tells whether it is this line: one of a protocol, or a block of
	// lines of a letter, or the dot at its end.
	Line func(text string) bool
}

// Watch has f run once, as soon as a place is reached, on the goroutine that
// holds the conversation there. It is about connections that begin later.
func (n *Network) Watch(p Place, f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.watches = append(n.watches, &watch{Place: p, do: f})
	n.watching.Store(int32(len(n.watches)))
}

type watch struct {
	Place
	do func()
}

// watched tells whether anybody waits for something that a host says or hears.
func (n *Network) watched(host string) bool {
	if n.watching.Load() == 0 {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.watches, func(w *watch) bool { return w.Host == host })
}

// reached does what is to be done at this line of a host.
func (n *Network) reached(host string, heard bool, text []byte) {
	if n.watching.Load() == 0 {
		return
	}
	n.mu.Lock()
	i := slices.IndexFunc(n.watches, func(w *watch) bool {
		return w.Host == host && w.Heard == heard && w.Line(string(text))
	})
	var do func()
	if i >= 0 {
		do = n.watches[i].do
		n.watches = slices.Delete(n.watches, i, i+1)
		n.watching.Store(int32(len(n.watches)))
	}
	n.mu.Unlock()
	if do != nil {
		do()
	}
}
