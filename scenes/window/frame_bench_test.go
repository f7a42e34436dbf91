//go:build cgo || ci

package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// BenchmarkFrame draws the whole window at 1280x720 with the software painter
// while a lesson plays: what changes on the screen, and the picture of it; and
// beside it the picture of an empty window.
func BenchmarkFrame(b *testing.B) {
	test.NewTempApp(b)
	defer look.Use(look.DarkPalette)
	size := fyne.NewSize(1280, 720)
	b.Run("empty", func(b *testing.B) {
		c := software.NewCanvas()
		c.SetPadded(false)
		c.SetContent(canvas.NewRectangle(look.P().Bg))
		c.Resize(size)
		for b.Loop() {
			c.Capture()
		}
	})
	b.Run("mailscope", func(b *testing.B) {
		c := software.NewCanvas()
		c.SetPadded(false)
		c.Resize(size)
		o := options()
		o.Recordings = []trace.Recording{stagetest.MX()}
		s := NewScreen(b.Context(), o, c)
		s.notice = func(func()) {}
		s.rest()
		defer s.follow(nil)
		s.player.Playing = true
		for b.Loop() {
			if !s.player.Advance(time.Second / 60) {
				s.player.Seek(0)
				s.player.Playing = true
			}
			s.render()
			c.Capture()
		}
	})
}
