package stage

import (
	"sort"
	"time"
)

// squeezeOver is the wait between two events that an axis squeezes.
const squeezeOver = time.Second

// Gap is a wait squeezed into a fixed width of the axis.
type Gap struct {
	From, To   time.Duration
	Pos0, Pos1 float64
}

// Axis maps simulated time onto a line on which long waits take little room.
// Positions are nanoseconds outside the gaps; 0 is the start.
type Axis struct {
	gaps []Gap
	end  time.Duration
}

// axisBuilder collects the long waits as events come in.
type axisBuilder struct {
	last  time.Duration
	waits [][2]time.Duration
	total time.Duration // of waits
	built *Axis
}

func (b *axisBuilder) add(at time.Duration) {
	if at-b.last > squeezeOver {
		b.waits = append(b.waits, [2]time.Duration{b.last, at})
		b.total += at - b.last
	}
	b.last = at
	b.built = nil
}

// Axis returns the axis of the events taken in so far. It does not change.
func (s *Show) Axis() *Axis {
	if s.axis.built == nil {
		s.axis.built = s.axis.build()
	}
	return s.axis.built
}

// build gives each gap a twelfth of the time in which something happens, or
// less where there are many, so that gaps never fill more than half.
func (b *axisBuilder) build() *Axis {
	a := &Axis{end: b.last, gaps: make([]Gap, len(b.waits))}
	busy := float64(max(b.last-b.total, time.Millisecond))
	width := busy / float64(max(12, len(b.waits)))
	var squeezed time.Duration
	for i, w := range b.waits {
		pos := float64(w[0]-squeezed) + float64(i)*width
		a.gaps[i] = Gap{From: w[0], To: w[1], Pos0: pos, Pos1: pos + width}
		squeezed += w[1] - w[0]
	}
	return a
}

// Pos is where a simulated time lies. Times after the end go on evenly.
func (a *Axis) Pos(at time.Duration) float64 {
	i := sort.Search(len(a.gaps), func(i int) bool { return a.gaps[i].To > at })
	if i < len(a.gaps) && at >= a.gaps[i].From {
		g := a.gaps[i]
		return g.Pos0 + (g.Pos1-g.Pos0)*float64(at-g.From)/float64(g.To-g.From)
	}
	if i == 0 {
		return float64(at)
	}
	g := a.gaps[i-1]
	return g.Pos1 + float64(at-g.To)
}

// At is the simulated time at a position, the reverse of Pos.
func (a *Axis) At(pos float64) time.Duration {
	i := sort.Search(len(a.gaps), func(i int) bool { return a.gaps[i].Pos1 > pos })
	if i < len(a.gaps) && pos >= a.gaps[i].Pos0 {
		g := a.gaps[i]
		return g.From + time.Duration(float64(g.To-g.From)*(pos-g.Pos0)/(g.Pos1-g.Pos0))
	}
	if i == 0 {
		return time.Duration(pos)
	}
	g := a.gaps[i-1]
	return g.To + time.Duration(pos-g.Pos1)
}

// Len is the position of the last event.
func (a *Axis) Len() float64 { return a.Pos(a.end) }

// Gaps returns the squeezed waits in order. The slice must not be changed.
func (a *Axis) Gaps() []Gap { return a.gaps }
