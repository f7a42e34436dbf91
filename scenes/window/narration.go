//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/inspector"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
)

const narrationHigh = 84

// narration is the bar under the map: the line, and what it means in one
// sentence, to be read from the back of the room.
type narration struct {
	face     *sketch.Sketch
	tokens   []inspector.Token
	sentence string // what any such line means
	story    string // what the lesson tells of it; "" if nothing
}

func newNarration() *narration {
	n := &narration{}
	n.face = sketch.New(sketch.Fixed(200, narrationHigh), n.draw)
	return n
}

func (n *narration) set(tokens []inspector.Token, sentence, story string) {
	n.tokens, n.sentence, n.story = tokens, sentence, story
	n.face.Refresh()
}

func (n *narration) draw(pen *sketch.Pen, size fyne.Size) {
	p := look.P()
	pen.Panel(0, 0, size.Width, size.Height, p.Card, p.Line, 1, look.CardRadius)
	pen.Rect(0, 0, 4, size.Height, p.Now, 2)
	const left = 20
	room := size.Width - left - 16
	lines, text, step := lay(n.told(room), room)
	lineY, sentenceY := float32(26), float32(58)
	switch {
	case len(n.tokens) == 0:
		sentenceY = size.Height/2 - step*float32(len(lines)-1)/2
	case len(lines) == 2:
		lineY, sentenceY = 20, 44
	case len(lines) > 2:
		lineY, sentenceY = 16, 38
	}
	n.line(pen, left, lineY, room)
	pen.Lines(lines, left, sentenceY, step, text, p.Text)
}

// lay breaks a sentence into as few lines, set as large, as the room allows;
// step is from one line to the next.
func lay(text string, room float32) (lines []string, size, step float32) {
	for _, size := range []float32{20, 18} {
		if look.Width(text, size) <= room {
			return []string{text}, size, 0
		}
	}
	if lines = look.Wrap(text, 16, room, 0); len(lines) <= 2 {
		return lines, 16, 21
	}
	return look.Wrap(text, 14, room, 3), 14, 17
}

// told is the story, or the sentence where there is none that fits in two
// lines.
func (n *narration) told(room float32) string {
	if n.story == "" || len(look.Wrap(n.story, 16, room, 3)) > 2 {
		return n.sentence
	}
	return n.story
}

// line sets the tokens in one row, cut where the room ends.
func (n *narration) line(pen *sketch.Pen, x, y, room float32) {
	const size = 22
	cell := look.Width("M", size, look.Mono)
	cols := int(room / cell)
	for _, t := range n.tokens {
		chars := []rune(oneLine(t.Text))
		cut := len(chars) > cols
		if cut {
			chars = append(chars[:max(cols-1, 0)], '…')
		}
		pen.Text(string(chars), x, y, size, t.Colour, look.Mono)
		if cut {
			return
		}
		x += float32(len(chars)) * cell
		cols -= len(chars)
	}
}

// oneLine shows line ends as a mark.
func oneLine(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch r {
		case '\r':
		case '\n':
			out = append(out, ' ', '↵', ' ')
		default:
			out = append(out, r)
		}
		if len(out) > 400 {
			break
		}
	}
	return string(out)
}
