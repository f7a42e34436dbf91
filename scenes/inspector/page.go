package inspector

import (
	"image/color"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/words"
)

const rowStep = 20 // between rows of small text

// page is a drawing that grows downwards: each part is set below the last.
type page struct {
	*sketch.Pen
	l    words.Lang
	p    *look.Palette
	x, w float32 // left edge and width of the column
	y    float32 // where the next part begins

	focus place // what is to be in view; its height is 0 if that is the top
}

func (g *page) has(key string) bool { return words.Has(g.l, "window."+key) }

func (g *page) t(key string, kv ...any) string { return words.T(g.l, "window."+key, kv...) }

// text sets a wrapped text and goes below it.
func (g *page) text(s string, size, step float32, c color.Color, o ...look.Style) {
	lines := look.Wrap(s, size, g.w, 0, o...)
	g.Lines(lines, g.x, g.y+step/2, step, size, c, o...)
	g.y += step * float32(len(lines))
}

// rule sets a dividing line with room round it.
func (g *page) rule() {
	g.y += 16
	g.Rule(g.x, g.y, g.w, g.p.Line)
	g.y += 16
}

// title sets the title of a section and, at its right, a remark.
func (g *page) title(s, remark string) {
	g.Text(s, g.x, g.y+10, 15, g.p.Text, look.Bold)
	if remark != "" {
		g.Right(remark, g.x+g.w, g.y+10, 14, g.p.Muted)
	}
	g.y += 30
}

// row sets a label and a value beside it, wrapped to the column's edge.
func (g *page) row(label, value string, indent float32, c color.Color, o ...look.Style) {
	g.Text(look.Fit(label, 14, indent-8), g.x, g.y+11, 14, g.p.Muted)
	g.y += 2 + g.value(value, g.x+indent, g.y+11, g.w-indent, 14, c, o...)
}

// value sets a text wholly, in as many rows as it takes, its first row centred
// on y; it gives their height.
func (g *page) value(s string, x, y, w, size float32, c color.Color, o ...look.Style) float32 {
	runs, rows, more := flow([]Token{{Text: s}}, g.columns(w, size), maxRows)
	for i, r := range runs {
		if more && i == len(runs)-1 {
			r.text += "…"
		}
		g.Text(r.text, x, y+float32(r.row)*rowStep, size, c, o...)
	}
	return float32(rows) * rowStep
}

// runs sets what flow made of tokens, the first row centred on y.
func (g *page) runs(tokens []Token, runs []run, x, y, size float32) {
	cell := look.Width("M", size, look.Mono)
	for _, r := range runs {
		g.Text(r.text, x+float32(r.col)*cell, y+float32(r.row)*rowStep, size, tokens[r.token].Colour, look.Mono)
	}
}

// columns is how many characters of a size stand in the width w; those of a
// proportional face are taken to be as wide as those of the other.
func (g *page) columns(w, size float32) int {
	return max(int(w/look.Width("M", size, look.Mono)), 4)
}
