package wire

import (
	"errors"
	"net"
	"sync"
	"time"
)

// parting is how long a last reply may take to go out.
const parting = time.Second

// StopConn is a connection whose reads end at once after Stop, whatever
// deadlines are set later. What is said then has a second to go out.
type StopConn struct {
	net.Conn
	mu      sync.Mutex
	stopped bool
}

// Stop ends the reads.
func (c *StopConn) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	c.Conn.SetReadDeadline(time.Unix(1, 0))
	c.Conn.SetWriteDeadline(time.Now().Add(parting))
}

// SetReadDeadline does nothing once the connection was stopped.
func (c *StopConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline does nothing once the connection was stopped.
func (c *StopConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}

// IsTimeout tells whether a read or a write took too long.
func IsTimeout(err error) bool {
	ne, ok := errors.AsType[net.Error](err)
	return ok && ne.Timeout()
}
