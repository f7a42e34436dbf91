//go:build cgo || ci

package window

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestPlaceAsDrawn(t *testing.T) {
	p := place(fyne.NewSize(1440, 900), splits{}, false)
	for _, c := range []struct {
		name      string
		got, want rect
	}{
		{"lessons", p.lessons, rect{12, 56, 252, 768}},
		{"stage", p.stage, rect{276, 56, 796, 500}},
		{"tabs", p.tabs, rect{276, 568, 796, 256}},
		{"inspector", p.inspector, rect{1084, 56, 344, 768}},
		{"transport", p.transport, rect{12, 836, 1416, 52}},
	} {
		if c.got != c.want {
			t.Errorf("%s at %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestPlaceFolds(t *testing.T) {
	p := place(fyne.NewSize(1280, 720), splits{}, false)
	if !p.rail || p.lessons.w != 60 || p.inspector.w != 320 || p.tabs.h != 200 {
		t.Errorf("at 1280×720: %+v", p)
	}
	if place(fyne.NewSize(1280, 720), splits{fold: foldList}, false).rail {
		t.Error("a list that was unfolded by hand is folded")
	}
	if w := place(fyne.NewSize(2560, 1440), splits{}, false).inspector.w; w != 480 {
		t.Errorf("on a wide window the inspector is %v wide", w)
	}
}

// While a letter is judged the lessons make room, and come back by themselves;
// what was folded or dragged by hand stays so.
func TestPlaceJudging(t *testing.T) {
	for _, c := range []struct {
		size      fyne.Size
		s         splits
		rail      bool
		inspector float32
	}{
		{fyne.NewSize(1440, 900), splits{}, true, 564},
		{fyne.NewSize(1280, 720), splits{}, true, 564},
		{fyne.NewSize(1920, 1080), splits{}, true, 640},
		{fyne.NewSize(960, 600), splits{}, true, 472}, // the map keeps its least width
		{fyne.NewSize(1440, 900), splits{fold: foldList}, false, 564},
		{fyne.NewSize(1440, 900), splits{inspector: 400}, true, 564},
		{fyne.NewSize(1440, 900), splits{verdict: 500}, true, 500},
	} {
		p := place(c.size, c.s, true)
		if p.rail != c.rail || p.inspector.w != c.inspector {
			t.Errorf("%v, %+v: rail %v, inspector %v wide", c.size, c.s, p.rail, p.inspector.w)
		}
	}
	if p := place(fyne.NewSize(1440, 900), splits{verdict: 500}, false); p.rail || p.inspector.w != 344 {
		t.Errorf("afterwards: rail %v, inspector %v wide", p.rail, p.inspector.w)
	}
}

func TestPlaceNeverOverlaps(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 800, Height: 560}, {Width: 1280, Height: 720}, {Width: 3840, Height: 2160}} {
		for i, s := range []splits{{}, {inspector: 5000, verdict: 5000, tabs: 5000}, {inspector: 1, verdict: 1, tabs: 1}, {fold: foldRail}, {},
			{inspector: 5000, verdict: 5000, tabs: 5000}, {inspector: 1, verdict: 1, tabs: 1}, {fold: foldList}} {
			judging := i >= 4
			p := place(size, s, judging)
			all := []rect{p.top, p.lessons, p.stage, p.tabs, p.inspector, p.transport}
			for i, a := range all {
				if a.w <= 0 || a.h <= 0 || a.right() > size.Width || a.bottom() > size.Height {
					t.Errorf("%v %+v: part %d at %v", size, s, i, a)
				}
				for j, b := range all[:i] {
					if a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom() {
						t.Errorf("%v %+v: parts %d and %d overlap: %v %v", size, s, i, j, a, b)
					}
				}
			}
		}
	}
}

func TestFirstSize(t *testing.T) {
	for _, c := range []struct{ area, want fyne.Size }{
		{fyne.NewSize(0, 0), fyne.NewSize(1440, 900)},
		{fyne.NewSize(2560, 1400), fyne.NewSize(1440, 900)},
		{fyne.NewSize(1280, 720), fyne.NewSize(1280, 720)},
		{fyne.NewSize(1920, 860), fyne.NewSize(1440, 860)},
	} {
		if got := firstSize(c.area); got != c.want {
			t.Errorf("on %v the window opens at %v, want %v", c.area, got, c.want)
		}
	}
}
