package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Sizes shared by all views, in device-independent pixels.
const (
	Gap         = 12 // between panels and round the window
	Padding     = 16 // inside a panel
	PanelRadius = 14
	CardRadius  = 10
	Radius      = 8 // of a control
)

// Drawing is a widget's renderer made of functions: what the small parts need
// and no more.
type Drawing struct {
	Parts []fyne.CanvasObject
	Place func(size fyne.Size) // moves the parts
	Min   func() fyne.Size
	Paint func() // colours and texts, from P()
}

// Layout places the parts.
func (d *Drawing) Layout(size fyne.Size) { d.Place(size) }

// MinSize is the least size.
func (d *Drawing) MinSize() fyne.Size { return d.Min() }

// Refresh paints all parts again.
func (d *Drawing) Refresh() {
	d.Paint()
	for _, o := range d.Parts {
		o.Refresh()
	}
}

// Objects are the parts, the lowest first.
func (d *Drawing) Objects() []fyne.CanvasObject { return d.Parts }

// Destroy does nothing.
func (d *Drawing) Destroy() {}

// Put moves and resizes o.
func Put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// PutText moves a text so that its line is centred on y and begins at x, and
// gives the x where it ends.
func PutText(t *canvas.Text, x, y float32) float32 {
	s := t.MinSize()
	Put(t, x, y-s.Height/2, s.Width, s.Height)
	return x + s.Width
}

// Image is a picture of an icon, to be given a resource in Paint.
func Image() *canvas.Image {
	i := &canvas.Image{FillMode: canvas.ImageFillContain}
	return i
}
