package lesson

import (
	"context"
	"errors"
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
	Recording  trace.Recording   // the first of Recordings
	Recordings []trace.Recording // one for each side of the lesson, in order
	Checks     []Check           // one for each expectation, in order
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

// Play runs the lesson to its end, each side in a world of its own, one after
// the other. Two runs give the same recordings. An error means that a world
// could not run; what did not come true is in the Checks.
//
// log may be nil.
func (l *Lesson) Play(ctx context.Context, log *slog.Logger) (Result, error) {
	sides := l.Sides
	if len(sides) == 0 {
		sides = []Side{{}}
	}
	var res Result
	for _, e := range l.Expect {
		res.Checks = append(res.Checks, Check{Text: e.Says, OK: true})
	}
	for _, side := range sides {
		if err := l.playSide(ctx, side, &res, log); err != nil {
			res.Checks = nil
			return res, fmt.Errorf("lesson %s: %w", l.Name, err)
		}
	}
	return res, nil
}

// playSide plays one side and adds what it brought to res.
func (l *Lesson) playSide(ctx context.Context, side Side, res *Result, log *slog.Logger) error {
	spec := l.World.Receiving(side.Receive)
	c := clock.NewSim(spec.Start)
	w, err := world.Start(ctx, spec, l.file, c, true, log)
	if err != nil {
		return err
	}
	p := &player{lesson: l, side: side, world: w, clock: c, sent: map[string]*mua.Letter{}}
	err = p.play(ctx)
	rec := trace.Recording{Header: l.header(side, w), Trace: w.Trace}
	if len(res.Recordings) == 0 {
		res.Recording = rec
	}
	res.Recordings = append(res.Recordings, rec)
	if err == nil {
		res.judge(p)
	}
	return errors.Join(err, w.Close())
}

// judge compares a run with what is expected of it. An expectation of both
// sides tells what went wrong on the first of them.
func (r *Result) judge(p *player) {
	got, unsaid := p.verdicts()
	for i, g := range got {
		if c := &r.Checks[i]; g != "" && c.OK {
			c.OK, c.Got = false, g
		}
	}
	if unsaid != nil {
		r.Checks = append(r.Checks, *unsaid)
	}
}

func (l *Lesson) header(side Side, w *world.World) trace.Header {
	return trace.Header{Lesson: l.Name, Number: l.Number, Title: l.Title, Side: side.Name, Start: l.World.Start, World: w.Header}
}

// player is one run of a lesson.
type player struct {
	lesson *Lesson
	side   Side // zero if the lesson is told once
	world  *world.World
	clock  *clock.Sim
	sent   map[string]*mua.Letter // by trace id
	told   int                    // narrations used or passed over so far
	seen   int                    // events that narrations have passed
}

// on tells whether what a side is named for is about this one.
func (p *player) on(side string) bool { return side == "" || side == p.side.Name }

func (p *player) play(ctx context.Context) error {
	for i := range p.lesson.Steps {
		s := &p.lesson.Steps[i]
		p.world.Net.Record(trace.Event{Body: &trace.Note{Step: i + 1}})
		if len(s.Chapter) > 0 {
			p.world.Net.Record(trace.Event{Body: &trace.Note{Chapter: true, Text: s.Chapter}})
		}
		for _, a := range s.acts() { // one, or none
			if err := errors.Join(a.do(ctx, p), ctx.Err()); err != nil {
				return fmt.Errorf("steps[%d]: %w", i, err)
			}
		}
		if err := p.clock.Settle(ctx, horizon); err != nil {
			return err
		}
		p.narrate()
		p.clock.Spend(pause)
	}
	return nil
}

// next is the narration to be told next; those of the other side are passed over.
func (p *player) next() int {
	for p.told < len(p.lesson.Narrate) && !p.on(p.lesson.Narrate[p.told].Side) {
		p.told++
	}
	return p.told
}

// narrate appends a note for every narration whose event has come.
func (p *player) narrate() {
	end := p.world.Trace.Len()
	for p.next() < len(p.lesson.Narrate) {
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
