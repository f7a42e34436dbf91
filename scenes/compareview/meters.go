package compareview

import (
	"image/color"

	"mailscope/scenes/compare"
	"mailscope/scenes/look"
)

// meters draws the chief meters: values on either side of the centre, and bars
// that grow outward from it.
func (v *View) meters(all []compare.Meter) {
	p, r := look.P(), v.places.meters
	v.box(r, p.Panel, p.Line, 1, look.PanelRadius)
	centre := r.x + r.w/2
	half := r.w/2 - pad
	titles := [2]string{}
	for side := range titles {
		titles[side] = look.Fit(v.pair.Title(v.lang, side), 18, half-10, look.Bold)
	}
	mid := r.y + 26
	v.right(titles[0], 18, centre-10, mid, v.colour(0), look.Bold)
	v.pool.Text(titles[1], 18, centre+10, mid, v.colour(1), look.Bold)
	v.pool.Rect(centre-0.5, mid-11, 1, 22, p.Line)

	top := r.y + 48
	each := (r.bottom() - 4 - top) / float32(max(len(all), 1))
	for i, m := range all {
		y := top + float32(i)*each
		v.pool.Rect(r.x+pad, y, r.w-2*pad, 1, p.Line)
		v.meter(m, centre, half, y+each/2, each < 66)
	}
}

// meter draws one meter around the height mid; a tight one takes 52.
func (v *View) meter(m compare.Meter, centre, half, mid float32, tight bool) {
	p := look.P()
	above, value0, below, label, sizes := float32(24), float32(2), float32(20), float32(15), []float32{19, 17, 15}
	if tight {
		above, value0, below, label, sizes = 16, 1, 14, 14, []float32{16, 15, 14}
	}
	v.centre(look.Fit(v.pair.Label(v.lang, m), label, 2*half), label, centre, mid-above, p.Muted)
	ink := func(side int) color.NRGBA { return v.colour(side) }
	value := func(side int) (string, float32) {
		s := m.Unit.Short(v.lang, m.Values[side])
		for _, size := range sizes {
			if look.Width(s, size, look.Bold) <= half-8 {
				return s, size
			}
		}
		least := sizes[len(sizes)-1]
		return look.Fit(s, least, half-8, look.Bold), least
	}
	left, size := value(0)
	v.right(left, size, centre-8, mid+value0, ink(0), look.Bold)
	right, size := value(1)
	v.pool.Text(right, size, centre+8, mid+value0, ink(1), look.Bold)
	rule := max(mid-9, mid-above+0.75*label) // not through the label
	v.pool.Rect(centre-0.5, rule, 1, mid+below+5-rule, p.Line)
	for side := range m.Values {
		track := rect{centre - half, mid + below, half - 4, 6}
		if side == 1 {
			track.x = centre + 4
		}
		v.round(track, look.Mix(p.Panel, ink(side), 0.18), 3)
		if m.Values[side] <= 0 || m.Most <= 0 {
			continue
		}
		w := max(track.w*float32(float64(m.Values[side])/float64(m.Most)), 3)
		if side == 0 {
			track.x += track.w - w
		}
		track.w = w
		v.round(track, ink(side), 3)
	}
}

// table draws a part of all differences where the conversation was: what it
// all came to. rows is how many each side has room for.
func (v *View) table(side int, part []compare.Meter, r rect, rows int) {
	p := look.P()
	high := min(r.h/float32(rows+1), 34)
	label, size := float32(15), float32(15)
	if high < 22 {
		label, size = 14, 14
	}
	right := [2]float32{r.right() - 12 - r.w*0.22, r.right() - 12}
	mid := r.y + high/2
	if side == 0 {
		v.pool.Text(v.t("table.title"), 18, r.x+4, mid, p.Text, look.Bold)
	}
	for i, x := range right {
		v.right(look.Fit(v.pair.Title(v.lang, i), size, r.w*0.2, look.Bold), size, x, mid, v.colour(i), look.Bold)
	}
	for i, m := range part {
		y := r.y + float32(i+1)*high
		if i%2 == 0 {
			v.round(rect{r.x, y, r.w, high}, p.Island, 6)
		}
		mid := y + high/2
		v.pool.Text(look.Fit(v.pair.Label(v.lang, m), label, r.w*0.5), label, r.x+12, mid, p.Text)
		for i, x := range right {
			ink := v.colour(i)
			if m.Values[0] == m.Values[1] {
				ink = p.Muted
			}
			v.right(look.Fit(m.Unit.Short(v.lang, m.Values[i]), size, r.w*0.27, look.Bold), size, x, mid, ink, look.Bold)
		}
	}
}
