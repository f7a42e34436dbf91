package mapview

import (
	"log/slog"
	"os"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

// TestCrampedMapShowsTheChapter gives the map so little room that only the
// hosts of the chapter are legible.
func TestCrampedMapShowsTheChapter(t *testing.T) {
	test.NewApp()
	s := stage.New(stagetest.MX())
	v := New()
	v.Resize(fyne.NewSize(500, 150))
	v.SetShow(s, words.EN)
	step := s.Chapters()[0].Step + 3
	v.Set(s.Scene(step), 0.5)
	if v.lay.card(stagetest.Anna) == nil || v.lay.card(stagetest.Mail) == nil || v.lay.card(stagetest.Ilon) != nil {
		t.Errorf("step %d shows %d hosts at %.2f", step, len(v.lay.Cards), v.lay.K)
	}
}

// TestLessonsFit plays every lesson: at the least window's size all hosts of
// its steps are on the map, names are legible, and what flies has a way; also
// with an eavesdropper, where there is none.
func TestLessonsFit(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { look.Use(look.DarkPalette) })
	list, err := lesson.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range list {
		t.Run(info.Name, func(t *testing.T) {
			l, err := lesson.Load(info.Name)
			if err != nil {
				t.Fatal(err)
			}
			res, err := l.Play(t.Context(), slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			fits(t, res.Recording)
			if w := &res.Recording.Header.World; w.Eavesdropper == nil {
				i := slices.IndexFunc(w.Hosts, func(h trace.Host) bool { return h.Kind.Device() })
				w.Eavesdropper = &trace.Eavesdropper{Name: "eve.test", Title: trace.Words{"ru": "Ева"}, Place: trace.Words{"ru": "кафе"}, Hears: []string{w.Hosts[i].Name}}
				fits(t, res.Recording)
			}
			s := stage.New(res.Recording)
			for i := 1; i <= 8 && os.Getenv("MAP_OUT") != ""; i++ {
				step := s.Len() * i / 8
				picture(t, info.Name+string(rune('0'+i)), look.DarkPalette, words.RU, s, step, 0.6, fyne.NewSize(852, 280))
			}
		})
	}
}

// fits plays one recording.
func fits(t *testing.T, rec trace.Recording) {
	t.Helper()
	s := stage.New(rec)
	v := New()
	v.Resize(fyne.NewSize(820, 248))
	v.SetShow(s, words.RU)
	for step := 1; step <= s.Len(); step++ {
		sc := s.Scene(step)
		v.Set(sc, 0.5)
		f := sc.Flight
		if f == nil {
			continue
		}
		if v.lay.card(f.From) == nil || v.lay.card(f.To) == nil {
			t.Fatalf("step %d: %s or %s is not on the map", step, f.From, f.To)
		}
		if v.lay.K < leastName {
			t.Errorf("step %d: names are %.1f high", step, nameSize*v.lay.K)
		}
	}
}
