//go:build cgo || ci

package window

import (
	"fmt"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"

	"mailscope/scenes/look"
)

// announce reports once, to whoever asked, that the window is up: when a few
// frames have passed and the map, or two recordings, are found on what was
// painted.
func (s *Screen) announce() {
	if s.announced || s.opts.OnReady == nil && s.opts.Report == nil {
		return
	}
	s.announced = true
	frames := 0
	var an *fyne.Animation
	an = fyne.NewAnimation(time.Second, func(float32) {
		frames++
		picture := fyne.CanvasObject(s.mapView)
		if s.pair != nil {
			picture = s.pairView
		}
		if frames%10 != 5 || s.course == nil || picture.Size().Width == 0 {
			return
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(picture)
		size, whole := picture.Size(), s.canvas.Size()
		img := s.canvas.Capture()
		k := float32(img.Bounds().Dx()) / whole.Width
		area := image.Rect(int(at.X*k), int(at.Y*k), int((at.X+size.Width)*k), int((at.Y+size.Height)*k))
		if !drawn(img, area, look.P().Panel) {
			return
		}
		an.Stop()
		s.reportReady()
	})
	an.RepeatCount, an.Curve = fyne.AnimationRepeatForever, fyne.AnimationLinear
	an.Start()
}

func (s *Screen) reportReady() {
	switch {
	case s.opts.Report == nil:
	case s.pair != nil:
		fmt.Fprintln(s.opts.Report, "window ready: two recordings drawn")
	default:
		n := len(s.show.Recording().Header.World.Hosts)
		fmt.Fprintf(s.opts.Report, "window ready: map drawn, %d hosts\n", n)
	}
	if s.opts.OnReady != nil {
		s.opts.OnReady()
	}
}

// drawn tells whether a picture shows more in an area than its ground: one
// pixel in fifty at least has another colour.
func drawn(img image.Image, area image.Rectangle, ground color.Color) bool {
	area = area.Intersect(img.Bounds())
	gr, gg, gb, _ := ground.RGBA()
	other, all := 0, 0
	for y := area.Min.Y; y < area.Max.Y; y += 3 {
		for x := area.Min.X; x < area.Max.X; x += 3 {
			all++
			r, g, b, _ := img.At(x, y).RGBA()
			if far(r, gr) || far(g, gg) || far(b, gb) {
				other++
			}
		}
	}
	return other*50 > all
}

// far tells whether two 16-bit values of a colour are seen to differ.
func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x0600 }
