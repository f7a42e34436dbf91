// Package pool reuses canvas objects for views that draw only what is visible
// of something long.
package pool

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
)

// Pool hands out canvas objects, each one above those handed out before it.
// Its zero value is empty.
type Pool struct {
	rects []*canvas.Rectangle
	texts []*canvas.Text
	lines []*canvas.Line
	discs []*canvas.Circle
	icons []*canvas.Image

	usedRects, usedTexts, usedLines, usedDiscs, usedIcons int

	objects []fyne.CanvasObject
}

// Begin takes all objects back.
func (p *Pool) Begin() {
	p.usedRects, p.usedTexts, p.usedLines, p.usedDiscs, p.usedIcons = 0, 0, 0, 0, 0
	p.objects = p.objects[:0]
}

// Objects are those handed out since Begin, the lowest first.
func (p *Pool) Objects() []fyne.CanvasObject { return p.objects }

// Add lays a foreign object above all others.
func (p *Pool) Add(o fyne.CanvasObject) { p.objects = append(p.objects, o) }

func take[T any](have []*T, used *int) ([]*T, *T) {
	if *used == len(have) {
		have = append(have, new(T))
	}
	*used++
	return have, have[*used-1]
}

// Rect hands out a filled rectangle without border.
func (p *Pool) Rect(x, y, w, h float32, fill color.Color) *canvas.Rectangle {
	var r *canvas.Rectangle
	p.rects, r = take(p.rects, &p.usedRects)
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, nil, 0, 0
	look.Put(r, x, y, w, h)
	p.Add(r)
	return r
}

// Disc hands out a filled circle by its centre.
func (p *Pool) Disc(x, y, r float32, fill color.Color) {
	var c *canvas.Circle
	p.discs, c = take(p.discs, &p.usedDiscs)
	c.FillColor = fill
	look.Put(c, x-r, y-r, 2*r, 2*r)
	p.Add(c)
}

// Line hands out a straight line.
func (p *Pool) Line(x1, y1, x2, y2, width float32, c color.Color) {
	var l *canvas.Line
	p.lines, l = take(p.lines, &p.usedLines)
	l.StrokeColor, l.StrokeWidth = c, width
	l.Position1, l.Position2 = fyne.NewPos(x1, y1), fyne.NewPos(x2, y2)
	p.Add(l)
}

// Text hands out a line of text that begins at x and is centred on y, and gives
// the x where it ends.
func (p *Pool) Text(s string, size, x, y float32, c color.Color, o ...look.Style) float32 {
	var t *canvas.Text
	p.texts, t = take(p.texts, &p.usedTexts)
	t.Text, t.TextSize, t.Color, t.TextStyle = s, size, c, fyne.TextStyle{}
	for _, f := range o {
		f(&t.TextStyle)
	}
	p.Add(t)
	return look.PutText(t, x, y)
}

// Icon hands out a picture by its middle.
func (p *Pool) Icon(r fyne.Resource, x, y, size float32) {
	var i *canvas.Image
	p.icons, i = take(p.icons, &p.usedIcons)
	i.FillMode = canvas.ImageFillContain
	changed := i.Resource == nil || i.Resource.Name() != r.Name()
	i.Resource = r
	look.Put(i, x-size/2, y-size/2, size, size)
	if changed {
		i.Refresh()
	}
	p.Add(i)
}
