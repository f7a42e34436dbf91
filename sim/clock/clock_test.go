package clock

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Work is done in order of its time, then of its scheduling; work that it
// schedules takes its place among the rest.
func TestSimOrder(t *testing.T) {
	c := NewSim(start)
	var got []string
	job := func(name string, more ...func()) func(context.Context) {
		return func(context.Context) {
			got = append(got, name+" "+c.Now().String())
			for _, f := range more {
				f()
			}
		}
	}
	c.After(3*time.Second, job("c"))
	c.After(time.Second, job("a", func() { c.After(time.Second, job("later")) }, func() { c.Spend(500 * time.Millisecond) }))
	c.After(time.Second, job("b"))
	c.After(-time.Hour, job("now"))
	c.After(time.Hour, job("never"))
	if err := c.Run(t.Context(), 10*time.Second); err != nil {
		t.Fatal(err)
	}
	want := []string{"now 0s", "a 1s", "b 1.5s", "later 2s", "c 3s"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c.Now() != 10*time.Second || !c.Date().Equal(start.Add(10*time.Second)) {
		t.Errorf("Run left the clock at %v, %v", c.Now(), c.Date())
	}
}

func TestSimSettle(t *testing.T) {
	c := NewSim(start)
	n := 0
	var again func(context.Context)
	again = func(context.Context) { n++; c.After(15*time.Minute, again) }
	c.After(15*time.Minute, again)
	if err := c.Settle(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if n != 4 || c.Now() != time.Hour {
		t.Errorf("settled after %d pieces of work at %v", n, c.Now())
	}
	c = NewSim(start)
	c.Spend(-time.Hour)
	if err := c.Settle(t.Context(), time.Hour); err != nil || c.Now() != 0 {
		t.Errorf("nothing to do, and yet %v, %v", c.Now(), err)
	}
}

func TestSimStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := NewSim(start)
	n := 0
	for range 3 {
		c.After(time.Second, func(context.Context) { n++; cancel() })
	}
	if err := c.Settle(ctx, time.Minute); !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%v after %d pieces of work", err, n)
	}
	if err := c.Run(ctx, time.Minute); !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%v after %d pieces of work", err, n)
	}
}

func TestReal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c := NewReal(ctx)
		done := make(chan time.Duration, 1)
		c.After(time.Minute, func(context.Context) { done <- c.Now() })
		c.After(time.Hour, func(context.Context) { t.Error("ran after the end") })
		c.Spend(time.Hour)
		if at := <-done; at != time.Minute {
			t.Errorf("ran at %v", at)
		}
		cancel()
		c.Wait()
		if c.Now() != time.Minute {
			t.Errorf("the clock ended at %v", c.Now())
		}
	})
}
