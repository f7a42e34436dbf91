// Package clock keeps the simulated time: the only time that anything in the
// simulated internet goes by.
package clock

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Clock tells simulated time and runs work at a later one.
type Clock interface {
	// Now is the simulated time since the start.
	Now() time.Duration
	// Date is the simulated date and time, in UTC.
	Date() time.Time
	// Spend lets d pass, if this clock's time is simulated.
	Spend(d time.Duration)
	// After schedules f to run once d has passed. The context that f is given
	// ends when the clock stops.
	After(d time.Duration, f func(context.Context))
}

// Sim is a clock that stands still unless told to move. Scheduled work runs
// on the goroutine that calls Run or Settle, one piece at a time, in order of
// its time and then of its scheduling, so two runs are alike.
type Sim struct {
	start time.Time
	mu    sync.Mutex
	now   time.Duration
	order int
	jobs  jobs
}

// NewSim makes a clock that begins at start.
func NewSim(start time.Time) *Sim { return &Sim{start: start.UTC()} }

// Now is the simulated time since the start.
func (c *Sim) Now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Date is the simulated date and time, in UTC.
func (c *Sim) Date() time.Time { return c.start.Add(c.Now()) }

// Spend moves the clock forward.
func (c *Sim) Spend(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += max(d, 0)
}

// After schedules f at Now + d.
func (c *Sim) After(d time.Duration, f func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order++
	heap.Push(&c.jobs, job{at: c.now + max(d, 0), order: c.order, run: f})
}

// Run does the work that falls due up to the time until, included, and leaves
// the clock at until or later. It returns early if ctx ends.
func (c *Sim) Run(ctx context.Context, until time.Duration) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, ok := c.next(until)
		if !ok {
			break
		}
		f(ctx)
	}
	c.mu.Lock()
	c.now = max(c.now, until)
	c.mu.Unlock()
	return ctx.Err()
}

// Settle does the work that is due within the next horizon, jumping from one
// piece to the next, until none is left; the clock stays where the last piece
// left it. It returns early if ctx ends.
func (c *Sim) Settle(ctx context.Context, horizon time.Duration) error {
	limit := c.Now() + horizon
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, ok := c.next(limit)
		if !ok {
			return ctx.Err()
		}
		f(ctx)
	}
}

// next takes the earliest job due at or before until and moves the clock to it.
func (c *Sim) next(until time.Duration) (func(context.Context), bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.jobs) == 0 || c.jobs[0].at > until {
		return nil, false
	}
	j := heap.Pop(&c.jobs).(job)
	c.now = max(c.now, j.at)
	return j.run, true
}

type job struct {
	at    time.Duration
	order int
	run   func(context.Context)
}

type jobs []job

func (h jobs) Len() int { return len(h) }
func (h jobs) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].order < h[j].order
}
func (h jobs) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *jobs) Push(x any)   { *h = append(*h, x.(job)) }
func (h *jobs) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = job{}
	*h = old[:len(old)-1]
	return last
}

// Real is a clock of real time, for worlds that foreign programs join.
// Scheduled work runs on goroutines of its own.
type Real struct {
	ctx   context.Context
	start time.Time
	wg    sync.WaitGroup
}

// NewReal makes a clock that begins now and stops when ctx ends.
func NewReal(ctx context.Context) *Real { return &Real{ctx: ctx, start: time.Now()} }

// Start is when the clock began, UTC.
func (c *Real) Start() time.Time { return c.start.UTC() }

// Now is the time since the start.
func (c *Real) Now() time.Duration { return time.Since(c.start) }

// Date is the date and time, in UTC.
func (c *Real) Date() time.Time { return time.Now().UTC() }

// Spend does nothing: real time passes by itself.
func (c *Real) Spend(time.Duration) {}

// After runs f on a goroutine of its own once d has passed.
func (c *Real) After(d time.Duration, f func(context.Context)) {
	c.wg.Go(func() {
		if d > 0 {
			t := time.NewTimer(d)
			defer t.Stop()
			select {
			case <-t.C:
			case <-c.ctx.Done():
				return
			}
		}
		if c.ctx.Err() == nil {
			f(c.ctx)
		}
	})
}

// Wait returns once all work has ended; call it after the context has.
func (c *Real) Wait() { c.wg.Wait() }
