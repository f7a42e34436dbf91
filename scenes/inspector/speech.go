package inspector

import (
	"image/color"
	"strconv"

	"mailscope/scenes/look"
)

const (
	maxRows     = 12 // of a line
	maxMeanings = 9
)

// speech sets the line: framed, each explained part underlined and numbered,
// with an edge in the colour of now or of a reply's class.
func (g *page) speech(tokens []Token, edge color.NRGBA) {
	const size, pad = 15, 16
	cell := look.Width("M", size, look.Mono)
	runs, rows, more := flow(tokens, g.columns(g.w-2*pad+4, size), maxRows)
	numbered := false
	for _, t := range tokens {
		numbered = numbered || t.Number > 0
	}
	step := float32(22)
	if numbered {
		step = 46
	}
	if more {
		rows++
	}
	high := float32(rows)*step + 16
	g.Box(g.x, g.y, g.w, high, g.p.Card, g.p.Line, 1, look.Radius)
	g.Rect(g.x, g.y, 4, high, edge, 2)
	for i, r := range runs {
		t := tokens[r.token]
		x, y := g.x+pad+float32(r.col)*cell, g.y+8+float32(r.row)*step
		g.Text(r.text, x, y+11, size, t.Colour, look.Mono)
		if t.Number == 0 {
			continue
		}
		w := float32(len([]rune(r.text))) * cell
		g.Rect(x, y+23, max(w-2, 2), 3, t.Colour, 1.5)
		if i == 0 || runs[i-1].token != r.token {
			g.Centre(strconv.Itoa(t.Number), x+w/2, y+35, 14, g.p.Text, look.Bold)
		}
	}
	if more {
		g.Text("…", g.x+pad, g.y+high-16, size, g.p.Muted)
	}
	g.y += high + 12
}

// meanings lists what the numbered tokens say.
func (g *page) meanings(tokens []Token) {
	n := 0
	for _, t := range tokens {
		if t.Number == 0 {
			continue
		}
		if n++; n > maxMeanings {
			g.Text("…", g.x+36, g.y+10, 15, g.p.Muted)
			g.y += 24
			return
		}
		g.Ring(g.x, g.y, 24, t.Colour, 1.5)
		g.Centre(strconv.Itoa(t.Number), g.x+12, g.y+12, 14, g.p.Text, look.Bold)
		x, w := g.x+36, g.w-36
		g.Text(look.Fit(t.Text, 15, w, look.Mono), x, g.y+12, 15, t.Colour, look.Mono)
		lines := look.Wrap(t.Meaning, 15, w, 4)
		g.Lines(lines, x, g.y+35, 21, 15, g.p.Text)
		g.y += 24 + 21*float32(len(lines)) + 10
	}
}
