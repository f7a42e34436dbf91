// Package compare lays two recordings beside each other: one playhead for both,
// what each has come to at any moment, and the differences in numbers.
//
// Everything is a pure function of the two recordings and a moment. A moment is
// a step of the pair, as a step is one of a recording: 0 stands before
// everything, Len at the end.
package compare

import (
	"maps"
	"slices"
	"time"

	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// mostDevices is how many devices are compared; more would not be told apart.
const mostDevices = 4

// Pair is two recordings beside each other. It belongs to one goroutine.
type Pair struct {
	Sides [2]*Side
	Way   Way

	align    *alignment
	chapters []stage.Chapter
	meters   []Meter    // without values
	most     [2][]int64 // the highest value of each meter, on either side
	values   []int64    // of the state last looked at
}

// New lays a (left) beside b (right). Both must be complete.
func New(a, b trace.Recording) *Pair {
	shows := [2]*stage.Show{stage.New(a), stage.New(b)}
	p := &Pair{}
	cast, risky := casting(shows)
	for i, show := range shows {
		p.Sides[i] = newSide(show, cast, risky, func(st *State) { p.raise(i, st) })
	}
	p.meters = meters(cast, risky)
	p.align = align(shows[0], shows[1])
	p.Way = p.align.way
	p.mark()
	return p
}

// raise takes in a state for the meters' highest values.
func (p *Pair) raise(side int, st *State) {
	p.values = st.values(p.values[:0])
	if p.most[side] == nil {
		p.most[side] = make([]int64, len(p.values))
	}
	for i, v := range p.values {
		p.most[side][i] = max(p.most[side][i], v)
	}
}

// casting chooses the devices to be compared: those that receive mail in
// either recording, in the order of the world; and the one that may be lost.
func casting(shows [2]*stage.Show) (cast []string, risky string) {
	takes := make(map[string]bool)
	var met []string
	for _, show := range shows {
		for step := 1; step <= show.Len(); step++ {
			e := show.Event(step)
			d, ok := e.Body.(*trace.Device)
			if !ok {
				continue
			}
			if d.Action == "lost" && risky == "" {
				risky = e.From
			}
			switch d.Action {
			case "poll", "nothing", "search", "offline", "online", "lost":
			default:
				if !received(d.Action) {
					continue
				}
			}
			if !takes[e.From] {
				takes[e.From] = true
				met = append(met, e.From)
			}
		}
	}
	for _, show := range shows {
		for _, h := range show.Recording().Header.World.Hosts {
			if takes[h.Name] && !slices.Contains(cast, h.Name) {
				cast = append(cast, h.Name)
				if h.Kind == trace.Laptop && risky == "" {
					risky = h.Name
				}
			}
		}
	}
	for _, name := range met {
		if !slices.Contains(cast, name) {
			cast = append(cast, name)
		}
	}
	return cast[:min(len(cast), mostDevices)], risky
}

// mark takes over the chapters of the side that has more of them; where both
// have as many, each begins when it begins on either.
func (p *Pair) mark() {
	left, right := p.Sides[0].Show.Chapters(), p.Sides[1].Show.Chapters()
	side, own := 0, left
	if len(right) > len(left) {
		side, own = 1, right
	}
	for i, c := range own {
		m := p.first(side, c.Step)
		if len(left) == len(right) {
			m = min(m, p.first(1, right[i].Step))
		}
		p.chapters = append(p.chapters, stage.Chapter{Step: m, Title: c.Title})
	}
}

// first is the moment at which a side takes a step, Len+1 if it never does.
func (p *Pair) first(side, step int) int {
	if step > p.Sides[side].Show.Len() {
		return p.Len() + 1
	}
	return p.align.moment(side, step)
}

// Len is the last moment.
func (p *Pair) Len() int { return p.align.len() }

// Steps are the steps at which both sides stand at a moment.
func (p *Pair) Steps(moment int) (left, right int) {
	moment = min(max(moment, 0), p.Len())
	return p.align.at(0, moment), p.align.at(1, moment)
}

// Moment is the first one at which a side (0 left, 1 right) stands at a step.
func (p *Pair) Moment(side, step int) int {
	return p.align.moment(side, min(step, p.Sides[side].Show.Len()))
}

// Chapters are those of both sides, by moment.
func (p *Pair) Chapters() []stage.Chapter { return p.chapters }

// Chapter is the index in Chapters of the one that a moment is in, -1 if none.
func (p *Pair) Chapter(moment int) int {
	i, found := slices.BinarySearchFunc(p.chapters, moment, func(c stage.Chapter, m int) int { return c.Step - m })
	if !found {
		return i - 1
	}
	for i+1 < len(p.chapters) && p.chapters[i+1].Step == moment {
		i++
	}
	return i
}

// Time is the simulated time at a moment: that of the side which is further.
func (p *Pair) Time(moment int) time.Duration {
	left, right := p.Steps(moment)
	return max(p.Sides[0].Show.Time(left), p.Sides[1].Show.Time(right))
}

// alike is how long a moment takes in which both sides hand in a letter, or
// pass it on: there is nothing to compare.
const alike = 80 * time.Millisecond

// Beat is how long a moment takes at speed 1, in wall-clock time: as long as
// the slower of the two steps.
func (p *Pair) Beat(moment int) time.Duration {
	if moment < 1 || moment > p.Len() {
		return 0
	}
	beat, same := time.Duration(0), true
	for side := range p.Sides {
		step, moved := p.Moved(side, moment)
		if !moved {
			continue
		}
		beat = max(beat, p.Sides[side].Show.Beat(step))
		same = same && p.Sides[side].sending(step)
	}
	if same {
		return min(beat, alike)
	}
	return beat
}

// sending tells whether a step is part of a letter's way to its mailbox.
func (s *Side) sending(step int) bool {
	if lane := s.Show.Lane(step); lane != nil {
		return lane.Service != "pop3" && lane.Service != "imap"
	}
	e := s.Show.Event(step)
	switch b := e.Body.(type) {
	case *trace.Store:
		return false
	case *trace.Device:
		return b.Action == "sent" || b.Action == "send" || !slices.Contains(s.Cast, e.From)
	}
	return true
}

// Moved is the step of a side at a moment, and whether it is another than at
// the moment before.
func (p *Pair) Moved(side, moment int) (step int, moved bool) {
	step = p.align.at(side, min(max(moment, 0), p.Len()))
	return step, moment > 0 && step != p.align.at(side, moment-1)
}

// Stops tells whether play that obeys rule stops after the moment.
func (p *Pair) Stops(moment int, rule stage.StopRule) bool {
	for side, s := range p.Sides {
		if step, moved := p.Moved(side, moment); moved && s.Show.Stops(step, rule) {
			return true
		}
	}
	return false
}

// Lead is the side whose story goes on at a moment: the one that took a step,
// and of two the one with more steps in this part.
func (p *Pair) Lead(moment int) int {
	_, left := p.Moved(0, moment)
	_, right := p.Moved(1, moment)
	switch {
	case left != right && right:
		return 1
	case left != right, moment < 1:
		return 0
	}
	i := p.align.segment(min(moment, p.Len()))
	if p.align.steps(1, i) > p.align.steps(0, i) {
		return 1
	}
	return 0
}

// Both is the side of a story that either side tells.
const Both = 2

// Story is what is told of a moment: the latest story of either side in this
// part of the course, and the side that it is of; -1 if nothing is told.
func (p *Pair) Story(moment int) (side int, story trace.Words) {
	side = -1
	moment = min(moment, p.Len())
	if moment < 1 {
		return side, nil
	}
	i := p.align.segment(moment)
	latest, other := 0, trace.Words(nil)
	for n, s := range p.Sides {
		for step := p.align.at(n, moment); step > p.align.begin(n, i); step-- {
			w := s.Show.Story(step)
			if w == nil {
				continue
			}
			other = w
			if m := p.align.moment(n, step); m > latest {
				other, side, story, latest = story, n, w, m
			}
			break
		}
	}
	if side >= 0 && maps.Equal(other, story) {
		side = Both
	}
	return side, story
}
