package mapview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
)

const (
	pillH   = 28
	pillGap = 28 // between a curve and its pill, so that what flies has room
)

// pill is where one link's pill stands and what it says.
type pill struct {
	rect
	icon, text, service string
	now                 bool
	past                bool   // the conversation is over
	fault               string // type of the fault that it tells of; "" for none
}

// placePills puts a pill beside every link that has one, never on a card, a
// curve's pill or another pill, those that are placed already included; one for
// which there is no room is left out. The current link's comes first.
func placePills(l *layout, links []line, placed []pill, w, h float32, m measure) []pill {
	out := placed[:len(placed):len(placed)]
	taken := func(r rect) bool {
		if r.X < 0 || r.Y < 0 || r.right() > w || r.bottom() > h {
			return true
		}
		for i := range l.Cards {
			if l.Cards[i].hits(r) {
				return true
			}
		}
		for i := range l.Islands { // the names of islands
			is := &l.Islands[i]
			if (rect{is.X, is.Y, is.W, l.Head}).hits(r) {
				return true
			}
		}
		if l.Cafe.W > 0 && l.cafeName().hits(r) {
			return true
		}
		for i := range out {
			if out[i].hits(r) {
				return true
			}
		}
		return false
	}
	spoilt := func(r rect) int {
		n := 0
		for i := range l.Islands { // better on an island or off it than on its edge
			if is := l.Islands[i].rect; is.hits(r) && (r.X < is.X || r.right() > is.right() || r.bottom() > is.bottom()) {
				n += 2
			}
		}
		for _, ln := range links {
			for _, p := range ln.pts {
				x, y := float32(p.X), float32(p.Y)
				if x > r.X-5 && x < r.right()+5 && y > r.Y-5 && y < r.bottom()+5 {
					n++
				}
			}
		}
		return n
	}
	for _, first := range []bool{true, false} {
		for _, ln := range links {
			if ln.text == "" || ln.now != first {
				continue
			}
			pw := m(ln.text, subSize*l.K, false, true) + (16+8+22)*l.K
			best, worst := rect{}, 1<<30
			for i, r := range beside(ln.curve, pw, pillH*l.K, l.K) {
				if taken(r) {
					continue
				}
				if n := spoilt(r)*100 + i; n < worst {
					best, worst = r, n
				}
			}
			if (ln.state == past || ln.state == broken) && ln.service != "domain" && worst >= 100 {
				continue // over and done with: only where it spoils nothing
			}
			if worst < 1<<30 {
				out = append(out, pill{rect: best, icon: ln.icon, text: ln.text, service: ln.service, now: ln.now, past: ln.state == past || ln.state == broken})
			}
		}
	}
	return out
}

// beside lists places next to a curve, the best first: near its middle, above
// a level stretch, right or left of an upright one.
func beside(c curve, w, h, k float32) []rect {
	var out []rect
	for _, at := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9} {
		s := c.length() * at
		p, a, b := c.point(s), c.point(s-6), c.point(s+6)
		x, y := float32(p.X), float32(p.Y)
		apart := float32(pillGap)
		level := abs(float32(b.X-a.X)) > abs(float32(b.Y-a.Y))
		if !level {
			apart += 10
		}
		above, below := rect{x - w/2, y - h - apart*k, w, h}, rect{x - w/2, y + apart*k, w, h}
		right, left := rect{x + apart*k, y - h/2, w, h}, rect{x - w - apart*k, y - h/2, w, h}
		near := left
		near.X += (apart - 8) * k
		if level {
			high := above
			high.Y -= pillGap * k
			out = append(out, high, above, below, left, right, near)
		} else {
			close := right
			close.X -= (apart - 10) * k
			out = append(out, right, left, close, near)
		}
	}
	// In the corner that a bent curve leaves free.
	p, q := c.pts[0], c.pts[len(c.pts)-1]
	y := float32(q.Y) - h/2
	return append(out, rect{float32(p.X) - w - 6*k, y, w, h}, rect{float32(p.X) + 6*k, y, w, h})
}

func abs(v float32) float32 {
	if v < 0 {
		return -v
	}
	return v
}

// objects draws a pill.
func (p pill) objects(k float32) []fyne.CanvasObject {
	pal := look.P()
	edge, ink := pal.Service(p.service), pal.Text
	var c color.NRGBA
	switch p.icon {
	case "unlock", "refused":
		c = pal.Refused
	case "search", "none":
		c = pal.Muted
	case "unproven":
		c = pal.Later
	default:
		c = pal.OK
	}
	if p.past {
		edge, ink, c = look.Mix(pal.Panel, edge, 0.55), pal.Muted, look.Mix(pal.Panel, c, 0.75)
	}
	fill, width := pal.Panel, float32(1.5)
	if p.fault != "" {
		c = pal.Class(faultClass(p.fault))
		edge, fill, width = c, look.Mix(pal.Panel, c, 0.16), 2
		if p.now {
			edge = pal.Now
		}
	}
	frame := &canvas.Rectangle{FillColor: fill, StrokeColor: edge, StrokeWidth: width, CornerRadius: pillH / 2 * k}
	look.Put(frame, p.X, p.Y, p.W, p.H)
	icon := look.Image()
	icon.Resource = look.IconOn(p.icon, c, fill)
	if p.text == "" {
		look.Put(icon, p.cx()-8*k, p.cy()-8*k, 16*k, 16*k)
		return []fyne.CanvasObject{frame, icon}
	}
	look.Put(icon, p.X+10*k, p.cy()-8*k, 16*k, 16*k)
	t := look.Text(p.text, subSize*k, ink, look.Mono)
	look.PutText(t, p.X+34*k, p.cy())
	return []fyne.CanvasObject{frame, icon, t}
}
