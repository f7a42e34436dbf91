package stage

import (
	"math"
	"sort"
	"time"
)

// squeezeOver is the wait between two events that an axis shows as a gap.
const squeezeOver = 1500 * time.Millisecond

// Lengths on an axis: what a millisecond between two events takes, and a gap.
const (
	millisecond = 1e9
	gapWidth    = 12 * millisecond
)

// Gap is a wait squeezed into a fixed width of the axis.
type Gap struct {
	From, To   time.Duration
	Pos0, Pos1 float64
}

// Axis maps simulated time onto a line on which every event has room: between
// two events the length grows with the logarithm of the time, so that a quick
// dialogue beside a slow one can still be read, and a long wait is a Gap.
// Position 0 is the start.
type Axis struct {
	times []time.Duration // of events, each one once, after the start
	pos   []float64       // where they lie
	gaps  []Gap
}

// axisBuilder collects the axis as events come in.
type axisBuilder struct {
	axis Axis
	last time.Duration
	pos  float64 // of last
}

func (b *axisBuilder) add(at time.Duration) {
	if at <= b.last {
		return
	}
	wait := at - b.last
	next := b.pos + millisecond*math.Log2(1+float64(wait)/float64(time.Millisecond))
	if wait > squeezeOver {
		next = b.pos + gapWidth
		b.axis.gaps = append(b.axis.gaps, Gap{From: b.last, To: at, Pos0: b.pos, Pos1: next})
	}
	b.last, b.pos = at, next
	b.axis.times = append(b.axis.times, at)
	b.axis.pos = append(b.axis.pos, next)
}

// Axis returns the axis of the events taken in so far. It does not change.
func (s *Show) Axis() *Axis {
	a := s.axis.axis // what is added later lies behind these slices' ends
	return &a
}

// Pos is where a simulated time lies. Times after the end go on evenly.
func (a *Axis) Pos(at time.Duration) float64 {
	i := sort.Search(len(a.times), func(i int) bool { return a.times[i] >= at })
	t0, p0 := a.knot(i - 1)
	if i == len(a.times) {
		return p0 + float64(at-t0)
	}
	return p0 + (a.pos[i]-p0)*float64(at-t0)/float64(a.times[i]-t0)
}

// At is the simulated time at a position, the reverse of Pos.
func (a *Axis) At(pos float64) time.Duration {
	i := sort.SearchFloat64s(a.pos, pos)
	t0, p0 := a.knot(i - 1)
	if i == len(a.pos) {
		return t0 + time.Duration(pos-p0)
	}
	return t0 + time.Duration(float64(a.times[i]-t0)*(pos-p0)/(a.pos[i]-p0))
}

// knot is one event's time and position; before the first is the start.
func (a *Axis) knot(i int) (time.Duration, float64) {
	if i < 0 {
		return 0, 0
	}
	return a.times[i], a.pos[i]
}

// Len is the position of the last event.
func (a *Axis) Len() float64 {
	_, p := a.knot(len(a.pos) - 1)
	return p
}

// Gaps returns the squeezed waits in order. The slice must not be changed.
func (a *Axis) Gaps() []Gap { return a.gaps }
