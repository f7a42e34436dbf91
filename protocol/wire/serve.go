package wire

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// Serve gives each connection that ln accepts to serve, on a goroutine of its
// own, until ctx ends, which closes ln; then it returns nil once all have
// ended. It returns an error if ln fails for good. full tells that more than
// limit connections are open, this one among them; a limit of 0 is none. The
// context that serve is given ends with Serve, and serve closes nc.
func Serve(ctx context.Context, ln net.Listener, limit int, serve func(ctx context.Context, nc net.Conn, full bool)) error {
	ctx, cancel := context.WithCancel(ctx)
	var conns sync.WaitGroup
	defer conns.Wait()
	defer cancel()
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	defer ln.Close()
	var open atomic.Int64
	for {
		nc, err := Accept(ctx, ln)
		if ctx.Err() != nil {
			if err == nil {
				nc.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept on %s: %w", ln.Addr(), err)
		}
		full := open.Add(1) > int64(limit) && limit > 0
		conns.Go(func() {
			defer open.Add(-1)
			serve(ctx, nc, full)
		})
	}
}
