package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	mdns "github.com/miekg/dns"

	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// ListenPacket opens a host's UDP port.
func (n *Network) ListenPacket(host string, port int) (net.PacketConn, error) {
	addr, ok := n.Addr(host)
	if !ok {
		return nil, fmt.Errorf("listen: no host %q", host)
	}
	pc, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	l := &packetListener{UDPConn: pc, n: n, host: host, at: netip.AddrPortFrom(addr, uint16(port))}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.packets[l.at] = l
	return l, nil
}

// packetListener is an open UDP port of a simulated host.
type packetListener struct {
	*net.UDPConn
	n    *Network
	host string
	at   netip.AddrPort
}

// Close closes the port: who dials it from now on is refused.
func (l *packetListener) Close() error {
	l.n.mu.Lock()
	if l.n.packets[l.at] == l {
		delete(l.n.packets, l.at)
	}
	l.n.mu.Unlock()
	return l.UDPConn.Close()
}

// DialPacket opens a UDP socket from a simulated host to a simulated address.
// Neither its opening nor its packets are recorded: its owner records what
// they meant. letter is what they are about, "" if nothing.
func (n *Network) DialPacket(ctx context.Context, from string, to netip.AddrPort, letter string) (net.Conn, error) {
	n.mu.Lock()
	at, server := n.packets[to], n.names[to.Addr()]
	_, dark := n.off[from]
	n.mu.Unlock()
	if dark {
		return nil, ErrCut
	}
	if at == nil {
		return nil, fmt.Errorf("send to %s: %w", to, ErrRefused)
	}
	var d net.Dialer
	raw, err := d.DialContext(ctx, "udp", at.LocalAddr().String())
	if err != nil {
		return nil, err
	}
	key := raw.LocalAddr().String()
	n.mu.Lock()
	c := &packetConn{Conn: raw, n: n, key: key, from: from, to: server, letter: letter}
	n.clients[key] = c
	n.mu.Unlock()
	return c, nil
}

// Asker is who asks from a loopback address, and about which letter. ignore
// has its question stay without an answer, at once where time is simulated.
func (n *Network) Asker(from net.Addr) (host, letter string, ignore func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c := n.clients[from.String()]; c != nil {
		return c.from, c.letter, c.ignored
	}
	for c := range n.open {
		if c.client && c.LocalAddr().String() == from.String() {
			return c.s.client, c.Letter(), func() {}
		}
	}
	return ForeignHost, "", func() {}
}

// Simulated tells whether a packet from this loopback address came from a
// simulated host.
func (n *Network) Simulated(from net.Addr) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.clients[from.String()] != nil
}

type packetConn struct {
	net.Conn
	n        *Network
	key      string
	from, to string // hosts
	letter   string
	lost     atomic.Bool // nothing comes any more
}

// Read waits for a packet. For one that got lost nobody waits in real time
// where time is simulated.
func (c *packetConn) Read(b []byte) (int, error) {
	if c.lost.Load() && !c.n.real {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(b)
}

// Write sends a packet, unless it gets lost.
func (c *packetConn) Write(b []byte) (int, error) {
	if f, ok := c.n.losing(c.from, c.to); ok {
		c.n.Struck(&f, trace.Event{From: c.from, To: c.to, Proto: "dns", Letter: c.letter}, question(b))
		c.lose()
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// lose has nothing come any more, and lets the time pass in which the host
// waits for it.
func (c *packetConn) lose() {
	c.lost.Store(true)
	c.n.Clock.Spend(silence)
}

// ignored is lose for an end that waits already.
func (c *packetConn) ignored() {
	c.lose()
	if !c.n.real {
		c.Conn.SetReadDeadline(time.Unix(1, 0)) // long past: it waits no longer
	}
}

// silence is how long a host waits for the answer to a question.
const silence = 2 * time.Second

// losing finds the fault by which a packet between two hosts gets lost.
func (n *Network) losing(from, to string) (fault.Fault, bool) {
	if n.Faults.None() {
		return fault.Fault{}, false
	}
	for _, host := range []string{from, to} {
		if f, ok := n.down(host); ok {
			return f, ok
		}
	}
	return n.Faults.Strike(fault.Lossy, func(f *fault.Fault) bool { return n.Faults.Between(f, from, to) })
}

// question is what a packet asks: "MX rocket.example.", "" if nothing that can
// be read.
func question(packet []byte) string {
	var m mdns.Msg
	if m.Unpack(packet) != nil || len(m.Question) != 1 {
		return ""
	}
	q := m.Question[0]
	return mdns.Type(q.Qtype).String() + " " + q.Name
}

func (c *packetConn) Close() error {
	c.n.mu.Lock()
	delete(c.n.clients, c.key)
	c.n.mu.Unlock()
	return c.Conn.Close()
}

// ReadFromUDPAddrPort waits for a packet. What programs from outside send may
// get lost; of a simulated host's packets its own end knows.
func (l *packetListener) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		size, from, err := l.UDPConn.ReadFromUDPAddrPort(b)
		if err != nil || l.n.Faults.None() || l.n.Simulated(net.UDPAddrFromAddrPort(from)) {
			return size, from, err
		}
		f, lost := l.n.losing(ForeignHost, l.host)
		if !lost {
			return size, from, nil
		}
		l.n.Struck(&f, trace.Event{From: ForeignHost, To: l.host, Proto: "dns"}, question(b[:size]))
	}
}

// ListenBoth opens a host's port for UDP and TCP, on one loopback port for
// both: a foreign client of DNS looks there after a truncated answer.
func (n *Network) ListenBoth(host string, port int) (pc net.PacketConn, l *Listener, err error) {
	for range 20 { // the TCP port of that number may be somebody else's
		if pc, err = n.ListenPacket(host, port); err != nil {
			return nil, nil, err
		}
		if l, err = n.listen(host, port, pc.LocalAddr().String()); err == nil {
			return pc, l, nil
		}
		pc.Close()
	}
	return nil, nil, err
}
