package world

import (
	"context"
	"errors"
	"fmt"

	"mailscope/sim/fault"
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
	start   func() *mta.Server
	server  *mta.Server // that runs, or ran last
	stop    context.CancelFunc
	ended   chan struct{} // closed once the server's sessions and ports are
	by      string        // fault that took the power, "" if there is power
	outages int           // so far
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
	m.server, m.stop, m.ended, m.by = s, stop, ended, ""
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
// as it is.
func (w *World) PowerOff(host string) error {
	return w.Break(fault.Fault{Name: powerOf(host), Type: fault.Power, Host: host})
}

// PowerOn gives a host its power back, whatever took it. Its server starts with
// the queue and the mailboxes of its disk, and nothing else: letters that were
// on their way are tried again at once, those that were put off when their time
// comes.
func (w *World) PowerOn(host string) error {
	w.mu.Lock()
	m, by := w.machines[host], ""
	if m != nil {
		by = m.by
	}
	w.mu.Unlock()
	switch {
	case m == nil:
		return fmt.Errorf("power on %s: %w", host, ErrNoServer)
	case by == "":
		return fmt.Errorf("power on %s: %w", host, ErrOn)
	}
	return w.Mend(by)
}

// powerOf is the name of the fault by which PowerOff takes a host's power.
func powerOf(host string) string { return "power of " + host }

// powered tells whether a mail server's host has power.
func (w *World) powered(host string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.machines[host].by == ""
}

// losePower has a fault of type power strike. It may be called in the midst of
// one of the host's conversations.
func (w *World) losePower(f fault.Fault) error {
	m := w.machines[f.Host]
	w.mu.Lock()
	if m.by != "" {
		w.mu.Unlock()
		return fmt.Errorf("power off %s: %w", f.Host, ErrOff)
	}
	m.by = f.Called()
	m.outages++
	stop, outage := m.stop, m.outages
	w.mu.Unlock()
	m.server.PowerOff()
	w.Net.PowerOff(f.Host)
	stop()
	if d := f.Lasting(); d > 0 {
		w.Net.Clock.After(d, func(context.Context) {
			w.mu.Lock()
			same := m.by == f.Called() && m.outages == outage
			w.mu.Unlock()
			if same {
				w.failure(w.Mend(f.Called()))
			}
		})
	}
	return nil
}

// restorePower undoes what a fault of type power did, if it has struck.
func (w *World) restorePower(f fault.Fault) error {
	m := w.machines[f.Host]
	w.mu.Lock()
	struck := m.by == f.Called()
	w.mu.Unlock()
	if !struck || w.life.Err() != nil {
		return nil
	}
	<-m.ended
	w.Net.PowerOn(f.Host)
	return w.boot(w.life, f.Host, m)
}
