package sketch

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Sketch is a widget that one function draws. Refresh draws it anew.
type Sketch struct {
	widget.BaseWidget
	draw func(p *Pen, size fyne.Size)
	min  func() fyne.Size
}

// New makes a widget of the least size min, drawn by draw.
func New(min func() fyne.Size, draw func(p *Pen, size fyne.Size)) *Sketch {
	s := &Sketch{draw: draw, min: min}
	s.ExtendBaseWidget(s)
	return s
}

// Fixed is a least size that never changes.
func Fixed(w, h float32) func() fyne.Size {
	return func() fyne.Size { return fyne.NewSize(w, h) }
}

// CreateRenderer is for Fyne.
func (s *Sketch) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{of: s, draw: s.draw, min: s.min}
}

// Hot is a sketch that can be tapped and pointed at.
type Hot struct {
	widget.BaseWidget
	Hover bool // the pointer is on it
	Off   bool // not to be used now; the drawing shows so

	draw func(h *Hot, p *Pen, size fyne.Size)
	min  func() fyne.Size
	tap  func()
}

// NewHot makes a widget that calls tap.
func NewHot(min func() fyne.Size, tap func(), draw func(h *Hot, p *Pen, size fyne.Size)) *Hot {
	h := &Hot{draw: draw, min: min, tap: tap}
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer is for Fyne.
func (h *Hot) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{of: h, min: h.min, draw: func(p *Pen, size fyne.Size) { h.draw(h, p, size) }}
}

// SetOff makes it usable or not.
func (h *Hot) SetOff(off bool) {
	if h.Off != off {
		h.Off = off
		h.Refresh()
	}
}

// Tapped is for Fyne.
func (h *Hot) Tapped(*fyne.PointEvent) {
	if h.tap != nil && !h.Off {
		h.tap()
	}
}

// MouseIn is for Fyne.
func (h *Hot) MouseIn(*desktop.MouseEvent) { h.setHover(true) }

// MouseMoved is for Fyne.
func (h *Hot) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (h *Hot) MouseOut() { h.setHover(false) }

// Cursor is for Fyne.
func (h *Hot) Cursor() desktop.Cursor {
	if h.Off {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

func (h *Hot) setHover(on bool) {
	h.Hover = on
	h.Refresh()
}

type renderer struct {
	of   fyne.Widget
	draw func(p *Pen, size fyne.Size)
	min  func() fyne.Size
	pen  Pen
	size fyne.Size
}

// Layout draws for another size only: Fyne lays out again whatever has new
// objects in it, and a drawing made anew each time would never come to rest.
func (r *renderer) Layout(size fyne.Size) {
	if size != r.size {
		r.size = size
		r.redraw()
	}
}

func (r *renderer) Refresh() {
	r.redraw()
	canvas.Refresh(r.of)
}

func (r *renderer) redraw() {
	r.pen = Pen{}
	if r.size.Width > 0 && r.size.Height > 0 {
		r.draw(&r.pen, r.size)
	}
}

func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.pen.objects }
func (r *renderer) Destroy()                     {}
