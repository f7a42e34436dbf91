package lesson

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

func TestSandboxCarriesALetterToAnotherDomain(t *testing.T) {
	spec, f, err := world.Load("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSandbox(t.Context(), spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(t.Context(), Written{By: "anna@romashka.example", Draft: mua.Draft{
		To: []string{"ilon@rocket.example", "petr@kollegi.example"}, Subject: "Hi", Text: "Hello"}}); err != nil {
		t.Fatal(err)
	}
	fetched := map[string]bool{}
	for seq := 1; seq <= s.Recording().Len(); seq++ {
		e := s.Recording().At(seq)
		if d, ok := e.Body.(*trace.Device); ok && d.Action == "fetched" && e.Letter == "L1" {
			fetched[e.From] = true
		}
	}
	if !fetched["ilon-laptop.rocket.example"] || !fetched["petr-laptop.kollegi.example"] || len(fetched) != 2 {
		t.Errorf("fetched by %v", fetched)
	}
	if err := s.Write(t.Context(), Written{By: "nobody@romashka.example", Draft: mua.Draft{To: []string{"a@b.test"}}}); err == nil {
		t.Error("nobody could write")
	}
	if err := s.Write(t.Context(), Written{By: "anna@romashka.example", Draft: mua.Draft{To: []string{"no address"}}}); err == nil {
		t.Error("a letter went to no address")
	}
}

// sandbox is the careful world to try things in.
func sandbox(t *testing.T) *Sandbox {
	t.Helper()
	spec, f, err := world.Load("careful")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSandbox(t.Context(), spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func ptr[T any](v T) *T { return &v }

// forged is Mallory's letter in the name of Ilon.
var forged = Written{By: "mallory@spam.example", Draft: mua.Draft{From: "ilon@rocket.example",
	To: []string{"anna@romashka.example"}, Subject: "Urgent", Text: "Pay at once."}}

// since lists what came of the letters after an event: the filters' decisions,
// refusals, and what was fetched.
func since(s *Sandbox, seq int) (list []string) {
	for seq++; seq <= s.rec.Len(); seq++ {
		e := s.rec.At(seq)
		switch b := e.Body.(type) {
		case *trace.Verdict:
			if b.Check == "filter" {
				list = append(list, b.Result)
			}
		case *trace.Store:
			if b.Action == "add" {
				list = append(list, b.Mailbox+" "+b.Folder)
			}
		case *trace.Queue:
			if b.Action == "deferred" || b.Action == "bounced" {
				list = append(list, b.Action)
			}
		case *trace.Device:
			if b.Action == "fetched" || b.Action == "failed" {
				list = append(list, e.From+" "+b.Action)
			}
		}
	}
	return list
}

// TestForgedLetterAgainAndAgain: switches make another outcome of the same
// letter, as somebody in the window tries it.
func TestForgedLetterAgainAndAgain(t *testing.T) {
	s := sandbox(t)
	if err := s.Again(t.Context()); !errors.Is(err, ErrNothingWritten) {
		t.Errorf("nothing was written, and again: %v", err)
	}
	inbox := []string{"deliver", "anna@romashka.example INBOX", "anna-laptop.romashka.example fetched"}
	for _, step := range []struct {
		change *world.Change
		want   []string
	}{
		{nil, []string{"refuse", "bounced", "mallory@spam.example INBOX", "mallory-laptop.spam.example fetched"}},
		{&world.Change{Domain: "rocket.example", DMARC: ptr("v=DMARC1; p=quarantine")}, []string{"junk", "anna@romashka.example Junk"}},
		{&world.Change{Domain: "rocket.example", DMARC: ptr("")}, inbox},
		{&world.Change{Domain: "rocket.example", DMARC: ptr("v=DMARC1; p=reject")}, []string{"refuse", "bounced", "mallory@spam.example INBOX", "mallory-laptop.spam.example fetched"}},
		{&world.Change{Server: "mail.romashka.example", Filter: world.Off[world.Filter]()}, inbox[1:]},
	} {
		before := s.rec.Len()
		send := s.Again
		if step.change == nil {
			send = func(ctx context.Context) error { return s.Write(ctx, forged) }
		} else if err := s.Change(*step.change); err != nil {
			t.Fatal(err)
		}
		if err := send(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := since(s, before); !slices.Equal(got, step.want) {
			t.Errorf("after %+v: %q, want %q", step.change, got, step.want)
		}
	}
	if last, ok := s.Last(); !ok || last.Subject != "Urgent" {
		t.Errorf("the last letter is %+v", last)
	}
}

// TestQueueIsWaitedFor: a greylist turns a letter away, which comes again and
// is believed.
func TestQueueIsWaitedFor(t *testing.T) {
	s := sandbox(t)
	if err := s.Wait(t.Context()); !errors.Is(err, ErrNothingWaits) || s.Waiting() != 0 {
		t.Errorf("nothing waits: %v", err)
	}
	if err := s.Change(world.Change{Server: "mail.romashka.example", Filter: world.On(world.Filter{Greylist: world.Duration(5 * time.Minute)})}); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), Written{By: "petr@kollegi.example", Draft: mua.Draft{To: []string{"anna@romashka.example"}, Subject: "Hi", Text: "Hello"}}); err != nil {
		t.Fatal(err)
	}
	next := s.Waiting()
	if got := since(s, 0); !slices.Equal(got, []string{"deferred"}) || next <= s.Now() {
		t.Errorf("%q, next attempt at %v", got, next)
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := since(s, 0)[1:]; !slices.Equal(got, []string{"deliver", "anna@romashka.example INBOX", "anna-laptop.romashka.example fetched"}) || s.Waiting() != 0 {
		t.Errorf("%q, next attempt at %v", got, s.Waiting())
	}
}

// TestSandboxOfALesson: its world, and its first letter.
func TestSandboxOfALesson(t *testing.T) {
	l, err := Load("spoof")
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Sandbox(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if last, ok := s.Last(); !ok || last.By != "mallory@spam.example" || last.From == "" {
		t.Errorf("the first letter is %+v", last)
	}
	if err := s.Again(t.Context()); err != nil || len(since(s, 0)) == 0 {
		t.Errorf("%v, %q", err, since(s, 0))
	}
}

// TestFaultOfTheNameServerIsFelt, although the answers of the letter before
// were remembered; and the letter goes once it is mended.
func TestFaultOfTheNameServerIsFelt(t *testing.T) {
	s := sandbox(t)
	if err := s.Write(t.Context(), Written{By: "anna@romashka.example", Draft: mua.Draft{To: []string{"ilon@rocket.example"}, Subject: "Hi", Text: "Hello"}}); err != nil {
		t.Fatal(err)
	}
	f := fault.Fault{Name: "dns", Type: fault.DNS, Lookup: "*rocket.example", Answer: fault.ServFail}
	if err := s.Break(f); err != nil || !s.Forgets() || len(s.Faults()) != 1 {
		t.Fatalf("%v, forgets %v, faults %+v", err, s.Forgets(), s.Faults())
	}
	before := s.rec.Len()
	if err := s.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := since(s, before); !slices.Equal(got, []string{"deferred"}) {
		t.Errorf("%q", got)
	}
	if err := errors.Join(s.Mend("dns"), s.Wait(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := since(s, before); len(got) < 2 || got[1] != "deliver" {
		t.Errorf("mended: %q", got)
	}
	if err := s.Mend("dns"); err == nil {
		t.Error("what is whole was mended")
	}
}
