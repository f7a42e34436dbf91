package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// style is how a piece of text looks.
type style uint8

const (
	plain style = iota
	bold
	muted
	heading
	story    // narration: the colour of now
	envelope // what the servers act on
	letter   // what the reader sees
	verb     // of a command
	field    // name of a header field
	done     // replies of class 2, and what went well
	goOn     // class 3
	later    // class 4
	refusal  // class 5, and what failed
	dns
	pop3
	imap
	strange // an escaped character
	styles  // how many there are
)

// span is a piece of text in one style.
type span struct {
	text  string
	style style
}

// glyph is one character to print, or an escape that stands for one.
type glyph struct {
	text  string
	width int // columns
	style style
}

// cells measures characters as terminals outside East Asia do.
var cells = &runewidth.Condition{}

func width(s string) int { return cells.StringWidth(s) }

// glyphs cuts spans into characters. What a terminal might act on, or what
// would hide, becomes a visible escape: control and format characters, octets
// that are not UTF-8. A tab becomes spaces.
func glyphs(spans []span) []glyph {
	var out []glyph
	for _, sp := range spans {
		for s := sp.text; s != ""; {
			r, n := utf8.DecodeRuneInString(s)
			g := glyph{s[:n], cells.RuneWidth(r), sp.style}
			switch {
			case r == utf8.RuneError && n == 1:
				g = escaped(fmt.Sprintf(`\x%02x`, s[0]))
			case r == '\t':
				g = glyph{"    ", 4, sp.style}
			case r == '\r':
				g = escaped(`\r`)
			case r == '\n':
				g = escaped(`\n`)
			case r < 0x20 || r == 0x7f:
				g = escaped(fmt.Sprintf(`\x%02x`, r))
			case unicode.IsMark(r):
				if len(out) > 0 && len(out[len(out)-1].text) < 32 {
					out[len(out)-1].text += s[:n]
					s = s[n:]
					continue
				}
				g = escaped(fmt.Sprintf(`\u%04x`, r))
			case r != ' ' && !unicode.IsGraphic(r) || unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u00a0' || g.width == 0:
				g = escaped(fmt.Sprintf(`\u%04x`, r))
			}
			out = append(out, g)
			s = s[n:]
		}
	}
	return out
}

func escaped(s string) glyph { return glyph{s, len(s), strange} }

// wrap breaks text into rows of at most w columns, at spaces where it can.
// There is at least one row.
func wrap(text []glyph, w int) [][]glyph {
	var rows [][]glyph
	for {
		cut, used, space := 0, 0, -1
		for cut < len(text) && used+text[cut].width <= w {
			if text[cut].text == " " && cut > 0 {
				space = cut
			}
			used += text[cut].width
			cut++
		}
		if cut == len(text) {
			return append(rows, text)
		}
		next := cut
		switch {
		case text[cut].text == " ":
			next = cut + 1
		case space > 0:
			cut, next = space, space+1
		case cut == 0: // wider than a row
			cut, next = 1, 1
		}
		rows = append(rows, text[:cut])
		text = text[next:]
	}
}

// pad adds spaces up to w columns, or cuts text down to them.
func pad(s string, w int) string {
	if width(s) > w {
		s = cells.Truncate(s, w, "…")
	}
	return s + strings.Repeat(" ", max(w-width(s), 0))
}
