//go:build cgo || ci

package window

import "fyne.io/fyne/v2"

// preferences remember progress among the application's preferences.
type preferences struct{ fyne.Preferences }

func (p preferences) Done(lesson string) bool { return p.Bool("done." + lesson) }
func (p preferences) SetDone(lesson string)   { p.SetBool("done."+lesson, true) }

// remembered are the lessons that were done before this window opened.
func (o *Options) remembered() map[string]bool {
	done := make(map[string]bool)
	for _, l := range o.Lessons {
		if o.Progress != nil && o.Progress.Done(l.Name) {
			done[l.Name] = true
		}
	}
	return done
}

// markDone marks the lesson on the screen as done once it was seen to its end, if
// all that it expects came true.
func (s *Screen) markDone() {
	if !s.held || s.lesson == "" || s.done[s.lesson] {
		return
	}
	s.done[s.lesson] = true
	if s.opts.Progress != nil {
		s.opts.Progress.SetDone(s.lesson)
	}
	s.rebuildLessons()
}
