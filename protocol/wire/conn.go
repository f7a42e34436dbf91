// Package wire is the connection under the three mail protocols: lines that
// end in CR LF and nothing else, blocks of data that end in a lone dot, limits
// on both, and a tap that sees every whole line as it passes.
package wire

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// Role is what a line is in its dialogue.
type Role uint8

// The roles of a line.
const (
	Command Role = iota
	Reply
	Data
)

// Line is one whole line, or a block of whole lines of data, as it crossed
// the wire.
type Line struct {
	Text      []byte // without its final CR LF; only valid during the call
	Role      Role
	Sent      bool // by this end; otherwise received
	Encrypted bool // an eavesdropper could not read it
	Bytes     int  // octets on the wire, line end included
}

// Options say how a Conn behaves. The zero value has no tap, no hold and no
// timeouts.
type Options struct {
	// Tap is told of each line: one sent before it goes out, one received
	// before it is acted on.
	Tap func(Line)
	// Hold, if set, is called before a line sent by this end reaches the
	// tap, and may block.
	Hold func(Line)
	// Alive, if set, is asked once the tap was told of what was received. An
	// error ends the reading there: what was received is not acted on.
	Alive func() error
	// Record is told of each TLS record once it has passed, as an
	// eavesdropper sees it.
	Record func(Record)
	// Secured is told how a handshake ended.
	Secured func(Handshake)
	// Timeout bounds the wait for a whole line, for each 4 KiB of data, and
	// for each write; it may be up to a second shorter. 0 means none.
	Timeout time.Duration
}

// Limits that every Conn has.
const (
	// MaxBlock is the most octets of data that one tapped Line holds; only a
	// single line longer than this exceeds it.
	MaxBlock = 64 << 10
	bufSize  = 8 << 10
)

// ErrLineTooLong tells that a line exceeded the limit. The rest of it was
// discarded: the next read begins at the next line.
var ErrLineTooLong = errors.New("line too long")

// SyntaxError is a mistake in what the peer sent.
type SyntaxError struct {
	At   int    // octets from the start of the text, from 0
	Want string // what should stand there
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("want %s at octet %d", e.Want, e.At) }

// Conn is one end of a mail connection. One goroutine may read while another
// writes.
type Conn struct {
	nc    net.Conn // TLS, once that is on
	base  net.Conn
	under *underTLS // nil without TLS, as are plain and state
	plain *decrypted
	state *tls.ConnectionState
	tls   atomic.Pointer[tls.Conn] // nc, for Close, which anybody may call
	r     *bufio.Reader
	w     *bufio.Writer
	o     Options
	long  []byte // a line that did not fit the reader's buffer
	block []byte // data gathered for the tap; from the pool while it holds any
	data  []byte // of the last ReadDot; from the pool until the next read
	sent  int64  // octets, those that are still buffered among them

	readBy, writeBy deadline
	shown           []byte // the line that the tap is told of
}

// NewConn makes a Conn of nc, which it then owns.
func NewConn(nc net.Conn, o Options) *Conn {
	c := &Conn{nc: nc, base: nc, r: readers.Get().(*bufio.Reader), w: writers.Get().(*bufio.Writer), o: o}
	c.r.Reset(nc)
	c.w.Reset(nc)
	return c
}

// Release gives the buffers back for another Conn. Nothing may use this one
// any more; what was not flushed is lost. The connection is not closed.
func (c *Conn) Release() {
	c.forget()
	c.r.Reset(nil)
	c.w.Reset(nil)
	readers.Put(c.r)
	writers.Put(c.w)
	c.r, c.w = nil, nil
	if c.under != nil {
		c.under.in.Reset(nil)
		readers.Put(c.under.in)
		records.Put(c.plain.buf)
		c.under, c.plain = nil, nil
	}
}

// NetConn is the connection underneath, below TLS too.
func (c *Conn) NetConn() net.Conn { return c.base }

// SetTimeout changes Options.Timeout for what follows.
func (c *Conn) SetTimeout(d time.Duration) { c.o.Timeout = d }

// Buffered tells whether something received is waiting to be read.
func (c *Conn) Buffered() bool {
	return c.r.Buffered() > 0 || c.plain != nil && len(c.plain.rest) > 0
}

// Pending is Buffered that counts what was not decrypted yet, which may turn
// out to be nothing to read.
func (c *Conn) Pending() bool { return c.Buffered() || c.under != nil && c.under.in.Buffered() > 0 }

// Close closes the connection without flushing.
func (c *Conn) Close() error {
	c.EndTLS()
	return c.base.Close()
}

