package network

import "context"

// OnArrival has f run through the clock once, as soon as the server has
// written something, or hung up. It is for a client's end that is not reading:
// a program that sleeps until there is news. nil takes it back. What had
// arrived before wakes nobody.
func (c *Conn) OnArrival(f func(context.Context)) {
	s := c.session()
	s.mu.Lock()
	s.wake = f
	s.mu.Unlock()
}

// Arriving is how many octets the server has written that this end, a
// client's, has not read.
func (c *Conn) Arriving() int64 {
	s := c.session()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.coming
}

// sends counts what a server's end is about to write.
func (c *Conn) sends(octets int) {
	if c.client {
		return
	}
	s := c.session()
	s.mu.Lock()
	s.coming += int64(octets)
	s.mu.Unlock()
}

// sent wakes the client once the server's end has written, or closed.
func (c *Conn) sent() {
	if c.client {
		return
	}
	s := c.session()
	s.mu.Lock()
	f := s.wake
	s.wake = nil
	s.mu.Unlock()
	if f != nil {
		s.n.Clock.After(0, f)
	}
}

// took counts what a client's end has read.
func (c *Conn) took(octets int) {
	if !c.client {
		return
	}
	c.s.mu.Lock()
	c.s.coming -= int64(octets)
	c.s.mu.Unlock()
}
