package terminal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"mailscope/scenes/explain"
	"mailscope/sim/trace"
)

// Columns of a row: time, connection, who → whom, sign, text.
const (
	timeWidth = 9
	connWidth = 4
	signWidth = 2
)

// before is how many columns stand before the text.
func (p *Printer) before() int {
	n := timeWidth + 1 + connWidth + p.name + 2 + signWidth
	if p.whom {
		n += 3 + p.name
	}
	return n
}

// entry writes one event in columns: a sign, and the text, broken into rows.
// What goes on from the row above repeats neither time nor names.
func (p *Printer) entry(e *trace.Event, key rowKey, sign span, text ...span) {
	var front []span
	if key == p.last && key != (rowKey{}) {
		front = []span{{strings.Repeat(" ", p.before()-signWidth), plain}}
	} else {
		conn := ""
		if e.Conn != 0 {
			conn = "#" + strconv.Itoa(e.Conn)
		}
		front = []span{{clockTime(e.At) + " " + pad(conn, connWidth), muted}}
		front = append(front, p.between(e)...)
	}
	p.last = key
	front = append(front, sign, span{strings.Repeat(" ", max(signWidth-width(sign.text), 0)), plain})
	p.rows(glyphs(front), text)
}

// between is the column of who → whom.
func (p *Printer) between(e *trace.Event) []span {
	from := span{pad(p.host(e.From), p.name), bold}
	if !p.whom {
		return []span{from, {"  ", plain}}
	}
	if e.To == "" {
		return []span{from, {strings.Repeat(" ", 3+p.name+2), plain}}
	}
	return []span{from, {" → ", muted}, {pad(p.host(e.To), p.name) + "  ", plain}}
}

// rows writes text beside front; its further rows stand under the first.
func (p *Printer) rows(front []glyph, text []span) {
	indent := glyphs([]span{{strings.Repeat(" ", p.before()), plain}})
	for i, row := range wrap(glyphs(text), max(p.width-p.before(), 24)) {
		if i > 0 {
			front = indent
		}
		p.out.row(append(front[:len(front):len(front)], row...))
	}
	p.apart = false
}

// under writes more text in the text's column.
func (p *Printer) under(text ...span) {
	p.rows(glyphs([]span{{strings.Repeat(" ", p.before()), plain}}), text)
}

// meaning writes what the event means, unless the same was just said on this
// connection.
func (p *Printer) meaning(t *talk, x explain.Explained) {
	if x.Sentence == "" || x.Sentence == t.said {
		return
	}
	t.said = x.Sentence
	p.under(span{x.Sentence, muted})
}

// clockTime is the simulated time since the start: seconds to the millisecond,
// and only to the second from an hour on.
func clockTime(at time.Duration) string {
	s := at / time.Second
	ms := at % time.Second / time.Millisecond
	var text string
	switch {
	case s < 60:
		text = fmt.Sprintf("%d.%03d", s, ms)
	case s < 3600:
		text = fmt.Sprintf("%d:%02d.%03d", s/60, s%60, ms)
	default:
		text = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%*s", timeWidth, text)
}
