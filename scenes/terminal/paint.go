package terminal

import (
	"bytes"
	"io"

	"github.com/muesli/termenv"
)

// colours are chosen to be read on a dark and on a light background.
var colours = [styles]termenv.ANSI256Color{
	story: 172, envelope: 172, letter: 169, verb: 33, field: 169,
	done: 35, goOn: 33, later: 166, refusal: 167, dns: 134,
	pop3: 106, imap: 37,
}

// paint turns glyphs into the octets that a terminal gets.
type paint struct {
	w    io.Writer
	on   [styles]string // sequence that begins the style; all "" without colour
	buf  bytes.Buffer
	fail error
}

func newPaint(w io.Writer, color bool) *paint {
	p := &paint{w: w}
	if !color {
		return p
	}
	profile := termenv.NewOutput(w, termenv.WithTTY(true)).EnvColorProfile()
	if profile == termenv.Ascii || profile == termenv.TrueColor {
		profile = termenv.ANSI256
	}
	for s := plain + 1; s < styles; s++ {
		seq := ""
		if c := colours[s]; c != 0 {
			seq = profile.Convert(c).Sequence(false)
		}
		switch s {
		case bold:
			seq = "1"
		case heading, verb, pop3, imap:
			seq = join(seq, "1")
		case muted:
			seq = "2"
		case strange:
			seq = "7"
		}
		p.on[s] = termenv.CSI + seq + "m"
	}
	return p
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ";" + b
}

// row writes one row and its line end. Spaces at the end are dropped.
func (p *paint) row(text []glyph) {
	for len(text) > 0 && text[len(text)-1].text == " " {
		text = text[:len(text)-1]
	}
	now := plain
	for _, g := range text {
		if g.style != now {
			p.end(now)
			p.buf.WriteString(p.on[g.style])
			now = g.style
		}
		p.buf.WriteString(g.text)
	}
	p.end(now)
	p.buf.WriteByte('\n')
}

func (p *paint) end(s style) {
	if p.on[s] != "" {
		p.buf.WriteString(termenv.CSI + "0m")
	}
}

// flush writes out what was painted. The first error stays.
func (p *paint) flush() error {
	if p.fail == nil {
		_, p.fail = p.w.Write(p.buf.Bytes())
	}
	p.buf.Reset()
	return p.fail
}
