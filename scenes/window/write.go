//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/compose"
	"mailscope/scenes/look"
	"mailscope/sim/trace"
)

// openCompose shows the form for a letter.
func (s *Screen) openCompose() {
	if s.opts.Compose == nil {
		return
	}
	form := compose.New(s.lang, s.opts.Accounts)
	form.OnCancel = s.closeOverlay
	form.OnSend = func(d Draft) {
		s.closeOverlay()
		s.send(d)
	}
	closer := look.NewIconButton("close", s.closeOverlay)
	s.openOverlay(look.NewPanel(s.t("compose"), closer, form), fyne.NewSize(720, 560))
	s.canvas.Focus(form.First())
}

// send hands a letter over and shows the recording from there on.
func (s *Screen) send(d Draft) {
	s.waiting++
	ticket := s.waiting
	before := s.sent
	go func() {
		n := 0
		if before != nil {
			n = before.Len()
		}
		rec, err := s.opts.Compose(s.ctx, d)
		fyne.Do(func() {
			if s.ctx.Err() != nil {
				return
			}
			if err != nil {
				s.tell(s.t("error.send"), err.Error())
				return
			}
			if ticket != s.waiting {
				return // something else was chosen since
			}
			if rec.Trace != before {
				n = 0
			}
			s.sent = rec.Trace
			s.watch(rec, n)
		})
	}()
}

// watch shows a growing recording from the event after seq on.
func (s *Screen) watch(rec trace.Recording, seq int) {
	s.Show(rec, "")
	if seq > 0 {
		s.player.Seek(s.show.Step(seq))
	}
	s.player.Playing = true
	s.live.trail = true
	s.wake()
}
