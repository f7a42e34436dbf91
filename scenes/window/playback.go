//go:build cgo || ci

package window

import (
	"time"

	"fyne.io/fyne/v2"

	"mailscope/scenes/explain"
	"mailscope/scenes/inspector"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
)

// pulse drives the playhead while it moves, and knows what was drawn last.
type pulse struct {
	an    *fyne.Animation // nil while nothing moves
	last  time.Time
	scene *stage.Scene // drawn; nil if everything is to be drawn anew
	full  time.Time    // when the inspector was last drawn
	stale bool         // the inspector lags behind

	moment int // of two recordings, drawn last
}

// forget has everything drawn anew at the next render.
func (p *pulse) forget() { p.scene = nil }

// inspectEvery is how often the inspector changes at most while playing fast.
const inspectEvery = 120 * time.Millisecond

// togglePlay plays or pauses.
func (s *Screen) togglePlay() {
	if s.course == nil {
		return
	}
	s.player.Toggle()
	s.live.trail = s.player.Playing
	s.wake()
}

// move changes the playhead by f and draws.
func (s *Screen) move(f func()) {
	if s.course == nil {
		return
	}
	f()
	s.live.trail = s.player.Playing
	s.wake()
	s.canvas.Unfocus()
}

// seek stands at a step that was picked in a view.
func (s *Screen) seek(step int) {
	s.inspector.SetHost("")
	s.move(func() { s.player.Seek(step) })
}

func (s *Screen) setSpeed(i int) {
	s.player.Speed = speeds[min(max(i, 0), len(speeds)-1)].speed
	s.transport.speed.SetChosen(s.transport.speedIndex())
	s.canvas.Unfocus()
}

// wake draws, and keeps drawing for as long as the playhead moves.
func (s *Screen) wake() {
	s.render()
	if s.pulse.an != nil {
		return
	}
	s.pulse.last = time.Now()
	s.pulse.an = fyne.NewAnimation(time.Second, func(float32) { s.tick(time.Now()) })
	s.pulse.an.RepeatCount, s.pulse.an.Curve = fyne.AnimationRepeatForever, fyne.AnimationLinear
	s.pulse.an.Start()
}

// tick moves the playhead to now; when it has come to rest the animation ends.
func (s *Screen) tick(now time.Time) {
	dt := min(now.Sub(s.pulse.last), 250*time.Millisecond) // a window that slept goes on from where it was
	s.pulse.last = now
	if s.course == nil || dt > 0 && !s.player.Advance(dt) {
		s.rest()
		s.render()
		return
	}
	s.render()
}

// rest stops the animation.
func (s *Screen) rest() {
	if s.pulse.an != nil {
		s.pulse.an.Stop()
		s.pulse.an = nil
	}
}

// render draws the moment at which the playhead stands. What did not change
// since the last time is left alone.
func (s *Screen) render() {
	if s.pair != nil && s.main != nil {
		s.renderPair()
		return
	}
	if s.show == nil || s.main == nil {
		return
	}
	pl, p := s.player, &s.pulse
	changed := p.scene == nil || p.scene.Step != pl.Step
	if changed {
		p.scene = s.show.Scene(pl.Step)
		s.narrate()
		s.judge()
		p.stale = true
		s.showOutcomes()
	}
	if s.mapView != nil {
		s.mapView.Set(p.scene, pl.Frac)
	}
	if len(s.tabs) > 0 {
		s.tabs[s.tab].view.SetStep(pl.Step, pl.Frac)
	}
	s.transport.update(changed)
	if p.stale && (!pl.Playing || pl.Speed <= 1 || time.Since(p.full) > inspectEvery) {
		p.stale, p.full = false, time.Now()
		s.inspector.Set(p.scene)
		s.inspectorPanel.Refresh()
	}
	if changed && pl.Step > 0 && pl.Step == s.show.Len() {
		s.markDone()
	}
}

// judge makes room for the inspector while a letter is judged, and takes it
// back afterwards.
func (s *Screen) judge() {
	judging := s.show.Judging(s.player.Step)
	if judging == s.judging {
		return
	}
	s.judging = judging
	s.inspectorPanel.SetTitle(s.inspectorTitle())
	s.main.Refresh()
}

// inspectorTitle is what the inspector is called: while a letter is judged,
// after what it asks.
func (s *Screen) inspectorTitle() string {
	if s.judging {
		return s.t("verdict.title")
	}
	return s.t("inspector")
}

// narrate tells the current step under the map: the lesson's story where it
// has one, since that is what a class reads.
func (s *Screen) narrate() {
	sc := s.pulse.scene
	if sc.Event == nil {
		s.narration.set(nil, s.opening(), "")
		return
	}
	service := ""
	if lane := s.show.Lane(sc.Step); lane != nil {
		service = lane.Service
	}
	exp := explain.Event(s.lang, s.show.Recording().Header.World, sc.Event, explain.At(sc.Place, service))
	s.narration.set(inspector.Headline(s.lang, sc.Event, exp.Parts, service), exp.Sentence, words.Pick(s.lang, sc.Story))
}

// inspectorCorner says which step is inspected, in the panel's corner.
func (s *Screen) inspectorCorner() fyne.CanvasObject {
	text := func() string {
		return s.t("corner", "N", s.player.Step, "Time", inspector.Clock(s.lang, s.show.Time(s.player.Step)))
	}
	return sketch.New(func() fyne.Size { return fyne.NewSize(look.Width(text(), 14)+2, 20) },
		func(pen *sketch.Pen, size fyne.Size) {
			if s.player.Step > 0 {
				pen.Right(text(), size.Width, size.Height/2, 14, look.P().Muted)
			}
		})
}
