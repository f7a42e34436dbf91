package inspector

import "strings"

// run is a piece of a token on one row of text.
type run struct {
	token    int // index
	text     string
	col, row int // in monospaced characters
}

// flow sets tokens in monospaced rows of cols characters. A line end starts a
// new row, and so does a full one. At most max rows come back; more tells that
// there was more.
//
// Pure: characters are counted, every one of them as wide as the next.
func flow(tokens []Token, cols, max int) (runs []run, rows int, more bool) {
	col, row := 0, 0
	for i, t := range tokens {
		for n, line := range strings.Split(strings.ReplaceAll(t.Text, "\r\n", "\n"), "\n") {
			if n > 0 {
				col, row = 0, row+1
			}
			for chars := []rune(line); len(chars) > 0; {
				if col == cols {
					col, row = 0, row+1
				}
				if row >= max {
					return runs, max, true
				}
				k := min(len(chars), cols-col)
				if k < len(chars) && col > 0 && len(chars) <= cols {
					// Whole on the next row rather than cut in two.
					col = cols
					continue
				}
				runs = append(runs, run{token: i, text: string(chars[:k]), col: col, row: row})
				col += k
				chars = chars[k:]
			}
		}
	}
	return runs, row + 1, false
}
