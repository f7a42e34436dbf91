package terminal

import (
	"io"
	"strings"
	"time"

	"mailscope/scenes/compare"
	"mailscope/scenes/words"
)

// Differences writes the table of differences between two recordings: one row
// a meter, the values at the end of either side.
func Differences(w io.Writer, pair *compare.Pair, o Options) error {
	p := &Printer{out: newPaint(w, o.Color), lang: o.Lang, width: o.width(), apart: true}
	rows := pair.Meters(pair.Len())
	label, value := 0, [2]int{}
	for side := range value {
		value[side] = min(width(pair.Title(o.Lang, side)), 24)
	}
	for _, m := range rows {
		label = max(label, width(pair.Label(o.Lang, m)))
		for side, v := range m.Values {
			value[side] = max(value[side], width(m.Unit.Text(o.Lang, v)))
		}
	}
	label = min(label, p.width-value[0]-value[1]-6)
	row := func(name string, look style, values [2]string, looks [2]style) {
		text := []span{{"  " + pad(name, label), look}}
		for side, v := range values {
			text = append(text, span{"  ", plain}, span{padLeft(v, value[side]), looks[side]})
		}
		p.out.row(glyphs(text))
	}

	p.free("", nil, span{words.T(o.Lang, "compare.table.title"), heading})
	p.gap()
	row("", plain, [2]string{pair.Title(o.Lang, 0), pair.Title(o.Lang, 1)}, [2]style{styleOfSide(pair, 0), styleOfSide(pair, 1)})
	for _, m := range rows {
		looks := [2]style{bold, bold}
		if m.Values[0] == m.Values[1] {
			looks = [2]style{muted, muted} // no difference
		}
		row(pair.Label(o.Lang, m), plain, [2]string{m.Unit.Text(o.Lang, m.Values[0]), m.Unit.Text(o.Lang, m.Values[1])}, looks)
	}
	p.apart = false
	p.gap()
	p.free("  ", nil, span{words.T(o.Lang, "compare.table.way."+string(pair.Way)), muted})
	p.free("  ", nil, span{words.T(o.Lang, "compare.table.link",
		"Latency", int(compare.LinkLatency/time.Millisecond), "Speed", compare.LinkSpeed/1000), muted})
	p.gap()
	return p.out.flush()
}

// styleOfSide is the colour of a side's protocol.
func styleOfSide(pair *compare.Pair, side int) style {
	switch pair.Protocol(side) {
	case "pop3":
		return pop3
	case "imap":
		return imap
	}
	return heading
}

// padLeft adds spaces before s up to w columns, or cuts it down to them.
func padLeft(s string, w int) string {
	s = strings.TrimRight(pad(s, w), " ")
	return strings.Repeat(" ", max(w-width(s), 0)) + s
}
