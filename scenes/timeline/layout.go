package timeline

import (
	"math"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"mailscope/scenes/explain"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Lengths in device-independent pixels.
const (
	labelWidth  = 200 // of the column left of the lanes
	chapterRow  = 34  // above the lanes, space below it included
	rulerRow    = 30  // below the lanes
	laneHeight  = 32
	leastLane   = 24 // to which lanes shrink before they scroll
	laneGap     = 4
	tickGap     = 84 // least distance between two ticks
	rightMargin = 8
)

// leastSpan is how little of the axis can be shown: one simulated microsecond.
const leastSpan = 1000

// frame is the part of a recording that the view shows: positions from..to of
// the axis, and the lanes from scroll downwards.
type frame struct {
	size     fyne.Size
	axis     *stage.Axis
	from, to float64
	scroll   float32
	count    int // of lanes
}

func (f *frame) width() float32  { return max(1, f.size.Width-labelWidth-rightMargin) }
func (f *frame) height() float32 { return max(1, f.size.Height-chapterRow-rulerRow) }

// pitch is the height of one lane with the gap below it.
func (f *frame) pitch() float32 {
	return min(max(f.height()/float32(max(f.count, 1)), leastLane), laneHeight)
}

// clampScroll keeps whole lanes in view, beginning with the one at scroll.
func (f *frame) clampScroll() {
	whole := max(1, int(f.height()/f.pitch()))
	first := math.Round(float64(f.scroll / f.pitch()))
	f.scroll = float32(min(max(first, 0), float64(max(0, f.count-whole)))) * f.pitch()
}

// reveal scrolls so that lane i is in view.
func (f *frame) reveal(i int) {
	top := float32(i) * f.pitch()
	f.scroll = min(f.scroll, top)
	if bottom := top + f.pitch(); bottom > f.scroll+f.height() {
		f.scroll = top - float32(max(0, int(f.height()/f.pitch())-1))*f.pitch()
	}
	f.clampScroll()
}

// x is where a position of the axis lies in the view.
func (f *frame) x(pos float64) float32 {
	return labelWidth + float32((pos-f.from)/(f.to-f.from)*float64(f.width()))
}

// timeX is where a simulated time lies in the view.
func (f *frame) timeX(at time.Duration) float32 { return f.x(f.axis.Pos(at)) }

// pos is the position of the axis at x of the view, the reverse of x.
func (f *frame) pos(x float32) float64 {
	return f.from + float64(x-labelWidth)/float64(f.width())*(f.to-f.from)
}

// all shows the whole axis with a little room on both sides.
func (f *frame) all() {
	n := max(f.axis.Len(), 1)
	f.from, f.to = -0.02*n, 1.02*n
}

// part shows the axis between two positions, with a little room on both sides.
func (f *frame) part(from, to float64) {
	span := max(to-from, leastSpan)
	f.from, f.to = from-0.02*span, from+1.02*span
	f.clamp()
}

// zoom shows 1/factor as much, and keeps what is at x there.
func (f *frame) zoom(factor float64, x float32) {
	n := max(f.axis.Len(), 1) * 1.04
	span := min(max((f.to-f.from)/factor, leastSpan), max(n, leastSpan))
	at := f.pos(x)
	part := float64(x-labelWidth) / float64(f.width())
	f.from = at - part*span
	f.to = f.from + span
	f.clamp()
}

// pan moves what is shown by dx to the right.
func (f *frame) pan(dx float32) {
	d := float64(dx) / float64(f.width()) * (f.to - f.from)
	f.from, f.to = f.from-d, f.to-d
	f.clamp()
}

// clamp keeps the axis in view.
func (f *frame) clamp() {
	n := max(f.axis.Len(), 1)
	span := f.to - f.from
	f.from = min(max(f.from, -0.02*n), max(1.02*n-span, -0.02*n))
	f.to = f.from + span
}

// show pans so that a position is in view.
func (f *frame) show(pos float64) {
	span := f.to - f.from
	switch {
	case pos < f.from+0.02*span:
		f.from = pos - 0.25*span
	case pos > f.to-0.02*span:
		f.from = pos - 0.75*span
	default:
		return
	}
	f.to = f.from + span
	f.clamp()
}

// tick is one label of the ruler.
type tick struct {
	x    float32
	text string
}

// placeTicks labels round times and the ends of squeezed waits, from left to
// right, no two nearer than tickGap.
func placeTicks(f *frame, l words.Lang) []tick {
	var ticks []tick
	last := float32(math.Inf(-1))
	for x := float32(labelWidth); x <= f.size.Width-rightMargin; {
		at := max(f.axis.At(f.pos(x)), 0)
		spacing := nice(max(f.axis.At(f.pos(x+tickGap))-at, 1))
		next := (at + spacing - 1) / spacing * spacing
		if g, ok := gapIn(f.axis, at, next); ok {
			next = g.To
		}
		nx := f.timeX(next)
		if nx > f.size.Width-rightMargin-24 {
			x += 4 // a finer time may still fit before the end
			continue
		}
		if nx < x || nx-last < tickGap {
			x = max(x+4, last+tickGap)
			continue
		}
		ticks = append(ticks, tick{nx, tickText(l, next, spacing, len(ticks) == 0)})
		last = nx
		x = nx + tickGap/2
	}
	return ticks
}

// gapIn finds a squeezed wait that begins or runs between two times and does
// not end before the second.
func gapIn(a *stage.Axis, at, next time.Duration) (stage.Gap, bool) {
	for _, g := range gapsFrom(a, a.Pos(at)) {
		if g.From >= next {
			break
		}
		if g.To > at {
			return g, true
		}
	}
	return stage.Gap{}, false
}

// nice is the round time next above d.
func nice(d time.Duration) time.Duration {
	for unit := time.Duration(1); unit <= 10*time.Second; unit *= 10 {
		for _, n := range []time.Duration{1, 2, 5} {
			if n*unit >= d {
				return n * unit
			}
		}
	}
	for _, n := range []time.Duration{60, 120, 300, 600, 900, 1800, 3600, 7200, 6 * 3600, 12 * 3600} {
		if n*time.Second >= d {
			return n * time.Second
		}
	}
	day := 24 * time.Hour
	return (d + day - 1) / day * day
}

// tickText writes a time as exactly as its neighbours need it.
func tickText(l words.Lang, at, spacing time.Duration, first bool) string {
	decimals := 0
	if at == 0 {
		spacing = time.Second
	}
	for unit := time.Second; decimals < 9 && (spacing < unit || spacing%unit != 0); unit /= 10 {
		decimals++
	}
	if at >= time.Minute {
		return clock(l, at, min(decimals, 3))
	}
	s := number(l, at.Seconds(), decimals)
	if first {
		return words.T(l, "timeline.seconds", "N", s)
	}
	return s
}

// clock is a time of a minute or more as 15:00 or 1:02:03.
func clock(l words.Lang, at time.Duration, decimals int) string {
	h, m := int(at.Hours()), int(at.Minutes())%60
	s := number(l, (at % time.Minute).Seconds(), decimals)
	if i := strings.IndexAny(s, ".,"); i == 1 || i < 0 && len(s) == 1 {
		s = "0" + s
	}
	if h == 0 {
		return strconv.Itoa(m) + ":" + s
	}
	return strconv.Itoa(h) + ":" + strconv.Itoa(m/10) + strconv.Itoa(m%10) + ":" + s
}

func number(l words.Lang, v float64, decimals int) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', decimals, 64), ".", words.T(l, "timeline.point"), 1)
}

