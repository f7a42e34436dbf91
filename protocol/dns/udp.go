package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
)

// ServePacket answers the datagrams of pc until ctx is done, then closes it.
//
// It returns once everything it started has ended: nil after ctx was done, or
// what broke the socket.
func (s *Server) ServePacket(ctx context.Context, pc net.PacketConn) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() { <-ctx.Done(); pc.Close() })
	errs := make(chan error, runtime.GOMAXPROCS(0))
	for range cap(errs) {
		all.Go(func() {
			defer cancel()
			errs <- s.answerPackets(ctx, pc)
		})
	}
	all.Wait()
	close(errs)
	var first error
	for err := range errs {
		if first == nil {
			first = err
		}
	}
	return first
}

// answerPackets is one of the loops that share a socket.
func (s *Server) answerPackets(ctx context.Context, pc net.PacketConn) error {
	sock := datagrams(pc)
	r := responder{zones: s.zones(), instead: s.Instead}
	in := make([]byte, 1<<16)
	var out []byte
	for failures := 0; ; {
		n, from, err := sock.read(in)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if failures++; failures == maxFailures || errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("read questions on %s: %w", pc.LocalAddr(), err)
			}
			s.log().Debug("read question", "on", pc.LocalAddr(), "err", err)
			continue
		}
		failures = 0
		var l *Lookup
		r.from = from
		out, l = r.respond(out[:0], in[:n], udpLimit)
		s.observe(from, l)
		if len(out) == 0 {
			continue
		}
		if err := sock.write(out, from); err != nil && ctx.Err() == nil {
			s.log().Debug("send answer", "to", from.addr(), "err", err)
		}
	}
}

// peer is who sent a datagram: as netip where the socket offers it, which costs
// no allocation, else as net.Addr.
type peer struct {
	ip  netip.AddrPort
	net net.Addr
}

func (p peer) addr() net.Addr {
	if p.net != nil {
		return p.net
	}
	return net.UDPAddrFromAddrPort(p.ip)
}

// datagramSocket reads and writes datagrams of any net.PacketConn.
type datagramSocket struct {
	udp udpConn // nil if any has no such methods
	any net.PacketConn
}

// udpConn is what a *net.UDPConn, or what embeds one, can do without making
// an address for each datagram.
type udpConn interface {
	ReadFromUDPAddrPort(b []byte) (n int, addr netip.AddrPort, err error)
	WriteToUDPAddrPort(b []byte, addr netip.AddrPort) (int, error)
}

func datagrams(pc net.PacketConn) datagramSocket {
	udp, _ := pc.(udpConn)
	return datagramSocket{udp, pc}
}

func (d datagramSocket) read(b []byte) (int, peer, error) {
	if d.udp != nil {
		n, from, err := d.udp.ReadFromUDPAddrPort(b)
		return n, peer{ip: from}, err
	}
	n, from, err := d.any.ReadFrom(b)
	return n, peer{net: from}, err
}

func (d datagramSocket) write(b []byte, to peer) error {
	var err error
	if d.udp != nil {
		_, err = d.udp.WriteToUDPAddrPort(b, to.ip)
	} else {
		_, err = d.any.WriteTo(b, to.net)
	}
	return err
}

// udpLimit is the most octets of an answer by UDP to one who takes size.
func udpLimit(size int) int { return min(size, serverUDP) }
