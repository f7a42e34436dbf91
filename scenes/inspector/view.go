// Package inspector shows one step in full: its story, the line part by part,
// the session, envelope and letter, the octets on the wire, and the standard.
package inspector

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// View is the inspector without its panel.
type View struct {
	widget.BaseWidget
	show   *stage.Show
	lang   words.Lang
	scene  *stage.Scene
	host   string // whose page is shown; "" for the step's
	paper  *sketch.Sketch
	scroll *container.Scroll
	high   float32 // of what was drawn
	focus  place   // what of it is to be in view
}

// New makes an inspector that shows nothing yet.
func New() *View {
	v := &View{lang: words.EN}
	v.paper = sketch.New(func() fyne.Size { return fyne.NewSize(200, v.high) }, v.draw)
	v.scroll = container.NewVScroll(v.paper)
	v.ExtendBaseWidget(v)
	return v
}

// SetShow changes what is inspected, and the language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	v.show, v.lang = s, l
	v.scene, v.host = nil, ""
	v.Refresh()
}

// Host is whose page is shown, "" if it is the step's.
func (v *View) Host() string { return v.host }

// SetHost shows the page of a host instead of the step's; "" goes back.
func (v *View) SetHost(name string) {
	if v.host == name {
		return
	}
	v.host = name
	v.update()
	v.scroll.ScrollToTop()
}

// Set shows the step that the scene ends with.
func (v *View) Set(scene *stage.Scene) {
	top := v.host == "" && (v.scene == nil || v.scene.Step != scene.Step)
	v.scene = scene
	v.update()
	if top {
		v.scroll.ScrollToTop()
		v.reveal()
	}
}

// reveal scrolls down as far as it takes to have in view what matters.
func (v *View) reveal() {
	const room = 12
	if below := v.focus.bottom() + room - v.scroll.Size().Height; v.focus.h > 0 && below > 0 {
		v.scroll.ScrollToOffset(fyne.NewPos(0, min(below, v.focus.y-room)))
	}
}

// Refresh draws anew in the current colours.
func (v *View) Refresh() {
	v.update()
	v.BaseWidget.Refresh()
}

// Resize sets the text anew for the width.
func (v *View) Resize(size fyne.Size) {
	changed := size.Width != v.Size().Width
	v.BaseWidget.Resize(size)
	if changed {
		v.update()
	}
}

// CreateRenderer is for Fyne.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(v.scroll)
}

// update measures and draws the page at the present width.
func (v *View) update() {
	width := v.Size().Width
	if width <= 0 {
		return
	}
	var pen sketch.Pen
	v.high = v.set(&pen, width)
	v.scroll.Refresh()
	v.paper.Refresh()
}

func (v *View) draw(pen *sketch.Pen, size fyne.Size) { v.set(pen, size.Width) }

// edgeRoom keeps frames off the edge at which the scroll cuts.
const edgeRoom = 2

// set draws the page and returns its height.
func (v *View) set(pen *sketch.Pen, width float32) float32 {
	v.focus = place{}
	g := &page{Pen: pen, l: v.lang, p: look.P(), x: edgeRoom, y: edgeRoom, w: width - 2*edgeRoom - 6}
	if v.host != "" && v.scene != nil && v.show != nil {
		if eve := v.show.Recording().Header.World.Eavesdropper; eve != nil && eve.Name == v.host {
			g.overheard(v.show, eve, v.scene.Step)
			return g.y + 8
		}
		g.host(v.show, v.host, v.scene)
		return g.y + 8
	}
	if v.scene == nil || v.scene.Event == nil || v.show == nil {
		g.text(g.t("inspector.empty"), 16, 24, g.p.Muted)
		return g.y
	}
	scene, e := v.scene, v.scene.Event
	w := v.show.Recording().Header.World
	service := serviceOf(v.show, scene)
	exp := explain.Event(v.lang, w, e, explain.At(scene.Place, service))

	if j := v.show.Judgement(scene.Step); j != nil {
		if len(scene.Story) > 0 { // else the narration has the sentence
			g.text(exp.Sentence, 15, 22, g.p.Text)
			g.y += 10
		}
		g.judgement(v.show, j, e)
		v.focus = g.focus
		return g.y + 8
	}

	if story := words.Pick(v.lang, scene.Story); story != "" {
		g.text(story, 16, 24, g.p.Text)
		if exp.Sentence != "" {
			g.y += 6
			g.text(exp.Sentence, 15, 22, g.p.Muted)
		}
	} else {
		g.text(exp.Sentence, 16, 24, g.p.Text)
	}
	g.y += 10
	g.fromTo(w, e)
	tokens := Headline(v.lang, e, exp.Parts, service)
	if flight := scene.Flight; flight != nil && flight.What == stage.FlyLetter {
		g.block(tokens)
	} else {
		g.speech(tokens, edge(e))
		g.meanings(tokens)
	}
	g.facts(facts(v.lang, e))
	g.rules(v.show, scene.Step)
	if d, ok := e.Body.(*trace.Device); ok && d.Text != "" && (d.Action == "compose" || d.Action == "read") {
		g.y += 8
		g.paper(Printable(d.Text))
	}
	if scene.Session != nil {
		g.session(scene.Session)
		g.envelope(scene.Session)
	}
	g.letter(scene.Session, letterSoFar(v.show, scene.Step))
	if line, ok := e.Body.(*trace.Line); ok {
		lane := v.show.Lane(scene.Step)
		g.wire(line, lane != nil && e.From != lane.From)
	}
	if b, ok := e.Body.(*trace.TLS); ok {
		g.handshake(b)
	}
	if exp.RFC != "" {
		g.rule()
		g.Text(exp.RFC, g.x, g.y+10, 15, g.p.Text, look.Mono)
		g.y += 22
	}
	return g.y + 8
}

// fromTo says who spoke to whom.
func (g *page) fromTo(w trace.World, e *trace.Event) {
	tokens := []Token{{Text: explain.Name(g.l, w, e.From), Colour: g.p.Muted}}
	if e.To != "" {
		tokens = append(tokens, Token{Text: " → ", Colour: g.p.Text}, Token{Text: explain.Name(g.l, w, e.To), Colour: g.p.Muted})
	}
	runs, rows, _ := flow(tokens, g.columns(g.w, 14), maxRows)
	g.runs(tokens, runs, g.x, g.y+12, 14)
	g.y += 20*float32(rows) + 10
}

func (g *page) n(key string, n int) string { return words.N(g.l, "window."+key, n) }

// serviceOf is the service of the connection on which the scene's event
// happened, "" if on none.
func serviceOf(show *stage.Show, scene *stage.Scene) string {
	if scene.Session != nil {
		return scene.Session.Service
	}
	if lane := show.Lane(scene.Step); lane != nil {
		return lane.Service
	}
	return ""
}
