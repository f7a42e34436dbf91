package timeline

import (
	"image"
	"image/color"
	"math"

	"mailscope/scenes/look"
)

// brush writes opaque shapes into an image, clipped to it.
type brush struct {
	dst *image.RGBA
	stamps
}

// rect fills x0 ≤ x < x1, y0 ≤ y < y1.
func (b *brush) rect(x0, y0, x1, y1 int, c color.NRGBA) {
	r := b.dst.Rect
	x0, y0, x1, y1 = max(x0, r.Min.X), max(y0, r.Min.Y), min(x1, r.Max.X), min(y1, r.Max.Y)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	width, stride := 4*(x1-x0), b.dst.Stride
	pix := b.dst.Pix[b.dst.PixOffset(x0, y0):]
	paint := [4]uint8{c.R, c.G, c.B, 0xff}
	if x1-x0 == 1 { // a frame full of marks is made of these
		for o := 0; o < (y1-y0)*stride; o += stride {
			*(*[4]uint8)(pix[o:]) = paint
		}
		return
	}
	row := pix[:width]
	for i := 0; i < width; i += 4 {
		*(*[4]uint8)(row[i:]) = paint
	}
	for y := 1; y < y1-y0; y++ {
		copy(pix[y*stride:], row)
	}
}

// stamps keeps shapes' coverages, each drawn once.
type stamps map[stampKey][]uint8

type stampKey struct {
	class look.Class
	size  int
	form  form
}

// form is the set that a shape belongs to.
type form uint8

const (
	replyForm form = iota // one for each class
	signForm              // the same: what a check came to
	boltForm
	gearForm
)

// shape draws the mark of a reply's class: a circle, a tag with a point, a
// hollow diamond or an octagon. size is half its height in pixels.
func (b *brush) shape(class look.Class, x, y, size int, c color.NRGBA) {
	b.stamp(stampKey{class: class, size: size}, x, y, c)
}

// stamp draws a shape, its middle at x and y.
func (b *brush) stamp(key stampKey, x, y int, c color.NRGBA) {
	key.size = max(key.size, 2)
	size := key.size
	s, ok := b.stamps[key]
	if !ok {
		s = coverage(key)
		b.stamps[key] = s
	}
	n := 2*size + 1
	for dy := range n {
		py := y - size + dy
		if py < b.dst.Rect.Min.Y || py >= b.dst.Rect.Max.Y {
			continue
		}
		for dx := range n {
			px := x - size + dx
			a := s[dy*n+dx]
			if a == 0 || px < b.dst.Rect.Min.X || px >= b.dst.Rect.Max.X {
				continue
			}
			d := b.dst.Pix[b.dst.PixOffset(px, py):]
			mix := func(old, c uint8) uint8 { return uint8((int(old)*(255-int(a)) + int(c)*int(a)) / 255) }
			d[0], d[1], d[2] = mix(d[0], c.R), mix(d[1], c.G), mix(d[2], c.B)
		}
	}
}

// coverage is that of a shape, (2*size+1)² values row by row.
func coverage(key stampKey) []uint8 {
	const sub = 4
	size := key.size
	n := 2*size + 1
	out := make([]uint8, n*n)
	r := float64(size)
	for i := range out {
		hit := 0
		for s := range sub * sub {
			x := float64(i%n) + (float64(s%sub)+0.5)/sub - r - 0.5
			y := float64(i/n) + (float64(s/sub)+0.5)/sub - r - 0.5
			if key.covers(x/r, y/r, 1/r) {
				hit++
			}
		}
		out[i] = uint8(hit * 255 / (sub * sub))
	}
	return out
}

// covers tells whether a point of the square -1..1 is in the shape; pixel is
// the size of a pixel there.
func (k stampKey) covers(x, y, pixel float64) bool {
	switch k.form {
	case signForm:
		return inSign(k.class, x, y)
	case boltForm:
		return inBolt(x, y)
	case gearForm:
		return inGear(x, y)
	}
	return inside(k.class, x, y, pixel)
}

// inside tells whether a point of the square -1..1 is in a class's shape;
// pixel is the size of a pixel there.
func inside(class look.Class, x, y, pixel float64) bool {
	ax, ay := math.Abs(x), math.Abs(y)
	switch class {
	case look.GoOn:
		return ay <= 0.8 && x >= -0.9 && x+ay <= 1
	case look.Later:
		return ax+ay <= 1 && ax+ay >= 1-2*pixel
	case look.Refusal:
		return ax <= 1 && ay <= 1 && ax+ay <= 1.42
	}
	return x*x+y*y <= 0.95*0.95
}
