package mapview

import (
	"image"
	"image/color"
	"image/draw"

	"mailscope/scenes/look"
)

// ground paints what stands still: the panel's ground with its dots, islands
// and links, and the way on which the eavesdropper hears. k is device pixels per
// unit.
func ground(img *image.RGBA, l *layout, links []line, tap []look.Pt, k float64) {
	p := look.P()
	draw.Draw(img, img.Bounds(), image.NewUniform(p.Panel), image.Point{}, draw.Src)
	dots(img, look.Mix(p.Panel, p.Line, 0.55), 24*k, k)
	islands := l.Islands
	if l.Cafe.W > 0 {
		islands = append(islands[:len(islands):len(islands)], l.Cafe)
	}
	for _, i := range islands {
		r := look.RoundRect(float64(i.X)*k+k, float64(i.Y)*k+k, float64(i.W)*k-2*k, float64(i.H)*k-2*k, 12*k*float64(l.K))
		look.Fill(img, r, p.Island)
		var dash []float64
		if i.Out {
			dash = []float64{5 * k, 5 * k}
		}
		look.Stroke(img, r, 1.5*k, dash, look.Mix(p.Line, p.Muted, 0.45))
	}
	for _, state := range []lineState{idle, past, broken, failed, open, active} { // the liveliest on top
		for _, ln := range links {
			if ln.state == state {
				paint(img, ln, k, float64(l.K))
			}
		}
	}
	if len(tap) > 1 {
		way := make([]look.Pt, len(tap))
		for i, q := range tap {
			way[i] = look.Pt{X: q.X * k, Y: q.Y * k}
		}
		look.Stroke(img, way, 2*k, []float64{3 * k, 5 * k}, p.Muted)
	}
}

// dots paints a grid of them, step device pixels apart.
func dots(img *image.RGBA, c color.NRGBA, step, k float64) {
	size := max(1, int(k+0.5))
	for y := step / 2; y < float64(img.Rect.Dy()); y += step {
		for x := step / 2; x < float64(img.Rect.Dx()); x += step {
			draw.Draw(img, image.Rect(int(x), int(y), int(x)+size, int(y)+size), image.NewUniform(c), image.Point{}, draw.Src)
		}
	}
}

// paint strokes one link; cam is the map's camera.
func paint(img *image.RGBA, ln line, k, cam float64) {
	p := look.P()
	c := p.Service(ln.service)
	pts := make([]look.Pt, len(ln.pts))
	for i, q := range ln.pts {
		pts[i] = look.Pt{X: q.X * k, Y: q.Y * k}
	}
	w := k * max(cam, 0.7)
	switch ln.state {
	case idle:
		look.Stroke(img, pts, 3*w, []float64{0.6 * w, 7 * w}, look.Mix(p.Island, c, 0.6))
	case past:
		look.Stroke(img, pts, 3*w, patches(ln, w), look.Mix(p.Panel, c, 0.55))
	case broken:
		n := len(pts)
		look.Stroke(img, pts[:n*3/8], 3*w, []float64{8 * w, 7 * w}, p.Refused)
		look.Stroke(img, pts[n-n*3/8:], 3*w, []float64{8 * w, 7 * w}, p.Refused)
	case failed:
		look.Stroke(img, pts, 3*w, []float64{8 * w, 7 * w}, p.Refused)
	case open:
		look.Stroke(img, pts, 3*w, patches(ln, w), c)
	case active:
		look.Stroke(img, pts, 10*w, nil, look.Alpha(c, 0.22))
		look.Stroke(img, pts, 3.5*w, patches(ln, w), c)
	}
}

// patches are the dots of a link that is slow or loses something.
func patches(ln line, w float64) []float64 {
	if ln.patchy {
		return []float64{0.6 * w, 7 * w}
	}
	return nil
}
