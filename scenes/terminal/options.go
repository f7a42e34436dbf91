// Package terminal shows a recording as text: a transcript in columns, what
// each line means, and how the lesson's expectations came out.
//
// Whatever a wire or a file brought is escaped: nothing in it can steer the
// terminal.
package terminal

import (
	"os"

	"github.com/muesli/termenv"
	"golang.org/x/term"

	"mailscope/scenes/words"
)

// Widths of the text, in columns.
const (
	usualWidth = 100 // where there is no terminal
	minWidth   = 56
	maxWidth   = 140 // longer lines are hard to read
)

// Options say how the text is set.
type Options struct {
	Lang  words.Lang
	Color bool
	Width int // in columns; 0 means 100
}

// Detect tells whether f shows colour, and how wide it is. The environment may
// refuse colour (NO_COLOR).
func Detect(f *os.File) (color bool, width int) {
	if !term.IsTerminal(int(f.Fd())) {
		return false, 0
	}
	color = termenv.NewOutput(f).EnvColorProfile() != termenv.Ascii
	if w, _, err := term.GetSize(int(f.Fd())); err == nil {
		width = w
	}
	return color, width
}

func (o Options) width() int {
	if o.Width == 0 {
		return usualWidth
	}
	return min(max(o.Width, minWidth), maxWidth)
}
