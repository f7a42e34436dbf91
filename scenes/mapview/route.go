package mapview

import (
	"math"

	"mailscope/scenes/look"
)

// route leads from the edge of card a to that of b as course does, or, where
// that would go across other cards, round them.
func (l *layout) route(a, b *card, slot int) curve {
	best := course(a, b, slot, l.K)
	over := l.crossed(best, a, b)
	least := len(over)
	if least == 0 {
		return best
	}
	usual := true
	for _, c := range l.detours(a, b, over, slot) {
		n := len(l.crossed(c, a, b))
		if n < least || n == least && !usual && c.length() < best.length() {
			best, least, usual = c, n, false
		}
	}
	return best
}

// crossed is the cards that a course between two others goes across.
func (l *layout) crossed(c curve, a, b *card) []*card {
	var out []*card
	for i := range l.Cards {
		o := &l.Cards[i]
		if o.Host.Name == a.Host.Name || o.Host.Name == b.Host.Name {
			continue
		}
		for _, p := range c.pts {
			if o.hits(rect{float32(p.X), float32(p.Y), 0.1, 0.1}) {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

// detours are ways round the cards that stand between a and b: beside their
// islands, and between the cards of the row above the lower one.
func (l *layout) detours(a, b *card, over []*card, slot int) []curve {
	if a.Y > b.Y {
		var out []curve
		for _, c := range l.detours(b, a, over, slot) {
			out = append(out, c.reversed())
		}
		return out
	}
	near := a.rect.union(b.rect)
	for _, o := range over {
		near = near.union(o.rect)
	}
	for i := range l.Islands {
		is := l.Islands[i].rect
		for _, c := range append([]*card{a, b}, over...) {
			if c.Row > 0 && is.hits(c.rect) {
				near = near.union(is)
			}
		}
	}
	apart := (14 + 10*float32(slot)) * l.K
	var out []curve
	for _, o := range over { // straight through a gap
		for _, x := range []float32{o.X - cardGap/2*l.K, o.right() + cardGap/2*l.K} {
			if x < a.X+4 || x > a.right()-4 {
				continue
			}
			x, in := float64(x), within(float64(x), b.X, b.right())
			y := float64(b.Y - cardGap/2*l.K)
			out = append(out, rounded([]look.Pt{{X: x, Y: float64(a.bottom())}, {X: x, Y: y}, {X: in, Y: y}, {X: in, Y: float64(b.Y)}}, 6*float64(l.K)))
		}
	}
	beside := []float32{near.right() + apart, near.X - apart}
	for i := range l.Islands {
		beside = append(beside, l.Islands[i].right()+apart, l.Islands[i].X-apart)
	}
	for _, x := range beside {
		if x < 4 || x > l.W-4 || x > b.X && x < b.right() {
			continue
		}
		from, to := sideOf(a, x), sideOf(b, x)
		out = append(out, rounded([]look.Pt{from, {X: float64(x), Y: from.Y}, {X: float64(x), Y: to.Y}, to}, 14*float64(l.K)))
	}
	return out
}

// sideOf is where a way that passes a card at x meets it: at its side, or,
// above or below it, at its edge there.
func sideOf(c *card, x float32) look.Pt {
	y := float64(c.cy() + c.H*0.12)
	switch {
	case x < c.X:
		return look.Pt{X: float64(c.X), Y: y}
	case x > c.right():
		return look.Pt{X: float64(c.right()), Y: y}
	}
	return look.Pt{X: within(float64(x), c.X, c.right()), Y: float64(c.bottom())}
}

// rounded is the way along corners, each cut off with a radius of r.
func rounded(corners []look.Pt, r float64) curve {
	pts := []look.Pt{corners[0]}
	to := func(p look.Pt) { // in short pieces
		q := pts[len(pts)-1]
		n := math.Ceil(math.Hypot(p.X-q.X, p.Y-q.Y) / 8)
		for i := 1.0; i <= n; i++ {
			pts = append(pts, look.Pt{X: q.X + (p.X-q.X)*i/n, Y: q.Y + (p.Y-q.Y)*i/n})
		}
	}
	for i := 1; i < len(corners)-1; i++ {
		a, b, c := corners[i-1], corners[i], corners[i+1]
		u, v := math.Hypot(b.X-a.X, b.Y-a.Y), math.Hypot(c.X-b.X, c.Y-b.Y)
		if u < 1 || v < 1 {
			continue
		}
		k := min(r, u/2, v/2)
		from := look.Pt{X: b.X + (a.X-b.X)*k/u, Y: b.Y + (a.Y-b.Y)*k/u}
		end := look.Pt{X: b.X + (c.X-b.X)*k/v, Y: b.Y + (c.Y-b.Y)*k/v}
		to(from)
		for t := 0.25; t <= 1; t += 0.25 {
			s := 1 - t
			pts = append(pts, look.Pt{X: s*s*from.X + 2*s*t*b.X + t*t*end.X, Y: s*s*from.Y + 2*s*t*b.Y + t*t*end.Y})
		}
	}
	to(corners[len(corners)-1])
	v := curve{pts: pts, at: make([]float64, len(pts))}
	for i := 1; i < len(pts); i++ {
		v.at[i] = v.at[i-1] + math.Hypot(pts[i].X-pts[i-1].X, pts[i].Y-pts[i-1].Y)
	}
	return v
}
