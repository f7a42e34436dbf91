package look

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Style changes how a text is set.
type Style func(*fyne.TextStyle)

// Bold sets a text in bold. There is no bold monospace face.
func Bold(s *fyne.TextStyle) { s.Bold = true }

// Mono sets a text in the monospace face: what goes over the wire.
func Mono(s *fyne.TextStyle) { s.Monospace = true }

// Text is one line of text, size in device-independent pixels.
func Text(s string, size float32, c color.Color, o ...Style) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = size
	t.TextStyle = styleOf(o)
	return t
}

func styleOf(o []Style) (s fyne.TextStyle) {
	for _, f := range o {
		f(&s)
	}
	return s
}

// Width is how wide a text is, in device-independent pixels.
func Width(s string, size float32, o ...Style) float32 {
	return fyne.MeasureText(s, size, styleOf(o)).Width
}

// Height is how high a line of text is, in device-independent pixels.
func Height(size float32, o ...Style) float32 {
	return fyne.MeasureText("Щg", size, styleOf(o)).Height
}

// Fit is s, shortened with an ellipsis if it is wider than width.
func Fit(s string, size, width float32, o ...Style) string {
	if Width(s, size, o...) <= width {
		return s
	}
	return strings.TrimRight(fitting(s, "…", size, width, o...), " ") + "…"
}

// fitting is how much of s, which is too wide, fits together with tail.
func fitting(s, tail string, size, width float32, o ...Style) string {
	r := []rune(s)
	lo, hi := 0, len(r) // lo fits, hi does not
	for lo+1 < hi {
		m := (lo + hi) / 2
		if Width(string(r[:m])+tail, size, o...) <= width {
			lo = m
		} else {
			hi = m
		}
	}
	return string(r[:lo])
}

// Wrap breaks s between words into at most max lines (0: any number) no wider
// than width, and a word that is wider than a line inside; a text that needs
// more lines ends in an ellipsis.
func Wrap(s string, size, width float32, max int, o ...Style) []string {
	var lines []string
	rest := strings.Join(strings.Fields(s), " ")
	for rest != "" {
		if max > 0 && len(lines) == max-1 {
			return append(lines, Fit(rest, size, width, o...))
		}
		line := firstLine(rest, size, width, o...)
		lines = append(lines, line)
		rest = strings.TrimPrefix(rest[len(line):], " ")
	}
	return lines
}

// firstLine is the first line of s, whose words are one space apart; it is
// never empty.
func firstLine(s string, size, width float32, o ...Style) string {
	end := 0
	for end < len(s) {
		next := len(s)
		if i := strings.IndexByte(s[end+1:], ' '); i >= 0 {
			next = end + 1 + i
		}
		if Width(s[:next], size, o...) > width {
			break
		}
		end = next
	}
	if end == 0 {
		_, one := utf8.DecodeRuneInString(s)
		end = max(len(fitting(s, "", size, width, o...)), one)
	}
	return s[:end]
}
