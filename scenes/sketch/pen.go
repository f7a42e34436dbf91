// Package sketch makes widgets out of one function each that draws them.
//
// A sketch suits what changes with a step or a tap, not with every frame: each
// change draws the whole widget anew.
package sketch

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
)

// Pen collects the objects of one drawing. Lengths are device-independent
// pixels from the widget's upper left corner.
type Pen struct{ objects []fyne.CanvasObject }

// Objects is what was drawn, the lowest first.
func (p *Pen) Objects() []fyne.CanvasObject { return p.objects }

// Place puts any object at a place and size.
func (p *Pen) Place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
	p.objects = append(p.objects, o)
}

// Rect is a filled rectangle; its corners are rounded by radius.
func (p *Pen) Rect(x, y, w, h float32, fill color.Color, radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	r.CornerRadius = radius
	p.Place(r, x, y, w, h)
	return r
}

// large is the area from which on a box is better put together.
const large = 200 * 200

// Panel is a Box that nobody changes any more.
func (p *Pen) Panel(x, y, w, h float32, fill, border color.Color, width, radius float32) {
	if w*h < large {
		p.Box(x, y, w, h, fill, border, width, radius)
		return
	}
	f := look.NewFrame(radius, width)
	f.Place(x, y, w, h)
	f.Colour(fill, border)
	p.objects = append(p.objects, f.Objects()...)
}

// Box is a filled rectangle with a border.
func (p *Pen) Box(x, y, w, h float32, fill, border color.Color, width, radius float32) *canvas.Rectangle {
	r := p.Rect(x, y, w, h, fill, radius)
	r.StrokeColor, r.StrokeWidth = border, width
	return r
}

// Ring is a circle's edge of the given width, around a place.
func (p *Pen) Ring(x, y, d float32, border color.Color, width float32) *canvas.Circle {
	c := canvas.NewCircle(color.Transparent)
	c.StrokeColor, c.StrokeWidth = border, width
	p.Place(c, x, y, d, d)
	return c
}

// Dot is a filled circle of diameter d.
func (p *Pen) Dot(x, y, d float32, fill color.Color) *canvas.Circle {
	c := canvas.NewCircle(fill)
	p.Place(c, x, y, d, d)
	return c
}

// Rule is a horizontal line.
func (p *Pen) Rule(x, y, w float32, c color.Color) { p.Rect(x, y, w, 1, c, 0) }

// Icon is an icon in a square of the given size.
func (p *Pen) Icon(name string, x, y, size float32, c color.Color) {
	img := canvas.NewImageFromResource(look.Icon(name, c))
	img.FillMode = canvas.ImageFillContain
	p.Place(img, x, y, size, size)
}

// Text is one line of text; y is the line's middle. It returns the x at which
// the text ends.
func (p *Pen) Text(s string, x, y, size float32, c color.Color, o ...look.Style) float32 {
	t := look.Text(s, size, c, o...)
	m := t.MinSize()
	p.Place(t, x, y-m.Height/2, m.Width, m.Height)
	return x + m.Width
}

// Right is a line of text that ends at x. It returns where the text begins.
func (p *Pen) Right(s string, x, y, size float32, c color.Color, o ...look.Style) float32 {
	w := look.Width(s, size, o...)
	p.Text(s, x-w, y, size, c, o...)
	return x - w
}

// Centre is a line of text with its middle at x.
func (p *Pen) Centre(s string, x, y, size float32, c color.Color, o ...look.Style) {
	p.Text(s, x-look.Width(s, size, o...)/2, y, size, c, o...)
}

// Lines are lines of text below each other, step apart; y is the first one's
// middle. It returns the middle of the line that would come next.
func (p *Pen) Lines(lines []string, x, y, step, size float32, c color.Color, o ...look.Style) float32 {
	for _, s := range lines {
		p.Text(s, x, y, size, c, o...)
		y += step
	}
	return y
}
