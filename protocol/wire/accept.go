package wire

import (
	"context"
	"errors"
	"net"
	"time"
)

// Bounds on waiting for a listener that fails: 12 s in all.
const (
	maxFailures = 20 // in a row
	firstPause  = 5 * time.Millisecond
	longPause   = time.Second
)

// Accept waits for the next connection of ln. A failure that may pass, such as
// no file descriptor left, is tried again after a pause that grows; it returns
// one that lasts, or when ln is closed or ctx ends.
func Accept(ctx context.Context, ln net.Listener) (net.Conn, error) {
	wait := firstPause
	for failures := 1; ; failures++ {
		nc, err := ln.Accept()
		if err == nil {
			return nc, nil
		}
		if failures == maxFailures || errors.Is(err, net.ErrClosed) {
			return nil, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, err
		}
		wait = min(2*wait, longPause)
	}
}
