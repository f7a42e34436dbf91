package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Panel is a framed part of the window: a title, something in the corner
// opposite to it, and a body. Title, corner and body may each be absent.
type Panel struct {
	widget.BaseWidget
	Corner, Body fyne.CanvasObject
	Now          bool // amber frame: what asks for attention

	title string
}

// NewPanel makes a panel.
func NewPanel(title string, corner, body fyne.CanvasObject) *Panel {
	p := &Panel{title: title, Corner: corner, Body: body}
	p.ExtendBaseWidget(p)
	return p
}

// SetTitle changes the title.
func (p *Panel) SetTitle(s string) {
	if p.title != s {
		p.title = s
		p.Refresh()
	}
}

// PanelHead is the height of a panel's title row with the gap below it.
const PanelHead = 36

// CreateRenderer draws the panel.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	ground := NewFrame(PanelRadius, 1)
	title := Text(p.title, 18, P().Text, Bold)
	d := &Drawing{Parts: append(ground.Objects(), title)}
	if p.Body != nil {
		d.Parts = append(d.Parts, p.Body)
	}
	if p.Corner != nil {
		d.Parts = append(d.Parts, p.Corner)
	}
	head := func() float32 {
		if p.title == "" && p.Corner == nil {
			return 0
		}
		h := float32(PanelHead)
		if p.Corner != nil {
			h = max(h, p.Corner.MinSize().Height+8)
		}
		return h
	}
	d.Place = func(size fyne.Size) {
		ground.Place(0, 0, size.Width, size.Height)
		row := head() - 8
		y := float32(10) + row/2
		room := size.Width - 2*Padding
		if p.Corner != nil {
			m := p.Corner.MinSize()
			Put(p.Corner, size.Width-Padding-m.Width, y-m.Height/2, m.Width, m.Height)
			room -= m.Width + 12
		}
		title.Text = Fit(p.title, 18, max(room, 0), Bold)
		PutText(title, Padding, y)
		if p.Body != nil {
			top := head() + 10
			if head() == 0 {
				top = Padding
			}
			Put(p.Body, Padding, top, size.Width-2*Padding, size.Height-top-Padding)
		}
	}
	d.Min = func() fyne.Size {
		w, h := Width(p.title, 18, Bold), head()+10+Padding
		if p.Corner != nil {
			w = p.Corner.MinSize().Width + 60
		}
		if p.Body != nil {
			m := p.Body.MinSize()
			w, h = max(w, m.Width), h+m.Height
		}
		return fyne.NewSize(w+2*Padding, h)
	}
	d.Paint = func() {
		border, width := P().Line, float32(1)
		if p.Now {
			border, width = P().Now, 2
		}
		ground.Colour(P().Panel, border)
		ground.Border(width)
		title.Color = P().Text
		if s := p.Size(); s.Width > 0 {
			d.Place(s)
		}
	}
	return d
}
