//go:build cgo || ci

package window

import (
	"context"

	"fyne.io/fyne/v2"

	"mailscope/scenes/settings"
)

// newSettings makes the panel in which things are tried.
func (s *Screen) newSettings() *settings.View {
	v := settings.New(s.lang)
	v.OnDomain = func(name string) {
		state := v.Shown()
		state.Domain = name
		v.Set(state)
		s.canvas.Unfocus()
	}
	v.OnChange = func(do []settings.Act) {
		s.act(s.t("error.try"), func(_ context.Context, b Bench) error {
			for _, a := range do {
				if err := perform(b, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	v.OnAgain = func() {
		s.act(s.t("error.send"), func(ctx context.Context, b Bench) error { return b.Again(ctx) })
	}
	v.OnWait = func() {
		s.act(s.t("error.try"), func(ctx context.Context, b Bench) error { return b.Wait(ctx) })
	}
	v.OnWrite = s.openCompose
	return v
}

// perform does one thing.
func perform(b Bench, a settings.Act) error {
	switch {
	case a.Change != nil:
		return b.Change(*a.Change)
	case a.Break != nil:
		return b.Break(*a.Break)
	}
	return b.Mend(a.Mend)
}

// toggleSettings opens the panel beside the map, or closes it.
func (s *Screen) toggleSettings() {
	if s.splits.trying {
		s.splits.trying = false
		s.rebuild()
		return
	}
	s.withBench(func(b Bench) {
		s.splits.trying = true
		s.closeOverlay()
		if s.show == nil || s.pair != nil {
			s.Show(b.Recording(), "")
		} else {
			s.rebuild()
		}
		s.showSettings(b)
	})
}

// benchLesson is the lesson in whose world things are tried now.
func (s *Screen) benchLesson() string {
	if s.bench != nil && s.show != nil && s.show.Recording().Trace == s.bench.Recording().Trace {
		return s.benchOf
	}
	return s.lesson
}

// withBench calls then with the world in which things are tried, once it is
// there.
func (s *Screen) withBench(then func(Bench)) {
	lesson := s.benchLesson()
	if s.opts.Try == nil {
		return
	}
	if s.bench != nil && s.benchOf == lesson {
		then(s.bench)
		return
	}
	s.waiting++
	ticket := s.waiting
	s.spawn(func() {
		b, err := s.opts.Try(s.ctx, lesson)
		fyne.Do(func() {
			if s.ctx.Err() != nil || ticket != s.waiting {
				return // something else was chosen since
			}
			if err != nil {
				s.tell(s.t("error.try"), err.Error())
				return
			}
			s.bench, s.benchOf = b, lesson
			then(b)
		})
	})
}

// act has something happen where things are tried, and shows what came of it.
// failed is the title of what is told if it does not work.
func (s *Screen) act(failed string, what func(ctx context.Context, b Bench) error) {
	s.withBench(func(b Bench) {
		if s.busy {
			return
		}
		s.busy = true
		s.settings.SetBusy(true)
		s.waiting++
		ticket := s.waiting
		before := b.Recording().Len()
		s.spawn(func() {
			err := what(s.ctx, b)
			fyne.Do(func() {
				s.busy = false
				if s.ctx.Err() != nil {
					return
				}
				if ticket == s.waiting && b.Recording().Len() > before {
					s.watch(b.Recording(), before)
				}
				s.showSettings(s.bench)
				if err != nil {
					s.tell(failed, err.Error())
				}
			})
		})
	})
}

// showSettings shows what is set, if somebody looks.
func (s *Screen) showSettings(b Bench) {
	if !s.splits.trying || s.busy {
		return
	}
	spec := b.Spec()
	state := settings.State{Spec: spec, Faults: b.Faults(), Domain: s.settings.Shown().Domain, Waits: b.Waits(), Forgets: b.Forgets()}
	if d, ok := b.Last(); ok {
		state.Letter = settings.LetterOf(d)
	}
	if !settings.Has(spec, state.Domain) {
		state.Domain = settings.First(spec, state.Letter)
	}
	s.settings.Set(state)
	s.showOutcomes()
}

// showOutcomes tells what has become of the last letter, up to the playhead.
func (s *Screen) showOutcomes() {
	if s.bench == nil || s.show == nil || !s.splits.trying {
		return
	}
	rec, seq := s.bench.Recording(), 0
	if e := s.show.Event(s.player.Step); e != nil && s.show.Recording().Trace == rec.Trace {
		seq = e.Seq
	}
	s.settings.SetOutcomes(settings.Outcomes(rec, seq), settings.WayOf(rec, seq), rec.Header.World)
}

// settingsOf shows the settings of a host's domain.
func (s *Screen) settingsOf(host string) {
	state := s.settings.Shown()
	if !s.splits.trying || state.Spec == nil || host == "" {
		return
	}
	if name := settings.DomainOf(state.Spec, host); settings.Has(state.Spec, name) {
		state.Domain = name
		s.settings.Set(state)
	}
}
