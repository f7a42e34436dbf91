//go:build cgo || ci

package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
)

// frame lays out the main screen.
type frame struct{ s *Screen }

func (f frame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := f.s
	p := place(size, s.splits, s.judging)
	p.top.put(s.top.face)
	p.stage.put(s.stage.face)
	p.tabs.put(s.tabsPanel.face)
	p.inspector.put(s.inspectorPanel)
	p.transport.put(s.transport.face)
	p.besideInspector.put(s.dividers[0])
	p.aboveTabs.put(s.dividers[1])
	shown := s.lessonList
	switch {
	case s.splits.trying:
		shown = s.settingsPanel
	case p.rail:
		shown = s.rail
	}
	p.lessons.put(shown)
	for _, o := range []fyne.CanvasObject{s.lessonList, s.rail, s.settingsPanel} {
		if o != shown && o.Visible() {
			o.Hide()
		}
	}
	if !shown.Visible() {
		shown.Show()
	}
}

func (frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(960, 600) }

// divider is a gap between panels that can be dragged.
type divider struct {
	widget.BaseWidget
	upright bool // between left and right
	onDrag  func(dx, dy float32)
	onReset func() // on a double tap
	mark    *canvas.Rectangle
}

func newDivider(upright bool, onDrag func(dx, dy float32), onReset func()) *divider {
	d := &divider{upright: upright, onDrag: onDrag, onReset: onReset, mark: canvas.NewRectangle(color.Transparent)}
	d.mark.CornerRadius = 2
	d.ExtendBaseWidget(d)
	return d
}

// Dragged is for Fyne.
func (d *divider) Dragged(e *fyne.DragEvent) { d.onDrag(e.Dragged.DX, e.Dragged.DY) }

// DragEnd is for Fyne.
func (d *divider) DragEnd() {}

// DoubleTapped is for Fyne.
func (d *divider) DoubleTapped(*fyne.PointEvent) { d.onReset() }

// MouseIn is for Fyne.
func (d *divider) MouseIn(*desktop.MouseEvent) { d.show(look.P().Muted) }

// MouseMoved is for Fyne.
func (d *divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (d *divider) MouseOut() { d.show(color.Transparent) }

func (d *divider) show(c color.Color) {
	d.mark.FillColor = c
	d.mark.Refresh()
}

// Cursor is for Fyne.
func (d *divider) Cursor() desktop.Cursor {
	if d.upright {
		return desktop.HResizeCursor
	}
	return desktop.VResizeCursor
}

// CreateRenderer is for Fyne.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	return &look.Drawing{
		Parts: []fyne.CanvasObject{d.mark},
		Place: func(size fyne.Size) {
			if d.upright {
				look.Put(d.mark, size.Width/2-2, size.Height/2-24, 4, 48)
			} else {
				look.Put(d.mark, size.Width/2-24, size.Height/2-2, 48, 4)
			}
		},
		Min:   func() fyne.Size { return fyne.NewSize(4, 4) },
		Paint: func() {},
	}
}
