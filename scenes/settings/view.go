//go:build cgo || ci

package settings

import (
	"image/color"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// View is the panel's body. Its callbacks run on the goroutine that draws.
type View struct {
	widget.BaseWidget
	OnDomain func(name string)
	OnChange func(do []Act)
	OnAgain  func()
	OnWrite  func()
	OnWait   func()

	lang   words.Lang
	state  State
	came   []Outcome       // of the last letter, up to the playhead
	way    Way             // of the same
	world  trace.World     // through which it led
	folded map[string]bool // groups
	wide   float32         // of the rows

	rows   *fyne.Container
	scroll *container.Scroll
	foot   *fyne.Container
	body   fyne.CanvasObject
}

// New makes an empty panel.
func New(l words.Lang) *View {
	v := &View{lang: l, folded: map[string]bool{}, rows: container.New(stacked{}), foot: container.New(stacked{})}
	v.scroll = container.NewVScroll(v.rows)
	v.body = container.NewBorder(nil, v.foot, nil, nil, v.scroll)
	v.ExtendBaseWidget(v)
	return v
}

func (v *View) t(key string, kv ...any) string { return words.T(v.lang, "settings."+key, kv...) }

// SetLang changes the language.
func (v *View) SetLang(l words.Lang) {
	v.lang = l
	v.rebuild()
}

// Set shows a state.
func (v *View) Set(s State) {
	v.state = s
	v.rebuild()
}

// SetBusy tells whether something is on its way, so that nothing can be done.
func (v *View) SetBusy(busy bool) {
	v.state.Busy = busy
	v.rebuild()
}

// SetOutcomes tells what has become of the last letter, and which way it went
// in a world.
func (v *View) SetOutcomes(list []Outcome, way Way, w trace.World) {
	if !slices.Equal(list, v.came) || way.Sealed != v.way.Sealed || !slices.Equal(way.Clear, v.way.Clear) {
		v.came, v.way, v.world = list, way, w
		v.rebuild()
	}
}

// Shown is the state that is shown.
func (v *View) Shown() State { return v.state }

// Resize sets the texts for another width.
func (v *View) Resize(size fyne.Size) {
	v.BaseWidget.Resize(size)
	if wide := size.Width - gap; wide != v.wide {
		v.wide = wide
		v.rebuild()
	}
}

// CreateRenderer is for Fyne.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// MinSize is what the window may give it at least.
func (v *View) MinSize() fyne.Size { return fyne.NewSize(200, 200) }

// rebuild makes the rows anew; what was scrolled to stays.
func (v *View) rebuild() {
	if v.wide <= 0 {
		return
	}
	v.rows.Objects, v.foot.Objects = nil, v.footer()
	if v.state.Spec != nil {
		v.rows.Add(v.domains())
		for _, g := range Of(v.state.Spec, v.state.Domain, v.state.Faults) {
			v.rows.Add(v.group(g))
			if v.folded[g.Key] {
				continue
			}
			for _, r := range g.Rows {
				v.rows.Add(v.row(r))
			}
		}
	}
	v.rows.Refresh()
	v.scroll.Refresh()
	v.foot.Refresh()
	v.body.Refresh()
}

// domains is the choice of whose settings are shown.
func (v *View) domains() fyne.CanvasObject {
	var labels []string
	names, chosen := Domains(v.state.Spec), -1
	for i, name := range names {
		label, _, _ := strings.Cut(name, ".")
		labels = append(labels, label)
		if name == v.state.Domain {
			chosen = i
		}
	}
	title := v.state.Domain
	for _, d := range v.state.Spec.Domains {
		if who := words.Pick(v.lang, d.Title); d.Name == v.state.Domain && who != "" {
			title += " · " + who
		}
	}
	return v.chips("", title, labels, chosen, func(i int) { v.OnDomain(names[i]) })
}

// group is a title that folds its rows.
func (v *View) group(g Group) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(100, headHigh), func() {
		v.folded[g.Key] = !v.folded[g.Key]
		v.rebuild()
	}, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p, mid := look.P(), size.Height/2
		icon := "down"
		if v.folded[g.Key] {
			icon = "right"
		}
		if h.Hover {
			pen.Rect(0, 2, v.wide, size.Height-4, p.Card, 6)
		}
		pen.Rule(0, 0, v.wide, p.Line)
		pen.Icon(icon, 0, mid-8, 16, p.Muted)
		pen.Text(look.Fit(v.t("group."+g.Key), 15, v.wide-24, look.Bold), 22, mid, 15, p.Text, look.Bold)
	})
}

