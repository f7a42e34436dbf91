// Package ladder shows a recording as a sequence diagram: hosts are columns and
// every step is a row with an arrow.
package ladder

import (
	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/steplist"
	"mailscope/scenes/words"
)

const (
	header    = 36 // height, device-independent pixels
	rowHeight = 40
	textSize  = 14
)

// View is the ladder. All of its methods belong to the goroutine of the user
// interface.
type View struct {
	steplist.List
	columns columns
}

// New makes an empty ladder; onSelect is told which step a person chose.
func New(onSelect func(step int)) *View {
	v := &View{}
	v.Init(onSelect)
	v.Top, v.Height = header, rowHeight
	v.Draw, v.Above = v.row, v.heads
	v.ExtendBaseWidget(v)
	return v
}

// SetShow shows another recording, or the same in another language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	if v.Take(s, l) {
		v.columns = columns{}
	}
	v.Sync()
}

// Sync takes in what the show has got since.
func (v *View) Sync() {
	if v.Shown != nil {
		v.columns.sync(v.Shown)
	}
	v.Refresh()
}

// heads draws the names of the hosts over the lifelines.
func (v *View) heads(p *pool.Pool, width float32) {
	if v.Shown == nil {
		return
	}
	pal := look.P()
	p.Rect(0, 0, width, header, pal.Panel)
	w := v.columns.width(width)
	for _, name := range v.columns.names {
		text := look.Fit(explain.Name(v.Lang, v.Shown.Recording().Header.World, name), textSize, w-24, look.Bold)
		tw := look.Width(text, textSize, look.Bold)
		x := v.columns.x(name, width)
		box := p.Rect(x-tw/2-10, 2, tw+20, header-8, pal.Card)
		box.CornerRadius, box.StrokeColor, box.StrokeWidth = look.Radius, pal.Line, 1
		p.Text(text, textSize, x-tw/2, header/2-2, pal.Text, look.Bold)
	}
}

// row draws one step whose upper edge is at y.
func (v *View) row(p *pool.Pool, row int, y, width float32) {
	r := Rows{Show: v.Shown, Lang: v.Lang, Step: v.Step, Hosts: v.columns.names, Width: width, Height: rowHeight,
		X: func(host string) float32 { return v.columns.x(host, width) }}
	r.Draw(p, row+1, y)
}
