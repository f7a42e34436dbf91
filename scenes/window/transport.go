//go:build cgo || ci

package window

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/inspector"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
)

// speeds are the paces offered, slowest first.
var speeds = []struct {
	label string
	speed float64
}{{"1/10", 0.1}, {"1/4", 0.25}, {"1×", 1}, {"4×", 4}, {"100×", 100}}

// stops are the rules for stopping, in the order of the menu.
var stops = []struct {
	rule stage.StopRule
	key  string
}{
	{stage.StopNone, "stop.none"},
	{stage.StopChapter, "stop.chapter"},
	{stage.StopRefusal, "stop.refusal"},
	{stage.StopLater, "stop.later"},
	{stage.StopPadlock, "stop.padlock"},
	{stage.StopVerdict, "stop.verdict"},
	{stage.StopFault, "stop.fault"},
	{stage.StopLetter, "stop.letter"},
}

// transport is the last row: it moves the playhead and says where it is.
type transport struct {
	face                         *sketch.Sketch
	s                            *Screen
	prev, back, play, step, next *look.Button
	where, clock                 *sketch.Sketch
	bar                          *scrubber
	stop                         *sketch.Hot
	speed                        *look.Segmented
}

func newTransport(s *Screen) *transport {
	t := &transport{s: s}
	t.prev = look.NewIconButton("first", func() { s.move(s.player.PrevChapter) })
	t.back = look.NewIconButton("back", func() { s.move(s.player.StepBack) })
	t.play = look.NewIconButton("play", s.togglePlay)
	t.play.Primary = true
	t.step = look.NewIconButton("step", func() { s.move(s.player.StepForward) })
	t.next = look.NewIconButton("last", func() { s.move(s.player.NextChapter) })
	t.where = sketch.New(sketch.Fixed(110, 36), t.drawWhere)
	t.clock = sketch.New(sketch.Fixed(80, 36), t.drawClock)
	t.bar = newScrubber(func(step int) { s.move(func() { s.player.Seek(step) }) })
	t.stop = sketch.NewHot(t.stopSize, t.openStops, t.drawStop)
	var labels []string
	for _, v := range speeds {
		labels = append(labels, v.label)
	}
	t.speed = look.NewSegmented(labels, t.speedIndex(), func(i int) { s.setSpeed(i) })
	t.face = sketch.New(sketch.Fixed(800, transportHigh), t.draw)
	t.sync()
	return t
}

// sync takes over what changes with the show: its length and its chapters.
func (t *transport) sync() {
	if t.s.course == nil {
		return
	}
	t.bar.steps = t.s.course.Len()
	t.bar.chapters = t.bar.chapters[:0]
	for _, c := range t.s.course.Chapters() {
		if c.Step > 1 {
			t.bar.chapters = append(t.bar.chapters, c.Step)
		}
	}
	t.face.Refresh() // the step's text may need more room
	t.bar.Refresh()
	t.where.Refresh()
}

// update follows the playhead.
func (t *transport) update(stepChanged bool) {
	pl := t.s.player
	icon := "play"
	if pl.Playing {
		icon = "pause"
	}
	t.play.SetIcon(icon)
	t.bar.set(float32(pl.Step) - 1 + float32(pl.Frac))
	if stepChanged {
		t.where.Refresh()
		t.clock.Refresh()
	}
}

func (t *transport) speedIndex() int {
	for i, v := range speeds {
		if v.speed == t.s.player.Speed {
			return i
		}
	}
	return 2
}

func (t *transport) stopLabel() string {
	for _, r := range stops {
		if r.rule == t.s.player.StopAt {
			return t.s.t("stop", "What", t.s.t(r.key))
		}
	}
	return ""
}

func (t *transport) stopSize() fyne.Size {
	return fyne.NewSize(look.Width(t.stopLabel(), 15)+48, 36)
}

func (t *transport) drawStop(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	ground := p.Card
	if h.Hover {
		ground = look.Mix(p.Card, p.Text, 0.08)
	}
	pen.Box(0, 0, size.Width, size.Height, ground, p.Line, 1, look.Radius)
	pen.Text(t.stopLabel(), 12, size.Height/2, 15, p.Text)
	pen.Icon("down", size.Width-28, size.Height/2-8, 16, p.Muted)
}

func (t *transport) openStops() {
	var items []*fyne.MenuItem
	for _, r := range stops {
		item := fyne.NewMenuItem(t.s.t(r.key), func() {
			t.s.player.StopAt = r.rule
			t.face.Refresh()
		})
		item.Checked = r.rule == t.s.player.StopAt
		items = append(items, item)
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), t.s.canvas)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.stop)
	menu.ShowAtPosition(fyne.NewPos(at.X, at.Y-menu.MinSize().Height-6))
}

func (t *transport) drawWhere(pen *sketch.Pen, size fyne.Size) {
	if t.s.course == nil {
		return
	}
	p, mid := look.P(), size.Height/2
	x := pen.Text(t.s.t("step"), 0, mid, 15, p.Muted)
	x = pen.Text(strconv.Itoa(t.s.player.Step), x+6, mid, 18, p.Text, look.Bold)
	pen.Text(t.s.t("step.of", "N", t.s.course.Len()), x+6, mid, 15, p.Muted)
}

func (t *transport) drawClock(pen *sketch.Pen, size fyne.Size) {
	if t.s.course == nil {
		return
	}
	at := t.s.course.Time(t.s.player.Step)
	pen.Right(inspector.Clock(t.s.lang, at), size.Width, size.Height/2, 15, look.P().Text, look.Mono)
}

// whereWidth is room for the longest of the step's texts.
func (t *transport) whereWidth() float32 {
	n := 0
	if t.s.course != nil {
		n = t.s.course.Len()
	}
	return look.Width(t.s.t("step"), 15) + look.Width(strconv.Itoa(n), 18, look.Bold) +
		look.Width(t.s.t("step.of", "N", n), 15) + 12
}

func (t *transport) draw(pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	pen.Panel(0, 0, size.Width, size.Height, p.Panel, p.Line, 1, look.PanelRadius)
	const y, h = 8, 36
	x := float32(8)
	for _, b := range []*look.Button{t.prev, t.back, t.play, t.step, t.next} {
		w := float32(44)
		if b == t.play {
			w = 64
		}
		pen.Place(b, x, y, w, h)
		x += w + 4
	}
	x += 12
	ww := t.whereWidth()
	pen.Place(t.where, x, y, ww, h)
	x += ww + 16

	right := size.Width - 8
	m := t.speed.MinSize()
	pen.Place(t.speed, right-m.Width, y, m.Width, h)
	right -= m.Width + 12
	if size.Width > 1250 {
		right = pen.Right(t.s.t("speed"), right, size.Height/2, 15, p.Muted) - 16
	}
	if size.Width > 1060 {
		sw := t.stop.MinSize().Width
		pen.Place(t.stop, right-sw, y, sw, h)
		right -= sw + 16
	}
	const clock = 84
	pen.Place(t.clock, right-clock, y, clock, h)
	right -= clock + 12
	pen.Place(t.bar, x, y, max(right-x, 40), h)
}
