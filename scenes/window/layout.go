//go:build cgo || ci

package window

import "fyne.io/fyne/v2"

// Measures of the main screen, in device-independent pixels.
const (
	margin        = 12
	topHeight     = 56
	transportHigh = 52
	lessonsWide   = 252
	settingsWide  = 340
	railWide      = 60
	narrowWindow  = 1280 // at this width and below the lessons fold to a rail
	lowWindow     = 720  // at this height and below the tabs are lower
	wideWindow    = 1600 // above, the inspector grows too
	verdictWide   = 564  // of the inspector while a letter is judged
	leastCentre   = 380  // to which the map gives way
)

// firstSize is the size at which the window opens: 1440×900, or what of it
// the screen's work area has room for. A side of 0 is not known.
func firstSize(area fyne.Size) fyne.Size {
	size := fyne.NewSize(1440, 900)
	if area.Width > 0 {
		size.Width = min(size.Width, area.Width)
	}
	if area.Height > 0 {
		size.Height = min(size.Height, area.Height)
	}
	return size
}

// rect is a place on the screen.
type rect struct{ x, y, w, h float32 }

func (r rect) right() float32  { return r.x + r.w }
func (r rect) bottom() float32 { return r.y + r.h }

// put moves and resizes o into the rectangle.
func (r rect) put(o fyne.CanvasObject) {
	o.Move(fyne.NewPos(r.x, r.y))
	o.Resize(fyne.NewSize(r.w, r.h))
}

// fold says whether the lessons are a list or a rail.
type fold int

const (
	foldAuto fold = iota // by the width of the window
	foldRail
	foldList
)

// splits is what the user dragged: 0 means as the window's size suggests.
type splits struct {
	inspector float32 // width
	verdict   float32 // width of the inspector while a letter is judged
	tabs      float32 // height
	fold      fold
	trying    bool // the settings stand where the lessons were
}

// places is where the parts of the main screen stand.
type places struct {
	rail                                            bool
	top, lessons, stage, tabs, inspector, transport rect
	besideInspector, aboveTabs                      rect // handles to drag
}

// place computes the main screen's layout. While a letter is judged the
// lessons fold to the rail, unless they were unfolded by hand, and the
// inspector takes what the map can spare.
//
// Pure: no theme or widget. The parts never overlap and stay inside size as
// long as that is at least 800×560.
func place(size fyne.Size, s splits, judging bool) places {
	w, h := size.Width, size.Height
	p := places{rail: w <= narrowWindow || judging}
	switch s.fold {
	case foldRail:
		p.rail = true
	case foldList:
		p.rail = false
	}

	p.top = rect{0, 0, w, topHeight}
	p.transport = rect{margin, h - margin - transportHigh, w - 2*margin, transportHigh}
	mainTop := float32(topHeight)
	mainHigh := p.transport.y - margin - mainTop

	p.lessons = rect{margin, mainTop, lessonsWide, mainHigh}
	switch {
	case s.trying && w <= narrowWindow:
		p.lessons.w = settingsWide - 40
	case s.trying:
		p.lessons.w = settingsWide
	case p.rail:
		p.lessons.w = railWide
	}

	inspector := s.inspector
	if judging {
		inspector = s.verdict
	}
	if inspector == 0 {
		inspector = inspectorWide(w, judging)
	}
	left := p.lessons.right() + margin
	inspector = clamp(inspector, 260, w-margin-left-margin-leastCentre)
	p.inspector = rect{w - margin - inspector, mainTop, inspector, mainHigh}

	centre := p.inspector.x - margin - left
	tabs := s.tabs
	if tabs == 0 {
		tabs = 256
		if h <= lowWindow {
			tabs = 200
		}
	}
	tabs = clamp(tabs, 120, mainHigh-margin-260)
	p.stage = rect{left, mainTop, centre, mainHigh - margin - tabs}
	p.tabs = rect{left, p.stage.bottom() + margin, centre, tabs}

	p.besideInspector = rect{p.inspector.x - margin, mainTop, margin, mainHigh}
	p.aboveTabs = rect{left, p.stage.bottom(), centre, margin}
	return p
}

// inspectorWide is how wide the inspector is by itself in a window of width w.
func inspectorWide(w float32, judging bool) float32 {
	usual, most := float32(344), float32(480)
	switch {
	case judging:
		usual, most = verdictWide, 640
	case w <= narrowWindow:
		return 320
	}
	return clamp(usual+(w-wideWindow)*0.4, usual, most)
}

// clamp is v kept between lo and hi; lo wins if they cross.
func clamp(v, lo, hi float32) float32 { return max(min(v, hi), lo) }
