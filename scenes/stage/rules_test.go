package stage_test

import (
	"strings"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// TestRules: the rules of one owner are told apart from those of another, of
// another letter, and of the time before; and they alone are no judgement.
func TestRules(t *testing.T) {
	b := stagetest.NewBuilder()
	add := func(letter string, p trace.Payload) {
		b.Add(trace.Event{From: stagetest.MX1, Letter: letter, Body: p})
	}
	rule := func(letter, owner, result string) {
		add(letter, &trace.Verdict{Check: "sieve", Value: owner, Result: result})
	}
	add("L1", &trace.Queue{Action: "accepted"})
	rule("L1", "gwen", "discard")
	add("L1", &trace.Queue{Action: "accepted"})
	rule("L1", "ilon", "discard")
	rule("L1", "gwen", "redirect")
	rule("L2", "gwen", "reject")
	rule("L1", "gwen", "keep")
	add("L1", &trace.Store{Action: "add", Mailbox: "gwen", Folder: "INBOX"})
	show := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range map[int]string{0: "", 1: "", 2: "discard", 3: "", 4: "discard", 5: "redirect", 6: "reject", 7: "redirect keep", 8: ""} {
		var got []string
		for _, v := range show.Rules(step) {
			got = append(got, v.Result)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("step %d: %q, want %q", step, got, want)
		}
		if show.Judgement(step) != nil {
			t.Errorf("step %d is a judgement", step)
		}
	}
}
