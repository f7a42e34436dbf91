package look

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Fill paints the inside of the closed polyline pts into dst, antialiased.
func Fill(dst *image.RGBA, pts []Pt, c color.Color) {
	box := around(pts, 1).Intersect(dst.Bounds())
	if box.Empty() {
		return
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	z.DrawOp = draw.Over
	for i, p := range pts {
		x, y := float32(p.X)-float32(box.Min.X), float32(p.Y)-float32(box.Min.Y)
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
	z.Draw(dst, box, image.NewUniform(c), image.Point{})
}

// around is the whole pixels that hold all points and a margin.
func around(pts []Pt, margin float64) image.Rectangle {
	lo, hi := pts[0], pts[0]
	for _, p := range pts {
		lo = Pt{min(lo.X, p.X), min(lo.Y, p.Y)}
		hi = Pt{max(hi.X, p.X), max(hi.Y, p.Y)}
	}
	return image.Rect(int(math.Floor(lo.X-margin)), int(math.Floor(lo.Y-margin)),
		int(math.Ceil(hi.X+margin)), int(math.Ceil(hi.Y+margin)))
}
