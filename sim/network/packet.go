package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
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
	l := &packetListener{UDPConn: pc, n: n, at: netip.AddrPortFrom(addr, uint16(port))}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.packets[l.at] = l
	return l, nil
}

// packetListener is an open UDP port of a simulated host.
type packetListener struct {
	*net.UDPConn
	n  *Network
	at netip.AddrPort
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
// they meant.
func (n *Network) DialPacket(ctx context.Context, from string, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	at, dark := n.packets[to], n.off[from]
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
	n.clients[key] = true
	n.mu.Unlock()
	return &packetConn{Conn: raw, n: n, key: key}, nil
}

// Simulated tells whether a packet from this loopback address came from a
// simulated host.
func (n *Network) Simulated(from net.Addr) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.clients[from.String()]
}

type packetConn struct {
	net.Conn
	n   *Network
	key string
}

func (c *packetConn) Close() error {
	c.n.mu.Lock()
	delete(c.n.clients, c.key)
	c.n.mu.Unlock()
	return c.Conn.Close()
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
