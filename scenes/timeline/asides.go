package timeline

import (
	"image/color"
	"math"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// asidesService is the service of the lane of what happens beside all
// connections: faults, and settings that are changed.
const asidesService = "asides"

// asides finds the steps of that lane.
type asides struct {
	conn            *stage.Conn // nil before the first
	seen            int         // steps taken in
	faults, changes bool        // there are some
}

// sync takes in the steps that the show has got since, and tells whether the
// lane begins among them.
func (a *asides) sync(s *stage.Show) (begins bool) {
	for ; a.seen < s.Len(); a.seen++ {
		step := a.seen + 1
		e := s.Event(step)
		if !aside(e) {
			continue
		}
		if a.conn == nil {
			a.conn, begins = &stage.Conn{Service: asidesService, First: step}, true
		}
		change := e.Kind() == trace.KindChange
		a.faults, a.changes = a.faults || !change, a.changes || change
		a.conn.Last = step
		a.conn.Steps = append(a.conn.Steps, step)
	}
	return begins
}

// aside tells whether an event belongs into the lane: what strikes a
// connection is in that one's.
func aside(e *trace.Event) bool {
	switch e.Body.(type) {
	case *trace.Fault:
		return e.Conn == 0
	case *trace.Change:
		return true
	}
	return false
}

// name is the key of the lane's label.
func (a *asides) name() string {
	switch {
	case !a.changes:
		return "timeline.faults"
	case !a.faults:
		return "timeline.changes"
	}
	return "timeline.asides"
}

// faultMark is how a fault is drawn: a bolt, or, when it is mended, a tick.
func faultMark(f *trace.Fault) (kind, look.Class) {
	if f.Action == "off" {
		return verdict, look.Done
	}
	return bolt, look.Refusal
}

// bolt draws a flash of lightning. size is half its height in pixels.
func (b *brush) bolt(x, y, size int, c color.NRGBA) {
	b.stamp(stampKey{size: size, form: boltForm}, x, y, c)
}

// gear draws a cog-wheel.
func (b *brush) gear(x, y, size int, c color.NRGBA) {
	b.stamp(stampKey{size: size, form: gearForm}, x, y, c)
}

// inBolt tells whether a point of the square -1..1 is in the flash.
func inBolt(x, y float64) bool {
	corners := [...][2]float64{{0.2, -1}, {-0.75, 0.15}, {-0.1, 0.15}, {-0.3, 1}, {0.75, -0.25}, {0.1, -0.25}, {0.4, -1}}
	in := false
	for i, p := range corners {
		q := corners[(i+1)%len(corners)]
		if (p[1] > y) != (q[1] > y) && x < p[0]+(y-p[1])/(q[1]-p[1])*(q[0]-p[0]) {
			in = !in
		}
	}
	return in
}

// inGear tells whether a point of that square is in the cog-wheel.
func inGear(x, y float64) bool {
	r := math.Hypot(x, y)
	teeth := math.Cos(8*math.Atan2(y, x)) > 0
	return r >= 0.3 && (r <= 0.72 || teeth && r <= 1)
}
