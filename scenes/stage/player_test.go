package stage_test

import (
	"math"
	"testing"
	"time"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

func TestPlayerPlaysBeats(t *testing.T) {
	s := stage.New(stagetest.MX())
	p := stage.NewPlayer(s)
	if p.Advance(time.Second) {
		t.Error("a paused player moved")
	}
	p.Play()
	var whole time.Duration
	for step := 1; step <= s.Len(); step++ {
		whole += s.Beat(step)
	}
	if !p.Advance(s.Beat(1)+s.Beat(2)/2) || p.Step != 2 || math.Abs(p.Frac-0.5) > 1e-9 {
		t.Errorf("at step %d, %v of its beat", p.Step, p.Frac)
	}
	p.Speed = 100
	p.Advance(whole / 100)
	if p.Playing || p.Step != s.Len() || p.Frac != 1 {
		t.Errorf("after the end: playing %v, step %d, %v of its beat", p.Playing, p.Step, p.Frac)
	}
	p.Play()
	if !p.Playing || p.Step != 0 {
		t.Error("play at the end does not start over")
	}
}

func TestPlayerStops(t *testing.T) {
	rec := stagetest.MX()
	b := stagetest.Builder{Trace: rec.Trace}
	b.Session(stagetest.Mail, stagetest.MX2, "smtp", 25, "S: 220 hello\nC: MAIL FROM:<>\nS: 451 later")
	b.Add(trace.Event{From: stagetest.Mail, To: stagetest.MX2, Conn: 1, Body: &trace.TLS{Reason: "no"}})
	b.Add(trace.Event{From: stagetest.Mail, To: stagetest.MX2, Conn: 1, Body: &trace.TLS{Version: "TLS 1.3"}})
	b.Session(stagetest.Mail, stagetest.MX2, "smtp", 25, "S: 554 no service here")
	s := stage.New(rec)
	tests := []struct {
		name string
		rule stage.StopRule
		at   func(*trace.Event) bool
		frac float64
	}{
		{"handshake refused", stage.StopRefusal, func(e *trace.Event) bool { return e.Kind() == trace.KindTLS }, 1},
		{"later", stage.StopLater, func(e *trace.Event) bool {
			l, ok := e.Body.(*trace.Line)
			return ok && l.Code == "451"
		}, 1},
		{"padlock", stage.StopPadlock, func(e *trace.Event) bool {
			h, ok := e.Body.(*trace.TLS)
			return ok && h.Version != ""
		}, 1},
		{"letter", stage.StopLetter, func(e *trace.Event) bool { return e.Kind() == trace.KindStore }, 1},
		{"chapter", stage.StopChapter, func(e *trace.Event) bool { return e.Kind() == trace.KindLookup }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := stage.NewPlayer(s)
			p.StopAt = tt.rule
			p.Play()
			p.Advance(time.Hour)
			if p.Playing || !tt.at(s.Event(p.Step)) || p.Frac != tt.frac {
				t.Fatalf("playing %v, step %d %+v, %v of its beat", p.Playing, p.Step, s.Event(p.Step), p.Frac)
			}
			was := p.Step
			p.Play()
			p.Advance(time.Duration((1-tt.frac)*float64(s.Beat(was))) + time.Millisecond)
			if p.Step != was+1 {
				t.Errorf("play went on from step %d to %d", was, p.Step)
			}
		})
	}
}

