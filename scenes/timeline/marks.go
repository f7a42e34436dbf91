package timeline

import (
	"sort"
	"time"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// kind is how a mark is drawn.
type kind uint8

const (
	command kind = iota // a bar above the axis
	reply               // its class's shape below the axis
	letter              // a taller bar in the letter's colour
	both                // a question and its answer: bar and shape
	edge                // a connection opened or closed: a thin line across
)

// mark is one event of a lane.
type mark struct {
	at    time.Duration
	step  int32
	kind  kind
	class look.Class
}

// lane is a stage lane made ready for drawing.
type lane struct {
	conn  *stage.Conn
	marks []mark
	// up, down and bad count the marks before each index that have a bar, a
	// shape, and a shape of a refusal; each is one longer than marks.
	up, down, later, bad []int32
}

// sync makes marks of the steps that the connection has got since.
func (l *lane) sync(s *stage.Show) {
	if len(l.up) == 0 {
		l.up, l.down, l.later, l.bad = []int32{0}, []int32{0}, []int32{0}, []int32{0}
	}
	for _, step := range l.conn.Steps[len(l.marks):] {
		m := mark{at: s.Time(step), step: int32(step)}
		m.kind, m.class = kindOf(s.Event(step), l.conn)
		l.marks = append(l.marks, m)
		l.up = count(l.up, m.kind != reply)
		l.down = count(l.down, m.kind == reply || m.kind == both)
		l.later = count(l.later, m.class == look.Later)
		l.bad = count(l.bad, m.class == look.Refusal)
	}
}

// count appends the next prefix sum.
func count(sums []int32, one bool) []int32 {
	n := sums[len(sums)-1]
	if one {
		n++
	}
	return append(sums, n)
}

func kindOf(e *trace.Event, c *stage.Conn) (kind, look.Class) {
	switch b := e.Body.(type) {
	case *trace.Line:
		switch {
		case b.Role == trace.Reply:
			return reply, look.ClassOf(b.Code)
		case b.Role == trace.Data && len(b.Text) > 1:
			return letter, look.ClassNone
		case e.From != c.From:
			return reply, look.ClassNone
		}
		return command, look.ClassNone
	case *trace.Lookup:
		return both, look.ClassOf(b.RCode)
	case *trace.Refused:
		return both, look.Refusal
	}
	return edge, look.ClassNone
}

// from is the index of the first mark at or after a simulated time, looking no
// earlier than index lo.
func (l *lane) from(at time.Duration, lo int) int {
	return lo + sort.Search(len(l.marks)-lo, func(i int) bool { return l.marks[lo+i].at >= at })
}
