package inspector

import (
	"image/color"
	"strconv"
	"strings"

	"mailscope/scenes/look"
)

const (
	maxRows     = 40 // of a line
	maxMeanings = 40

	maxLetterRows = 200
)

// speech sets the line: framed, each explained part underlined and numbered,
// with an edge in the colour of now or of a reply's class.
func (g *page) speech(tokens []Token, edge color.NRGBA) {
	const size, pad = 15, 16
	cell := look.Width("M", size, look.Mono)
	runs, rows, more := flow(tokens, g.columns(g.w-2*pad+4, size), maxRows)
	tops, high := make([]float32, rows), float32(8)
	for row, room := range rowRoom(tokens, runs, rows) {
		tops[row] = high
		high += 22 + room
	}
	last := g.y + high + 11
	if more {
		high += 22
	}
	high += 8
	g.Box(g.x, g.y, g.w, high, g.p.Card, g.p.Line, 1, look.Radius)
	g.Rect(g.x, g.y, 4, high, edge, 2)
	for i, r := range runs {
		t := tokens[r.token]
		x, y := g.x+pad+float32(r.col)*cell, g.y+tops[r.row]
		g.Text(r.text, x, y+11, size, t.Colour, look.Mono)
		if t.Number == 0 {
			continue
		}
		w := float32(len([]rune(strings.TrimRight(r.text, " ")))) * cell
		g.Rect(x, y+23, max(w-2, 2), 3, t.Colour, 1.5)
		if firstOf(runs, i) {
			g.Centre(strconv.Itoa(t.Number), x+w/2, y+35, 14, g.p.Text, look.Bold)
		}
	}
	if more {
		g.Text("…", g.x+pad, last, size, g.p.Muted)
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
		g.y += 2 + g.value(t.Text, x, g.y+12, w, 15, t.Colour, look.Mono)
		lines := look.Wrap(t.Meaning, 15, w, 0)
		g.Lines(lines, x, g.y+11, 21, 15, g.p.Text)
		g.y += 21*float32(len(lines)) + 10
	}
}
