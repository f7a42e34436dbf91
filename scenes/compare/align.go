package compare

import (
	"slices"
	"sort"
	"time"

	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// Way is how two recordings were laid beside each other.
type Way string

// The ways, the best first.
const (
	BySteps    Way = "steps"    // of the lesson that both tell
	ByChapters Way = "chapters" // of which both have as many
	ByTime     Way = "time"     // each one's share of its simulated time
)

// alignment maps moments of the one playhead onto steps of two shows.
//
// The course is cut into segments. Within one, the side that has more steps
// takes a step each moment, and the other goes on in proportion.
type alignment struct {
	way    Way
	cuts   [2][]int // the last step of each segment, on either side; from step 0
	starts []int    // moments before each segment; one more at the end
}

// align lays two shows beside each other.
func align(a, b *stage.Show) *alignment {
	al := &alignment{}
	switch {
	case al.bySteps(a, b):
		al.way = BySteps
	case al.byChapters(a, b):
		al.way = ByChapters
	default:
		al.way = ByTime
		al.byTime(a, b)
	}
	al.cut(a.Len(), b.Len())
	al.starts = []int{0}
	for i := range al.cuts[0] {
		n := max(al.steps(0, i), al.steps(1, i))
		al.starts = append(al.starts, al.starts[i]+n)
	}
	return al
}

// cut ends a segment after the given steps. Steps never go back.
func (al *alignment) cut(a, b int) {
	for side, step := range []int{a, b} {
		if n := len(al.cuts[side]); n > 0 {
			step = max(step, al.cuts[side][n-1])
		}
		al.cuts[side] = append(al.cuts[side], step)
	}
}

// bySteps cuts before each step of the lesson that both sides have, if there
// is one.
func (al *alignment) bySteps(a, b *stage.Show) bool {
	first, second := lessonSteps(a), lessonSteps(b)
	found := false
	for i, j := 0, 0; i < len(first) && j < len(second); {
		x, y := first[i], second[j]
		switch {
		case x.number == y.number:
			al.cut(x.after, y.after)
			found = true
			i, j = i+1, j+1
		case x.number < y.number:
			i++
		default:
			j++
		}
	}
	return found
}

// lessonStep is where a step of a lesson begins.
type lessonStep struct {
	number int // in the lesson, from 1
	after  int // the show's step before it
}

// lessonSteps finds the steps of the lesson, in ascending order; a number that
// does not ascend is passed over.
func lessonSteps(s *stage.Show) []lessonStep {
	t := s.Recording().Trace
	if t == nil {
		return nil
	}
	var found []lessonStep
	done, last := 0, 0
	for seq := 1; seq <= t.Len(); seq++ {
		note, ok := t.At(seq).Body.(*trace.Note)
		switch {
		case !ok:
			if done == s.Len() {
				return found // the trace has grown since
			}
			done++
		case note.Step > last:
			last = note.Step
			found = append(found, lessonStep{last, done})
		}
	}
	return found
}

// byChapters cuts before each chapter, if both sides have as many and one at
// least.
func (al *alignment) byChapters(a, b *stage.Show) bool {
	first, second := a.Chapters(), b.Chapters()
	if len(first) == 0 || len(first) != len(second) {
		return false
	}
	for i := range first {
		al.cut(first[i].Step-1, second[i].Step-1)
	}
	return true
}

// byTime cuts after each step of the side that has more of them, and lets the
// other come as far as its share of the time says.
func (al *alignment) byTime(a, b *stage.Show) {
	long, short, swap := a, b, false
	if b.Len() > a.Len() {
		long, short, swap = b, a, true
	}
	for step := 1; step <= long.Len(); step++ {
		other := short.StepAt(scaled(long.Time(step), long.Time(long.Len()), short.Time(short.Len())))
		if long.Time(long.Len()) == 0 || short.Time(short.Len()) == 0 {
			other = step * short.Len() / long.Len()
		}
		if swap {
			al.cut(other, step)
		} else {
			al.cut(step, other)
		}
	}
}

// scaled is t of whole as a share of another whole.
func scaled(t, whole, other time.Duration) time.Duration {
	if whole == 0 {
		return 0
	}
	if t == whole {
		return other
	}
	return time.Duration(float64(t) / float64(whole) * float64(other))
}

// steps is how many steps a side has in a segment.
func (al *alignment) steps(side, segment int) int {
	if segment == 0 {
		return al.cuts[side][0]
	}
	return al.cuts[side][segment] - al.cuts[side][segment-1]
}

// begin is the last step of a side before a segment.
func (al *alignment) begin(side, segment int) int {
	return al.cuts[side][segment] - al.steps(side, segment)
}

// len is how many moments there are after moment 0.
func (al *alignment) len() int { return al.starts[len(al.starts)-1] }

// segment is the one that a moment, from 1, lies in.
func (al *alignment) segment(moment int) int {
	return sort.SearchInts(al.starts, moment) - 1
}

// at is the step of a side at a moment, 0 ≤ moment ≤ len.
func (al *alignment) at(side, moment int) int {
	if moment <= 0 {
		return 0
	}
	i := al.segment(moment)
	n, all, j := al.steps(side, i), al.starts[i+1]-al.starts[i], moment-al.starts[i]
	return al.begin(side, i) + (j*n+all-1)/all
}

// moment is the first one at which a side is at a step, the reverse of at.
func (al *alignment) moment(side, step int) int {
	if step <= 0 {
		return 0
	}
	i, _ := slices.BinarySearch(al.cuts[side], step)
	if i == len(al.cuts[side]) {
		return al.len()
	}
	n, all, j := al.steps(side, i), al.starts[i+1]-al.starts[i], step-al.begin(side, i)
	return al.starts[i] + (j-1)*all/n + 1
}
