package timeline

import (
	"image"
	"image/color"
	"math"
	"time"

	"mailscope/scenes/look"
)

// picture is all that the lanes' raster depends on.
type picture struct {
	frame
	lanes []*lane
	now   int // the current step
	look  *look.Palette
	stamps
}

// paint draws the lanes into dst, which covers the view from labelWidth and
// chapterRow to the right margin and the ruler. k is device pixels for one
// device-independent pixel.
func (p *picture) paint(dst *image.RGBA, k float64) {
	b := brush{dst: dst, stamps: p.stamps}
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	b.rect(0, 0, w, h, p.look.Panel)
	columns := p.columns(w)
	first := max(0, int(p.scroll/p.frame.pitch()))
	for i := first; i < len(p.lanes); i++ {
		y := float64(float32(i)*p.frame.pitch()-p.scroll) * k
		if y+float64(p.frame.pitch()-laneGap)*k > float64(h)+1 {
			break
		}
		p.lane(&b, p.lanes[i], columns, y, k)
	}
	p.gaps(&b, k)
}

// columns are the simulated times at the left edges of the pixel columns, and
// one more at the right end.
func (p *picture) columns(w int) []time.Duration {
	columns := make([]time.Duration, w+1)
	for x := range columns {
		columns[x] = p.axis.At(p.from + float64(x)/float64(w)*(p.to-p.from))
	}
	return columns
}

// lane draws one lane whose upper edge is at y, in device pixels.
func (p *picture) lane(b *brush, l *lane, columns []time.Duration, y, k float64) {
	w := len(columns) - 1
	top, bottom := int(y), int(y+float64(p.frame.pitch()-laneGap)*k)
	b.rect(0, top, w, bottom, look.Mix(p.look.Panel, p.look.Bg, 0.6))
	lo := l.from(columns[0], 0)
	hi := l.from(columns[w]+1, lo)
	mid := int(y + float64(p.frame.pitch()-laneGap)/2*k)
	service := p.look.Service(l.conn.Service)
	if n := len(l.marks); n > 0 {
		x0, x1 := p.column(l.times[0], w), p.column(l.times[n-1], w)
		b.rect(x0, mid, max(x1, x0+1), mid+max(1, int(k)), look.Mix(p.look.Panel, service, 0.5))
		if l.clear < n { // encryption lasts to the end
			b.rect(p.column(l.times[l.clear], w), bottom-max(1, int(2*k)), max(x1, x0+1), bottom, p.look.OK)
		}
	}
	if hi-lo < w/3 {
		size := int(math.Round(4 * k))
		for i := lo; i < hi; i++ {
			p.mark(b, &l.marks[i], p.column(l.times[i], w), mid, size, service)
		}
		if l.conn.Service == checksService || l.conn.Service == asidesService { // several happen at one time: the present one lies on top
			for i := lo; i < hi; i++ {
				if int(l.marks[i].step) == p.now {
					p.mark(b, &l.marks[i], p.column(l.times[i], w), mid, size, service)
				}
			}
		}
		return
	}
	p.density(b, l, columns, lo, hi, mid, k, service)
}

// column is the pixel column of a simulated time; it may lie outside.
func (p *picture) column(at time.Duration, w int) int {
	x := (p.axis.Pos(at) - p.from) / (p.to - p.from) * float64(w)
	return int(min(max(x, -1e6), 1e6))
}

