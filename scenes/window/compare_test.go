//go:build cgo || ci

package window

import (
	"context"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"mailscope/scenes/compare/comparetest"
	"mailscope/scenes/look"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

func TestPairInEverySize(t *testing.T) {
	for _, c := range []struct {
		name, lang, theme string
		w, h              float32
	}{
		{"ru-dark-1440", "ru", "dark", 1440, 900},
		{"en-light-1600", "en", "light", 1600, 1000},
		{"ru-light-1280", "ru", "light", 1280, 720},
		{"en-dark-960", "en", "dark", 960, 600},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options()
			o.Lang, o.Theme = c.lang, c.theme
			pop, imap := comparetest.Day()
			o.Recordings = []trace.Recording{pop, imap}
			s, cv := open(t, o, c.w, c.h)
			chapters := s.pair.Chapters()
			for i, moment := range []int{0, 12, chapters[1].Step - 30, chapters[2].Step - 6, chapters[3].Step + 6, s.pair.Len() - 1, s.pair.Len()} {
				s.move(func() { s.player.Seek(moment) })
				picture(t, cv, fmt.Sprintf("pair%d-%s", i, c.name))
				if s.pairView.MinSize().Height > s.pairView.Size().Height || s.pairView.Size().Width > c.w {
					t.Errorf("the view is %v", s.pairView.Size())
				}
			}
		})
	}
}

func TestPairIsPlayedLikeARecording(t *testing.T) {
	o := options()
	pop, imap := comparetest.Day()
	o.Recordings = []trace.Recording{pop, imap}
	s, _ := open(t, o, 1440, 900)
	n := s.pair.Len()
	for _, c := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyEnd, n}, {fyne.KeyLeft, n - 1}, {fyne.KeyHome, 0}, {fyne.KeyRight, 1}, {fyne.KeyPageDown, s.pair.Chapters()[1].Step},
	} {
		s.key(c.key)
		if s.player.Step != c.want {
			t.Fatalf("after %s at moment %d, want %d", c.key, s.player.Step, c.want)
		}
	}
	s.rune('д')
	s.rune('t')
	if s.lang != words.EN || look.P().Dark || s.player.Step != s.pair.Chapters()[1].Step || s.top.title != "POP3 and IMAP: the same day" {
		t.Errorf("language %s, dark %v, at moment %d under %q", s.lang, look.P().Dark, s.player.Step, s.top.title)
	}
	for m := range n + 1 {
		s.move(func() { s.player.Seek(m) })
	}
	for _, r := range "123+-0w" {
		s.rune(r) // of the other screen; nothing happens
	}
}

// Comparing is offered only where there is something to compare.
func TestComparingIsOfferedWhereItWorks(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	offered := func() bool {
		for _, a := range s.actions() {
			if a.icon == "compare" {
				return true
			}
		}
		return false
	}
	pop, imap := comparetest.Day()
	for _, c := range []struct {
		name string
		do   func()
		want bool
	}{
		{"the welcome", func() { s.show = nil }, false},
		{"a recording", func() { s.Show(stagetest.MX(), "mx") }, true},
		{"what was compared", func() { s.compareWith(pop) }, true},
		{"a lesson told twice", func() { s.ShowAll([]trace.Recording{pop, imap}, "") }, false},
	} {
		c.do()
		s.closeOverlay()
		s.rune('c')
		if offered() != c.want || s.overlayUp() != c.want {
			t.Errorf("%s: comparing offered %v, asked %v, want %v", c.name, offered(), s.overlayUp(), c.want)
		}
	}
}

func TestAnyRecordingIsCompared(t *testing.T) {
	s, cv := open(t, options(), 1280, 720)
	s.opts.Play = func(context.Context, string) (Played, error) { return Played{}, nil } // so that lessons are offered
	s.Show(stagetest.MX(), "mx")
	s.seek(9)
	s.rune('с')
	if !s.overlayUp() {
		t.Fatal("nothing asks what to compare with")
	}
	picture(t, cv, "compare-with")
	s.closeOverlay()
	pop, _ := comparetest.Day()
	s.compareWith(pop)
	if s.pair == nil || s.top.title != "«Кто принимает почту для rocket.example?» и «POP3»" {
		t.Errorf("compared under %q", s.top.title)
	}
	s.move(func() { s.player.Seek(40) })
	picture(t, cv, "compare-any")
	s.rune('c')
	if !s.overlayUp() {
		t.Error("what stands on the left cannot be compared with yet another recording")
	}
	s.closeOverlay()
	s.compareWith(pop)
	s.key(fyne.KeyEscape)
	if s.pair != nil || s.show == nil || s.lesson != "mx" {
		t.Error("Escape does not go back to the recording")
	}
	s.ShowAll([]trace.Recording{pop, pop, pop}, "")
	if !s.overlayUp() || s.pair != nil {
		t.Error("three recordings are no reason to say anything")
	}
}

// In the list over two recordings a unit folds, as it does beside one.
func TestLessonsOverAPairFold(t *testing.T) {
	s, _ := open(t, options(), 1440, 900)
	pop, imap := comparetest.Day()
	s.ShowAll([]trace.Recording{pop, imap}, "")
	s.key(fyne.KeyEscape)
	list := s.overlays.Objects[1]
	s.folded[1] = true
	s.rebuildLessons()
	if !s.overlayUp() || s.overlays.Objects[1] == list {
		t.Error("the list is as it was")
	}
}
