//go:build cgo || ci

package window

import (
	"context"

	"fyne.io/fyne/v2"

	"mailscope/scenes/compose"
	"mailscope/scenes/look"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// openCompose shows the form for a letter.
func (s *Screen) openCompose() {
	s.withBench(func(b Bench) {
		form := compose.New(s.lang, accounts(b.Spec()))
		form.OnCancel = s.closeOverlay
		form.OnSend = func(d Draft) {
			s.closeOverlay()
			s.splits.trying = true // to send it again, when something is different
			s.act(s.t("error.send"), func(ctx context.Context, b Bench) error { return b.Write(ctx, d) })
		}
		closer := look.NewIconButton("close", s.closeOverlay)
		s.openOverlay(look.NewPanel(s.t("compose"), closer, form), fyne.NewSize(720, 640))
		s.canvas.Focus(form.First())
	})
}

// accounts are the people of a world.
func accounts(spec *world.Spec) []Account {
	var all []Account
	for _, d := range spec.Domains {
		for _, p := range d.People {
			all = append(all, Account{Address: p.Name + "@" + d.Name, Title: p.Title, Writes: len(p.Devices) > 0})
		}
	}
	return all
}

// watch shows a growing recording from the event after seq on.
func (s *Screen) watch(rec trace.Recording, seq int) {
	if s.show == nil || s.pair != nil || s.show.Recording().Trace != rec.Trace {
		s.Show(rec, "")
	} else {
		s.grow()
	}
	if seq > 0 {
		s.player.Seek(s.show.Step(seq))
	}
	s.showLastChapter()
	s.player.Play()
	s.live.trail = true
	s.wake()
}

// showLastChapter has the views of time show what was tried last.
func (s *Screen) showLastChapter() {
	for _, tab := range s.tabs {
		if z, ok := tab.view.(zoomer); ok {
			z.LastChapter()
		}
	}
}
