package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Pill says something about a link: a round-ended frame with an icon and a
// text in monospace, 28 high.
type Pill struct {
	widget.BaseWidget
	Icon   string
	Text   string
	Colour func(*Palette) color.NRGBA // of the frame
	Mark   func(*Palette) color.NRGBA // of the icon
}

// NewPill makes a pill; icon may be "".
func NewPill(icon, text string, frame, mark func(*Palette) color.NRGBA) *Pill {
	p := &Pill{Icon: icon, Text: text, Colour: frame, Mark: mark}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer draws the pill.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	l := newLabel(14)
	return l.drawing(func() {
		l.icon = p.Icon
		l.text, l.fill, l.mark = p.Text, P().Panel, p.Mark(P())
		l.border, l.ink = p.Colour(P()), P().Text
	})
}

// ChipState is where a chip stands in the course of a session.
type ChipState int

// The states of a chip.
const (
	ChipDone   ChipState = iota // outlined
	ChipNow                     // filled
	ChipFuture                  // dashed
)

// Chip is one stage of a session, 28 high.
type Chip struct {
	widget.BaseWidget
	Text  string
	State ChipState
}

// NewChip makes a chip.
func NewChip(text string, state ChipState) *Chip {
	c := &Chip{Text: text, State: state}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer draws the chip.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	l := newLabel(6)
	return l.drawing(func() {
		p := P()
		l.text, l.dashed = c.Text, c.State == ChipFuture
		switch c.State {
		case ChipDone:
			l.fill, l.border, l.ink = p.Panel, p.OK, p.Text
		case ChipNow:
			l.fill, l.border, l.ink = p.Now, p.Now, p.Ink
		default:
			l.fill, l.border, l.ink = p.Panel, p.Disabled, p.Muted
		}
	})
}

// Badge shows a reply's class and code: a colour and a shape.
type Badge struct {
	widget.BaseWidget
	Code string
}

// NewBadge makes a badge for a reply code.
func NewBadge(code string) *Badge {
	b := &Badge{Code: code}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer draws the badge.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	l := newLabel(6)
	return l.drawing(func() {
		c := ClassOf(b.Code)
		col := P().Class(c)
		l.icon, l.text = c.Icon(), b.Code
		l.fill, l.border, l.mark, l.ink = Mix(P().Panel, col, 0.13), col, col, P().Text
	})
}

// label is the common build of pill, chip and badge.
type label struct {
	radius             float32
	icon, text         string
	fill, border, mark color.NRGBA
	ink                color.NRGBA
	dashed             bool
}

func newLabel(radius float32) *label { return &label{radius: radius} }

const labelHeight = 28

// drawing draws the label; read fills it in from the widget and the palette.
func (l *label) drawing(read func()) fyne.WidgetRenderer {
	read()
	ground := canvas.NewRectangle(l.fill)
	dash := NewDashes(l.radius)
	icon, text := Image(), Text(l.text, 14, l.ink, Mono)
	d := &Drawing{Parts: []fyne.CanvasObject{ground, dash.Raster, icon, text}}
	var size fyne.Size
	width := func() float32 {
		w := text.MinSize().Width
		if l.icon != "" && l.text != "" {
			w += 8
		}
		if l.icon != "" {
			w += 16
		}
		return w
	}
	d.Place = func(s fyne.Size) {
		size = s
		ground.Resize(s)
		dash.Resize(s)
		x := (s.Width - width()) / 2
		if l.icon != "" {
			Put(icon, x, s.Height/2-8, 16, 16)
			x += 24
		}
		PutText(text, x, s.Height/2)
	}
	d.Min = func() fyne.Size { return fyne.NewSize(width()+max(16, 1.6*l.radius), labelHeight) }
	d.Paint = func() {
		read()
		ground.FillColor, ground.StrokeColor, ground.StrokeWidth = l.fill, l.border, 1.5
		ground.CornerRadius = l.radius
		dash.Hidden = !l.dashed
		if l.dashed {
			ground.StrokeWidth = 0
			dash.Colour = l.border
		}
		icon.Hidden = l.icon == ""
		if l.icon != "" {
			icon.Resource = IconOn(l.icon, l.mark, l.fill)
		}
		text.Text, text.Color = l.text, l.ink
		d.Place(size)
	}
	d.Paint()
	return d
}
