package sketch

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
)

// A drawing that is laid out again at its size is left alone: else each frame
// would call for the next.
func TestDrawsOnlyWhatChanged(t *testing.T) {
	test.NewTempApp(t)
	drawn := 0
	s := New(Fixed(10, 10), func(p *Pen, size fyne.Size) {
		drawn++
		p.Rect(0, 0, size.Width, size.Height, look.P().Panel, 0)
	})
	r := test.WidgetRenderer(s)
	for _, step := range []struct {
		name string
		do   func()
		want int
	}{
		{"a first size", func() { r.Layout(fyne.NewSize(40, 20)) }, 1},
		{"the same size", func() { r.Layout(fyne.NewSize(40, 20)) }, 1},
		{"another size", func() { r.Layout(fyne.NewSize(50, 20)) }, 2},
		{"a refresh", r.Refresh, 3},
		{"the same size again", func() { r.Layout(fyne.NewSize(50, 20)) }, 3},
	} {
		step.do()
		if drawn != step.want {
			t.Errorf("after %s: drawn %d times, want %d", step.name, drawn, step.want)
		}
	}
}
