//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
)

// stagePanel is the map with its narration.
type stagePanel struct {
	face *sketch.Sketch
	s    *Screen
}

func newStagePanel(s *Screen) *stagePanel {
	b := &stagePanel{s: s}
	b.face = sketch.New(sketch.Fixed(300, 200), b.draw)
	return b
}

func (b *stagePanel) draw(pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	pen.Panel(0, 0, size.Width, size.Height, p.Panel, p.Line, 1, look.PanelRadius)
	const pad = look.Padding
	bottom := size.Height - 12 - narrationHigh
	if b.s.mapView != nil {
		pen.Place(b.s.mapView, pad, 10, size.Width-2*pad, bottom-12-10)
	}
	pen.Place(b.s.narration.face, pad, bottom, size.Width-2*pad, narrationHigh)
}

// tabsPanel shows one of the views of the whole recording.
type tabsPanel struct {
	face       *sketch.Sketch
	s          *Screen
	choice     *look.Segmented
	minus, all *look.Button
	plus       *look.Button
}

func newTabsPanel(s *Screen) *tabsPanel {
	b := &tabsPanel{s: s}
	var labels []string
	for _, t := range s.tabs {
		labels = append(labels, s.t(t.key))
	}
	b.choice = look.NewSegmented(labels, s.tab, s.setTab)
	b.minus = look.NewIconButton("minus", func() { s.zoom(1 / 1.5) })
	b.plus = look.NewIconButton("plus", func() { s.zoom(1.5) })
	b.all = look.NewButton("", s.t("zoom.all"), func() { s.zoom(0) })
	b.face = sketch.New(sketch.Fixed(300, 100), b.draw)
	return b
}

func (b *tabsPanel) draw(pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	pen.Panel(0, 0, size.Width, size.Height, p.Panel, p.Line, 1, look.PanelRadius)
	if len(b.s.tabs) == 0 {
		return
	}
	pen.Place(b.choice, 10, 10, b.choice.MinSize().Width, 36)
	view := b.s.tabs[b.s.tab].view
	if _, ok := view.(zoomer); ok {
		x := size.Width - 12
		for _, o := range []*look.Button{b.all, b.plus, b.minus} {
			w := o.MinSize().Width
			if x-w < 10+b.choice.MinSize().Width {
				break // no room beside the choice
			}
			pen.Place(o, x-w, 10, w, 36)
			x -= w + 4
		}
	}
	pen.Place(view, look.Padding, 54, size.Width-2*look.Padding, size.Height-54-10)
}

// zoom changes the scale of the view shown; 0 shows all.
func (s *Screen) zoom(factor float64) {
	if len(s.tabs) == 0 {
		return
	}
	if z, ok := s.tabs[s.tab].view.(zoomer); ok {
		if factor == 0 {
			z.All()
		} else {
			z.Zoom(factor)
		}
	}
}
