package look

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2/canvas"
)

// Dashes is a dashed frame round whatever it is laid on.
type Dashes struct {
	*canvas.Raster // what to draw
	Colour         color.NRGBA

	radius float32
}

// NewDashes makes a dashed frame with rounded corners.
func NewDashes(radius float32) *Dashes {
	d := &Dashes{radius: radius}
	d.Raster = canvas.NewRaster(func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		if d.Size().Width <= 0 || w < 4 || h < 4 {
			return img
		}
		k := float64(w) / float64(d.Size().Width)
		edge := RoundRect(k, k, float64(w)-2*k, float64(h)-2*k, float64(d.radius)*k)
		Stroke(img, edge, 1.5*k, []float64{4 * k, 4 * k}, d.Colour)
		return img
	})
	return d
}
