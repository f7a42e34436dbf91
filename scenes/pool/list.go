package pool

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
)

// List is a widget of any number of rows, of which only the visible ones are
// drawn. A view embeds it, sets its fields and calls ExtendBaseWidget.
type List struct {
	widget.BaseWidget

	Top    float32    // above the rows, where Above draws
	Height float32    // of a row
	Count  func() int // rows
	Draw   func(p *Pool, row int, y, width float32)
	Above  func(p *Pool, width float32) // nil: nothing
	Tap    func(row int)

	pool   Pool
	size   fyne.Size
	offset float64 // of the first row's upper edge above the rows' area
	wanted int     // the row that was last revealed
	thumb  bool    // a drag holds the scroll bar
}

const (
	barWidth   = 6
	barReach   = 18 // of the pointer, from the right edge
	leastThumb = 24
)

func (l *List) view() float64 { return float64(max(0, l.size.Height-l.Top)) }
func (l *List) most() float64 { return max(0, float64(l.Count())*float64(l.Height)-l.view()) }

// width is what the scroll bar leaves of the width.
func (l *List) width() float32 { return max(0, l.size.Width-barWidth-4) }

// Reveal scrolls, if need be, so that a row and its neighbours are in view.
func (l *List) Reveal(row int) {
	l.wanted = row
	top := float64(row) * float64(l.Height)
	margin := min(float64(l.Height), (l.view()-float64(l.Height))/2)
	if top-margin < l.offset || top+float64(l.Height)+margin > l.offset+l.view() {
		l.offset = top - (l.view()-float64(l.Height))/2
	}
	l.Place()
}

// Row is the row at a height of the view, -1 if there is none.
func (l *List) Row(y float32) int {
	if y < l.Top {
		return -1
	}
	row := int((float64(y-l.Top) + l.offset) / float64(l.Height))
	if row >= l.Count() {
		return -1
	}
	return row
}

// Place draws the rows that are visible now.
func (l *List) Place() {
	l.offset = min(max(l.offset, 0), l.most())
	p := &l.pool
	p.Begin()
	n := l.Count()
	for row := int(l.offset / float64(l.Height)); row < n; row++ {
		y := float64(row)*float64(l.Height) - l.offset
		if y >= l.view() {
			break
		}
		l.Draw(p, row, l.Top+float32(y), l.width())
	}
	if l.Above != nil {
		l.Above(p, l.width())
	}
	if most := l.most(); most > 0 {
		h := l.thumbHeight()
		y := l.Top + float32(l.offset/most*(l.view()-h))
		p.Rect(l.size.Width-barWidth, y, barWidth, float32(h), look.P().Line).CornerRadius = barWidth / 2
	}
	if len(p.rects) > 0 {
		p.rects[0].Refresh() // one is enough to have the window drawn again
	}
}

func (l *List) thumbHeight() float64 {
	v := l.view()
	return min(v, max(leastThumb, v*v/(v+l.most())))
}

// Scrolled moves the rows with the wheel.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	l.offset -= float64(e.Scrolled.DY)
	l.Place()
}

// Dragged moves the rows with the pointer, or with the scroll bar.
func (l *List) Dragged(e *fyne.DragEvent) {
	if e.Position.X-e.Dragged.DX > l.size.Width-barReach {
		l.thumb = true
	}
	if free := l.view() - l.thumbHeight(); l.thumb && free > 0 {
		l.offset += float64(e.Dragged.DY) / free * l.most()
	} else {
		l.offset -= float64(e.Dragged.DY)
	}
	l.Place()
}

// DragEnd ends a drag.
func (l *List) DragEnd() { l.thumb = false }

// Tapped tells which row was chosen.
func (l *List) Tapped(e *fyne.PointEvent) {
	if row := l.Row(e.Position.Y); row >= 0 && l.Tap != nil {
		l.Tap(row)
	}
}

// CreateRenderer makes the widget's renderer.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return (*listRenderer)(l) }

type listRenderer List

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return fyne.NewSize(240, r.Top+2*r.Height) }
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.pool.Objects() }
func (r *listRenderer) Refresh()                     { (*List)(r).Place() }

// Layout keeps the wanted row in view: a list that was hidden or lower until
// now could not.
func (r *listRenderer) Layout(size fyne.Size) {
	l := (*List)(r)
	changed := l.size.Height != size.Height
	l.size = size
	if changed {
		l.Reveal(l.wanted)
		return
	}
	l.Place()
}
