package timeline

import (
	"testing"
	"time"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// TestCut cuts a lane at many times: exactly if no slack is given, and else
// too early by no more than the slack.
func TestCut(t *testing.T) {
	s := stage.New(stagetest.Long(2_000))
	l := dealt(s, 0, 1)
	if len(l.ends) != len(l.marks)/block {
		t.Fatalf("%d blocks of %d marks", len(l.ends), len(l.marks))
	}
	for i := 1; i <= len(l.marks); i++ {
		if *l.before(i) != l.marks[i-1] {
			t.Fatalf("the mark before %d is %+v, want %+v", i, *l.before(i), l.marks[i-1])
		}
	}
	coarse := 0
	for _, slack := range []time.Duration{0, 200 * time.Millisecond, 5 * time.Second} {
		for at := time.Duration(0); at < l.times[len(l.times)-1]+time.Second; at += 37 * time.Millisecond {
			want := l.from(at, 0)
			for _, lo := range []int{0, want / 2, want} {
				for _, near := range []int{0, 40, len(l.marks)} {
					got := l.cut(lo, near, at, slack)
					if got > want || got < lo || got < want && l.times[want-1]-l.times[got] > slack {
						t.Fatalf("cut(%d, %d, %v, %v) is %d, want %d", lo, near, at, slack, got, want)
					}
					if got < want {
						coarse++
					}
				}
			}
		}
	}
	if coarse == 0 {
		t.Error("no block was passed over")
	}
}

// Marks of IMAP: a letter in a literal is one, another literal is not, and what
// the server says by itself has no class.
func TestIMAPMarks(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Session(stagetest.Ilon, stagetest.MX1, "imap", 143, `
S: * OK ready
C: a1 CREATE {4+}
c: Work
C: (USE (\Archive))
S: a1 NO [ALREADYEXISTS] there is one
C: a2 FETCH 1 BODY[]
S: * 1 FETCH (BODY[] {5}
s: Hello
S: )
S: a2 OK done`)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	l := dealt(s, 0, 1)
	want := []mark{{kind: edge}, {kind: reply, class: uint8(look.Done)}, {kind: command}, {kind: command}, {kind: command},
		{kind: reply, class: uint8(look.Refusal)}, {kind: command}, {kind: reply}, {kind: letter}, {kind: reply},
		{kind: reply, class: uint8(look.Done)}, {kind: edge}}
	for i, m := range l.marks {
		if m.kind != want[i].kind || m.class != want[i].class {
			t.Errorf("step %d is kind %d of class %d, want %d of %d", i+1, m.kind, m.class, want[i].kind, want[i].class)
		}
	}
}
