//go:build cgo || ci

package window

import (
	"context"
	"fmt"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
)

// Film plays the recording of o on a window without a display and hands over
// its pictures, each with the time for which it is shown.
func Film(ctx context.Context, o Options, shot Shot, add func(image.Image, time.Duration) error) error {
	test.NewApp()
	c := software.NewCanvas()
	c.SetPadded(false)
	c.Resize(fyne.NewSize(float32(shot.Width), float32(shot.Height)))
	s := NewScreen(ctx, o, c)
	s.notice = func(func()) {}
	defer s.follow(nil)
	s.rest()
	if s.course == nil {
		return fmt.Errorf("nothing to film")
	}
	to := s.course.Len()
	if shot.To > 0 {
		to = min(to, shot.To)
	}
	s.player.Seek(max(shot.From, 1))
	s.player.Speed, s.player.Playing = shot.Speed, true
	s.render()
	if err := add(c.Capture(), shot.Still); err != nil {
		return err
	}
	for s.player.Step <= to && s.player.Advance(shot.Every) && ctx.Err() == nil {
		s.render()
		if err := add(c.Capture(), shot.Every); err != nil {
			return err
		}
	}
	if err := add(c.Capture(), shot.Still); err != nil {
		return err
	}
	return ctx.Err()
}
