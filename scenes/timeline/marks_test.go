package timeline

import (
	"testing"
	"time"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
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
