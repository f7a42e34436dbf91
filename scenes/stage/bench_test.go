package stage_test

import (
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

func BenchmarkSync1M(b *testing.B) {
	rec := stagetest.Long(1_000_000)
	for b.Loop() {
		stage.New(rec)
	}
}

// BenchmarkScene seeks all over a recording of a million events.
func BenchmarkScene(b *testing.B) {
	s := stage.New(stagetest.Long(1_000_000))
	step := 0
	for b.Loop() {
		step = (step + 617_437) % s.Len()
		s.Scene(step)
	}
}

// BenchmarkSceneOneConnection seeks in a single connection of a million lines.
func BenchmarkSceneOneConnection(b *testing.B) {
	tr := trace.New()
	for range 500_000 {
		tr.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Body: &trace.Line{Text: "RCPT TO:<x@b.test>", Role: trace.Command}}, nil)
		tr.Append(trace.Event{From: "b.test", To: "a.test", Conn: 1, Body: &trace.Line{Text: "250 ok", Role: trace.Reply, Code: "250"}}, nil)
		if tr.Len()%200 == 0 {
			tr.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Body: &trace.Line{Text: "RSET", Role: trace.Command}}, nil)
			tr.Append(trace.Event{From: "b.test", To: "a.test", Conn: 1, Body: &trace.Line{Text: "250 ok", Role: trace.Reply, Code: "250"}}, nil)
		}
	}
	s := stage.New(trace.Recording{Trace: tr})
	step := 0
	for b.Loop() {
		step = (step + 617_437) % s.Len()
		s.Scene(step)
	}
}
