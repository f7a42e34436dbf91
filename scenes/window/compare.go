//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailscope/scenes/compare"
	"mailscope/scenes/compareview"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// ShowAll shows the recordings of a lesson or a file: one, or two beside each
// other.
func (s *Screen) ShowAll(recs []trace.Recording, lesson string) {
	switch len(recs) {
	case 1:
		s.Show(recs[0], lesson)
	case 2:
		s.before = nil
		s.Compare(recs[0], recs[1], lesson)
	default:
		s.tell(s.t("error.open"), s.n("error.several", len(recs)))
	}
}

// Compare shows two recordings beside each other from their start. lesson is
// "" if they are no lesson that is told twice.
func (s *Screen) Compare(a, b trace.Recording, lesson string) {
	s.follow(nil)
	old := s.player
	s.show, s.pair = nil, compare.New(a, b)
	s.course, s.player = s.pair, stage.NewPlayer(s.pair)
	s.player.Speed, s.player.StopAt = old.Speed, old.StopAt
	s.lesson, s.held = lesson, false
	s.pulse.forget()
	s.rebuild()
	s.announce()
}

// rebuildPair makes everything but the view of two recordings anew.
func (s *Screen) rebuildPair() {
	s.top = newTopBar(s)
	s.top.set(s.title())
	s.transport = newTransport(s)
	s.pairView.SetPair(s.pair, s.lang, s.opening())
	s.main = container.New(pairFrame{s}, s.top.face, s.pairView, s.transport.face)
	s.setContent(s.main)
	s.pulse.moment = -1
	s.renderPair()
}

// renderPair draws the moment at which the playhead stands.
func (s *Screen) renderPair() {
	changed := s.pulse.moment != s.player.Step
	s.pulse.moment = s.player.Step
	if changed {
		s.pairView.Set(s.player.Step)
	}
	s.transport.update(changed)
	if changed && s.player.Step > 0 && s.player.Step == s.pair.Len() {
		s.markDone()
	}
}

// pairFrame lays out the screen of two recordings.
type pairFrame struct{ s *Screen }

func (f pairFrame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	rect{0, 0, size.Width, topHeight}.put(f.s.top.face)
	transport := rect{margin, size.Height - margin - transportHigh, size.Width - 2*margin, transportHigh}
	transport.put(f.s.transport.face)
	rect{margin, topHeight, size.Width - 2*margin, transport.y - margin - topHeight}.put(f.s.pairView)
}

func (pairFrame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(960, 600) }

// aside is what was on the screen before it was compared with something.
type aside struct {
	rec    trace.Recording
	lesson string
}

// leavePair goes back to the recording that was compared, or shows the lessons
// to choose from.
func (s *Screen) leavePair() {
	back := s.before
	s.before = nil
	if back == nil {
		s.openLessons()
		return
	}
	s.Show(back.rec, back.lesson)
}

// compared is what another recording can be shown beside: the recording on the
// screen, or the one that stands on the left since it was compared; nil if there
// is neither, as on the welcome and in a lesson that is told twice.
func (s *Screen) compared() *aside {
	if s.show != nil {
		return &aside{s.show.Recording(), s.lesson}
	}
	if s.pair != nil {
		return s.before
	}
	return nil
}

// compareWith shows another recording beside the one that can be compared.
func (s *Screen) compareWith(rec trace.Recording) {
	left := s.compared()
	if left == nil {
		return
	}
	s.before = left
	s.Compare(left.rec, rec, "")
}

// compareLesson runs a lesson and shows it beside the recording on the screen.
func (s *Screen) compareLesson(name string) {
	s.closeOverlay()
	s.run(name, func(p Played) { s.compareWith(p.Recordings[0]) })
}

// openCompare asks what to compare the recording with.
func (s *Screen) openCompare() {
	left := s.compared()
	if left == nil {
		return
	}
	rows := container.New(&stacked{})
	if s.openFile != nil {
		rows.Add(s.compareRow("open", "", s.t("compare.file"), func() {
			s.closeOverlay()
			s.openFile(func(recs []trace.Recording) { s.compareWith(recs[0]) })
		}))
	}
	for _, l := range s.opts.Lessons {
		if l.Name != left.lesson && s.opts.Play != nil {
			rows.Add(s.compareRow("lesson", s.t("lesson", "N", l.Number), words.Pick(s.lang, l.Title), func() { s.compareLesson(l.Name) }))
		}
	}
	closer := look.NewIconButton("close", s.closeOverlay)
	body := container.New(bleed(inset), container.NewVScroll(rows))
	s.openOverlay(look.NewPanel(s.t("compare.with"), closer, body), fyne.NewSize(520, 560))
}

func (s *Screen) compareRow(icon, number, title string, do func()) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(160, 40), do, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p, mid := look.P(), size.Height/2
		if h.Hover {
			pen.Rect(0, 1, size.Width, size.Height-2, p.Card, 6)
		}
		pen.Icon(icon, inset+4, mid-9, 18, p.Muted)
		x := float32(inset + 36)
		if number != "" {
			x = pen.Text(number, x, mid, 15, p.Muted) + 10
		}
		pen.Text(look.Fit(title, 15, size.Width-x-inset), x, mid, 15, p.Text)
	})
}

// newPairView makes the view of two recordings.
func (s *Screen) newPairView() *compareview.View {
	return compareview.New(func(moment int) { s.move(func() { s.player.Seek(moment) }) })
}