// Clock writes a simulated time to the millisecond, as the playhead's chip
// shows it: 0.462 in seconds, from a minute on 15:00.462.
func Clock(l words.Lang, at time.Duration) string {
	if at >= time.Minute {
		return clock(l, at, 3)
	}
	return number(l, at.Seconds(), 3)
}

// gapBox is a squeezed wait in the view.
type gapBox struct {
	x0, x1 float32
	text   string
}

// placeGaps places the squeezed waits in view; those too narrow to be seen are
// left out.
func placeGaps(f *frame, l words.Lang) []gapBox {
	var boxes []gapBox
	for _, g := range gapsFrom(f.axis, f.from) {
		b := gapBox{x0: f.x(g.Pos0), x1: f.x(g.Pos1)}
		if g.Pos0 > f.to || b.x1-b.x0 < 6 {
			break // all gaps are equally wide
		}
		if b.x1-b.x0 >= 34 {
			b.text = waitText(l, g.To-g.From)
		}
		boxes = append(boxes, b)
	}
	return boxes
}

// gapsFrom are the gaps that end after a position.
func gapsFrom(a *stage.Axis, pos float64) []stage.Gap {
	gaps := a.Gaps()
	lo, hi := 0, len(gaps)
	for lo < hi {
		m := (lo + hi) / 2
		if gaps[m].Pos1 > pos {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return gaps[lo:]
}

// waitText is the length of a wait in its largest fitting unit.
func waitText(l words.Lang, d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return words.T(l, "timeline.wait.seconds", "N", strconv.Itoa(int(d.Round(time.Second).Seconds())))
	case d < 2*time.Hour:
		return words.T(l, "timeline.wait.minutes", "N", strconv.Itoa(int(d.Round(time.Minute).Minutes())))
	case d < 48*time.Hour:
		return words.T(l, "timeline.wait.hours", "N", strconv.Itoa(int(d.Round(time.Hour).Hours())))
	}
	return words.T(l, "timeline.wait.days", "N", strconv.Itoa(int(d.Hours()/24+0.5)))
}

// chapterBox is a chapter's label in the view.
type chapterBox struct {
	x, width float32
	index    int
}

// placeChapters places the chapters in view. A chapter starts halfway between
// its first event and the one before, so that its bar holds all its marks.
func placeChapters(f *frame, s *stage.Show) []chapterBox {
	var boxes []chapterBox
	chapters := s.Chapters()
	right := f.size.Width - rightMargin
	for i, c := range chapters {
		if c.Step > s.Len() {
			break
		}
		x0, x1 := f.chapterX(s, c.Step), right
		if i+1 < len(chapters) && chapters[i+1].Step <= s.Len() {
			x1 = min(right, f.chapterX(s, chapters[i+1].Step))
		}
		x0 = max(x0, labelWidth)
		if x1-x0 >= 4 {
			boxes = append(boxes, chapterBox{x0, x1 - x0 - 2, i})
		}
	}
	return boxes
}

func (f *frame) chapterX(s *stage.Show, step int) float32 {
	pos := f.axis.Pos(s.Time(step))
	if step > 1 {
		if before := f.axis.Pos(s.Time(step - 1)); len(gapsFrom(f.axis, before)) == len(gapsFrom(f.axis, pos)) {
			pos = (pos + before) / 2
		}
	}
	return f.x(pos)
}

// laneNames are the hosts' names in lanes' labels: as short as tells them
// apart. A device has its owner's name, a server the first label of its own
// or, if others share that, of its domain.
func laneNames(l words.Lang, w trace.World) map[string]string {
	names := make(map[string]string, len(w.Hosts))
	for _, name := range []func(trace.Host) string{
		func(h trace.Host) string { return explain.Name(l, w, h.Name) },
		func(h trace.Host) string { return serverLabel(h, h.Domain) },
		func(h trace.Host) string { return serverLabel(h, h.Name) },
		func(h trace.Host) string { return words.Pick(l, h.Title) },
	} {
		shared := map[string]int{}
		for _, h := range w.Hosts {
			shared[name(h)]++
		}
		for _, h := range w.Hosts {
			if n := name(h); n != "" && shared[n] == 1 || names[h.Name] == "" {
				names[h.Name] = n
			}
		}
	}
	return names
}

// serverLabel is the first label of name, "" if h is no server.
func serverLabel(h trace.Host, name string) string {
	if h.Kind != trace.Server {
		return ""
	}
	first, _, _ := strings.Cut(name, ".")
	return first
}
