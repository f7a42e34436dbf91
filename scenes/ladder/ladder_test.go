package ladder

import (
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
)

func TestColumns(t *testing.T) {
	rec := stagetest.MX()
	s := stage.New(rec)
	var c columns
	c.sync(s)
	want := []string{stagetest.NS, stagetest.Mail, stagetest.Anna, stagetest.MX1, stagetest.Ilon}
	if !slices.Equal(c.names, want) {
		t.Errorf("columns are %v", c.names)
	}
	b := stagetest.Builder{Trace: rec.Trace}
	b.Session("stranger.test", stagetest.MX2, "smtp", 25, "S: 554 no")
	s.Sync()
	c.sync(s)
	want = []string{stagetest.NS, stagetest.Mail, stagetest.Anna, stagetest.MX1, stagetest.MX2, stagetest.Ilon, "stranger.test"}
	if !slices.Equal(c.names, want) {
		t.Errorf("columns are %v", c.names)
	}
	if c.x("stranger.test", 700) != 650 {
		t.Errorf("the last column is at %v", c.x("stranger.test", 700))
	}
}

// TestDraws checks with the software painter that the current row is marked and
// that every step can be drawn.
func TestDraws(t *testing.T) {
	test.NewTempApp(t)
	chosen := 0
	v := New(func(step int) { chosen = step })
	s := stage.New(stagetest.MX())
	v.SetShow(s, words.RU)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(v)
	c.Resize(fyne.NewSize(900, 300))
	for step := 0; step <= s.Len(); step++ {
		v.SetStep(step, 1)
	}
	v.SetStep(30, 1)
	seen := make(map[color.NRGBA]int)
	img := c.Capture()
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			seen[color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)]++
		}
	}
	pal := look.P()
	if seen[pal.Now] != 4*rowHeight {
		t.Errorf("%d pixels are amber", seen[pal.Now])
	}
	if seen[pal.Selection] < 400*rowHeight {
		t.Errorf("%d pixels have the colour of the selection", seen[pal.Selection])
	}
	v.SetStep(1, 1)
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(100, header+rowHeight*2.5)})
	if chosen != 3 {
		t.Errorf("a tap on the third row chose %d", chosen)
	}
}

func TestMillion(t *testing.T) {
	test.NewTempApp(t)
	v := New(nil)
	v.Resize(fyne.NewSize(900, 300))
	v.SetShow(stage.New(stagetest.Long(100_000)), words.EN)
	v.SetStep(99_000, 1)
	var p pool.Pool
	v.row(&p, 98_999, 0, 900)
	if n := len(p.Objects()); n == 0 || n > 20 {
		t.Errorf("a row has %d objects", n)
	}
	if got := explainKinds(v.Shown); got != "" {
		t.Error(got)
	}
}

// explainKinds tells which step has no label.
func explainKinds(s *stage.Show) string {
	for step := 1; step <= 60; step++ {
		if text, _ := explain.Label(words.EN, s.Recording().Header.World, s.Event(step)); strings.TrimSpace(text) == "" {
			return "no label for a " + string(s.Event(step).Kind())
		}
	}
	return ""
}
