package lesson

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Sandbox is a world without a script: letters go when somebody writes them.
// Its time is simulated and stands still in between.
type Sandbox struct {
	world *world.World
	clock *clock.Sim
	rec   trace.Recording
	mu    sync.Mutex // one letter at a time
}

// NewSandbox starts a world, which runs until ctx ends or Close. log may be nil.
func NewSandbox(ctx context.Context, spec *world.Spec, f *world.File, log *slog.Logger) (*Sandbox, error) {
	c := clock.NewSim(spec.Start)
	w, err := world.Start(ctx, spec, f, c, true, log)
	if err != nil {
		return nil, err
	}
	return &Sandbox{world: w, clock: c, rec: trace.Recording{
		Header: trace.Header{Start: spec.Start, World: w.Header}, Trace: w.Trace}}, nil
}

// Recording is what has happened so far; it grows with each letter.
func (s *Sandbox) Recording() trace.Recording { return s.rec }

// Write has the owner of an account write and send a letter, lets the world
// settle, and then has the recipients' devices fetch their mail. An error
// means that the letter could not be written; what servers refuse is in the
// recording.
func (s *Sandbox) Write(ctx context.Context, from string, d mua.Draft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	devices := s.world.DevicesOf(from)
	if len(devices) == 0 {
		return fmt.Errorf("%s has no device to write on", from)
	}
	letter, err := devices[0].Compose(d)
	if err != nil {
		return err
	}
	devices[0].Send(ctx, letter)
	if err := s.clock.Settle(ctx, horizon); err != nil {
		return err
	}
	polled := map[*mua.Device]bool{}
	for _, r := range letter.Rcpts {
		for _, v := range s.world.DevicesOf(r.To) {
			if polled[v] {
				continue
			}
			polled[v] = true
			s.clock.Spend(pause)
			v.Poll(ctx)
		}
	}
	s.clock.Spend(pause)
	return ctx.Err()
}

// Close ends the world.
func (s *Sandbox) Close() error { return s.world.Close() }
