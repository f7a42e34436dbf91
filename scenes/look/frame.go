package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Frame is a large filled rectangle with a border and round corners. It is put
// together: painters without a graphics card fill a plain rectangle several
// times as fast as one with either.
type Frame struct {
	corners [4]*canvas.Rectangle // left above, right above, left below, right below
	fills   [3]*canvas.Rectangle // middle, left, right
	edges   [4]*canvas.Rectangle // above, below, left, right

	radius, width float32
}

// NewFrame makes a frame; its border is at most as wide as its radius.
func NewFrame(radius, width float32) *Frame {
	f := &Frame{radius: radius, width: min(width, radius)}
	for i := range f.corners {
		f.corners[i] = &canvas.Rectangle{CornerRadius: radius, StrokeWidth: f.width}
	}
	for i := range f.fills {
		f.fills[i] = &canvas.Rectangle{}
	}
	for i := range f.edges {
		f.edges[i] = &canvas.Rectangle{}
	}
	f.Colour(color.Transparent, color.Transparent)
	return f
}

// Objects are the parts, the lowest first.
func (f *Frame) Objects() (list []fyne.CanvasObject) {
	for _, r := range f.corners {
		list = append(list, r)
	}
	for _, r := range f.fills {
		list = append(list, r)
	}
	for _, r := range f.edges {
		list = append(list, r)
	}
	return list
}

// Place puts the frame into a rectangle that is at least two radii high and
// wide.
func (f *Frame) Place(x, y, w, h float32) {
	put := func(r *canvas.Rectangle, x, y, w, h float32) {
		r.Move(fyne.NewPos(x, y))
		r.Resize(fyne.NewSize(w, h))
	}
	r, d, b := f.radius, 2*f.radius, f.width
	w, h = max(w, d), max(h, d)
	for i, c := range f.corners {
		put(c, x+float32(i%2)*(w-d), y+float32(i/2)*(h-d), d, d)
	}
	put(f.fills[0], x+r, y, w-d, h)
	put(f.fills[1], x, y+r, r, h-d)
	put(f.fills[2], x+w-r, y+r, r, h-d)
	put(f.edges[0], x+r, y, w-d, b)
	put(f.edges[1], x+r, y+h-b, w-d, b)
	put(f.edges[2], x, y+r, b, h-d)
	put(f.edges[3], x+w-b, y+r, b, h-d)
}

// Border changes the border's width, for the next Place.
func (f *Frame) Border(width float32) {
	f.width = min(width, f.radius)
	for _, c := range f.corners {
		c.StrokeWidth = f.width
	}
}

// Colour gives the frame its colours.
func (f *Frame) Colour(fill, border color.Color) {
	for _, r := range f.corners {
		r.FillColor, r.StrokeColor = fill, border
	}
	for _, r := range f.fills {
		r.FillColor = fill
	}
	for _, r := range f.edges {
		r.FillColor = border
	}
}
