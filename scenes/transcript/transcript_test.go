package transcript

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
)

func TestEntries(t *testing.T) {
	s := stage.New(stagetest.MX())
	for _, l := range words.Langs {
		for step := 1; step <= s.Len(); step++ {
			en := entryOf(s, l, step)
			if en.time == "" || en.hosts == "" || en.sentence == "" {
				t.Errorf("%s, step %d: %+v", l, step, en)
			}
		}
	}
	en := entryOf(s, words.RU, 3)
	if en.line != "220 mail.romashka.example ESMTP" || en.time != "0,030" {
		t.Errorf("step 3: %+v", en)
	}
}

// Even after days the time is not cut, and no column runs into the next.
func TestColumns(t *testing.T) {
	for _, c := range []string{"0,462", "15:00,462", "247:35:16,345"} {
		for _, width := range []float32{500, 780} {
			hosts, line := columns(c, width)
			if w := look.Width(c, textSize, look.Mono); timeX+w > hosts-8 || line < hosts+200 || line > width-100 {
				t.Errorf("%s in %v: hosts at %v, lines at %v", c, width, hosts, line)
			}
		}
	}
}

func TestFollowsAndChooses(t *testing.T) {
	test.NewTempApp(t)
	chosen := 0
	v := New(func(step int) { chosen = step })
	s := stage.New(stagetest.MX())
	v.SetShow(s, words.EN)
	v.Resize(fyne.NewSize(900, 200))
	v.SetStep(s.Len(), 1)
	if row := v.Row(199); row != s.Len()-1 {
		t.Errorf("the last row shown is %d of %d", row, s.Len())
	}
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(50, 199)})
	if chosen != s.Len() {
		t.Errorf("a tap chose %d", chosen)
	}
	var p pool.Pool
	v.row(&p, s.Len()-1, 0, 900)
	if r := p.Rect(0, 0, 1, 1, look.P().Panel); r == nil || len(p.Objects()) < 5 {
		t.Errorf("a row has %d objects", len(p.Objects()))
	}
}
