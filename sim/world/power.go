package world

import (
	"context"
	"errors"
	"fmt"

	"mailscope/sim/mta"
)

// Errors of switching.
var (
	ErrNoServer = errors.New("no mail server of that name")
	ErrOff      = errors.New("it has no power")
	ErrOn       = errors.New("it has power")
)

// machine is the host of a mail server, with or without power. Its disk stays
// with it: start makes a server that begins with what is there.
type machine struct {
	start  func() *mta.Server
	server *mta.Server        // that runs, or ran last
	stop   context.CancelFunc // nil while it does not run
	off    bool
	ended  chan struct{} // closed once the server's sessions and ports are
}

// boot starts the server of a machine.
func (w *World) boot(ctx context.Context, host string, m *machine) error {
	s := m.start()
	serve, err := s.Open()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	w.mu.Lock()
	m.server, m.stop, m.ended = s, stop, ended
	w.mu.Unlock()
	w.run(ctx, host, func(ctx context.Context) error {
		defer close(ended)
		defer stop()
		return serve(ctx)
	})
	return nil
}

// PowerOff takes the power of a mail server's host. What it knew is gone, its
// connections break without a word, and nobody hears from it; its disk stays
// as it is. It may be called from the midst of one of the host's conversations.
func (w *World) PowerOff(host string) error {
	w.mu.Lock()
	m := w.machines[host]
	if m == nil {
		w.mu.Unlock()
		return fmt.Errorf("power off %s: %w", host, ErrNoServer)
	}
	stop := m.stop
	if stop == nil {
		w.mu.Unlock()
		return fmt.Errorf("power off %s: %w", host, ErrOff)
	}
	m.stop, m.off = nil, true
	w.mu.Unlock()
	m.server.PowerOff()
	w.Net.PowerOff(host)
	stop()
	return nil
}

// PowerOn starts the server of a host that had no power: with the queue and
// the mailboxes of its disk, and nothing else. Letters that were on their way
// are tried again at once, those that were put off when their time comes.
func (w *World) PowerOn(host string) error {
	if err := w.life.Err(); err != nil {
		return fmt.Errorf("power on %s: %w", host, err)
	}
	w.mu.Lock()
	m := w.machines[host]
	switch {
	case m == nil:
		w.mu.Unlock()
		return fmt.Errorf("power on %s: %w", host, ErrNoServer)
	case !m.off:
		w.mu.Unlock()
		return fmt.Errorf("power on %s: %w", host, ErrOn)
	}
	m.off = false
	w.mu.Unlock()
	<-m.ended
	w.Net.PowerOn(host)
	return w.boot(w.life, host, m)
}
