package terminal

import (
	"strings"

	"mailscope/scenes/explain"
	"mailscope/sim/trace"
)

// Lines of a letter that are shown before the rest is folded away.
const (
	maxHeader = 24
	maxBody   = 6
)

// fold is how much of a letter was shown.
type fold struct {
	body   bool // the header's end was seen
	header int  // lines
	lines  int  // of the body
	hidden int  // lines
	octets int
}

// letter writes a block of a letter, or the dot that ends it.
func (p *Printer) letter(e *trace.Event, l *trace.Line, t *talk, x explain.Explained, key rowKey) {
	if l.Text == "." && e.Proto != "imap" {
		p.folded(t)
		p.last = rowKey{}
		p.entry(e, key, signNone, span{".", verb})
		p.meaning(t, x)
		return
	}
	first := t.fold == fold{}
	t.fold.octets += l.Bytes
	if first {
		p.entry(e, key, span{"✉", letter}, span{p.n("letter.block", l.Bytes), letter})
		p.meaning(t, x)
	}
	for s := range strings.SplitSeq(strings.TrimSuffix(l.Text, "\r\n"), "\r\n") {
		p.letterLine(&t.fold, s)
	}
	p.last = rowKey{}
}

// folded tells how much of a letter that ended, or broke off, was not shown.
func (p *Printer) folded(t *talk) {
	if n := t.fold.hidden; n > 0 {
		p.under(span{"│ ", letter}, span{p.n("letter.hidden", n), muted})
	}
	t.fold = fold{}
}

// letterLine writes one line of a letter, unless it is folded away.
func (p *Printer) letterLine(f *fold, s string) {
	switch {
	case f.body:
		if f.lines++; f.lines > maxBody {
			f.hidden++
			return
		}
		p.edged(span{s, plain})
	case s == "":
		f.body = true
		p.edged()
	default:
		if f.header++; f.header > maxHeader {
			f.hidden++
			return
		}
		name, value, found := strings.Cut(s, ":")
		if !found || s[0] == ' ' || s[0] == '\t' {
			p.edged(span{s, letter})
			return
		}
		p.edged(span{name + ":", muted}, span{value, letter})
	}
}

// edged writes a line of a letter behind the letter's edge.
func (p *Printer) edged(text ...span) {
	front := glyphs([]span{{strings.Repeat(" ", p.before()), plain}, {"│ ", letter}})
	for _, row := range wrap(glyphs(text), max(p.width-p.before()-2, 22)) {
		p.out.row(append(front[:len(front):len(front)], row...))
	}
	p.apart = false
}
