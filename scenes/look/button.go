package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Button is a control that is tapped. It never takes the keyboard's focus, so
// the window's keys keep working after a tap.
type Button struct {
	widget.BaseWidget
	Icon    string // "" for none
	Label   string // "" for none
	Tap     func()
	Primary bool // amber: the one main action
	Chosen  bool // pressed in, as the current one of several
	Flat    bool // without border and ground until hovered
	Bold    bool // label in bold
	Left    bool // icon and label begin at the left edge

	min      fyne.Size // least size asked for
	disabled bool
	hovered  bool
}

// NewButton makes a button with an icon, a label or both.
func NewButton(icon, label string, tap func()) *Button {
	b := &Button{Icon: icon, Label: label, Tap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton makes a square button with an icon.
func NewIconButton(icon string, tap func()) *Button { return NewButton(icon, "", tap) }

// SetMin asks for a least size, in device-independent pixels.
func (b *Button) SetMin(w, h float32) { b.min = fyne.NewSize(w, h); b.Refresh() }

// SetIcon changes the icon.
func (b *Button) SetIcon(name string) {
	if b.Icon != name {
		b.Icon = name
		b.Refresh()
	}
}

// SetLabel changes the label.
func (b *Button) SetLabel(s string) {
	if b.Label != s {
		b.Label = s
		b.Refresh()
	}
}

// SetChosen presses the button in or lets it out.
func (b *Button) SetChosen(on bool) {
	if b.Chosen != on {
		b.Chosen = on
		b.Refresh()
	}
}

// Enable lets the button be tapped.
func (b *Button) Enable() { b.setDisabled(false) }

// Disable makes taps do nothing, and shows so.
func (b *Button) Disable() { b.setDisabled(true) }

// Disabled tells whether taps do nothing.
func (b *Button) Disabled() bool { return b.disabled }

func (b *Button) setDisabled(v bool) {
	if b.disabled != v {
		b.disabled = v
		b.Refresh()
	}
}

// Tapped runs the action.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.disabled && b.Tap != nil {
		b.Tap()
	}
}

// MouseIn shows that the button can be tapped.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// colours gives ground, border and content for the button's state.
func (b *Button) colours() (ground, border, content color.Color) {
	p := P()
	switch {
	case b.disabled:
		return p.Card, p.Line, p.Disabled
	case b.Primary && b.hovered:
		return Mix(p.Now, p.Ink, 0.1), color.Transparent, p.Ink
	case b.Primary:
		return p.Now, color.Transparent, p.Ink
	case b.Chosen:
		return p.Selection, p.Muted, p.Text
	case b.hovered:
		return Mix(p.Card, p.Text, 0.08), Mix(p.Line, p.Muted, 0.4), p.Text
	case b.Flat:
		return color.Transparent, color.Transparent, p.Text
	}
	return p.Card, p.Line, p.Text
}

const (
	buttonHeight = 36
	iconSize     = 20
)

// CreateRenderer draws the button.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(color.Transparent)
	ground.CornerRadius, ground.StrokeWidth = Radius, 1
	icon, label := Image(), Text("", 15, color.White)
	d := &Drawing{Parts: []fyne.CanvasObject{ground, icon, label}}
	var size fyne.Size
	content := func() (w float32) {
		if b.Icon != "" {
			w += iconSize
		}
		if b.Label != "" {
			if w > 0 {
				w += 8
			}
			w += label.MinSize().Width
		}
		return w
	}
	d.Place = func(s fyne.Size) {
		size = s
		ground.Resize(s)
		x := (s.Width - content()) / 2
		if b.Left {
			x = 12
		}
		if b.Icon != "" {
			Put(icon, x, (s.Height-iconSize)/2, iconSize, iconSize)
			x += iconSize + 8
		}
		PutText(label, x, s.Height/2)
	}
	d.Paint = func() {
		g, border, c := b.colours()
		ground.FillColor, ground.StrokeColor = g, border
		icon.Hidden, label.Hidden = b.Icon == "", b.Label == ""
		if b.Icon != "" {
			on := g
			if _, _, _, a := g.RGBA(); a == 0 {
				on = P().Panel
			}
			icon.Resource = IconOn(b.Icon, c, on)
		}
		label.Text, label.Color, label.TextStyle.Bold = b.Label, c, b.Bold || b.Primary || b.Chosen
		d.Place(size)
	}
	d.Min = func() fyne.Size {
		w := float32(buttonHeight)
		if b.Label != "" {
			w = content() + 24
		}
		return fyne.NewSize(max(w, b.min.Width), max(buttonHeight, b.min.Height))
	}
	size = b.Size()
	d.Paint()
	return d
}
