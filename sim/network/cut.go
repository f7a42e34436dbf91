package network

import (
	"errors"
	"sync/atomic"

	"mailscope/protocol/wire"
)

// ErrCut tells that the connection broke where its Cut said.
var ErrCut = errors.New("connection lost")

// Cut is the place at which a connection breaks: the first that is reached.
type Cut struct {
	// After picks a line of this end; the connection breaks once that was
	// answered, when this end is about to say more. nil is none.
	After func(line string) bool
	// Bytes is how many octets come to this end before it breaks; 0 is no
	// limit.
	Bytes int
}

// CutAt has the connection break at a place. It is for a client's end, and is
// called before anything is said.
func (c *Conn) CutAt(place Cut) { c.cut = &cutting{Cut: place} }

// cutting is a connection on its way to its Cut.
type cutting struct {
	Cut
	said bool        // the line of After
	come int         // octets
	done atomic.Bool // nothing passes any more; the other end notices once this one is closed
}

// Read reads from the other end, as far as the connection goes.
func (c *Conn) Read(b []byte) (int, error) {
	if err := c.alive(); err != nil {
		return 0, err
	}
	n, err := c.read(b)
	c.took(n)
	if err != nil && c.alive() != nil { // which of the system's errors it is depends on who was faster
		err = ErrCut
	}
	return n, err
}

func (c *Conn) read(b []byte) (int, error) {
	k := c.cut
	switch {
	case k == nil:
		return c.Conn.Read(b)
	case k.Bytes > 0 && k.come >= k.Bytes:
		k.done.Store(true)
	}
	if k.done.Load() {
		return 0, ErrCut
	}
	if k.Bytes > 0 {
		b = b[:min(len(b), k.Bytes-k.come)]
	}
	n, err := c.Conn.Read(b)
	k.come += n
	return n, err
}

// Write writes to the other end, unless the connection broke.
func (c *Conn) Write(b []byte) (int, error) {
	if c.cut != nil && c.cut.done.Load() || c.alive() != nil {
		return 0, ErrCut
	}
	wake := c.sends(len(b))
	n, err := c.Conn.Write(b)
	c.rouse(wake)
	if err != nil && c.alive() != nil {
		err = ErrCut
	}
	return n, err
}

// Abandon closes this end without a record of it: the world ends.
func (c *Conn) Abandon() {
	c.closed.Do(func() {
		c.session().n.forget(c)
		c.Conn.Close()
	})
}

// Break has the connection break off: nothing passes any more.
func (c *Conn) Break() error {
	if c.cut == nil {
		c.cut = &cutting{}
	}
	c.cut.done.Store(true)
	return c.Close()
}

// passes tells whether a line still gets through. What this end hears came
// before the connection broke.
func (c *Conn) passes(l wire.Line) bool {
	if l.Sent && c.alive() != nil {
		return false
	}
	k := c.cut
	if k == nil || !l.Sent {
		return true
	}
	if k.said {
		k.done.Store(true)
	}
	k.said = k.said || k.After != nil && k.After(string(l.Text))
	return !k.done.Load()
}

// broken is why the connection ended before its time, "" if it did not.
func (c *Conn) broken() string {
	if (c.cut == nil || !c.cut.done.Load()) && c.alive() == nil {
		return ""
	}
	return ErrCut.Error()
}
