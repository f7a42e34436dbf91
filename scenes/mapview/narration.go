package mapview

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

const narrationH = 84

// Narration is the bar under the map: what went over the wire in this step,
// and one sentence about it.
type Narration struct {
	widget.BaseWidget
	scene *stage.Scene
	told  explain.Explained

	ground, edge *canvas.Rectangle
	objects      []fyne.CanvasObject
}

// NewNarration makes an empty bar.
func NewNarration() *Narration {
	n := &Narration{ground: &canvas.Rectangle{CornerRadius: look.CardRadius, StrokeWidth: 1}, edge: &canvas.Rectangle{CornerRadius: 2}}
	n.ExtendBaseWidget(n)
	return n
}

// Set tells of a scene's event.
func (n *Narration) Set(sc *stage.Scene, told explain.Explained) {
	n.scene, n.told = sc, told
	n.Refresh()
}

// Framed puts a map and its narration onto one panel, the bar at the bottom.
func Framed(v *View, n *Narration) fyne.CanvasObject {
	bar := container.New(&above{look.Gap}, n)
	return look.NewPanel("", nil, container.NewBorder(nil, bar, nil, nil, v))
}

// above leaves a gap over its one object.
type above struct{ gap float32 }

// MinSize is the object's with the gap.
func (a *above) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(0, a.gap)
}

// Layout puts the object below the gap.
func (a *above) Layout(o []fyne.CanvasObject, s fyne.Size) {
	look.Put(o[0], 0, a.gap, s.Width, s.Height-a.gap)
}

// run is a piece of text in one colour.
type run struct {
	text string
	c    color.NRGBA
}

// wire is the first line of what the bar shows, nil if nothing was said.
func (n *Narration) wire() []run {
	p := look.P()
	if n.scene == nil || n.scene.Event == nil {
		return nil
	}
	e := n.scene.Event
	switch b := e.Body.(type) {
	case *trace.Lookup:
		text, icon := question(b)
		c := p.DNS
		if icon == "refused" {
			c = p.Refused
		}
		q, a, found := strings.Cut(text, " → ")
		out := []run{{q + " " + strings.TrimSuffix(b.Name, "."), p.DNS}}
		if found {
			out = append(out, run{" → " + a, c})
		}
		return out
	case *trace.Line:
		return n.coloured(e, b)
	}
	return nil
}

// coloured cuts a line's first line into runs by the meaning of its parts.
func (n *Narration) coloured(e *trace.Event, b *trace.Line) []run {
	p := look.P()
	text := b.Text
	parts := n.told.Parts
	if first, _, more := strings.Cut(text, "\r\n"); more {
		text = first
	}
	plain := p.Text
	if b.Role == trace.Data {
		plain = p.Letter
	}
	var out []run
	add := func(s string, c color.NRGBA) {
		s = strings.Map(func(r rune) rune {
			if r < ' ' || r == utf8.RuneError {
				return '·'
			}
			return r
		}, s)
		if s != "" {
			out = append(out, run{s, c})
		}
	}
	at := 0
	for _, part := range parts {
		if part.Start < at || part.End > len(text) {
			break
		}
		add(text[at:part.Start], plain)
		add(text[part.Start:part.End], partColour(part.Kind, e, b))
		at = part.End
	}
	add(text[at:], plain)
	if len(text) < len(b.Text) {
		add(" …", p.Muted)
	}
	return out
}

// partColour is the colour of one kind of part of a line.
func partColour(k explain.Kind, e *trace.Event, b *trace.Line) color.NRGBA {
	p := look.P()
	switch k {
	case explain.Verb:
		if e.Proto == "pop3" {
			return p.POP3
		}
		return p.SMTP
	case explain.EnvelopeText:
		return p.NowText
	case explain.LetterText, explain.Field:
		return p.Letter
	case explain.Code, explain.Enhanced:
		return p.Class(look.ClassOf(b.Code))
	}
	return p.Text
}

// compose sets the texts for the bar's size: never wider than the bar.
func (n *Narration) compose(size fyne.Size) {
	p := look.P()
	n.ground.FillColor, n.ground.StrokeColor, n.edge.FillColor = p.Island, p.Line, p.Now
	n.ground.Resize(size)
	look.Put(n.edge, 0, 0, 4, size.Height)
	n.objects = append(n.objects[:0], n.ground, n.edge)
	const left = 20
	room := size.Width - left - look.Padding
	if room < 40 {
		return
	}
	wire := n.wire()
	lineH, top := float32(0), float32(0)
	if len(wire) > 0 {
		lineH = 31
	}
	sentence := n.told.Sentence
	textSize := float32(20)
	lines := look.Wrap(sentence, textSize, room, 0)
	if float32(len(lines))*26+lineH > size.Height-16 {
		textSize = 16
		fit := max(1, int((size.Height-12-lineH)/21))
		lines = look.Wrap(sentence, textSize, room, fit)
	}
	step := textSize * 1.3
	top = (size.Height - lineH - step*float32(len(lines))) / 2
	x := float32(left)
	for i, r := range wire {
		rest := left + room - x
		text := r.text
		if i < len(wire)-1 {
			if w := look.Width(text, 22, look.Mono); w > rest-16 {
				text = look.Fit(text+"……", 22, rest, look.Mono)
				t := look.Text(text, 22, r.c, look.Mono)
				look.PutText(t, x, top+lineH/2-2)
				n.objects = append(n.objects, t)
				break
			}
		} else {
			text = look.Fit(text, 22, rest, look.Mono)
		}
		t := look.Text(text, 22, r.c, look.Mono)
		x = look.PutText(t, x, top+lineH/2-2)
		n.objects = append(n.objects, t)
	}
	for i, l := range lines {
		t := look.Text(l, textSize, p.Text)
		look.PutText(t, left, top+lineH+step*(float32(i)+0.5))
		n.objects = append(n.objects, t)
	}
}

// CreateRenderer draws the bar.
func (n *Narration) CreateRenderer() fyne.WidgetRenderer { return &narrationRenderer{n} }

type narrationRenderer struct{ n *Narration }

// Layout sets the texts anew.
func (r *narrationRenderer) Layout(s fyne.Size) { r.n.compose(s) }

// MinSize is one line and one sentence high.
func (r *narrationRenderer) MinSize() fyne.Size { return fyne.NewSize(240, narrationH) }

// Refresh sets the texts anew.
func (r *narrationRenderer) Refresh() {
	r.n.compose(r.n.Size())
	canvas.Refresh(r.n.ground)
}

// Objects are all parts, the lowest first.
func (r *narrationRenderer) Objects() []fyne.CanvasObject { return r.n.objects }

// Destroy does nothing.
func (r *narrationRenderer) Destroy() {}
