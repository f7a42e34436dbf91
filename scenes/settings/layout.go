//go:build cgo || ci

package settings

// Measures, in device-independent pixels.
const (
	gap       = 12
	titleHigh = 26 // of a row
	lineHigh  = 19 // of what a setting does
	textSize  = 14
	chipHigh  = 30
	chipGap   = 6
	headHigh  = 36 // of a group
	knobWide  = 40 // of a switch
	knobHigh  = 22
)

// flow places boxes of the given widths in lines no wider than width, and
// tells how high all of them are.
//
// Pure: no theme or widget. A box that is wider than a line is cut to it.
func flow(widths []float32, width float32) (at []place, high float32) {
	x, y := float32(0), float32(0)
	for _, w := range widths {
		w = min(w, width)
		if x > 0 && x+w > width {
			x, y = 0, y+chipHigh+chipGap
		}
		at = append(at, place{x, y, w})
		x += w + chipGap
	}
	if len(at) > 0 {
		high = y + chipHigh
	}
	return at, high
}

// place is where a box stands; all are of one height.
type place struct{ x, y, w float32 }
