package inspector

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// The checks shown are those of this letter, at this server, in this attempt.
func TestVerdictsSoFar(t *testing.T) {
	b := stagetest.NewBuilder()
	add := func(from, letter, check, result string) {
		b.Add(trace.Event{From: from, Letter: letter, Body: &trace.Verdict{Check: check, Result: result, Source: "both", Record: "v=spf1 -all", Policy: "reject"}})
	}
	add(stagetest.MX1, "L1", "spf", "pass")
	add(stagetest.MX1, "L1", "greylist", "wait")
	add(stagetest.MX1, "L2", "spf", "fail")
	add(stagetest.MX1, "L1", "spf", "pass")
	add(stagetest.MX1, "L1", "greylist", "pass")
	add(stagetest.Ilon, "L1", "content", "fail")
	add(stagetest.MX1, "L1", "dkim", "fail")
	add(stagetest.MX1, "L1", "dkim", "pass")
	add(stagetest.MX1, "L1", "dmarc", "pass")
	b.Add(trace.Event{From: stagetest.MX1, Letter: "L1", Body: &trace.Queue{Action: "accepted"}})
	add(stagetest.MX1, "L1", "filter", "junk")
	for _, who := range []string{"boris@x", "ilon@x", "ilon@x"} {
		b.Add(trace.Event{From: stagetest.MX1, Letter: "L1", Body: &trace.Verdict{Check: "sieve", Source: "letter", Value: who, Result: "keep", Record: "if true", Term: "keep"}})
	}
	show := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	test.NewApp()
	for step, want := range map[int]string{
		0: "", 1: "spf=pass", 2: "spf=pass greylist=wait", 3: "spf=fail", 5: "spf=pass greylist=pass", 6: "content=fail",
		8: "spf=pass greylist=pass dkim=fail dkim=pass", 10: "",
		11: "spf=pass greylist=pass dkim=fail dkim=pass dmarc=pass filter=junk",
		12: "spf=pass greylist=pass dkim=fail dkim=pass dmarc=pass filter=junk sieve=keep",
		14: "spf=pass greylist=pass dkim=fail dkim=pass dmarc=pass filter=junk sieve=keep sieve=keep",
	} {
		var got []string
		for _, v := range verdictsSoFar(show, step) {
			got = append(got, v.Check+"="+v.Result)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("step %d: %q, want %q", step, got, want)
		}
		for _, l := range words.Langs { // it draws
			v := New()
			v.Resize(fyne.NewSize(320, 600))
			v.SetShow(show, l)
			v.Set(show.Scene(step))
		}
	}
}