// ReadLine reads one line of at most limit octets, CR LF included, and returns
// it without that CR LF; it is valid until the next read. Only CR LF ends a
// line: a bare CR or LF stays inside it, for the caller to refuse. A longer
// line is ErrLineTooLong, and the tap sees its first limit octets. io.EOF
// means that the peer closed between two lines.
//
// RFC 5321 §2.3.8.
func (c *Conn) ReadLine(role Role, limit int) ([]byte, error) {
	c.forget()
	if err := c.armRead(); err != nil {
		return nil, err
	}
	line, n, err := c.rawLine(limit)
	if err != nil && err != ErrLineTooLong {
		return nil, err
	}
	text := trimEnd(line)
	if c.o.Tap != nil {
		c.o.Tap(Line{Text: text, Role: role, Bytes: n, Encrypted: c.state != nil})
	}
	if c.dead(&err) {
		return nil, err
	}
	return text, err
}

// dead tells whether nothing is to be read any more, and sets err to the reason.
func (c *Conn) dead(err *error) bool {
	if c.o.Alive == nil {
		return false
	}
	why := c.o.Alive()
	if why != nil {
		*err = why
	}
	return why != nil
}

// WriteLine buffers one line; text must not hold CR or LF.
func (c *Conn) WriteLine(role Role, text string) error {
	if err := c.room(len(text) + 2); err != nil {
		return err
	}
	if c.tapped() {
		c.shown = append(c.shown[:0], text...)
		c.show(Line{Text: c.shown, Role: role, Sent: true, Bytes: len(text) + 2})
	}
	c.w.WriteString(text)
	_, err := c.w.Write(crlf)
	return err
}

// WriteText is WriteLine for octets, which are only read during the call.
func (c *Conn) WriteText(role Role, text []byte) error {
	if err := c.room(len(text) + 2); err != nil {
		return err
	}
	if c.tapped() {
		c.show(Line{Text: text, Role: role, Sent: true, Bytes: len(text) + 2})
	}
	c.w.Write(text)
	_, err := c.w.Write(crlf)
	return err
}

// Sent is how many octets were written so far, those that are still buffered
// among them. Dot-stuffed data does not count.
func (c *Conn) Sent() int64 { return c.sent }

// room prepares for n more octets: if they do not fit into the buffer, they
// are going to be sent.
func (c *Conn) room(n int) error {
	c.sent += int64(n)
	if c.w.Available() >= n {
		return nil
	}
	return c.armWrite()
}

// Flush sends what was buffered.
func (c *Conn) Flush() error {
	if c.w.Buffered() == 0 {
		return nil
	}
	if err := c.armWrite(); err != nil {
		return err
	}
	return c.w.Flush()
}

// show passes a line that is about to be sent to the hold and the tap.
func (c *Conn) show(l Line) {
	l.Encrypted = c.state != nil
	if c.o.Hold != nil {
		c.o.Hold(l)
	}
	if c.o.Tap != nil {
		c.o.Tap(l)
	}
}

// rawLine reads up to the next CR LF. line holds at most limit octets, CR LF
// included; n counts what the line took on the wire.
func (c *Conn) rawLine(limit int) (line []byte, n int, err error) {
	c.long = c.long[:0]
	cr := false // the octet before the next part is a CR
	for {
		part, err := c.r.ReadSlice('\n')
		n += len(part)
		if err != nil && err != bufio.ErrBufferFull {
			if err == io.EOF && n > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, n, err
		}
		size := len(part)
		ended := err == nil && (size > 1 && part[size-2] == '\r' || size == 1 && cr)
		if ended && n == size && n <= limit {
			return part, n, nil
		}
		cr = part[size-1] == '\r'
		c.long = append(c.long, part[:min(size, limit-len(c.long))]...)
		if ended && n > limit {
			return c.long, n, ErrLineTooLong
		}
		if ended {
			return c.long, n, nil
		}
	}
}

func trimEnd(line []byte) []byte {
	if n := len(line); n >= 2 && line[n-2] == '\r' && line[n-1] == '\n' {
		return line[:n-2]
	}
	return line
}

// rearm is how much shorter than Timeout a wait may be allowed to be, so that
// not every line sets a deadline of its own.
const rearm = time.Second

// deadline is one that was set last.
type deadline struct{ by time.Time }

// arm sets a deadline unless the one that is set is as good.
func (d *deadline) arm(timeout time.Duration, set func(time.Time) error) error {
	if timeout == 0 {
		return nil
	}
	by := time.Now().Add(timeout)
	if late := by.Sub(d.by); timeout > 2*rearm && 0 <= late && late < rearm {
		return nil
	}
	d.by = by
	return set(by)
}

func (c *Conn) armRead() error  { return c.readBy.arm(c.o.Timeout, c.nc.SetReadDeadline) }
func (c *Conn) armWrite() error { return c.writeBy.arm(c.o.Timeout, c.nc.SetWriteDeadline) }
