package network

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"mailscope/protocol/wire"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// Struck records that a fault struck: e says where, and line what would have
// been said or heard without it.
func (n *Network) Struck(f *fault.Fault, e trace.Event, line string) {
	e.Body = &trace.Fault{Action: "struck", Type: f.Type, Name: f.Called(), Detail: f.Detail(), Line: line}
	n.Record(e)
}

// down finds the fault by which a host is down.
func (n *Network) down(host string) (fault.Fault, bool) {
	return n.Faults.Find(fault.Down, func(f *fault.Fault) bool { return f.Host == host })
}

// closed finds the fault by which a server's port is closed to a client.
func (n *Network) closed(server, client string, port int) (fault.Fault, bool) {
	return n.Faults.Strike(fault.Refused, func(f *fault.Fault) bool { return n.Faults.Serves(f, server, client, Service(port)) })
}

// barred tells why a connection cannot come about, nil if it can. Who calls a
// host that is down waits in vain.
func (n *Network) barred(ctx context.Context, from, server string, to netip.AddrPort) error {
	if n.Faults.None() || server == "" {
		return nil
	}
	f, is := n.down(from)
	why, cost := ErrUnreachable, time.Duration(0)
	if !is {
		f, is = n.down(server)
		why, cost = ErrTimedOut, unanswered
	}
	if !is {
		f, is = n.closed(server, from, int(to.Port()))
		why, cost = ErrRefused, 2*n.Link(from, server).Latency
	}
	if !is {
		return nil
	}
	n.Struck(&f, trace.Event{From: from, To: server, Proto: services[int(to.Port())].proto}, "")
	n.notGot(from, server, to, why)
	n.pass(ctx.Done(), cost)
	return fmt.Errorf("connect to %s port %d: %w", server, to.Port(), why)
}

// pass lets simulated time pass; where time is real, it waits, unless stop or
// the world's end comes first.
func (n *Network) pass(stop <-chan struct{}, d time.Duration) {
	if n.Serial || d <= 0 {
		n.Clock.Spend(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-stop:
	case <-n.Ended:
	}
}

// turnsAway deals with a program from outside that calls a host which is down,
// and hears nothing, or a port that is closed, and is hung up on: that its
// call cannot be refused is the price of one loopback for all hosts.
func (l *Listener) turnsAway(c *Conn) bool {
	n := l.n
	if n.Faults.None() || !n.stranger(c.RemoteAddr()) {
		return false
	}
	f, down := n.down(l.host)
	why := ErrTimedOut
	if !down {
		var is bool
		if f, is = n.closed(l.host, ForeignHost, int(l.at.Port())); !is {
			return false
		}
		why = ErrRefused
	}
	n.Struck(&f, trace.Event{From: ForeignHost, To: l.host, Proto: services[int(l.at.Port())].proto}, "")
	n.notGot(ForeignHost, l.host, l.at, why)
	if !down {
		c.Conn.Close()
		return true
	}
	n.keep(c)
	l.held.Go(func() {
		defer n.forget(c)
		defer c.Conn.Close()
		ended := make(chan struct{})
		defer close(ended)
		l.held.Go(func() { // the world may end first
			select {
			case <-n.Ended:
				c.Conn.Close()
			case <-ended:
			}
		})
		io.Copy(io.Discard, c.Conn)
	})
	return true
}

// stranger tells whether no simulated host opened the connection from a
// loopback address.
func (n *Network) stranger(from net.Addr) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.sessions[from.String()] == nil && n.dials > 0 {
		n.landed.Wait()
	}
	return n.sessions[from.String()] == nil
}

// keep remembers an open connection by the end that records it.
func (n *Network) keep(c *Conn) *Conn {
	if c.s != nil && !n.Faults.None() {
		c.limited()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open[c] = true
	return c
}

func (n *Network) forget(c *Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.open, c)
}

// told is a reply that a server gives because a fault has it do so.
type told struct {
	fault      fault.Fault
	code, tail string // of its line
}

// Instead has the server, whose end this is, say something else than it would
// to a command of the client, if a fault wants it so; "" if none does. The
// strike is recorded when the reply is.
func (c *Conn) Instead(command string) (reply string) {
	n := c.l.n
	if n.Faults.None() {
		return ""
	}
	s := c.session()
	f, ok := n.Faults.Strike(fault.Reply, func(f *fault.Fault) bool {
		return f.Proto() == s.proto && n.Faults.Serves(f, s.server, s.client, Service(s.port)) && fault.LikeFold(f.Command, command)
	})
	if !ok {
		return ""
	}
	t := told{fault: f, tail: f.Reply}
	if s.proto == "smtp" { // a client may not know enhanced codes
		words := strings.Fields(f.Reply)
		t.code, t.tail = words[0], words[len(words)-1]
	}
	s.mu.Lock()
	s.told = append(s.told, t)
	s.mu.Unlock()
	return f.Reply
}

// struckBy finds the fault that had the server say a line. s.mu is held.
func (s *session) struckBy(l *wire.Line, from string) *fault.Fault {
	if len(s.told) == 0 || from != s.server || l.Role != wire.Reply {
		return nil
	}
	t := s.told[0]
	if text := string(l.Text); !strings.HasPrefix(text, t.code) || !strings.HasSuffix(text, t.tail) {
		return nil
	}
	s.told = s.told[1:]
	return &t.fault
}

// strikes records that a fault struck on the connection.
func (s *session) strikes(f *fault.Fault, from, to, line string) {
	s.mu.Lock()
	letter := s.letter
	s.mu.Unlock()
	s.n.Struck(f, trace.Event{From: from, To: to, Conn: s.id, Proto: s.proto, Letter: letter}, line)
}

// silence is how long a question without an answer is waited for.
const silence = 2 * time.Second

// lose has a question of a simulated host get lost, or its answer: nobody has
// to wait for it in real time.
func (c *packetConn) lose() {
	if c.n.Serial {
		c.n.Clock.Spend(silence)
		c.lost.Store(true)
		c.Conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// Read waits for a packet.
func (c *packetConn) Read(b []byte) (int, error) {
	if c.lost.Load() {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(b)
}

// Write sends a packet, unless it gets lost.
func (c *packetConn) Write(b []byte) (int, error) {
	if c.n.Faults.None() {
		return c.Conn.Write(b)
	}
	for _, host := range []string{c.from, c.to} {
		if f, ok := c.n.down(host); ok {
			c.n.Struck(&f, trace.Event{From: c.from, To: c.to, Proto: "dns"}, "")
			c.lose()
			return len(b), nil
		}
	}
	return c.Conn.Write(b)
}