// mark draws a single event. size is half a shape's height in device pixels.
func (p *picture) mark(b *brush, m *mark, x, mid, size int, service color.NRGBA) {
	c := p.tone(service, m.step)
	half := max(1, size/2)
	switch m.kind {
	case verdict:
		class := look.Class(m.class)
		b.sign(class, x, mid, size*3/2+1, p.tone(p.look.Class(class), m.step))
		return
	case stored:
		b.folder(x, mid, size*3/2+1, p.tone(p.look.Class(look.Class(m.class)), m.step))
		return
	case bolt:
		b.bolt(x, mid, size*2, p.tone(p.look.Refused, m.step))
		return
	case gear:
		b.gear(x, mid, size*3/2+1, p.tone(p.look.Text, m.step))
		return
	case edge:
		b.rect(x, mid-size, x+max(1, half/2), mid+size, c)
		return
	case letter:
		b.rect(x-size*3/4, mid-size*3, x+size*3/4, mid-1, p.tone(p.look.Letter, m.step))
		return
	case command, both:
		b.rect(x-half, mid-size*5/2, x+half, mid-1, c)
	}
	if m.kind != command {
		shape := look.Class(m.class)
		c = p.look.Class(shape)
		if shape == look.ClassNone {
			c, shape = service, look.Done
		}
		b.shape(shape, x, mid+size+size/2+1, size, p.tone(c, m.step))
	}
}

// tone is the colour of what belongs to a step: amber now, fainter later.
func (p *picture) tone(c color.NRGBA, step int32) color.NRGBA {
	switch {
	case int(step) == p.now:
		return p.look.Now
	case int(step) > p.now:
		return look.Mix(p.look.Panel, c, 0.62)
	}
	return c
}

// density draws marks too many to be told apart: per pixel column a bar above
// for what was said and one below for what was answered, as high as the root
// of their number, in the colour of the worst answer.
func (p *picture) density(b *brush, l *lane, columns []time.Duration, lo, hi, mid int, k float64, service color.NRGBA) {
	most := float64(p.frame.pitch()-laneGap) / 2 * k
	height := func(n int32) int { return min(int(most), int((2+2*math.Sqrt(float64(n)))*k)) }
	var before sums
	if lo > 0 {
		before = l.marks[lo-1].sums
	}
	for x, i := 0, lo; x+1 < len(columns) && i < hi; x++ {
		j := min(hi, l.cut(i, (hi-i)/(len(columns)-x), columns[x+1], (columns[x+1]-columns[x])/4))
		if j == i {
			continue
		}
		last := l.before(j)
		n := last.sums.minus(before)
		if n.up > 0 {
			b.rect(x, mid-height(n.up), x+1, mid, p.tone(service, last.step))
		}
		if n.down > 0 {
			c := p.look.OK
			switch {
			case n.bad > 0:
				c = p.look.Refused
			case n.later > 0:
				c = p.look.Later
			}
			b.rect(x, mid+1, x+1, mid+1+height(n.down), p.tone(c, last.step))
		}
		before = last.sums
		i = j
	}
}

// gaps draws the squeezed waits over all lanes: as torn bands, or where these
// have no room as a torn line. All gaps are equally wide.
func (p *picture) gaps(b *brush, k float64) {
	w, h := b.dst.Rect.Dx(), b.dst.Rect.Dy()
	tooth := max(1, int(4*k))
	thick := max(1, int(1.5*k))
	x := func(pos float64) int { return int(math.Round((pos - p.from) / (p.to - p.from) * float64(w))) }
	for _, g := range gapsFrom(p.axis, p.from) {
		wide := (g.Pos1 - g.Pos0) / (p.to - p.from) * float64(w)
		if g.Pos0 > p.to || wide < 3*float64(thick) {
			break
		}
		x0, x1 := x(g.Pos0), x(g.Pos1)
		line := wide < float64(3*tooth)
		edge := min(tooth, (x1-x0)/4)
		for y := range h {
			d := y % (2 * tooth)
			if d > tooth {
				d = 2*tooth - d
			}
			if line {
				l := (x0+x1-thick)/2 + d - tooth/2
				b.rect(l, y, l+thick, y+1, p.look.Muted)
				continue
			}
			l, r := x0+edge+d-tooth/2, x1-edge+d-tooth/2
			b.rect(l, y, r, y+1, p.look.Card)
			b.rect(l, y, l+thick, y+1, p.look.Muted)
			b.rect(r-thick, y, r, y+1, p.look.Muted)
		}
	}
}
