package mapview

import (
	"log/slog"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/lesson"
	"mailscope/sim/world"
)

// TestOfficeFits wants every host of the world in which letters are written by
// hand on the map of a window of 1440 by 900, with legible names.
func TestOfficeFits(t *testing.T) {
	test.NewApp()
	spec, file, err := world.Load("")
	if err != nil {
		t.Fatal(err)
	}
	box, err := lesson.NewSandbox(t.Context(), spec, file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	rec := box.Recording()
	for _, l := range []words.Lang{words.RU, words.EN} {
		v := New()
		v.Resize(fyne.NewSize(764, 384))
		v.SetShow(stage.New(rec), l)
		if len(v.lay.Cards) != len(rec.Header.World.Hosts) || v.lay.K < leastName {
			t.Errorf("%s: %d of %d hosts, names %.1f high", l, len(v.lay.Cards), len(rec.Header.World.Hosts), nameSize*v.lay.K)
		}
	}
}