func TestPlayerSteps(t *testing.T) {
	s := stage.New(stagetest.MX())
	p := stage.NewPlayer(s)
	p.StepForward()
	if p.Step != 1 || p.Frac != 0 || p.Playing {
		t.Errorf("step %d, %v", p.Step, p.Frac)
	}
	if p.Advance(time.Hour); p.Step != 1 || p.Frac != 1 {
		t.Errorf("a single step ran on to %d, %v", p.Step, p.Frac)
	}
	if p.StepBack(); p.Step != 0 {
		t.Errorf("back to %d", p.Step)
	}
	if p.StepBack(); p.Step != 0 {
		t.Errorf("back to %d", p.Step)
	}
	ch := s.Chapters()
	p.Seek(1)
	if p.NextChapter(); p.Step != ch[1].Step {
		t.Errorf("next chapter at %d, want %d", p.Step, ch[1].Step)
	}
	p.StepForward()
	if p.PrevChapter(); p.Step != ch[1].Step {
		t.Errorf("start of this chapter at %d, want %d", p.Step, ch[1].Step)
	}
	if p.PrevChapter(); p.Step != ch[0].Step {
		t.Errorf("chapter before at %d, want %d", p.Step, ch[0].Step)
	}
	p.Last()
	if p.NextChapter(); p.Step != s.Len() {
		t.Errorf("after the last chapter at %d", p.Step)
	}
}

func TestAxis(t *testing.T) {
	s := stage.New(stagetest.MX())
	a := s.Axis()
	gaps := a.Gaps()
	if len(gaps) != 1 || gaps[0].To-gaps[0].From < 15*time.Minute {
		t.Fatalf("gaps are %v", gaps)
	}
	if w := gaps[0].Pos1 - gaps[0].Pos0; w > a.Len()/10 {
		t.Errorf("a gap of %v on an axis of %v", w, a.Len())
	}
	last := -1.0
	for at := time.Duration(0); at <= s.Time(s.Len()); at += 7 * time.Millisecond {
		pos := a.Pos(at)
		if pos <= last {
			t.Fatalf("%v lies at %v, not after %v", at, pos, last)
		}
		if back := a.At(pos); (back - at).Abs() > 20*time.Microsecond {
			t.Fatalf("%v came back as %v", at, back)
		}
		last = pos
	}
	if empty := stage.New(trace.Recording{Trace: trace.New()}).Axis(); empty.Pos(time.Second) != float64(time.Second) {
		t.Error("an empty axis squeezes")
	}
}

// Each kind of no stops play by one rule; a yes, and what has no code, by none.
func TestStopsAtReplies(t *testing.T) {
	for code, want := range map[string]stage.StopRule{"554": stage.StopRefusal, "421": stage.StopLater, "250": stage.StopNone, "354": stage.StopNone,
		"-ERR": stage.StopRefusal, "+OK": stage.StopNone, "NO": stage.StopRefusal, "BAD": stage.StopRefusal, "OK": stage.StopNone, "": stage.StopNone} {
		b := stagetest.NewBuilder()
		b.Add(trace.Event{From: stagetest.MX1, Conn: 1, Proto: "smtp", Body: &trace.Line{Text: code, Role: trace.Reply, Code: code}})
		b.Add(trace.Event{From: stagetest.MX1, Conn: 1, Proto: "smtp", Body: &trace.Line{Text: code, Role: trace.Data, Code: code}})
		s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
		for rule := stage.StopNone; rule <= stage.StopFault; rule++ {
			if got := s.Stops(1, rule); got != (rule == want && rule != stage.StopNone) || s.Stops(2, rule) {
				t.Errorf("%q stops by rule %d: %v", code, rule, got)
			}
		}
	}
}

// Play stops at a fault that is switched on and where it strikes, but not where
// it is mended.
func TestStopsAtFault(t *testing.T) {
	b := stagetest.NewBuilder()
	for _, action := range []string{"on", "struck", "off"} {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Fault{Action: action, Type: "down"}})
	}
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range map[int]bool{1: true, 2: true, 3: false} {
		if got := s.Stops(step, stage.StopFault); got != want || s.Stops(step, stage.StopRefusal) {
			t.Errorf("step %d: %v", step, got)
		}
	}
}

func TestStopsAtVerdict(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Queue{Action: "accepted"}})
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "spf", Result: "fail"}})
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range map[int]bool{1: false, 2: true} {
		if got := s.Stops(step, stage.StopVerdict); got != want {
			t.Errorf("step %d: %v", step, got)
		}
	}
}
