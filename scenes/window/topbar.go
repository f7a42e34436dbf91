//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/words"
)

// topBar is the first row: whose program this is, what is shown, and the
// choices that concern everything.
type topBar struct {
	face          *sketch.Sketch
	number, title string
	buttons       []fyne.CanvasObject // from the right edge inwards
}

func newTopBar(s *Screen) *topBar {
	b := &topBar{}
	langs := look.NewSegmented([]string{"RU", "EN"}, langIndex(s.lang), func(i int) { s.setLang(words.Langs[i]) })
	b.buttons = []fyne.CanvasObject{
		langs,
		look.NewIconButton(themeIcon(), s.toggleTheme),
		look.NewIconButton("help", s.openHelp),
	}
	if s.pair != nil {
		b.buttons = append(b.buttons, look.NewIconButton("list", s.leavePair))
	}
	b.face = sketch.New(sketch.Fixed(600, topHeight), b.draw)
	return b
}

// set changes what is shown; number is "" if it is no lesson.
func (b *topBar) set(number, title string) {
	if b.number != number || b.title != title {
		b.number, b.title = number, title
		b.face.Refresh()
	}
}

func (b *topBar) draw(pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	const mid = topHeight / 2
	right := size.Width - margin
	for _, o := range b.buttons {
		m := o.MinSize()
		pen.Place(o, right-m.Width, mid-18, m.Width, 36)
		right -= m.Width + 8
	}
	x := pen.Text("mailscope", 16, mid, 20, p.Text, look.Bold) + 16
	if b.title == "" {
		return
	}
	pen.Rect(x, mid-12, 1, 24, p.Line, 0)
	x += 16
	if b.number != "" {
		x = pen.Text(b.number, x, mid, 16, p.Muted) + 12
	}
	pen.Text(look.Fit(b.title, 18, right-x-8, look.Bold), x, mid, 18, p.Text, look.Bold)
}

func langIndex(l words.Lang) int {
	for i, o := range words.Langs {
		if o == l {
			return i
		}
	}
	return 0
}

// themeIcon shows what the button switches to.
func themeIcon() string {
	if look.P().Dark {
		return "sun"
	}
	return "moon"
}
