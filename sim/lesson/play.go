package lesson

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// horizon is how far ahead the world is let settle by itself after a step;
// later work, such as a queue's next attempt, waits for a step that waits.
const horizon = time.Minute

// pause is the simulated time between two steps.
const pause = time.Second

// Result is what playing a lesson brought.
type Result struct {
	Recording trace.Recording
	Checks    []Check // one for each expectation, in order
}

// OK tells whether every expectation came true.
func (r *Result) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return true
}

// Check is how one expectation came out.
type Check struct {
	Text trace.Words // what it proves
	OK   bool
	Got  string // what was there instead, "" if OK
}

// Play runs the lesson to its end. Two runs give the same recording. An error
// means that the world could not run; what did not come true is in the Checks.
//
// log may be nil.
func (l *Lesson) Play(ctx context.Context, log *slog.Logger) (Result, error) {
	c := clock.NewSim(l.World.Start)
	w, err := world.Start(ctx, &l.World, l.file, c, true, log)
	if err != nil {
		return Result{}, err
	}
	p := &player{lesson: l, world: w, clock: c, sent: map[string]*mua.Letter{}}
	err = p.play(ctx)
	res := Result{Recording: trace.Recording{Header: l.header(w), Trace: w.Trace}}
	if err == nil {
		res.Checks = p.checks()
	}
	if closed := w.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return res, fmt.Errorf("lesson %s: %w", l.Name, err)
	}
	return res, nil
}

func (l *Lesson) header(w *world.World) trace.Header {
	return trace.Header{Lesson: l.Name, Number: l.Number, Title: l.Title, Start: l.World.Start, World: w.Header}
}

// player is one run of a lesson.
type player struct {
	lesson *Lesson
	world  *world.World
	clock  *clock.Sim
	sent   map[string]*mua.Letter // by trace id
	told   int                    // narrations used so far
	seen   int                    // events that narrations have passed
}

func (p *player) play(ctx context.Context) error {
	for i := range p.lesson.Steps {
		s := &p.lesson.Steps[i]
		if len(s.Chapter) > 0 {
			p.world.Net.Record(trace.Event{Body: &trace.Note{Chapter: true, Text: s.Chapter}})
		}
		if err := p.step(ctx, s); err != nil {
			return fmt.Errorf("steps[%d]: %w", i, err)
		}
		if err := p.clock.Settle(ctx, horizon); err != nil {
			return err
		}
		p.narrate()
		p.clock.Spend(pause)
	}
	return nil
}

// step does one thing. What a server refuses is part of the lesson, and in
// the trace; an expectation tells whether it should have.
func (p *player) step(ctx context.Context, s *Step) error {
	switch {
	case s.Send != nil:
		d := p.world.Device(s.Send.Device)
		letter, err := d.Compose(mua.Draft{To: s.Send.To, Cc: s.Send.Cc, Bcc: s.Send.Bcc, Subject: s.Send.Subject, Text: s.Send.Text})
		if err != nil {
			return err
		}
		p.sent[letter.ID] = letter
		d.Send(ctx, letter)
	case s.Poll != "":
		p.world.Device(s.Poll).Poll(ctx)
	case s.Read != nil:
		return p.world.Device(s.Read.Device).Read(s.Read.Letter - 1)
	case s.Wait > 0:
		return p.clock.Run(ctx, p.clock.Now()+time.Duration(s.Wait))
	}
	return ctx.Err()
}

// narrate appends a note for every narration whose event has come.
func (p *player) narrate() {
	end := p.world.Trace.Len()
	for p.told < len(p.lesson.Narrate) {
		n := &p.lesson.Narrate[p.told]
		at := p.seen + 1
		for at <= end && !n.On.Matches(p.world.Trace.At(at)) {
			at++
		}
		if at > end {
			return
		}
		if len(n.Chapter) > 0 {
			p.world.Net.Record(trace.Event{Cause: at, Body: &trace.Note{Chapter: true, Text: n.Chapter}})
		}
		p.world.Net.Record(trace.Event{Cause: at, Body: &trace.Note{Text: n.Say}})
		p.told, p.seen = p.told+1, at
	}
}
