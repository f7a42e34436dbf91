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

// sends counts what a server's end is about to write. The client is to be
// woken if it sleeps now: a moment later it may have read this and fallen
// asleep over something else.
func (c *Conn) sends(octets int) (wake func(context.Context)) {
	if c.client {
		return nil
	}
	s := c.session()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coming += int64(octets)
	wake, s.wake = s.wake, nil
	return wake
}

// rouse wakes the client once what sends counted is on its way.
func (c *Conn) rouse(wake func(context.Context)) {
	if wake != nil {
		c.s.n.Clock.After(0, wake)
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
