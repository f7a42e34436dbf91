package wire

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// handshakeTime bounds a handshake.
const handshakeTime = 30 * time.Second

// Handshake tells how a connection turned to TLS.
type Handshake struct {
	State     tls.ConnectionState // what was agreed on; of a failed handshake perhaps a part
	Err       error               // why it failed
	Discarded int                 // octets that had come in clear and were not read any more
}

// StartTLS turns to TLS, as tls.Client or as tls.Server. What was received in
// clear and not read yet is thrown away, so that nobody can slip a command or
// a reply in before the handshake. After an error only Close is left; what was
// wrong has been told to the peer.
//
// RFC 3207 §4.2 and §6, RFC 2595 §2.2 and §4, RFC 9051 §6.2.1; RFC 8314 §3 if
// nothing was said before.
func (c *Conn) StartTLS(end func(net.Conn, *tls.Config) *tls.Conn, config *tls.Config) error {
	h := Handshake{Discarded: c.r.Buffered()}
	c.forget()
	c.r.Discard(h.Discarded)
	under := &underTLS{Conn: c.nc, in: c.r}
	if c.o.Record != nil {
		under.seen = &Records{See: c.o.Record}
	}
	conn := end(under, config)
	limit := handshakeTime
	if c.o.Timeout > 0 {
		limit = min(limit, c.o.Timeout)
	}
	deadline := time.Now().Add(limit)
	err := c.nc.SetReadDeadline(deadline)
	if err == nil {
		err = c.nc.SetWriteDeadline(deadline)
	}
	if err == nil {
		err = conn.Handshake()
	}
	if err != nil {
		h.Err = fmt.Errorf("TLS handshake: %w", noEOF(err))
	}
	h.State = conn.ConnectionState()
	if c.o.Secured != nil {
		c.o.Secured(h)
	}
	if h.Err != nil {
		return h.Err
	}
	if c.o.Timeout == 0 {
		c.nc.SetReadDeadline(time.Time{})
		c.nc.SetWriteDeadline(time.Time{})
	}
	c.nc, c.under, c.state = conn, under, &h.State
	c.tls.Store(conn)
	c.plain = &decrypted{conn: conn, buf: records.Get().(*[tlsPlain]byte)}
	c.r = readers.Get().(*bufio.Reader)
	c.r.Reset(c.plain)
	c.w.Reset(conn)
	return nil
}

// TLS is what was agreed on in the handshake, nil without one.
func (c *Conn) TLS() *tls.ConnectionState { return c.state }

// EndTLS tells the peer that nothing more will be sent, if TLS is on.
//
// RFC 8446 §6.1.
func (c *Conn) EndTLS() {
	if conn := c.tls.Load(); conn != nil {
		c.base.SetWriteDeadline(time.Now().Add(parting))
		conn.CloseWrite() // a peer that is gone need not be told
	}
}

// underTLS is the connection below TLS. It gives one record at a time, so that
// what has come and was not decrypted yet is known.
type underTLS struct {
	net.Conn
	in   *bufio.Reader
	left int      // octets of the record that are still to be read
	seen *Records // nil if nobody watches
}

// Read reads no further than to the end of a record.
func (u *underTLS) Read(b []byte) (int, error) {
	if u.left == 0 {
		head, err := u.in.Peek(recordHead)
		if err != nil {
			n := 0
			if err == io.EOF { // octets that are too few for a record
				n = copy(b, head)
				u.in.Discard(n)
			}
			return n, err
		}
		u.left = recordHead + int(head[3])<<8 + int(head[4])
	}
	n, err := u.in.Read(b[:min(len(b), u.left)])
	u.left -= n
	if u.seen != nil {
		u.seen.Pass(false, b[:n])
	}
	return n, err
}

func (u *underTLS) Write(b []byte) (int, error) {
	if u.seen != nil {
		u.seen.Pass(true, b)
	}
	return u.Conn.Write(b)
}

// tlsPlain is the most octets that one record holds: RFC 8446 §5.1.
const tlsPlain = 1 << 14

var records = sync.Pool{New: func() any { return new([tlsPlain]byte) }}

// decrypted reads what TLS decrypts, a whole record at a time.
type decrypted struct {
	conn *tls.Conn
	buf  *[tlsPlain]byte
	rest []byte // of buf, not read yet
}

func (d *decrypted) Read(b []byte) (int, error) {
	if len(d.rest) == 0 {
		n, err := d.conn.Read(d.buf[:])
		d.rest = d.buf[:n]
		if n == 0 {
			return 0, err
		}
	}
	n := copy(b, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}