// row is one setting, with what it does as it is set now.
func (v *View) row(r Row) fyne.CanvasObject {
	does := v.t("own")
	if r.Chosen >= 0 {
		host := ""
		for _, d := range v.state.Spec.Domains {
			if d.Name == v.state.Domain && len(d.Servers) > 0 {
				host = d.Servers[0].Name
			}
		}
		does = v.t(r.Key+"."+r.Choices[r.Chosen].Key+".does", "Host", host, "Domain", v.state.Domain)
	}
	if r.Switch {
		return v.toggle(v.t(r.Key), does, r)
	}
	var labels []string
	for _, c := range r.Choices {
		labels = append(labels, v.t(r.Key+"."+c.Key))
	}
	return v.chips(v.t(r.Key), does, labels, r.Chosen, func(i int) { v.OnChange(r.Choices[i].Do) })
}

// toggle is a setting that is on or off; a tap anywhere on it switches it.
func (v *View) toggle(title, does string, r Row) fyne.CanvasObject {
	lines := look.Wrap(does, textSize, v.wide, 0)
	high := titleHigh + lineHigh*float32(len(lines)) + gap
	h := sketch.NewHot(sketch.Fixed(100, high), func() { v.OnChange(r.Choices[1-r.Chosen].Do) },
		func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
			p := look.P()
			if h.Hover && !h.Off {
				pen.Rect(-4, 0, v.wide+8, size.Height-4, p.Card, 6)
			}
			mid := float32(titleHigh) / 2
			pen.Text(look.Fit(title, 15, v.wide-knobWide-52), 0, mid, 15, p.Text)
			v.knob(pen, v.wide-knobWide, mid, r.Chosen == 1)
			pen.Lines(lines, 0, titleHigh+lineHigh/2, lineHigh, textSize, p.Muted)
		})
	h.SetOff(v.state.Busy)
	return h
}

// knob is the picture of a switch: where its dot stands, and a word beside it.
func (v *View) knob(pen *sketch.Pen, x, mid float32, on bool) {
	p := look.P()
	word, ground, border, dot := v.t("off"), p.Panel, p.Disabled, p.Muted
	at := x + 4
	if on {
		word, ground, border, dot = v.t("on"), look.Mix(p.Panel, p.OK, 0.25), p.OK, p.OK
		at = x + knobWide - knobHigh + 4
	}
	pen.Box(x, mid-knobHigh/2, knobWide, knobHigh, ground, border, 1.5, knobHigh/2)
	pen.Dot(at, mid-knobHigh/2+4, knobHigh-8, dot)
	pen.Right(word, x-8, mid, textSize, p.Muted)
}

// chips is a choice of one of several.
func (v *View) chips(title, does string, labels []string, chosen int, choose func(int)) fyne.CanvasObject {
	widths := make([]float32, len(labels))
	for i, l := range labels {
		widths[i] = look.Width(l, textSize, look.Bold) + 20 // as wide as when chosen
	}
	at, flown := flow(widths, v.wide)
	top := float32(0)
	if title != "" {
		top = titleHigh
	}
	lines := look.Wrap(does, textSize, v.wide, 0)
	high := top + flown + 4 + lineHigh*float32(len(lines)) + gap
	cells := make([]*sketch.Hot, len(labels))
	for i := range labels {
		cells[i] = v.chip(labels[i], i == chosen, func() { choose(i) })
	}
	return sketch.New(sketch.Fixed(100, high), func(pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		if title != "" {
			pen.Text(look.Fit(title, 15, v.wide), 0, titleHigh/2, 15, p.Text)
		}
		for i, c := range cells {
			pen.Place(c, at[i].x, top+at[i].y, at[i].w, chipHigh)
		}
		pen.Lines(lines, 0, top+flown+4+lineHigh/2, lineHigh, textSize, p.Muted)
	})
}

