package inspector

import (
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/sim/trace"
)

// Token is a piece of a line in one colour.
type Token struct {
	Text    string // fit to be shown: no control characters
	Colour  color.NRGBA
	Number  int    // from 1, for tokens that are explained; 0 for the others
	Meaning string // "" if Number is 0
}

// Cut divides text into tokens by its parts. service gives commands their
// colour, code gives it to the code of a reply. Parts that lie outside of the
// text or overlap are left out.
func Cut(text string, parts []explain.Part, service, code string) []Token {
	p := look.P()
	var tokens []Token
	add := func(s string, k explain.Kind, meaning string) {
		if s == "" {
			return
		}
		t := Token{Text: Printable(s), Colour: colour(p, k, service, code), Meaning: meaning}
		if meaning != "" {
			t.Number = 1
			for _, o := range tokens {
				t.Number = max(t.Number, o.Number+1)
			}
		}
		tokens = append(tokens, t)
	}
	at := 0
	for _, part := range parts {
		if part.Start < at || part.End > len(text) || part.End <= part.Start {
			continue
		}
		add(text[at:part.Start], explain.Plain, "")
		add(text[part.Start:part.End], part.Kind, part.Meaning)
		at = part.End
	}
	add(text[at:], explain.Plain, "")
	return tokens
}

// colour is the colour of a kind of part.
func colour(p *look.Palette, k explain.Kind, service, code string) color.NRGBA {
	switch k {
	case explain.Verb:
		return p.Service(service)
	case explain.EnvelopeText:
		return p.NowText
	case explain.LetterText:
		return p.Letter
	case explain.Code, explain.Enhanced:
		return p.Class(look.ClassOf(code))
	case explain.Keyword:
		return p.Service(service)
	case explain.Field:
		return p.Muted
	}
	return p.Text
}

// Printable is s with everything that has no picture replaced: control
// characters by "·", broken UTF-8 by U+FFFD. Line ends stay.
func Printable(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func clean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7F || s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// edge is the colour of a line's left edge: of a reply its class, else now.
func edge(e *trace.Event) color.NRGBA {
	p := look.P()
	if l, ok := e.Body.(*trace.Line); ok && l.Role == trace.Reply {
		if c := look.ClassOf(l.Code); c == look.Later || c == look.Refusal {
			return p.Class(c)
		}
	}
	return p.Now
}
