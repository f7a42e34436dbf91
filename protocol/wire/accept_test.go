package wire

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a listener that fails some times before it has a connection.
type failing struct {
	net.Listener
	left  int
	err   error
	tries int
}

func (l *failing) Accept() (net.Conn, error) {
	l.tries++
	if l.left == 0 {
		nc, _ := net.Pipe()
		return nc, nil
	}
	l.left--
	return nil, l.err
}

func TestAccept(t *testing.T) {
	for _, tt := range []struct {
		name     string
		failures int
		err      error
		tries    int
		ok       bool
		within   time.Duration
	}{
		{"at once", 0, nil, 1, true, 0},
		{"no descriptor for a moment", 3, syscall.EMFILE, 4, true, 100 * time.Millisecond},
		{"no descriptor for long", 1000, syscall.EMFILE, maxFailures, false, 13 * time.Second},
		{"closed", 1000, net.ErrClosed, 1, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, start := &failing{left: tt.failures, err: tt.err}, time.Now()
				nc, err := Accept(t.Context(), l)
				if tt.ok != (nc != nil) || !tt.ok && !errors.Is(err, tt.err) || l.tries != tt.tries {
					t.Errorf("%v, %v after %d tries", nc, err, l.tries)
				}
				if took := time.Since(start); took > tt.within {
					t.Errorf("took %v, want at most %v", took, tt.within)
				}
			})
		})
	}
}

// A server that is told to end does not wait for its listener to recover.
func TestAcceptEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := Accept(ctx, &failing{left: 1000, err: syscall.EMFILE}); !errors.Is(err, syscall.EMFILE) {
			t.Error(err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("ended after %v", took)
		}
	})
}
