package pool

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// newList is a list of n rows of 20 in a view 300×110, of which 10 are above
// the rows. drawn gets the rows that it draws.
func newList(t *testing.T, n int, drawn *[]int) *List {
	t.Helper()
	test.NewTempApp(t)
	l := &List{Top: 10, Height: 20, Count: func() int { return n }}
	l.Draw = func(p *Pool, row int, y, width float32) {
		*drawn = append(*drawn, row)
		p.Rect(0, y, width, 20, color.Black)
	}
	l.ExtendBaseWidget(l)
	l.Resize(fyne.NewSize(300, 110))
	return l
}

func TestListDrawsWhatIsVisible(t *testing.T) {
	var drawn []int
	l := newList(t, 1_000_000, &drawn)
	for _, row := range []int{0, 999_999, 500_000, 500_001} {
		drawn = drawn[:0]
		l.Reveal(row)
		if len(drawn) < 5 || len(drawn) > 6 {
			t.Errorf("row %d: %d rows are drawn", row, len(drawn))
		}
		y := l.Top + float32(float64(row)*20-l.offset) + 10
		if y < l.Top || y > 110 || l.Row(y) != row {
			t.Errorf("row %d is at %v, where row %d is", row, y, l.Row(y))
		}
	}
}

func TestListScrolls(t *testing.T) {
	var drawn []int
	l := newList(t, 100, &drawn)
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)})
	if l.offset != 50 {
		t.Errorf("offset is %v after the wheel", l.offset)
	}
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 500)})
	if l.offset != 0 {
		t.Errorf("offset is %v above the top", l.offset)
	}
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(298, 110)}, Dragged: fyne.NewDelta(0, 200)})
	l.DragEnd()
	if l.offset != 1900 {
		t.Errorf("offset is %v after the bar was drawn down", l.offset)
	}
	chosen := -1
	l.Tap = func(row int) { chosen = row }
	l.Tapped(&fyne.PointEvent{Position: fyne.NewPos(10, 105)})
	if chosen != 99 {
		t.Errorf("a tap on the last row chose %d", chosen)
	}
	if l.Row(5) != -1 {
		t.Error("there is a row above the rows")
	}
}

func TestPoolReuses(t *testing.T) {
	var p Pool
	a := p.Rect(0, 0, 1, 1, color.Black)
	p.Begin()
	if b := p.Rect(0, 0, 2, 2, color.White); a != b || len(p.Objects()) != 1 {
		t.Error("a rectangle taken back was not handed out again")
	}
}
