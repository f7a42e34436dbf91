//go:build cgo || ci

package window

import (
	"strings"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// While a letter is judged the lessons fold and the inspector grows; both come
// back by themselves afterwards, unless they were folded by hand.
func TestLessonsFoldForAVerdict(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Letter = "L1"
	for range 30 {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Queue{Action: "attempt"}})
	}
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "spf", Result: "pass", Reason: "domain of a@b.example designates 192.0.2.10 as permitted sender"}})
	for range 30 {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Queue{Action: "attempt"}})
	}
	const before, at, after = 10, 31, 50
	s, c := open(t, options(), 1440, 900)
	s.Show(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace}, "")
	for _, tt := range []struct {
		step      int
		hand      fold
		rail      bool
		inspector float32
	}{
		{before, foldAuto, false, 344}, {at, foldAuto, true, verdictWide}, {after, foldAuto, false, 344},
		{at, foldList, false, verdictWide}, {after, foldList, false, 344},
		{at, foldRail, true, verdictWide}, {after, foldRail, true, 344},
	} {
		s.setFold(tt.hand)
		s.move(func() { s.player.Seek(tt.step) })
		if s.rail.Visible() != tt.rail || s.lessonList.Visible() == tt.rail || s.inspectorPanel.Size().Width != tt.inspector {
			t.Errorf("%+v: rail %v, list %v, inspector %v wide", tt, s.rail.Visible(), s.lessonList.Visible(), s.inspectorPanel.Size().Width)
		}
	}
	s.setFold(foldAuto)
	s.move(func() { s.player.Seek(at) })
	picture(t, c, "judging")
	if s.setLang("en"); !strings.Contains(s.inspectorTitle(), "believe") {
		t.Errorf("the inspector is called %q", s.inspectorTitle())
	}
	// Another recording begins without a verdict.
	s.Show(stagetest.MX(), "")
	if s.judging || s.rail.Visible() {
		t.Error("the lessons stay folded for another recording")
	}
}

// Every rule for stopping is in the menu, and has a name.
func TestEveryStopIsInTheMenu(t *testing.T) {
	s, _ := open(t, options(), 1440, 900)
	s.Show(stagetest.MX(), "")
	seen := map[stage.StopRule]bool{}
	for _, r := range stops {
		if name := s.t(r.key); seen[r.rule] || name == "" {
			t.Errorf("rule %d is called %q, or stands there twice", r.rule, name)
		}
		seen[r.rule] = true
	}
	for rule := stage.StopNone; rule <= stage.StopFault; rule++ {
		if !seen[rule] {
			t.Errorf("rule %d is missing", rule)
		}
	}
}
