package mapview

import (
	"math"

	"mailscope/scenes/look"
)

// curve is a link's course as a polyline with the length up to each point, so
// that motion along it is even.
type curve struct {
	pts []look.Pt
	at  []float64
}

// bezier samples a cubic Bézier curve.
func bezier(a, b, c, d look.Pt) curve {
	const n = 48
	var v curve
	for i := range n + 1 {
		t := float64(i) / n
		u := 1 - t
		p := look.Pt{
			X: u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
			Y: u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
		}
		l := 0.0
		if i > 0 {
			q := v.pts[i-1]
			l = v.at[i-1] + math.Hypot(p.X-q.X, p.Y-q.Y)
		}
		v.pts, v.at = append(v.pts, p), append(v.at, l)
	}
	return v
}

// length is the whole length.
func (c curve) length() float64 { return c.at[len(c.at)-1] }

// point is where the curve is s after its start; s is held within its length.
func (c curve) point(s float64) look.Pt {
	for i := 1; i < len(c.at); i++ {
		if s > c.at[i] && i < len(c.at)-1 {
			continue
		}
		a, b := c.pts[i-1], c.pts[i]
		t := 0.0
		if d := c.at[i] - c.at[i-1]; d > 0 {
			t = min(max((s-c.at[i-1])/d, 0), 1)
		}
		return look.Pt{X: a.X + (b.X-a.X)*t, Y: a.Y + (b.Y-a.Y)*t}
	}
	return c.pts[0]
}

// reversed is the same course in the other direction.
func (c curve) reversed() curve {
	n, l := len(c.pts), c.length()
	v := curve{make([]look.Pt, n), make([]float64, n)}
	for i := range n {
		v.pts[i], v.at[i] = c.pts[n-1-i], l-c.at[n-1-i]
	}
	return v
}

// ease is cubic in-out on 0..1.
func ease(t float64) float64 {
	t = min(max(t, 0), 1)
	if t < 0.5 {
		return 4 * t * t * t
	}
	return 1 - math.Pow(2-2*t, 3)/2
}

// course leads from the edge of card a to that of b. slot counts the links
// between the same two hosts: 0 for the first, then 1, 2…
func course(a, b *card, slot int, k float32) curve {
	shift := float64(k) * 26 * float64((slot+1)/2)
	if slot%2 == 1 {
		shift = -shift
	}
	pt := func(x, y float32) look.Pt { return look.Pt{X: float64(x), Y: float64(y)} }
	switch {
	case b.Row == 0 && a.Row != 0:
		return toDNS(a, b, shift)
	case a.Row == 0 && b.Row != 0:
		return toDNS(b, a, shift).reversed()
	case a.right() < b.X || b.right() < a.X:
		if b.right() < a.X {
			return course(b, a, slot, k).reversed()
		}
		p, q := pt(a.right(), a.cy()+a.H*0.12), pt(b.X, b.cy()+b.H*0.12)
		p.Y, q.Y = within(p.Y+shift, a.Y, a.bottom()), within(q.Y+shift, b.Y, b.bottom())
		d := (q.X - p.X)
		if math.Abs(q.Y-p.Y) < 4 { // beside each other: sags like a rope
			sag := min(d*0.42, 76*float64(k))
			return bezier(p, look.Pt{X: p.X + d*0.27, Y: p.Y + sag}, look.Pt{X: q.X - d*0.27, Y: q.Y + sag}, q)
		}
		return bezier(p, look.Pt{X: p.X + d*0.5, Y: p.Y}, look.Pt{X: q.X - d*0.5, Y: q.Y}, q)
	}
	if a.Y > b.Y {
		return course(b, a, slot, k).reversed()
	}
	// One above the other: straight down from where they overlap.
	lo, hi := max(a.X, b.X), min(a.right(), b.right())
	x := float64(lo + (hi-lo)/2)
	x = within(x+shift, lo, hi)
	p, q := look.Pt{X: x, Y: float64(a.bottom())}, look.Pt{X: x, Y: float64(b.Y)}
	d := (q.Y - p.Y) / 2
	return bezier(p, look.Pt{X: p.X, Y: p.Y + d}, look.Pt{X: q.X, Y: q.Y - d}, q)
}

// toDNS leaves a host upwards, between what its island is called on the left
// and on the right, and comes into the name server from the side.
func toDNS(a, dns *card, shift float64) curve {
	edge, side, from := dns.X, float32(-1), a.X+a.W*0.64
	if a.cx() > dns.cx() {
		edge, side = dns.right(), 1
	}
	p := look.Pt{X: within(float64(from)+shift, a.X, a.right()), Y: float64(a.Y)}
	q := look.Pt{X: float64(edge), Y: float64(dns.cy())}
	if (q.X-p.X)*float64(side) > -12 { // right below it
		q = look.Pt{X: p.X, Y: float64(dns.bottom())}
		q.X = within(q.X, dns.X, dns.right())
		d := (p.Y - q.Y) / 2
		return bezier(p, look.Pt{X: p.X, Y: p.Y - d}, look.Pt{X: q.X, Y: q.Y + d}, q)
	}
	return bezier(p, look.Pt{X: p.X, Y: p.Y + (q.Y-p.Y)*0.7}, look.Pt{X: p.X + (q.X-p.X)*0.35, Y: q.Y}, q)
}

// within holds v between lo and hi, clear of both where there is room.
func within(v float64, lo, hi float32) float64 {
	edge := min(8, (hi-lo)/2)
	return min(max(v, float64(lo+edge)), float64(hi-edge))
}
