package dns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// Server answers questions about its zones, by UDP and TCP. It answers from
// them alone: it asks nobody and never sets RA (RFC 1034 §4.3.1).
//
// Set the fields before serving. One Server may serve any number of sockets at
// once.
type Server struct {
	Zones  *Zones
	Logger *slog.Logger // nil: no diagnostics

	// Observe, if set, is told each readable question and what was answered,
	// just before the answer goes out. It is called from many goroutines and
	// must not change the Lookup's slice.
	Observe func(client net.Addr, l Lookup)

	MaxConns int           // TCP connections at once for each Serve; 0 means 256, further ones are closed
	Idle     time.Duration // real time for a whole question to arrive, or its answer to leave; 0 means 10 s
}

const (
	defaultConns = 256
	defaultIdle  = 10 * time.Second // "a few seconds", RFC 7766 §6.2.3
	maxFailures  = 16               // reads in a row that may fail before a socket is given up
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
	r := responder{zones: s.zones()}
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
		out, l = r.respond(out[:0], in[:n], udpLimit)
		if len(out) == 0 {
			continue
		}
		s.observe(from, l)
		if err := sock.write(out, from); err != nil && ctx.Err() == nil {
			s.log().Debug("send answer", "to", from.addr(), "err", err)
		}
	}
}

// Serve answers the connections of ln until ctx is done, then closes it and
// them. A connection carries any number of questions, answered in their order
// (RFC 7766 §6.2.1).
//
// It returns once everything it started has ended: nil after ctx was done, or
// what broke the listener.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	all.Go(func() { <-ctx.Done(); ln.Close() })
	limit := s.MaxConns
	if limit == 0 {
		limit = defaultConns
	}
	open := make(chan struct{}, limit)
	for failures := 0; ; {
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if failures++; failures == maxFailures || errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("accept on %s: %w", ln.Addr(), err)
			}
			s.log().Warn("accept", "on", ln.Addr(), "err", err)
			pause(ctx, time.Duration(failures)*10*time.Millisecond)
			continue
		}
		failures = 0
		select {
		case open <- struct{}{}:
		default:
			s.log().Info("too many connections", "from", conn.RemoteAddr())
			conn.Close()
			continue
		}
		all.Go(func() {
			s.serveConn(ctx, conn)
			<-open
		})
	}
}

func (s *Server) serveConn(ctx context.Context, conn net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	var closer sync.WaitGroup
	closer.Go(func() { <-ctx.Done(); conn.Close() })
	defer closer.Wait()
	defer cancel()
	if err := s.converse(conn); err != nil && ctx.Err() == nil {
		s.log().Debug("connection ended", "from", conn.RemoteAddr(), "err", err)
	}
}

// converse answers one connection's questions until it ends, nothing readable
// comes, or it is idle too long (RFC 1035 §4.2.2, RFC 7766 §6.2.3).
func (s *Server) converse(conn net.Conn) error {
	idle := s.Idle
	if idle == 0 {
		idle = defaultIdle
	}
	r := responder{zones: s.zones()}
	from := peer{net: conn.RemoteAddr()}
	var frame, out []byte
	for {
		if err := conn.SetDeadline(time.Now().Add(idle)); err != nil {
			return fmt.Errorf("set deadline: %w", err)
		}
		var err error
		if frame, err = readFrame(conn, frame); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("read question: %w", err)
		}
		var l *Lookup
		out, l = r.respond(append(out[:0], 0, 0), frame, tcpLimit)
		if len(out) == 2 {
			return errFormat
		}
		putLength(out)
		s.observe(from, l)
		if _, err := conn.Write(out); err != nil {
			return fmt.Errorf("send answer: %w", err)
		}
	}
}

// readFrame reads one message with its length before it (RFC 1035 §4.2.2) into
// buf, which grows as needed. The end of the stream between two messages is
// io.EOF, within one io.ErrUnexpectedEOF.
func readFrame(r io.Reader, buf []byte) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return buf, err
	}
	n := int(length[0])<<8 | int(length[1])
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := io.ReadFull(r, buf); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return buf, err
	}
	return buf, nil
}

func (s *Server) observe(from peer, l *Lookup) {
	if s.Observe != nil && l != nil {
		s.Observe(from.addr(), *l)
	}
}

func (s *Server) zones() *Zones {
	if s.Zones == nil {
		return &Zones{}
	}
	return s.Zones
}

func (s *Server) log() *slog.Logger {
	if s.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Logger
}

// pause waits for d of real time or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
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
	udp *net.UDPConn
	any net.PacketConn
}

func datagrams(pc net.PacketConn) datagramSocket {
	udp, _ := pc.(*net.UDPConn)
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
