package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Segmented is a choice of one among a few labels in a row.
type Segmented struct {
	widget.BaseWidget
	On func(chosen int) // called when a person chooses another one

	buttons []*Button
	chosen  int
}

// NewSegmented makes a choice with the label at index chosen chosen.
func NewSegmented(labels []string, chosen int, on func(int)) *Segmented {
	s := &Segmented{On: on, chosen: chosen}
	for i, l := range labels {
		b := NewButton("", l, func() { s.tap(i) })
		b.Flat, b.Chosen, b.min.Height = true, i == chosen, 28
		s.buttons = append(s.buttons, b)
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *Segmented) tap(i int) {
	if i == s.chosen {
		return
	}
	s.SetChosen(i)
	if s.On != nil {
		s.On(i)
	}
}

// Chosen is the index of the chosen label.
func (s *Segmented) Chosen() int { return s.chosen }

// SetChosen chooses a label without calling On.
func (s *Segmented) SetChosen(i int) {
	s.chosen = i
	for j, b := range s.buttons {
		b.SetChosen(j == i)
	}
}

// SetLabels changes the texts; there must be as many as before.
func (s *Segmented) SetLabels(labels []string) {
	for i, l := range labels {
		if i < len(s.buttons) {
			s.buttons[i].SetLabel(l)
		}
	}
	s.Refresh()
}

// CreateRenderer draws the choice.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(P().Card)
	ground.CornerRadius, ground.StrokeWidth = Radius, 1
	d := &Drawing{Parts: []fyne.CanvasObject{ground}}
	for _, b := range s.buttons {
		d.Parts = append(d.Parts, b)
	}
	const edge = 3
	width := func(b *Button) float32 { // as wide as when chosen, so that choosing moves nothing
		return max(Width(b.Label, 15, Bold)+24, 40)
	}
	d.Place = func(size fyne.Size) {
		ground.Resize(size)
		total := float32(0)
		for _, b := range s.buttons {
			total += width(b)
		}
		spare := max(0, size.Width-2*edge-total) / float32(max(1, len(s.buttons)))
		x := float32(edge)
		for _, b := range s.buttons {
			w := width(b) + spare
			Put(b, x, edge, w, size.Height-2*edge)
			x += w
		}
	}
	d.Min = func() fyne.Size {
		w := float32(2 * edge)
		for _, b := range s.buttons {
			w += width(b)
		}
		return fyne.NewSize(w, buttonHeight)
	}
	d.Paint = func() { ground.FillColor, ground.StrokeColor = P().Card, P().Line }
	d.Paint()
	return d
}
