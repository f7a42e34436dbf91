//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/words"
)

// startLesson runs a lesson to its end and plays what happened.
func (s *Screen) startLesson(name string) {
	if s.opts.Play == nil {
		return
	}
	s.closeOverlay()
	s.run(name, func(p Played) {
		s.ShowAll(p.Recordings, name)
		s.held = p.Held
		s.move(s.player.Play)
	})
}

// run runs a lesson to its end and hands over what happened, unless something
// else was chosen since.
func (s *Screen) run(name string, then func(Played)) {
	s.waiting++
	ticket := s.waiting
	go func() {
		run, err := s.opts.Play(s.ctx, name)
		fyne.Do(func() {
			if ticket != s.waiting || s.ctx.Err() != nil {
				return // another one was chosen since
			}
			if err != nil {
				s.tell(s.t("error.play"), err.Error())
				return
			}
			then(run)
		})
	}()
}

// title is what the top bar says is shown.
func (s *Screen) title() (number, title string) {
	for _, l := range s.opts.Lessons {
		if l.Name == s.lesson && s.lesson != "" {
			return s.t("lesson", "N", l.Number), words.Pick(s.lang, l.Title)
		}
	}
	if s.pair != nil && s.lesson == "" && s.before != nil {
		return s.t("comparing"), s.pair.Names(s.lang)
	}
	show := s.show
	if s.pair != nil {
		show = s.pair.Sides[0].Show
	}
	h := show.Recording().Header
	if h.Number > 0 {
		number = s.t("lesson", "N", h.Number)
	}
	if t := words.Pick(s.lang, h.Title); t != "" {
		return number, t
	}
	return "", s.t("free")
}

// opening is what the narration says before the first step.
func (s *Screen) opening() string {
	for _, l := range s.opts.Lessons {
		if l.Name == s.lesson && s.lesson != "" {
			if p := words.Pick(s.lang, l.Promise); p != "" {
				return p
			}
		}
	}
	if s.pair != nil {
		return s.t("opening.pair")
	}
	return s.t("opening")
}
