package wire

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// Errors of a block of data. After each of them the whole block was read, so
// the dialogue can go on.
var (
	// ErrTooBig tells that a block exceeded its limit.
	ErrTooBig = errors.New("data too big")
	// ErrBareNewline tells that a CR or an LF stood alone in a block.
	ErrBareNewline = errors.New("bare CR or LF in data")
)

// progress is how much data must arrive within one timeout.
const progress = 4 << 10

// ReadDot reads a block of lines up to the line that holds only a dot, and
// takes the dot-stuffing away. Every line of data ends in CR LF. More than
// limit octets is ErrTooBig, a bare CR or LF ErrBareNewline; then data is nil.
// Nothing but CR LF dot CR LF ends the block. data is valid until the next
// read.
//
// RFC 5321 §4.1.1.4 and §4.5.2; RFC 1939 §3.
func (c *Conn) ReadDot(limit int) (data []byte, err error) {
	var bad error
	since := progress
	c.forget()
	data = getBlock()
	defer func() {
		c.data = data
		if err != nil {
			c.forget()
			data = nil
		}
	}()
	for {
		if since >= progress {
			if err := c.armRead(); err != nil {
				return data, err
			}
			since = 0
		}
		line, n, err := c.rawLine(limit + 3) // a dot more, and CR LF
		since += n
		if err == ErrLineTooLong {
			bad = ErrTooBig
			continue
		}
		if err != nil {
			c.tapBlock(false) // the lines that did come
			return data, noEOF(err)
		}
		if len(line) == 3 && line[0] == '.' {
			c.tapBlock(false)
			if c.o.Tap != nil {
				c.o.Tap(Line{Text: line[:1], Role: Data, Bytes: 3, Encrypted: c.state != nil})
			}
			c.dead(&bad)
			return data, bad
		}
		c.gather(line, false)
		if bad != nil {
			continue
		}
		if line[0] == '.' {
			line = line[1:]
		}
		switch {
		case hasBare(line[:len(line)-2]):
			bad = ErrBareNewline
		case len(data)+len(line) > limit:
			bad = ErrTooBig
		default:
			data = append(data, line...)
		}
	}
}

// forget gives the buffer of data that was read back to the pool.
func (c *Conn) forget() {
	putBlock(c.data)
	c.data = nil
}

func hasBare(b []byte) bool { return bytes.IndexByte(b, '\r') >= 0 || bytes.IndexByte(b, '\n') >= 0 }

// noEOF turns an end between two lines into one that comes too early.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// WriteDot buffers data as dot-stuffed lines and the dot that ends them. data
// must hold whole lines that end in CR LF; a last line without is completed.
func (c *Conn) WriteDot(data []byte) error {
	if err := c.armWrite(); err != nil {
		return err
	}
	for len(data) > 0 {
		line, rest := data, []byte(nil)
		if i := bytes.Index(data, crlf); i >= 0 {
			line, rest = data[:i], data[i+2:]
		}
		if len(line) > 0 && line[0] == '.' {
			c.put(dot)
		}
		c.put(line)
		c.put(crlf)
		if len(c.block) >= MaxBlock-1000 {
			c.tapBlock(true)
		}
		data = rest
	}
	c.tapBlock(true)
	c.show(Line{Text: dot, Role: Data, Sent: true, Bytes: 3})
	c.w.Write(dot)
	_, err := c.w.Write(crlf)
	return err
}

var (
	crlf = []byte("\r\n")
	dot  = []byte(".")
)

func (c *Conn) put(b []byte) {
	c.w.Write(b)
	if c.tapped() {
		c.append(b)
	}
}

func (c *Conn) tapped() bool { return c.o.Tap != nil || c.o.Hold != nil }

// gather keeps a received line for the tap.
func (c *Conn) gather(line []byte, sent bool) {
	if !c.tapped() {
		return
	}
	if len(c.block) > 0 && len(c.block)+len(line) > MaxBlock {
		c.tapBlock(sent)
	}
	c.append(line)
}

// append adds to the block that the tap will see.
func (c *Conn) append(b []byte) {
	if c.block == nil {
		c.block = getBlock()
	}
	c.block = append(c.block, b...)
}

// tapBlock shows the tap what was gathered, as one Line.
func (c *Conn) tapBlock(sent bool) {
	if len(c.block) == 0 {
		return
	}
	l := Line{Text: trimEnd(c.block), Role: Data, Sent: sent, Bytes: len(c.block)}
	if sent {
		c.show(l)
	} else if c.o.Tap != nil {
		l.Encrypted = c.state != nil
		c.o.Tap(l)
	}
	putBlock(c.block)
	c.block = nil
}

// ReadN reads exactly n octets of data. More than limit are discarded and
// give ErrTooBig.
//
// RFC 3030 §2.
func (c *Conn) ReadN(n, limit int) ([]byte, error) {
	return c.AppendN(nil, n, limit)
}

// AppendN is ReadN that appends to dst. On error it returns dst as it was.
func (c *Conn) AppendN(dst []byte, n, limit int) (_ []byte, err error) {
	if n > limit {
		return dst, c.discard(n)
	}
	data := dst
	for left := n; left > 0; {
		if err := c.armRead(); err != nil {
			return dst, err
		}
		// What is not here yet takes no memory: n is only a promise.
		data = slices.Grow(data, min(left, progress))
		part := data[len(data):][:min(left, progress)]
		if _, err := io.ReadFull(c.r, part); err != nil {
			return dst, noEOF(err)
		}
		c.gather(part, false)
		data = data[:len(data)+len(part)]
		left -= len(part)
	}
	c.tapBlock(false)
	if c.dead(&err) {
		return dst, err
	}
	return data, nil
}

// discard reads n octets, and returns ErrTooBig if all goes well.
func (c *Conn) discard(n int) error {
	var chunk [progress]byte
	for left := n; left > 0; {
		if err := c.armRead(); err != nil {
			return err
		}
		part := chunk[:min(left, len(chunk))]
		if _, err := io.ReadFull(c.r, part); err != nil {
			return noEOF(err)
		}
		c.gather(part, false)
		left -= len(part)
	}
	c.tapBlock(false)
	return ErrTooBig
}

// WriteN buffers data as it is.
func (c *Conn) WriteN(data []byte) error {
	if err := c.armWrite(); err != nil {
		return err
	}
	c.sent += int64(len(data))
	for len(data) > 0 {
		part := data[:min(len(data), MaxBlock)]
		if c.tapped() {
			c.show(Line{Text: trimEnd(part), Role: Data, Sent: true, Bytes: len(part)})
		}
		if _, err := c.w.Write(part); err != nil {
			return err
		}
		data = data[len(part):]
	}
	return nil
}
