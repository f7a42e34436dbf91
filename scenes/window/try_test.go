//go:build cgo || ci

package window

import (
	"context"
	"slices"
	"testing"
	"time"

	"mailscope/scenes/settings"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/lesson"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// sandbox is a sandbox as the window has it.
type sandbox struct{ *lesson.Sandbox }

// bench starts the careful world; it ends with the test.
func bench(ctx context.Context, _ string) (Bench, error) {
	spec, f, err := world.Load("careful")
	if err != nil {
		return nil, err
	}
	s, err := lesson.NewSandbox(ctx, spec, f, nil)
	return sandbox{s}, err
}

func (s sandbox) Write(ctx context.Context, d Draft) error {
	return s.Sandbox.Write(ctx, lesson.Written{By: d.By, Sender: d.Sender, Draft: mua.Draft{From: d.From, To: d.To, Subject: d.Subject, Text: d.Text}})
}

func (s sandbox) Last() (Draft, bool) {
	w, ok := s.Sandbox.Last()
	return Draft{By: w.By, From: w.From, To: w.To, Subject: w.Subject}, ok
}

func (s sandbox) Waits() time.Duration { return max(s.Waiting()-s.Now(), 0) }

// trying is a window in which things are tried, one after another.
func trying(t *testing.T) *Screen {
	t.Helper()
	o := options()
	o.Try = bench
	s, _ := open(t, o, 1440, 900)
	s.spawn = func(f func()) { f() }
	s.Show(stagetest.MX(), "mx")
	s.toggleSettings()
	if !s.settingsPanel.Visible() || s.lessonList.Visible() || s.settings.Shown().Domain != "romashka.example" {
		t.Fatalf("the settings are not in sight: %+v", s.settings.Shown())
	}
	return s
}

// choose taps a choice of the domain that is shown.
func choose(t *testing.T, s *Screen, row, choice string) {
	t.Helper()
	state := s.settings.Shown()
	for _, g := range settings.Of(state.Spec, state.Domain, state.Faults) {
		for _, r := range g.Rows {
			i := slices.IndexFunc(r.Choices, func(c settings.Choice) bool { return c.Key == choice })
			if r.Key == row && i >= 0 {
				s.settings.OnChange(r.Choices[i].Do)
				return
			}
		}
	}
	t.Fatalf("%s has no %s of %s", state.Domain, choice, row)
}

// outcome is what the last filter decided, or "" if none did.
func outcome(s *Screen) (result string) {
	rec := s.bench.Recording()
	for seq := 1; seq <= rec.Len(); seq++ {
		if v, ok := rec.At(seq).Body.(*trace.Verdict); ok && v.Check == "filter" {
			result = v.Result
		}
	}
	return result
}

// TestTryAgain: a forged letter is refused, and with other settings it is not;
// the playhead follows.
func TestTryAgain(t *testing.T) {
	s := trying(t)
	forged := Draft{By: "mallory@spam.example", From: "ilon@rocket.example", To: []string{"anna@romashka.example"}, Subject: "Urgent", Text: "Pay."}
	s.act("", func(ctx context.Context, b Bench) error { return b.Write(ctx, forged) })
	if got := outcome(s); got != "refuse" || s.lesson != "" || !s.player.Playing {
		t.Fatalf("%q, lesson %q, playing %v", got, s.lesson, s.player.Playing)
	}
	if l := s.settings.Shown().Letter; l != (settings.Letter{From: "ilon@rocket.example", To: "anna@romashka.example", Subject: "Urgent"}) {
		t.Errorf("again would go %+v", l)
	}
	s.inspectHost("mx1.rocket.example")
	if got := s.settings.Shown().Domain; got != "rocket.example" {
		t.Errorf("after a tap on mx1.rocket.example the settings are of %s", got)
	}
	for _, tt := range []struct{ choice, want string }{{"quarantine", "junk"}, {"none", "deliver"}, {"reject", "refuse"}, {"off", "deliver"}} {
		choose(t, s, "dmarc", tt.choice)
		if e := s.show.Event(s.show.Len()); e.Kind() != trace.KindChange || !s.settings.Shown().Forgets {
			t.Errorf("%s: the last step is a %s, forgets %v", tt.choice, e.Kind(), s.settings.Shown().Forgets)
		}
		before := s.show.Len()
		s.settings.OnAgain()
		if got := outcome(s); got != tt.want || s.player.Step < before || s.player.Step > before+1 || s.settings.Shown().Forgets {
			t.Errorf("%s: %s, want %s; at step %d of %d", tt.choice, got, tt.want, s.player.Step, before)
		}
	}
	// A setting that cannot be is told, and the panel can be used again.
	s.settings.OnChange([]settings.Act{{Change: &world.Change{Server: "no.example", Open: new(bool)}}})
	if !s.overlayUp() || s.busy {
		t.Error("a mistake is not told")
	}
}

// TestWaitIsOffered while a letter is in a queue.
func TestWaitIsOffered(t *testing.T) {
	s := trying(t)
	choose(t, s, "greylist", "on")
	s.act("", func(ctx context.Context, b Bench) error {
		return b.Write(ctx, Draft{By: "petr@kollegi.example", To: []string{"anna@romashka.example"}, Subject: "Hi", Text: "Hi"})
	})
	if got := s.settings.Shown().Waits; got <= 0 || got > 15*time.Minute {
		t.Fatalf("waits %v", got)
	}
	s.settings.OnWait()
	if got := s.settings.Shown().Waits; got != 0 || outcome(s) != "deliver" {
		t.Errorf("waits %v, %s", got, outcome(s))
	}
}

// TestTryBesideALesson: the lesson that is chosen next has a world of its own.
func TestTryBesideALesson(t *testing.T) {
	s := trying(t)
	first := s.bench
	s.act("", func(ctx context.Context, b Bench) error {
		return b.Write(ctx, Draft{By: "anna@romashka.example", To: []string{"boris@romashka.example"}, Subject: "Hi", Text: "Hi"})
	})
	if s.bench != first || s.benchOf != "mx" {
		t.Error("a letter went elsewhere")
	}
	s.Show(stagetest.MX(), "first-letter")
	if s.benchOf != "first-letter" || s.bench == first || s.settings.Shown().Letter.From != "" {
		t.Errorf("things are tried in the world of %q", s.benchOf)
	}
	s.rune('s')
	if s.settingsPanel.Visible() || !s.lessonList.Visible() {
		t.Error("the settings are still there")
	}
}
