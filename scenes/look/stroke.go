package look

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Pt is a point of a drawing; y grows downwards.
type Pt struct{ X, Y float64 }

// Stroke draws the polyline pts into dst, width pixels wide, antialiased and
// with round ends. dash gives the lengths of strokes and gaps in turn, in
// pixels; nil draws one line.
func Stroke(dst *image.RGBA, pts []Pt, width float64, dash []float64, c color.Color) {
	if len(pts) < 2 {
		return
	}
	if len(dash) < 2 {
		fill(dst, [][]Pt{pts}, width, c)
		return
	}
	fill(dst, dashes(pts, dash), width, c)
}

// dashes cuts a polyline into the strokes that dash leaves of it.
func dashes(pts []Pt, dash []float64) [][]Pt {
	var out [][]Pt
	run := []Pt{pts[0]}
	on, left, d := true, dash[0], 0
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		n := math.Hypot(b.X-a.X, b.Y-a.Y)
		for at := 0.0; at < n; {
			take := math.Min(left, n-at)
			at += take
			left -= take
			p := Pt{a.X + (b.X-a.X)*at/n, a.Y + (b.Y-a.Y)*at/n}
			if on {
				run = append(run, p)
			}
			if left > 1e-9 {
				continue
			}
			if on {
				out = append(out, run)
			}
			d = (d + 1) % len(dash)
			on, left, run = !on, math.Max(dash[d], 0.1), []Pt{p}
		}
	}
	if on && len(run) > 1 {
		out = append(out, run)
	}
	return out
}

// fill draws all lines as one shape, so that a translucent colour is laid on
// once only.
func fill(dst *image.RGBA, lines [][]Pt, width float64, c color.Color) {
	box := image.Rectangle{}
	for _, l := range lines {
		box = box.Union(around(l, width+1))
	}
	box = box.Intersect(dst.Bounds())
	if box.Empty() {
		return
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	z.DrawOp = draw.Over
	for _, l := range lines {
		outline(z, l, width/2, Pt{float64(box.Min.X), float64(box.Min.Y)})
	}
	z.Draw(dst, box, image.NewUniform(c), image.Point{})
}

// outline adds the shape of one line: along its left side, round its end, back
// along its right side and round its start.
func outline(z *vector.Rasterizer, l []Pt, r float64, o Pt) {
	var side []Pt
	for i, p := range l {
		side = append(side, offset(l, i, p, r))
	}
	n := len(l) - 1
	side = append(side, end(l[n], side[n], r)...)
	for i := n; i >= 0; i-- {
		side = append(side, offset(l, i, l[i], -r))
	}
	side = append(side, end(l[0], side[len(side)-1], r)...)
	for i, p := range side {
		x, y := float32(p.X-o.X), float32(p.Y-o.Y)
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
}

// offset is the point r to the side of l[i], at right angles to the line there.
func offset(l []Pt, i int, p Pt, r float64) Pt {
	a, b := l[max(i-1, 0)], l[min(i+1, len(l)-1)]
	n := math.Hypot(b.X-a.X, b.Y-a.Y)
	if n == 0 {
		return Pt{p.X, p.Y + r}
	}
	return Pt{p.X - (b.Y-a.Y)/n*r, p.Y + (b.X-a.X)/n*r}
}

// end is the half circle about c that begins at from, without its ends.
func end(c, from Pt, r float64) []Pt {
	var out []Pt
	start := math.Atan2(from.Y-c.Y, from.X-c.X)
	for i := 1; i < 6; i++ {
		s, co := math.Sincos(start - math.Pi*float64(i)/6)
		out = append(out, Pt{c.X + r*co, c.Y + r*s})
	}
	return out
}

// RoundRect is the outline of a rounded rectangle as a closed polyline.
func RoundRect(x, y, w, h, r float64) []Pt {
	var pts []Pt
	corner := func(cx, cy, from float64) {
		for i := 0; i <= 8; i++ {
			s, c := math.Sincos(from + math.Pi/2*float64(i)/8)
			pts = append(pts, Pt{cx + r*c, cy + r*s})
		}
	}
	corner(x+w-r, y+r, -math.Pi/2)
	corner(x+w-r, y+h-r, 0)
	corner(x+r, y+h-r, math.Pi/2)
	corner(x+r, y+r, math.Pi)
	return append(pts, pts[0])
}
