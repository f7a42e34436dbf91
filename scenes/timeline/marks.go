package timeline

import (
	"sort"
	"time"

	"mailscope/scenes/imapline"
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
	verdict             // a sign on the axis
	stored              // a folder on the axis
	bolt                // a flash on the axis: a fault
	gear                // a cog-wheel on the axis: a setting that was changed
)

// mark is one event of a lane.
type mark struct {
	step  int32
	sums  sums
	kind  kind
	class uint8 // a look.Class
}

// sums counts a lane's marks up to one of them and including it: those that
// have a bar, those that have a shape, and of these the worse ones.
type sums struct{ up, down, later, bad int32 }

func (s sums) minus(o sums) sums {
	return sums{s.up - o.up, s.down - o.down, s.later - o.later, s.bad - o.bad}
}

// block is how many marks are passed over at once where they are dense.
const block = 16

// lane is a stage lane made ready for drawing.
type lane struct {
	conn  *stage.Conn
	marks []mark
	times []time.Duration // simulated, of marks; apart from them, for they are searched
	ends  []mark          // the last mark of every block of marks: a frame full of them reads these
	until []time.Duration // simulated, of ends
	imap  imapline.Talk   // of marks
	clear int             // marks before the first one that an eavesdropper cannot read
}

// sync makes marks of the steps that the connection has got since.
func (l *lane) sync(s *stage.Show) {
	for _, step := range l.conn.Steps[len(l.marks):] {
		k, class := l.kindOf(s.Event(step))
		m := mark{step: int32(step), kind: k, class: uint8(class)}
		if n := len(l.marks); n > 0 {
			m.sums = l.marks[n-1].sums
		}
		count(&m.sums.up, k != reply)
		count(&m.sums.down, k == reply || k == both)
		count(&m.sums.later, class == look.Later)
		count(&m.sums.bad, class == look.Refusal)
		if b, ok := s.Event(step).Body.(*trace.Line); l.clear == len(l.marks) && !(ok && b.Encrypted) {
			l.clear++
		}
		l.marks = append(l.marks, m)
		l.times = append(l.times, s.Time(step))
		if len(l.marks)%block == 0 {
			l.ends = append(l.ends, m)
			l.until = append(l.until, s.Time(step))
		}
	}
}

func count(sum *int32, one bool) {
	if one {
		*sum++
	}
}

// kindOf is how the next event of the lane is drawn, and the class of its reply.
func (l *lane) kindOf(e *trace.Event) (kind, look.Class) {
	if l.conn.Service == checksService {
		return checkMark(e)
	}
	switch b := e.Body.(type) {
	case *trace.Line:
		data := b.Role == trace.Data && len(b.Text) > 1
		if e.Proto == "imap" {
			data = imapline.Letter(l.imap.Take(e, b).Before) && b.Role == trace.Data
		}
		switch {
		case b.Role == trace.Reply:
			return reply, look.ClassOf(b.Code)
		case data:
			return letter, look.ClassNone
		case e.From != l.conn.From:
			return reply, look.ClassNone
		}
		return command, look.ClassNone
	case *trace.Lookup:
		return both, look.ClassOf(b.RCode)
	case *trace.Refused:
		return both, look.Refusal
	case *trace.Fault:
		return faultMark(b)
	case *trace.Change:
		return gear, look.ClassNone
	}
	return edge, look.ClassNone
}

// from is the index of the first mark at or after a simulated time, looking no
// earlier than index lo.
func (l *lane) from(at time.Duration, lo int) int {
	return lo + sort.Search(len(l.times)-lo, func(i int) bool { return l.times[lo+i] >= at })
}

// cut is the index of the first mark at or after a simulated time, not before
// index lo; near is a guess of how far away. It may be too low by a block that
// takes no longer than slack: such a block is not looked into, which keeps the
// cost of a frame the same however many marks are in it.
func (l *lane) cut(lo, near int, at, slack time.Duration) int {
	b := lo / block
	b += search(l.until[b:], near/block+1, at)
	if b > 0 && b < len(l.until) && l.until[b]-l.until[b-1] <= slack {
		return max(lo, b*block)
	}
	lo = max(lo, b*block)
	end := min(b*block+block, len(l.times))
	return lo + search(l.times[lo:end], end-lo, at)
}

// before is the mark before index i > 0.
func (l *lane) before(i int) *mark {
	if i%block == 0 {
		return &l.ends[i/block-1]
	}
	return &l.marks[i-1]
}

// search is the index of the first of times at or after a time, sought about
// near first, and further in doubling strides.
func search(times []time.Duration, near int, at time.Duration) int {
	lo, hi := 0, min(near, len(times))
	for hi < len(times) && times[hi-1] < at {
		lo, hi = hi, min(hi*2, len(times))
	}
	for lo < hi {
		if m := (lo + hi) / 2; times[m] < at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
