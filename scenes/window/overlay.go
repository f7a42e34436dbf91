//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
)

// openOverlay lays a panel over the screen; a tap beside it closes it.
func (s *Screen) openOverlay(panel fyne.CanvasObject, size fyne.Size) {
	shade := sketch.NewHot(sketch.Fixed(1, 1), s.closeOverlay, func(_ *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		pen.Rect(0, 0, size.Width, size.Height, look.Alpha(look.P().Bg, 0.8), 0)
	})
	catch := sketch.NewHot(sketch.Fixed(1, 1), nil, func(*sketch.Hot, *sketch.Pen, fyne.Size) {})
	s.overlays.Objects = []fyne.CanvasObject{shade, container.New(centred{size}, catch, panel)}
	s.overlays.Refresh()
	s.canvas.Unfocus()
}

// overlayUp tells whether a panel lies over the screen.
func (s *Screen) overlayUp() bool { return len(s.overlays.Objects) > 0 }

// closeOverlay takes the panel away; the keys move the playhead again.
func (s *Screen) closeOverlay() {
	if s.overlayUp() {
		s.overlays.Objects = nil
		s.overlays.Refresh()
	}
	s.canvas.Unfocus()
}

// centred puts objects on each other in the middle, as large as size and no
// larger than the window.
type centred struct{ size fyne.Size }

func (c centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w, h := min(c.size.Width, size.Width-2*margin), min(c.size.Height, size.Height-2*margin)
	for _, o := range objects {
		look.Put(o, (size.Width-w)/2, (size.Height-h)/2, w, h)
	}
}

func (centred) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

// tell shows a message that is closed by a tap or Escape.
func (s *Screen) tell(title, text string) {
	body := sketch.New(sketch.Fixed(300, 80), func(pen *sketch.Pen, size fyne.Size) {
		lines := look.Wrap(text, 15, size.Width, 6)
		pen.Lines(lines, 0, 12, 22, 15, look.P().Text)
	})
	closer := look.NewIconButton("close", s.closeOverlay)
	s.openOverlay(look.NewPanel(title, closer, body), fyne.NewSize(520, 220))
}

// openHelp shows what the keys do.
func (s *Screen) openHelp() {
	if s.overlayUp() {
		s.closeOverlay()
		return
	}
	keys := []struct{ cap, key string }{
		{s.t("key.space"), "help.play"}, {"← →", "help.step"}, {"Home End", "help.ends"},
		{"PgUp PgDn", "help.chapter"}, {"↑ ↓", "help.speed"}, {"+ − 0", "help.zoom"},
		{"1 2 3", "help.tabs"}, {"C", "help.compare"}, {"W", "help.write"}, {"S", "help.settings"}, {"L", "help.lang"}, {"T", "help.theme"},
		{"F11", "help.full"}, {"?  F1", "help.help"}, {"Esc", "help.close"},
	}
	const row = 36
	body := sketch.New(sketch.Fixed(400, 200), func(pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		for i, k := range keys {
			y := float32(i) * row
			w := look.Width(k.cap, 14, look.Mono) + 20
			pen.Box(0, y, w, 28, p.Card, p.Line, 1, 6)
			pen.Text(k.cap, 10, y+14, 14, p.Text, look.Mono)
			pen.Text(look.Fit(s.t(k.key), 15, size.Width-140), 140, y+14, 15, p.Text)
		}
	})
	closer := look.NewIconButton("close", s.closeOverlay)
	s.openOverlay(look.NewPanel(s.t("help"), closer, body), fyne.NewSize(560, 84+row*float32(len(keys))))
}
