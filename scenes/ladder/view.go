// Package ladder shows a recording as a sequence diagram: hosts are columns and
// every step is a row with an arrow.
package ladder

import (
	"image/color"

	"mailscope/scenes/explain"
	"mailscope/scenes/imapline"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/steplist"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

const (
	header    = 36 // height, device-independent pixels
	rowHeight = 40
	textSize  = 14
)

// View is the ladder. All of its methods belong to the goroutine of the user
// interface.
type View struct {
	steplist.List
	columns columns
}

// New makes an empty ladder; onSelect is told which step a person chose.
func New(onSelect func(step int)) *View {
	v := &View{}
	v.Init(onSelect)
	v.Top, v.Height = header, rowHeight
	v.Draw, v.Above = v.row, v.heads
	v.ExtendBaseWidget(v)
	return v
}

// SetShow shows another recording, or the same in another language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	if v.Take(s, l) {
		v.columns = columns{}
	}
	v.Sync()
}

// Sync takes in what the show has got since.
func (v *View) Sync() {
	if v.Shown != nil {
		v.columns.sync(v.Shown)
	}
	v.Refresh()
}

// heads draws the names of the hosts over the lifelines.
func (v *View) heads(p *pool.Pool, width float32) {
	if v.Shown == nil {
		return
	}
	pal := look.P()
	p.Rect(0, 0, width, header, pal.Panel)
	w := v.columns.width(width)
	for _, name := range v.columns.names {
		text := look.Fit(explain.Name(v.Lang, v.Shown.Recording().Header.World, name), textSize, w-24, look.Bold)
		tw := look.Width(text, textSize, look.Bold)
		x := v.columns.x(name, width)
		box := p.Rect(x-tw/2-10, 2, tw+20, header-8, pal.Card)
		box.CornerRadius, box.StrokeColor, box.StrokeWidth = look.Radius, pal.Line, 1
		p.Text(text, textSize, x-tw/2, header/2-2, pal.Text, look.Bold)
	}
}

// row draws one step whose upper edge is at y.
func (v *View) row(p *pool.Pool, row int, y, width float32) {
	pal, step := look.P(), row+1
	e := v.Shown.Event(step)
	ground := pal.Panel
	if step == v.Step {
		ground = pal.Selection
		p.Rect(0, y, width, rowHeight, ground)
	}
	for _, name := range v.columns.names {
		x := v.columns.x(name, width)
		p.Rect(x, y, 1, rowHeight, pal.Line)
	}
	tone := func(c color.NRGBA) color.NRGBA {
		if step > v.Step {
			return look.Mix(pal.Panel, c, 0.62)
		}
		return c
	}
	text, wire := explain.Label(v.Lang, v.Shown.Recording().Header.World, e)
	c, class := v.colour(e)
	if e.To == "" || e.To == e.From {
		v.own(p, e, text, y, width, tone(c), tone(pal.Text), ground)
	} else {
		v.arrow(p, e, text, wire, y, width, tone(c), tone(pal.Text), ground, class)
	}
	if step == v.Step {
		p.Rect(0, y, 4, rowHeight, pal.Now)
	}
}

// colour is a step's colour, and the class of its reply if it has one.
func (v *View) colour(e *trace.Event) (color.NRGBA, look.Class) {
	pal := look.P()
	service := ""
	if c := v.Shown.Lane(v.Shown.Step(e.Seq)); c != nil {
		service = c.Service
	}
	switch b := e.Body.(type) {
	case *trace.Line:
		if class := look.ClassOf(b.Code); class != look.ClassNone {
			return pal.Class(class), class
		}
		if b.Role == trace.Data && service != "" && v.letter(e, b) {
			return pal.Letter, look.ClassNone
		}
	case *trace.Refused:
		return pal.Refused, look.Refusal
	case *trace.Lookup:
		if class := look.ClassOf(b.RCode); class != look.Done {
			return pal.Service("domain"), class
		}
	}
	return pal.Service(service), look.ClassNone
}

// letter tells whether data is of a letter.
func (v *View) letter(e *trace.Event, l *trace.Line) bool {
	if e.Proto == "imap" {
		return imapline.Letter(v.Shown.Place(v.Shown.Step(e.Seq)).Before)
	}
	return len(l.Text) > 1
}

// own draws what a host did by itself: a chip on its lifeline.
func (v *View) own(p *pool.Pool, e *trace.Event, text string, y, width float32, c, ink, ground color.NRGBA) {
	x := v.columns.x(e.From, width)
	text = look.Fit(text, textSize, width-40)
	w := look.Width(text, textSize) + 20
	x0 := min(max(x-w/2, 8), max(8, width-w-8))
	chip := p.Rect(x0, y+7, w, rowHeight-14, ground)
	chip.CornerRadius, chip.StrokeColor, chip.StrokeWidth = 6, c, 1
	p.Text(text, textSize, x0+10, y+rowHeight/2, ink)
}

// arrow draws what went from host to host, with its text above the shaft.
func (v *View) arrow(p *pool.Pool, e *trace.Event, text string, wire bool, y, width float32, c, ink, ground color.NRGBA, class look.Class) {
	var style []look.Style
	if wire {
		style = []look.Style{look.Mono}
	}
	a, b := v.columns.x(e.From, width), v.columns.x(e.To, width)
	icon := float32(0)
	if class != look.ClassNone {
		icon = 22
	}
	mid := (a + b) / 2
	text = look.Fit(text, textSize, max(width-icon-40, 40), style...)
	w := look.Width(text, textSize, style...) + icon
	x := min(max(mid-w/2, 10), max(10, width-w-10))
	p.Rect(x-4, y+3, w+8, 20, ground)
	if class != look.ClassNone {
		p.Icon(look.IconOn(class.Icon(), c, ground), x+8, y+13, 16)
	}
	p.Text(text, textSize, x+icon, y+13, ink, style...)
	shaft := y + rowHeight - 10
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
