package look

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

// Fill paints the inside of the closed polyline pts into dst, antialiased.
func Fill(dst *image.RGBA, pts []Pt, c color.Color) {
	b := dst.Bounds()
	z := vector.NewRasterizer(b.Dx(), b.Dy())
	z.DrawOp = draw.Over
	for i, p := range pts {
		if i == 0 {
			z.MoveTo(float32(p.X), float32(p.Y))
		} else {
			z.LineTo(float32(p.X), float32(p.Y))
		}
	}
	z.ClosePath()
	z.Draw(dst, b, image.NewUniform(c), image.Point{})
}
