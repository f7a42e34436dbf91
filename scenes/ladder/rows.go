package ladder

import (
	"image/color"

	"mailscope/scenes/explain"
	"mailscope/scenes/imapline"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Rows draws steps of a show as rows of a ladder.
type Rows struct {
	Show  *stage.Show
	Lang  words.Lang
	Step  int                       // the current one; later ones are paler
	Hosts []string                  // that have a lifeline
	X     func(host string) float32 // of a lifeline
	Left  float32                   // of the rows
	Width float32
	// Height of a row, 36 at least.
	Height float32
}

// Draw draws one step whose upper edge is at y.
func (r *Rows) Draw(p *pool.Pool, step int, y float32) {
	pal := look.P()
	e := r.Show.Event(step)
	ground := pal.Panel
	if step == r.Step {
		ground = pal.Selection
		p.Rect(r.Left, y, r.Width, r.Height, ground)
	}
	for _, name := range r.Hosts {
		p.Rect(r.X(name), y, 1, r.Height, pal.Line)
	}
	tone := func(c color.NRGBA) color.NRGBA {
		if step > r.Step {
			return look.Mix(pal.Panel, c, 0.62)
		}
		return c
	}
	text, wire := explain.Label(r.Lang, r.Show.Recording().Header.World, e)
	c, class := r.colour(e)
	if e.To == "" || e.To == e.From {
		r.own(p, e, text, y, tone(c), tone(pal.Text), ground)
	} else {
		r.arrow(p, e, text, wire, y, tone(c), tone(pal.Text), ground, class)
	}
	if step == r.Step {
		p.Rect(r.Left, y, 4, r.Height, pal.Now)
	}
}

// colour is a step's colour, and the class of its reply if it has one.
func (r *Rows) colour(e *trace.Event) (color.NRGBA, look.Class) {
	pal := look.P()
	service := ""
	if c := r.Show.Lane(r.Show.Step(e.Seq)); c != nil {
		service = c.Service
	}
	switch b := e.Body.(type) {
	case *trace.Line:
		if class := look.ClassOf(b.Code); class != look.ClassNone {
			return pal.Class(class), class
		}
		if b.Role == trace.Data && service != "" && r.letter(e, b) {
			return pal.Letter, look.ClassNone
		}
	case *trace.Refused:
		return pal.Refused, look.Refusal
	case *trace.Fault:
		if b.Action == "off" {
			return pal.OK, look.Done
		}
		return pal.Refused, look.Refusal
	case *trace.Verdict:
		class := look.ClassOfResult(b.Result)
		return pal.Class(class), class
	case *trace.TLS:
		if b.Version == "" {
			return pal.Refused, look.Refusal
		}
	case *trace.Lookup:
		if class := look.ClassOf(b.RCode); class != look.Done {
			return pal.Service("domain"), class
		}
	}
	return pal.Service(service), look.ClassNone
}

// letter tells whether data is of a letter.
func (r *Rows) letter(e *trace.Event, l *trace.Line) bool {
	if e.Proto == "imap" {
		return imapline.Letter(r.Show.Place(r.Show.Step(e.Seq)).Before)
	}
	return len(l.Text) > 1
}

// inside is where something of the width w has to begin to stand around mid
// and in the rows.
func (r *Rows) inside(mid, w, margin float32) float32 {
	return min(max(mid-w/2, r.Left+margin), max(r.Left+margin, r.Left+r.Width-w-margin))
}

// What is too long for a row's text is set so, in two lines.
const smallSize, smallStep = 13, 14

// own draws what a host did by itself: a chip on its lifeline. What is too long
// for one line takes two smaller ones.
func (r *Rows) own(p *pool.Pool, e *trace.Event, text string, y float32, c, ink, ground color.NRGBA) {
	icon, room := ownIcon(e), float32(0)
	if icon != "" {
		room = 20
	}
	lines, size, high := []string{text}, float32(textSize), r.Height-14
	if look.Width(text, size) > r.Width-40-room {
		size, high = smallSize, min(r.Height-2, 2*smallStep+8)
		lines = look.Wrap(text, size, r.Width-40-room, 2)
	}
	w := float32(0)
	for _, l := range lines {
		w = max(w, look.Width(l, size)+20+room)
	}
	x := r.inside(r.X(e.From), w, 8)
	chip := p.Rect(x, y+(r.Height-high)/2, w, high, ground)
	chip.CornerRadius, chip.StrokeColor, chip.StrokeWidth = 6, c, 1
	if icon != "" {
		p.Icon(look.IconOn(icon, c, ground), x+16, y+r.Height/2, 16)
	}
	mid := y + r.Height/2 - smallStep*float32(len(lines)-1)/2
	for i, l := range lines {
		p.Text(l, size, x+10+room, mid+float32(i)*smallStep, ink)
	}
}

// ownIcon is the picture before what a host did, or what happened to it; ""
// for most.
func ownIcon(e *trace.Event) string {
	switch e.Kind() {
	case trace.KindFault:
		return "bolt"
	case trace.KindChange:
		return "gear"
	}
	return ""
}

// arrow draws what went from host to host, with its text above the shaft: on
// one line, or on two smaller ones if it is told in words and long.
func (r *Rows) arrow(p *pool.Pool, e *trace.Event, text string, wire bool, y float32, c, ink, ground color.NRGBA, class look.Class) {
	var style []look.Style
	if wire {
		style = []look.Style{look.Mono}
	}
	a, b := r.X(e.From), r.X(e.To)
	icon := float32(0)
	if class != look.ClassNone {
		icon = 22
	}
	room := max(r.Width-icon-40, 40)
	lines, size, mid, shaft := []string{look.Fit(text, textSize, room, style...)}, float32(textSize), y+13, y+r.Height-10
	if !wire && lines[0] != text {
		size, mid, shaft = smallSize, y+8, y+r.Height-6
		lines = look.Wrap(text, size, room, 2)
	}
	w := float32(0)
	for _, l := range lines {
		w = max(w, look.Width(l, size, style...)+icon)
	}
	x := r.inside((a+b)/2, w, 10)
	p.Rect(x-4, y+1, w+8, mid-y+8+float32(len(lines)-1)*smallStep, ground)
	if class != look.ClassNone {
		name := class.Icon()
		if class == look.Refusal && ownIcon(e) != "" {
			name = ownIcon(e)
		}
		p.Icon(look.IconOn(name, c, ground), x+8, y+13, 16)
	}
	for i, l := range lines {
		p.Text(l, size, x+icon, mid+float32(i)*smallStep, ink, style...)
	}
	p.Rect(min(a, b), shaft-1, max(a, b)-min(a, b), 2, c)
	if _, lookup := e.Body.(*trace.Lookup); lookup {
		head(p, a, b, shaft, c) // the answer came back
	} else {
		p.Disc(a+0.5, shaft, 4, c)
	}
	head(p, b, a, shaft, c)
}

// head draws an arrow's head at x of an arrow that comes from the other end.
func head(p *pool.Pool, x, from, y float32, c color.Color) {
	d := float32(9)
	if from > x {
		d = -9
	}
	p.Line(x, y, x-d, y-4, 2, c)
	p.Line(x, y, x-d, y+4, 2, c)
}
