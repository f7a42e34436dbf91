package inspector

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// A page shows the rule that matched and what it did, however long they are;
// beside the server's own checks as well as alone.
func TestRulesAreDrawn(t *testing.T) {
	test.NewApp()
	for _, checks := range []string{"", "spf"} {
		b := stagetest.NewBuilder()
		b.Letter = "L1"
		if checks != "" {
			b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "spf", Result: "pass"}})
			b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "filter", Result: "deliver"}})
		}
		for _, source := range []string{"letter", "envelope", "both"} {
			b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "sieve", Source: source, Value: "ilon@rocket.example", Result: "fileinto",
				Record: "if " + strings.Repeat(`header "subject" "x" `, 12), Term: `fileinto "` + strings.Repeat("Rockets ", 20) + `"`, Reason: "rule in line 4 matched"}})
		}
		show := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
		for _, l := range words.Langs {
			for _, width := range []float32{240, 564} {
				text, high, _ := written(show, l, show.Len(), width)
				text = strings.ReplaceAll(text, "\n", " ")
				want := map[words.Lang]string{words.EN: "line 4", words.RU: "строке 4"}[l]
				if checks == "" && strings.Count(text, "→ fileinto") != 3 {
					t.Errorf("%s, %v: not each thing that was done has one card:\n%s", l, width, text)
				}
				for _, part := range []string{"fileinto", "Rockets", "header", "ilon@rocket.example", want} {
					if checks != "" && strings.Contains(part, "@") {
						continue // a narrow picture has no room for it
					}
					if !strings.Contains(text, part) {
						t.Errorf("%q, %s, %v: no %q in\n%s", checks, l, width, part, text)
					}
				}
				if high < 300 {
					t.Errorf("%q, %s, %v: only %v high", checks, l, width, high)
				}
			}
		}
	}
}
