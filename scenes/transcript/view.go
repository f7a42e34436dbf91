// Package transcript shows a recording as text: what was said when, by whom to
// whom, and what it means.
package transcript

import (
	"image/color"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/steplist"
	"mailscope/scenes/timeline"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

const (
	rowHeight = 48 // device-independent pixels
	timeX     = 14
	textSize  = 14
)

// View is the transcript. All of its methods belong to the goroutine of the
// user interface.
type View struct{ steplist.List }

// New makes an empty transcript; onSelect is told which step a person chose.
func New(onSelect func(step int)) *View {
	v := &View{}
	v.Init(onSelect)
	v.Height = rowHeight
	v.Draw = v.row
	v.ExtendBaseWidget(v)
	return v
}

// SetShow shows another recording, or the same in another language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	v.Take(s, l)
	v.Sync()
}

// Sync takes in what the show has got since.
func (v *View) Sync() { v.Refresh() }

// entry is what a row says.
type entry struct {
	time, hosts string
	line        string // as it went over the wire; "" if nothing did
	sentence    string
}

func entryOf(s *stage.Show, l words.Lang, step int) entry {
	e, w := s.Event(step), s.Recording().Header.World
	service := ""
	if c := s.Lane(step); c != nil {
		service = c.Service
	}
	ctx := explain.At(s.Place(step), service)
	en := entry{time: timeline.Clock(l, e.At), sentence: explain.Event(l, w, e, ctx).Sentence}
	en.hosts = explain.Name(l, w, e.From)
	if e.To != "" {
		en.hosts = words.T(l, "timeline.lane", "From", en.hosts, "To", explain.Name(l, w, e.To))
	}
	switch b := e.Body.(type) {
	case *trace.Line:
		en.line, _, _ = strings.Cut(b.Text, "\r\n")
	case *trace.Lookup:
		en.line = b.Type + " " + b.Name
	}
	return en
}

// columns is where the hosts and the lines begin in a view of the given width:
// the latest time has room, and in a wide view longer names have, too.
func columns(latest string, width float32) (hostsX, lineX float32) {
	hostsX = max(108, timeX+look.Width(latest, textSize, look.Mono)+16)
	if width < 700 {
		return hostsX, hostsX + 222
	}
	return hostsX, hostsX + 244
}

// row draws one step whose upper edge is at y.
func (v *View) row(p *pool.Pool, row int, y, width float32) {
	pal, step := look.P(), row+1
	text, muted := pal.Text, pal.Muted
	switch {
	case step == v.Step:
		p.Rect(0, y, width, rowHeight, pal.Selection)
		p.Rect(0, y, 4, rowHeight, pal.Now)
		muted = pal.Text
	case step > v.Step:
		text, muted = look.Mix(pal.Panel, text, 0.62), look.Mix(pal.Panel, muted, 0.62)
	}
	en := entryOf(v.Shown, v.Lang, step)
	hostsX, lineX := columns(timeline.Clock(v.Lang, v.Shown.Event(v.Shown.Len()).At), width)
	put := func(s string, x, right, y float32, ink color.Color, o ...look.Style) {
		if s != "" && right > x {
			p.Text(look.Fit(s, textSize, right-x, o...), textSize, x, y, ink, o...)
		}
	}
	upper, lower := y+15, y+34
	put(en.time, timeX, hostsX-8, upper, muted, look.Mono)
	put(en.hosts, hostsX, lineX-8, upper, muted)
	if en.line == "" {
		put(en.sentence, lineX, width, upper, text)
	} else {
		put(en.line, lineX, width, upper, text, look.Mono)
		put(en.sentence, lineX, width, lower, muted)
	}
	p.Rect(hostsX, y+rowHeight-1, width-hostsX, 1, pal.Line)
}
