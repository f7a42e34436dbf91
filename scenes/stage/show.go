// Package stage computes what stands on the stage at a given step of a
// recording: hosts, links, the session under way, what flies. It is pure: a
// scene is a function of the recording and a step, so a playhead may jump
// anywhere.
//
// A Show belongs to one goroutine; the trace that it reads may grow meanwhile.
package stage

import (
	"slices"
	"sort"
	"time"

	"mailscope/sim/trace"
)

// Chapter is a named part of the recording.
type Chapter struct {
	Step  int // the first step of the chapter, from 1
	Title trace.Words
}

// Show is a recording made ready for being shown at any step.
type Show struct {
	rec     trace.Recording
	seen    int     // events taken in
	seqs    []int32 // by step-1: Seq of its event
	stepOf  []int32 // by Seq-1: its step; of a note the step it belongs to
	times   []time.Duration
	stories map[int]trace.Words // by step
	waiting []trace.Words       // stories of the step to come
	chapter []Chapter
	conns   []*Conn
	byID    map[int]*Conn
	shared  map[linkKey]*Conn // lanes of lookups and refusals
	links   map[linkKey]int   // place in world.links, in order of appearance
	state   world             // after every step taken in
	heard   map[string]bool   // whom the eavesdropper hears
	checks  []check           // kept states, the first before step 1
	axis    axisBuilder
}

// checkEvery is how many steps lie between two kept states: a seek folds at
// most that many events. States that hold more things are kept further apart,
// so that they take no more room than the recording.
const checkEvery = 512

// check is a state kept.
type check struct {
	step  int // the last one taken in
	state world
}

// New takes in all that rec holds so far.
func New(rec trace.Recording) *Show {
	s := &Show{
		rec:     rec,
		stories: make(map[int]trace.Words),
		byID:    make(map[int]*Conn),
		shared:  make(map[linkKey]*Conn),
		links:   make(map[linkKey]int),
		state:   newWorld(rec.Header.World),
		heard:   make(map[string]bool),
	}
	if v := rec.Header.World.Eavesdropper; v != nil {
		for _, name := range v.Hears {
			s.heard[name] = true
		}
	}
	s.checks = append(s.checks, check{0, s.state.clone()})
	s.Sync()
	return s
}

// Sync takes in the events appended since, and tells whether there were any.
func (s *Show) Sync() bool {
	if s.rec.Trace == nil {
		return false
	}
	n := s.rec.Trace.Len()
	if n == s.seen {
		return false
	}
	for s.seen < n {
		s.seen++
		s.take(s.rec.Trace.At(s.seen))
	}
	return true
}

func (s *Show) take(e *trace.Event) {
	if note, ok := e.Body.(*trace.Note); ok {
		s.note(e, note)
		return
	}
	s.seqs = append(s.seqs, int32(e.Seq))
	step := len(s.seqs)
	s.stepOf = append(s.stepOf, int32(step))
	at := e.At
	if step > 1 {
		at = max(at, s.times[step-2])
	}
	s.times = append(s.times, at)
	s.axis.add(at)
	for _, w := range s.waiting {
		s.stories[step] = w
	}
	s.waiting = nil
	s.lane(step, e)
	s.state.apply(s, e)
	if step-s.checks[len(s.checks)-1].step >= max(checkEvery, s.state.size()) {
		s.checks = append(s.checks, check{step, s.state.clone()})
	}
}

// note files a chapter or a story of the step that is its cause, or, without
// a cause, of the next one.
func (s *Show) note(e *trace.Event, note *trace.Note) {
	step := len(s.seqs) + 1
	caused := e.Cause > 0 && e.Cause < e.Seq
	if caused {
		step = int(s.stepOf[e.Cause-1])
	}
	s.stepOf = append(s.stepOf, int32(step))
	switch {
	case note.Chapter:
		at := sort.Search(len(s.chapter), func(i int) bool { return s.chapter[i].Step > step })
		s.chapter = slices.Insert(s.chapter, at, Chapter{Step: step, Title: note.Text})
	case caused && len(note.Text) > 0:
		s.stories[step] = note.Text
	case len(note.Text) > 0:
		s.waiting = append(s.waiting, note.Text)
	}
}

// Recording is what the show was made from.
func (s *Show) Recording() trace.Recording { return s.rec }

// Len is how many steps there are: every event taken in that is not a note.
func (s *Show) Len() int { return len(s.seqs) }

// Event returns the event of a step, 1 ≤ step ≤ Len; nil otherwise.
func (s *Show) Event(step int) *trace.Event {
	if step < 1 || step > len(s.seqs) {
		return nil
	}
	return s.rec.Trace.At(int(s.seqs[step-1]))
}

// Step returns the step of the event seq, 0 if there is none. The step of a
// note is the one it tells of, or else the one that follows it.
func (s *Show) Step(seq int) int {
	if seq < 1 || seq > len(s.stepOf) {
		return 0
	}
	return min(int(s.stepOf[seq-1]), s.Len())
}

// Time is the simulated time of a step, never before that of an earlier one;
// 0 for step 0.
func (s *Show) Time(step int) time.Duration {
	if step < 1 || len(s.times) == 0 {
		return 0
	}
	return s.times[min(step, len(s.times))-1]
}

// StepAt is the last step at or before a simulated time, 0 if there is none.
func (s *Show) StepAt(at time.Duration) int {
	return sort.Search(len(s.times), func(i int) bool { return s.times[i] > at })
}

// Chapters returns the chapters in order; those that no step has followed yet
// start at Len+1. The slice must not be changed.
func (s *Show) Chapters() []Chapter { return s.chapter }

// Chapter is the index in Chapters of the one that a step is in, -1 if none.
func (s *Show) Chapter(step int) int {
	return sort.Search(len(s.chapter), func(i int) bool { return s.chapter[i].Step > step }) - 1
}

// Story is what is told of a step, nil if nothing is.
func (s *Show) Story(step int) trace.Words { return s.stories[step] }
