package timeline

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/words"
)

// MouseIn is for Fyne.
func (v *View) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved tells of the event under the pointer.
func (v *View) MouseMoved(e *desktop.MouseEvent) { v.hover(v.under(e.Position)) }

// MouseOut ends that.
func (v *View) MouseOut() { v.hover(0) }

func (v *View) hover(step int) {
	if step != v.hovered {
		v.hovered = step
		v.Refresh()
	}
}

// under is the step whose mark is at p, 0 if there is none.
func (v *View) under(p fyne.Position) int {
	const reach = 8 // device-independent pixels
	if v.show == nil || v.drag != nothing || p.X < labelWidth {
		return 0
	}
	l := v.laneAt(p.Y)
	if l == nil {
		return 0
	}
	step, distance := v.nearestIn(l, p.X)
	if distance > reach {
		return 0
	}
	return step
}

// placeHover draws the card that tells of the event under the pointer: beside
// its lane, so that its neighbours stay in sight.
func (v *View) placeHover() {
	if v.hovered == 0 || v.hovered > v.show.Len() {
		return
	}
	const height, pad = 48, 10
	e, world, pal := v.show.Event(v.hovered), v.show.Recording().Header.World, look.P()
	head := Clock(v.lang, e.At) + "   " + explain.Name(v.lang, world, e.From)
	if e.To != "" {
		head = Clock(v.lang, e.At) + "   " + words.T(v.lang, "timeline.lane",
			"From", explain.Name(v.lang, world, e.From), "To", explain.Name(v.lang, world, e.To))
	}
	text, wire := explain.Label(v.lang, world, e)
	var style []look.Style
	if wire {
		style = []look.Style{look.Mono}
	}
	most := min(460, v.frame.size.Width-2*pad)
	head, text = look.Fit(head, 14, most), look.Fit(text, 14, most, style...)
	width := max(look.Width(head, 14), look.Width(text, 14, style...)) + 2*pad
	box := v.hoverBox(width, height)
	r := v.pool.Rect(box.X, box.Y, width, height, pal.Card)
	r.CornerRadius, r.StrokeColor, r.StrokeWidth = look.Radius, pal.Text, 1
	v.pool.Text(head, 14, box.X+pad, box.Y+15, pal.Muted)
	v.pool.Text(text, 14, box.X+pad, box.Y+33, pal.Text, style...)
}

// hoverBox is where the card stands: above the lane of its event or, if there
// is no room, below it.
func (v *View) hoverBox(width, height float32) fyne.Position {
	x := v.frame.timeX(v.show.Time(v.hovered)) - width/2
	x = min(max(x, 0), max(0, v.frame.size.Width-width))
	top := v.laneTop(v.hovered)
	if y := top - height - 4; y >= 0 {
		return fyne.NewPos(x, y)
	}
	return fyne.NewPos(x, top+v.frame.pitch())
}
