package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	mdns "github.com/miekg/dns"

	"mailscope/protocol/wire"
)

// Serve answers the connections of ln until ctx is done, then closes it and
// them. A connection carries any number of questions, answered in their order
// (RFC 7766 §6.2.1).
//
// It returns once everything it started has ended: nil after ctx was done, or
// what broke the listener.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	limit := s.MaxConns
	if limit == 0 {
		limit = defaultConns
	}
	return wire.Serve(ctx, ln, limit, s.serveConn)
}

func (s *Server) serveConn(ctx context.Context, conn net.Conn, full bool) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if full {
		s.log().Info("too many connections", "from", conn.RemoteAddr())
		return
	}
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
	from := peer{net: conn.RemoteAddr()}
	r := responder{zones: s.zones(), instead: s.Instead, from: from}
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
		if len(out) == 2 && l != nil { // silent on purpose
			s.observe(from, l)
			continue
		}
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

// tcpLimit is the most octets of an answer by TCP.
func tcpLimit(int) int { return mdns.MaxMsgSize }

// putLength writes the two octets that precede a message on TCP (RFC 1035
// §4.2.2).
func putLength(frame []byte) { binary.BigEndian.PutUint16(frame, uint16(len(frame)-2)) }