func (v *View) chip(label string, chosen bool, tap func()) *sketch.Hot {
	h := sketch.NewHot(sketch.Fixed(40, chipHigh), func() {
		if !chosen {
			tap()
		}
	}, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		ground, border, width := p.Card, p.Line, float32(1)
		var style []look.Style
		switch {
		case chosen:
			ground, border, width, style = p.Selection, p.Text, 1.5, []look.Style{look.Bold}
		case h.Hover && !h.Off:
			ground = look.Mix(p.Card, p.Text, 0.08)
		}
		pen.Box(0, 0, size.Width, size.Height, ground, border, width, 6)
		pen.Centre(look.Fit(label, textSize, size.Width-8, style...), size.Width/2, size.Height/2, textSize, p.Text, style...)
	})
	h.SetOff(v.state.Busy)
	return h
}

// footer is the letter, and what can be done with it.
func (v *View) footer() (parts []fyne.CanvasObject) {
	s := v.state
	note := func(text string, most int, icon string, colour func() color.Color) {
		lines := look.Wrap(text, textSize, v.wide-26, most)
		high := lineHigh*float32(len(lines)) + 8
		parts = append(parts, sketch.New(sketch.Fixed(100, high), func(pen *sketch.Pen, size fyne.Size) {
			p := look.P()
			pen.Icon(icon, 0, lineHigh/2-8, 16, colour())
			pen.Lines(lines, 26, lineHigh/2, lineHigh, textSize, p.Text)
		}))
	}
	button := func(icon, label string, do func(), primary bool) *look.Button {
		b := look.NewButton(icon, label, do)
		b.Primary = primary
		b.SetMin(40, 40)
		if s.Busy || s.Spec == nil {
			b.Disable()
		}
		return b
	}
	parts = append(parts, rule(v))
	muted := func() color.Color { return look.P().Muted }
	for i, o := range v.came {
		if i == mostOutcomes {
			break
		}
		class := map[string]look.Class{Inbox: look.Done, Junk: look.Later, Waits: look.Later}[o.Kind]
		if o.Kind == Refused || o.Kind == Unsent {
			class = look.Refusal
		}
		note(o.Told(v.lang), 5, class.Icon(), func() color.Color { return look.P().Class(class) })
	}
	if way := v.way.Told(v.lang, v.world); way != "" {
		icon, colour := "lock", func() color.Color { return look.P().OK }
		if len(v.way.Clear) > 0 {
			icon, colour = "unlock", func() color.Color { return look.P().Refused }
		}
		note(way, 3, icon, colour)
	}
	if s.Forgets {
		note(v.t("forgets"), 3, "later", muted)
	}
	if s.Letter.From != "" {
		note(v.t("letter", "From", s.Letter.From, "To", s.Letter.To, "Subject", s.Letter.Subject), 2, "letter", muted)
	}
	if s.Waits > 0 {
		parts = append(parts, button("queue", words.N(v.lang, "settings.wait", minutes(s.Waits)), v.OnWait, true), space(8))
	}
	if s.Letter.From == "" {
		return append(parts, button("pencil", v.t("write"), v.OnWrite, true))
	}
	again := button("envelope", v.t("again"), v.OnAgain, s.Waits == 0)
	return append(parts, container.NewBorder(nil, nil, nil, button("pencil", "", v.OnWrite, false), again))
}

// mostOutcomes is how many recipients are told of.
const mostOutcomes = 3

// minutes are those that begin within d.
func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// rule parts the rows from what stands below them.
func rule(v *View) fyne.CanvasObject {
	return sketch.New(sketch.Fixed(100, 10), func(pen *sketch.Pen, size fyne.Size) { pen.Rule(0, 0, size.Width, look.P().Line) })
}

func space(high float32) fyne.CanvasObject {
	return sketch.New(sketch.Fixed(10, high), func(*sketch.Pen, fyne.Size) {})
}

// stacked puts objects below each other at full width.
type stacked struct{}

func (stacked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		h := o.MinSize().Height
		look.Put(o, 0, y, size.Width, h)
		y += h
	}
}

func (stacked) MinSize(objects []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objects {
		n := o.MinSize()
		m = fyne.NewSize(max(m.Width, n.Width), m.Height+n.Height)
	}
	return m
}
