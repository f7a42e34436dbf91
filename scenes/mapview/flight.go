package mapview

import (
	"cmp"
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
)

const trailDots = 7

// flightView is the canvas objects of what flies: the trail, the halo, and a
// picture or a chip with a word.
type flightView struct {
	dots  [trailDots]*canvas.Circle
	halo  *canvas.Circle
	icon  *canvas.Image
	chip  *canvas.Rectangle
	mark  *canvas.Image
	label *canvas.Text

	seen string // what the objects are painted for
}

func newFlightView() *flightView {
	v := &flightView{
		halo: &canvas.Circle{}, icon: look.Image(), mark: look.Image(),
		chip:  &canvas.Rectangle{StrokeWidth: 2, CornerRadius: 7},
		label: look.Text("", subSize, color.White, look.Mono),
	}
	for i := range v.dots {
		v.dots[i] = &canvas.Circle{}
	}
	v.hide()
	return v
}

func (v *flightView) objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, d := range v.dots {
		out = append(out, d)
	}
	return append(out, v.halo, v.icon, v.chip, v.mark, v.label)
}

func (v *flightView) hide() {
	for _, o := range v.objects() {
		o.Hide()
	}
}

// token is what flies at one moment.
type token struct {
	icon   string // a picture alone, or
	word   string // a chip with a word
	mark   string // and a shape before it
	colour color.NRGBA
	edge   color.NRGBA // of the chip
	size   float32     // of the picture
}

// tokenOf chooses the token; back tells that an answer is on its way home.
func tokenOf(f *stage.Flight, service string, back bool) token {
	p := look.P()
	switch f.What {
	case stage.FlyEnvelope:
		return token{icon: "envelope", colour: p.Now, size: 52}
	case stage.FlyLetter:
		return token{icon: "letter", colour: p.Letter, size: 44}
	case stage.FlyReply:
		c := look.ClassOf(f.Code)
		t := token{word: cmp.Or(f.Word, "…"), colour: p.Class(c), edge: p.Class(c)}
		switch {
		case c != look.ClassNone:
			t.mark = c.Icon()
		case f.Word != "": // IMAP tells many things that are neither yes nor no
			t.colour, t.edge = p.Service(service), p.Service(service)
		}
		return t
	case stage.FlyQuestion, stage.FlyAnswer:
		typ, _, _ := strings.Cut(f.Text, " ")
		if !back {
			return token{word: typ + "?", colour: p.DNS, edge: p.Now}
		}
		c := look.ClassOf(f.Code)
		return token{word: typ, mark: c.Icon(), colour: p.Class(c), edge: p.Class(c)}
	case stage.FlyHandshake:
		switch {
		case !back:
			return token{icon: "unlock", colour: p.Service(service), size: 34}
		case f.Code == "refused":
			return token{icon: "refused", colour: p.Refused, size: 34}
		case f.Code != "":
			return token{icon: "unproven", colour: p.Later, size: 34}
		}
		return token{icon: "lock", colour: p.OK, size: 34}
	case stage.FlyConnect:
		if f.Code == "refused" {
			return token{icon: "refused", colour: p.Refused, size: 34}
		}
		return token{icon: "plug", colour: p.Service(service), size: 34}
	}
	word := cmp.Or(f.Word, "…")
	if r := []rune(word); len(r) > 12 {
		word = string(r[:11]) + "…"
	}
	return token{word: word, colour: p.Service(service), edge: p.Now}
}

// show puts the flight at frac of its way along c, which leads from the one
// who sends. k is the camera.
func (v *flightView) show(f *stage.Flight, service string, c curve, frac float64, k float32) {
	back := false
	moving := frac < 1
	if f.Returns() { // there and back in one step
		if back = frac >= 0.5; back {
			c, frac = c.reversed(), frac*2-1
		} else {
			frac *= 2
		}
	}
	t := tokenOf(f, service, back)
	v.paint(t, k)
	l := c.length()
	picture := min(t.size*k, float32(l)*0.55) // smaller on a short way
	w, h := picture, picture
	if t.icon == "" {
		w, h = v.label.MinSize().Width+20*k, 28*k
		if t.mark != "" {
			w += 20 * k
		}
	}
	reach := func(s float64) float64 { // from the token's middle to its edge along the way
		a, b := c.point(s-3), c.point(s+3)
		dx, dy := math.Abs(b.X-a.X), math.Abs(b.Y-a.Y)
		n := max(math.Hypot(dx, dy), 1e-6)
		return 2 + min(float64(w)/2*n/max(dx, 1e-6), float64(h)/2*n/max(dy, 1e-6))
	}
	lo, hi := min(reach(0), l/2), max(l-reach(l), l/2)
	s := lo + (hi-lo)*ease(frac)
	at, r := c.point(s), reach(s)
	x, y := float32(at.X), float32(at.Y)
	for i, d := range v.dots {
		gap := r + float64(k)*(2+float64(i)*8)
		if !moving || s-gap < 0 {
			d.Hide()
			continue
		}
		q := c.point(s - gap)
		size := k * (10 - 1.2*float32(i))
		look.Put(d, float32(q.X)-size/2, float32(q.Y)-size/2, size, size)
		d.Show()
		d.Refresh()
	}
	if t.icon != "" {
		halo := w * 1.28
		look.Put(v.halo, x-halo/2, y-halo/2, halo, halo)
		look.Put(v.icon, x-w/2, y-h/2, w, h)
		return
	}
	look.Put(v.chip, x-w/2, y-h/2, w, h)
	left := x - w/2 + 10*k
	if t.mark != "" {
		look.Put(v.mark, left-2*k, y-8*k, 16*k, 16*k)
		left += 20 * k
	}
	look.PutText(v.label, left, y)
}

// paint sets pictures, words and colours; it does nothing if they are so
// already, as every text in a new colour costs a texture.
func (v *flightView) paint(t token, k float32) {
	p := look.P()
	key := strings.Join([]string{p.Name, t.icon, t.word, t.mark}, "|")
	if v.seen == key && v.label.TextSize == subSize*k {
		return
	}
	v.seen = key
	v.hide()
	trail := p.Now
	if t.icon != "envelope" && t.edge != p.Now {
		trail = t.colour
	}
	for _, d := range v.dots {
		d.FillColor = trail
	}
	if t.icon != "" {
		v.halo.FillColor = look.Mix(p.Panel, t.colour, 0.25)
		if t.icon == "letter" {
			v.halo.FillColor = look.Mix(p.Panel, p.Now, 0.28)
		}
		ground := p.Panel
		if t.icon == "envelope" {
			ground = p.Ink
		}
		v.icon.Resource = look.IconOn(t.icon, t.colour, ground)
		v.halo.Show()
		v.icon.Show()
		v.halo.Refresh()
		v.icon.Refresh()
		return
	}
	fill := look.Mix(p.Panel, t.colour, 0.16)
	v.chip.FillColor, v.chip.StrokeColor, v.chip.CornerRadius = fill, t.edge, 7*k
	v.label.Text, v.label.Color, v.label.TextSize = t.word, p.Text, subSize*k
	v.chip.Show()
	v.label.Show()
	v.chip.Refresh()
	v.label.Refresh()
	if t.mark != "" {
		v.mark.Resource = look.IconOn(t.mark, t.colour, fill)
		v.mark.Show()
		v.mark.Refresh()
	}
}

// rest takes the flight off the map.
func (v *flightView) rest() {
	v.seen = ""
	v.hide()
}
