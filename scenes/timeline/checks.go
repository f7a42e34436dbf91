package timeline

import (
	"image/color"
	"math"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// checksService is the service of the lane of checks, which is no connection's.
const checksService = "checks"

// checks finds the steps of the lane of checks: verdicts, and where a letter
// that was judged is put away.
type checks struct {
	conn   *stage.Conn // nil before the first verdict
	seen   int         // steps taken in
	judged map[letterAt]bool
}

// letterAt is a letter at a server.
type letterAt struct{ host, letter string }

// sync takes in the steps that the show has got since, and tells whether the
// lane begins among them.
func (c *checks) sync(s *stage.Show) (begins bool) {
	for ; c.seen < s.Len(); c.seen++ {
		step := c.seen + 1
		e := s.Event(step)
		at := letterAt{e.From, e.Letter}
		switch b := e.Body.(type) {
		case *trace.Verdict:
			if c.conn == nil {
				c.conn, c.judged = &stage.Conn{Service: checksService, First: step}, map[letterAt]bool{}
				begins = true
			}
			c.judged[at] = true
		case *trace.Store:
			if b.Action != "add" || e.Letter == "" || !c.judged[at] {
				continue
			}
		default:
			continue
		}
		c.conn.Last = step
		c.conn.Steps = append(c.conn.Steps, step)
	}
	return begins
}

// has tells whether a step is in the lane of checks.
func (c *checks) has(e *trace.Event) bool {
	if c.conn == nil || e == nil {
		return false
	}
	switch b := e.Body.(type) {
	case *trace.Verdict:
		return true
	case *trace.Store:
		return b.Action == "add" && e.Letter != "" && c.judged[letterAt{e.From, e.Letter}]
	}
	return false
}

// checkMark is how an event of that lane is drawn.
func checkMark(e *trace.Event) (kind, look.Class) {
	switch b := e.Body.(type) {
	case *trace.Verdict:
		return verdict, look.ClassOfResult(b.Result)
	case *trace.Store:
		if b.Folder == "Junk" {
			return stored, look.Later
		}
	}
	return stored, look.Done
}

// sign draws what a check came to: a circle with a tick, a ring with a bar, a
// hollow diamond, an octagon with a cross. size is half its height in pixels.
func (b *brush) sign(class look.Class, x, y, size int, c color.NRGBA) {
	b.stamp(stampKey{class, size, signForm}, x, y, c)
}

// inSign tells whether a point of the square -1..1 is in the sign of a class.
func inSign(class look.Class, x, y float64) bool {
	ax, ay := math.Abs(x), math.Abs(y)
	r := math.Hypot(x, y)
	switch class {
	case look.Done:
		tick := min(toLine(x, y, -0.5, 0.05, -0.12, 0.42), toLine(x, y, -0.12, 0.42, 0.5, -0.38))
		return r <= 1 && tick > 0.16
	case look.Refusal:
		cross := min(toLine(x, y, -0.4, -0.4, 0.4, 0.4), toLine(x, y, -0.4, 0.4, 0.4, -0.4))
		return ax <= 1 && ay <= 1 && ax+ay <= 1.42 && cross > 0.16
	case look.Later:
		return ax+ay <= 1.1 && ax+ay >= 0.7
	}
	return r <= 1 && (r >= 0.74 || ay <= 0.14 && ax <= 0.5)
}

// toLine is how far a point is from the line between two others.
func toLine(x, y, x0, y0, x1, y1 float64) float64 {
	dx, dy := x1-x0, y1-y0
	t := min(max(((x-x0)*dx+(y-y0)*dy)/(dx*dx+dy*dy), 0), 1)
	return math.Hypot(x-x0-t*dx, y-y0-t*dy)
}

// folder draws a mailbox's folder. size is half its height in pixels.
func (b *brush) folder(x, y, size int, c color.NRGBA) {
	b.rect(x-size, y-size*3/4, x, y-size/4, c)
	b.rect(x-size, y-size/2, x+size, y+size*3/4, c)
}
