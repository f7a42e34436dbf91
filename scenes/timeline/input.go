package timeline

import (
	"math"
	"sort"

	"fyne.io/fyne/v2"
)

// Scrolled zooms about the cursor; over the labels it scrolls the lanes, and a
// sideways wheel pans.
func (v *View) Scrolled(e *fyne.ScrollEvent) {
	if v.show == nil {
		return
	}
	if e.Position.X < labelWidth {
		v.scrollLanes(e.Scrolled.DY)
		v.Refresh()
		return
	}
	if e.Scrolled.DX != 0 {
		v.fitted = false
		v.frame.pan(e.Scrolled.DX)
	}
	v.zoom(math.Pow(1.01, float64(e.Scrolled.DY)), e.Position.X)
}

// scrollLanes moves the lanes by whole ones, at least one at a turn.
func (v *View) scrollLanes(dy float32) {
	lanes := math.Round(float64(dy / v.frame.pitch()))
	if lanes == 0 {
		lanes = math.Copysign(1, float64(dy))
	}
	v.frame.scroll -= float32(lanes) * v.frame.pitch()
	v.frame.clampScroll()
}

// Dragged pans when begun on the ruler, and else moves the playhead.
func (v *View) Dragged(e *fyne.DragEvent) {
	if v.show == nil {
		return
	}
	if v.drag == nothing {
		v.drag = playhead
		start := e.Position.Subtract(e.Dragged)
		if start.Y > chapterRow+v.frame.height() && !v.onChip(start) {
			v.drag = axis
		}
	}
	if v.drag == axis {
		v.fitted = false
		v.frame.pan(e.Dragged.DX)
		v.Refresh()
		return
	}
	v.choose(v.nearest(e.Position.X, nil))
}

// DragEnd ends a drag.
func (v *View) DragEnd() { v.drag = nothing }

func (v *View) onChip(p fyne.Position) bool {
	b := v.chipBox()
	return p.X >= b.x0 && p.X <= b.x1
}

// Tapped chooses the event nearest to the pointer: in the lane under it, or
// anywhere if it points between lanes; a lane's label chooses its first event
// and a chapter's label the chapter's.
func (v *View) Tapped(e *fyne.PointEvent) {
	if v.show == nil {
		return
	}
	v.choose(v.stepAt(e.Position))
}

func (v *View) stepAt(p fyne.Position) int {
	if p.Y < chapterRow {
		for _, b := range placeChapters(&v.frame, v.show) {
			if p.X >= b.x && p.X <= b.x+b.width {
				return v.show.Chapters()[b.index].Step
			}
		}
	}
	l := v.laneAt(p.Y)
	if p.X < labelWidth {
		if l == nil {
			return 0
		}
		return l.conn.First
	}
	return v.nearest(p.X, l)
}

// nearest is the step whose mark is nearest to x: one of l, or any if l is nil
// or has none within reach. 0 means that there are no steps.
func (v *View) nearest(x float32, l *lane) int {
	const reach = 16 // device-independent pixels
	if l != nil {
		if step, distance := v.nearestIn(l, x); distance <= reach {
			return step
		}
	}
	at := v.frame.axis.At(v.frame.pos(x))
	n := v.show.Len()
	before := v.show.StepAt(at)
	after := 1 + sort.Search(n, func(i int) bool { return v.show.Time(i+1) > at })
	switch {
	case before == 0:
		return min(1, n)
	case after > n || v.distance(before, x) <= v.distance(after, x):
		return before
	}
	return after
}

// nearestIn is the step of a lane whose mark is nearest to x, and how far away
// it is; without marks that is infinitely far.
func (v *View) nearestIn(l *lane, x float32) (step int, distance float64) {
	distance = math.Inf(1)
	i := l.from(v.frame.axis.At(v.frame.pos(x)), 0)
	for j := max(i-1, 0); j <= i && j < len(l.marks); j++ {
		s := int(l.marks[j].step)
		if d := v.distance(s, x); d < distance {
			step, distance = s, d
		}
	}
	return step, distance
}

// distance is how far a step's mark is from x.
func (v *View) distance(step int, x float32) float64 {
	return math.Abs(float64(v.frame.timeX(v.show.Time(step)) - x))
}

// choose tells of a choice that changes something.
func (v *View) choose(step int) {
	if step > 0 && step != v.step && v.onSelect != nil {
		v.onSelect(step)
	}
}
