package inspector

import (
	"strings"
	"unicode"
)

// run is a piece of a token on one row of text.
type run struct {
	token    int // index
	text     string
	col, row int // in monospaced characters
}

// flow sets tokens in monospaced rows of cols characters. A line end starts a
// new row, and so does a full one: words stay whole, and one that is longer
// than a row breaks after punctuation where there is any. At most max rows
// come back; more tells that there was more.
//
// Pure: characters are counted, every one of them as wide as the next.
func flow(tokens []Token, cols, max int) (runs []run, rows int, more bool) {
	f := flowing{cols: cols, max: max}
	for i, t := range tokens {
		for n, line := range strings.Split(strings.ReplaceAll(t.Text, "\r\n", "\n"), "\n") {
			if n > 0 {
				f.newRow(false)
			}
			for chars := []rune(line); len(chars) > 0; {
				n := wordEnd(chars)
				if !f.word(i, chars[:n]) {
					return f.runs, max, true
				}
				chars = chars[n:]
			}
		}
	}
	return f.runs, f.row + 1, false
}

// wordEnd is where the first word of chars ends, the spaces after it included.
func wordEnd(chars []rune) int {
	n := 0
	for n < len(chars) && chars[n] != ' ' {
		n++
	}
	for n < len(chars) && chars[n] == ' ' {
		n++
	}
	return n
}

// flowing is the state of flow.
type flowing struct {
	cols, max int
	runs      []run
	col, row  int
	full      bool // the row began because the one before was full
}

func (f *flowing) newRow(full bool) { f.col, f.row, f.full = 0, f.row+1, full }

// word sets one word with the spaces after it; false means that it did not fit
// into the last row.
func (f *flowing) word(token int, chars []rune) bool {
	letters := len(chars)
	for letters > 0 && chars[letters-1] == ' ' {
		letters--
	}
	for letters > 0 {
		room := f.cols - f.col
		k := min(letters, room)
		if k < letters {
			k = f.breakAt(chars[:letters], room)
		}
		if k == 0 {
			f.newRow(true)
			continue
		}
		if f.row >= f.max {
			return false
		}
		f.set(token, string(chars[:k]))
		chars, letters = chars[k:], letters-k
	}
	if k := min(len(chars), f.cols-f.col); k > 0 && (f.col > 0 || !f.full) && f.row < f.max {
		f.set(token, string(chars[:k])) // a full row needs no space after it
	}
	return true
}

// breakAt is how much of a word too long for the room left is set there; 0
// means that the next row is better.
func (f *flowing) breakAt(word []rune, room int) int {
	if len(word) <= f.cols || room == 0 {
		return 0
	}
	for k := room; k > room/2; k-- {
		if c := word[k-1]; c != '<' && c != '(' && (unicode.IsPunct(c) || unicode.IsSymbol(c)) {
			return k
		}
	}
	if f.col > 0 {
		return 0
	}
	return room
}

// set puts text down, as part of the run before it if that is of the same
// token.
func (f *flowing) set(token int, text string) {
	if n := len(f.runs) - 1; n >= 0 && f.runs[n].token == token && f.runs[n].row == f.row {
		f.runs[n].text += text
	} else {
		f.runs = append(f.runs, run{token: token, text: text, col: f.col, row: f.row})
	}
	f.col += len([]rune(text))
}

// rowRoom is how much each row needs below its text: for the lines under
// explained tokens, and for their numbers, which stand where a token begins.
func rowRoom(tokens []Token, runs []run, rows int) []float32 {
	const line, number = 6, 24
	room := make([]float32, rows)
	for i, r := range runs {
		switch {
		case tokens[r.token].Number == 0:
		case firstOf(runs, i):
			room[r.row] = number
		default:
			room[r.row] = max(room[r.row], line)
		}
	}
	return room
}

// firstOf tells whether run i is where its token begins.
func firstOf(runs []run, i int) bool { return i == 0 || runs[i-1].token != runs[i].token }
