package network

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
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
	if f.Type != fault.Lossy { // which may lose one line several times
		n.spent(f)
	}
}

// spent tells that a fault is off if it strikes no more.
func (n *Network) spent(f *fault.Fault) {
	if f.Times == fault.Once && n.Spent != nil && n.Faults.Spent(f.Called()) {
		n.Spent(f)
	}
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
		why, cost = ErrRefused, 2*n.Cost(from, server).Latency
	}
	if !is {
		return nil
	}
	n.Struck(&f, trace.Event{From: from, To: server, Proto: services[int(to.Port())].proto}, "")
	n.notGot(from, server, to, why)
	n.spend(ctx.Done(), cost, true)
	return fmt.Errorf("connect to %s port %d: %w", server, to.Port(), why)
}

// spend lets simulated time pass. Where time is real, what a fault takes is
// waited for, unless stop or the world's end comes first.
func (n *Network) spend(stop <-chan struct{}, d time.Duration, faulty bool) {
	n.Clock.Spend(d)
	if !n.real || !faulty || d <= 0 {
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

// Cost is what a link between two hosts costs now.
func (n *Network) Cost(from, to string) Link {
	link, _ := n.slowed(n.Link(from, to), from, to)
	return link
}

// cost is what the connection costs now.
func (s *session) cost() (link Link, slow bool) { return s.n.slowed(s.link, s.client, s.server) }

// slowed is a link under the fault by which it is slow, if there is one.
func (n *Network) slowed(link Link, a, b string) (Link, bool) {
	f, slow := n.Faults.Find(fault.Slow, func(f *fault.Fault) bool { return n.Faults.Between(f, a, b) })
	if f.Latency != "" {
		link.Latency = f.Wait()
	}
	if f.Rate > 0 {
		link.Bandwidth = f.Rate * 1000 / 8
	}
	return link, slow
}

// timeout is how long TCP waits at first before it sends again what nobody
// acknowledges; then twice as long, each time (RFC 6298 §2.1, §5.5).
const timeout = time.Second

// loses has a line get lost on its way, and lets the time pass until it is
// sent again.
func (s *session) loses(l *wire.Line, from, to string) {
	f, ok := s.n.Faults.Strike(fault.Lossy, func(f *fault.Fault) bool { return s.n.Faults.Between(f, from, to) })
	if !ok {
		return
	}
	text := ""
	if !l.Encrypted {
		first, _, _ := bytes.Cut(l.Text, []byte("\r\n"))
		text = string(first)
	}
	for i := range max(f.InRow, 1) {
		s.strikes(&f, from, to, text)
		s.n.spend(nil, timeout<<i, true)
	}
	s.n.spent(&f)
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

// keep remembers an open connection by the end that records it. A host may
// have gone down, have come up again, or have lost its power while it came
// about.
func (n *Network) keep(c *Conn) *Conn {
	if c.s != nil && !n.Faults.None() {
		c.limited()
		c.stripped()
	}
	n.mu.Lock()
	n.open[c] = true
	lost := c.s != nil && (n.off[c.s.client] || n.off[c.s.server])
	n.mu.Unlock()
	if lost {
		c.lose()
		c.Conn.Close()
	}
	if c.s == nil {
		if _, down := n.down(c.l.host); !down {
			c.Conn.Close()
		}
		return c
	}
	for _, host := range []string{c.s.client, c.s.server} {
		if _, down := n.down(host); down {
			c.unplug()
		}
	}
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
	reply = f.Reply
	if !ok {
		if reply = fault.Full(s.proto, command); reply == "" {
			return ""
		}
		if f, ok = n.Faults.Find(fault.Disk, func(f *fault.Fault) bool { return f.Host == s.server }); !ok {
			return ""
		}
	}
	t := told{fault: f, tail: reply}
	if s.proto == "smtp" { // a client may not know enhanced codes
		words := strings.Fields(reply)
		t.code, t.tail = words[0], words[len(words)-1]
	}
	s.mu.Lock()
	s.told = append(s.told, t)
	s.mu.Unlock()
	return reply
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
