//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
)

// scrubber is the bar on which the playhead is dragged; a tick marks each
// chapter's first step.
type scrubber struct {
	widget.BaseWidget
	steps    int
	at       float32 // step, and how far into it
	chapters []int   // first steps
	onSeek   func(step int)
}

func newScrubber(onSeek func(step int)) *scrubber {
	s := &scrubber{onSeek: onSeek}
	s.ExtendBaseWidget(s)
	return s
}

// set moves the playhead.
func (s *scrubber) set(at float32) {
	if s.at != at {
		s.at = at
		s.Refresh()
	}
}

const thumb = 20

// place is the x of a step.
func (s *scrubber) place(step float32) float32 {
	room := s.Size().Width - thumb
	if s.steps == 0 || room <= 0 {
		return thumb / 2
	}
	return thumb/2 + room*clamp(step/float32(s.steps), 0, 1)
}

// stepAt is the step nearest to an x.
func (s *scrubber) stepAt(x float32) int {
	room := s.Size().Width - thumb
	if room <= 0 {
		return 0
	}
	return int(clamp((x-thumb/2)/room, 0, 1)*float32(s.steps) + 0.5)
}

// Tapped is for Fyne.
func (s *scrubber) Tapped(e *fyne.PointEvent) { s.onSeek(s.stepAt(e.Position.X)) }

// Dragged is for Fyne.
func (s *scrubber) Dragged(e *fyne.DragEvent) { s.onSeek(s.stepAt(e.Position.X)) }

// DragEnd is for Fyne.
func (s *scrubber) DragEnd() {}

// Cursor is for Fyne.
func (s *scrubber) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is for Fyne.
func (s *scrubber) CreateRenderer() fyne.WidgetRenderer {
	track, past := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	track.CornerRadius, past.CornerRadius = 3, 3
	ring, hub := canvas.NewCircle(nil), canvas.NewCircle(nil)
	var ticks []*canvas.Rectangle
	d := &look.Drawing{}
	d.Min = func() fyne.Size { return fyne.NewSize(120, 36) }
	d.Place = func(size fyne.Size) {
		mid := size.Height / 2
		x := s.place(s.at)
		look.Put(track, 0, mid-3, size.Width, 6)
		look.Put(past, 0, mid-3, x, 6)
		for i, t := range ticks {
			look.Put(t, s.place(float32(s.chapters[i])-1)-1, mid-8, 2, 16)
		}
		look.Put(ring, x-8, mid-8, 16, 16)
		look.Put(hub, x-3, mid-3, 6, 6)
	}
	d.Paint = func() {
		p := look.P()
		track.FillColor, past.FillColor = p.Line, p.Muted
		ring.FillColor, hub.FillColor = p.Now, p.Ink
		for len(ticks) < len(s.chapters) {
			ticks = append(ticks, canvas.NewRectangle(nil))
		}
		ticks = ticks[:len(s.chapters)]
		d.Parts = []fyne.CanvasObject{track, past}
		for _, t := range ticks {
			t.FillColor = p.Muted
			d.Parts = append(d.Parts, t)
		}
		d.Parts = append(d.Parts, ring, hub)
		d.Place(s.Size())
	}
	d.Paint()
	return d
}
