//go:build cgo || ci

package window

import (
	"errors"
	"image"
	"testing"
	"time"

	"mailscope/scenes/look"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

func TestFilm(t *testing.T) {
	defer look.Use(look.DarkPalette)
	o := options()
	o.Recordings = []trace.Recording{stagetest.MX()}
	shot := Shot{Width: 640, Height: 400, From: 3, To: 4, Speed: 4, Every: 200 * time.Millisecond, Still: time.Second}
	var times []time.Duration
	err := Film(t.Context(), o, shot, func(img image.Image, shown time.Duration) error {
		if img.Bounds().Dx() != 640 || img.Bounds().Dy() != 400 {
			t.Errorf("a picture of %v", img.Bounds())
		}
		times = append(times, shown)
		return nil
	})
	if n := len(times); err != nil || n < 4 || times[0] != time.Second || times[1] != 200*time.Millisecond || times[n-1] != time.Second {
		t.Errorf("%v, %v", times, err)
	}
	full := errors.New("full")
	if err := Film(t.Context(), o, shot, func(image.Image, time.Duration) error { return full }); err != full {
		t.Error(err)
	}
	o.Recordings = nil
	if err := Film(t.Context(), o, shot, nil); err == nil {
		t.Error("filmed nothing")
	}
}
