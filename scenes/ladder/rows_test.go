package ladder

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/explain"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// What a host does by itself is told wholly, in two lines if it is long, and
// stays in its row.
func TestLongHappeningsAreWhole(t *testing.T) {
	test.NewTempApp(t)
	b := stagetest.NewBuilder()
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "spf", Result: "neutral", Domain: "romashka.example", Addr: "192.0.2.10"}})
	b.Add(trace.Event{From: stagetest.Anna, To: stagetest.Mail, Conn: 1, Proto: "smtp", Body: &trace.Connect{Service: "submission", Port: 587}})
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for _, l := range words.Langs {
		for step := 1; step <= s.Len(); step++ {
			want, _ := explain.Label(l, s.Recording().Header.World, s.Event(step))
			for _, high := range []float32{36, 40, rowHeight} {
				var p pool.Pool
				p.Begin()
				r := Rows{Show: s, Lang: l, Step: 1, Hosts: []string{stagetest.MX1}, X: func(string) float32 { return 100 }, Width: 400, Height: high}
				r.Draw(&p, step, 200)
				var said []string
				for _, o := range p.Objects() {
					if o.Position().Y < 198 || o.Position().Y+o.Size().Height > 200+high+2 || o.Position().X < 0 || o.Position().X+o.Size().Width > 400 {
						t.Errorf("%s, step %d, %v high: something at %v of %v", l, step, high, o.Position(), o.Size())
					}
					if text, ok := o.(*canvas.Text); ok {
						said = append(said, text.Text)
					}
				}
				if got := strings.Join(said, " "); got != want || len(said) != 2 {
					t.Errorf("%s, step %d, %v high: it says %q, want %q", l, step, high, said, want)
				}
			}
		}
	}
}
