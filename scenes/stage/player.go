package stage

import (
	"time"

	"mailscope/sim/trace"
)

// Course is what a Player moves along: the steps of a show, or whatever else
// can be counted from 1 to Len.
type Course interface {
	Len() int
	Beat(step int) time.Duration // at speed 1, in wall-clock time; 0 for step 0
	Chapters() []Chapter         // in order
	Chapter(step int) int        // index in Chapters, -1 if none
	Stops(step int, rule StopRule) bool
}

// Player is a playhead that moves along a course. It has no clock: Advance
// moves it.
type Player struct {
	Playing bool
	Step    int     // the running step, 0..Len
	Frac    float64 // 0..1, how much of the step's beat is over
	Speed   float64 // 1 is the usual pace
	StopAt  StopRule

	course Course
	alone  bool // the running beat is played out though the player is paused
}

// NewPlayer stands before the first step of c, paused.
func NewPlayer(c Course) *Player { return &Player{Speed: 1, Frac: 1, course: c} }

// Play starts; at the end of the show it starts over.
func (p *Player) Play() {
	if p.Step >= p.course.Len() && p.Frac >= 1 {
		p.First()
	}
	p.Playing = p.course.Len() > 0
	p.alone = false
}

// Pause stops where the playhead is.
func (p *Player) Pause() { p.Playing, p.alone = false, false }

// Toggle plays or pauses.
func (p *Player) Toggle() {
	if p.Playing {
		p.Pause()
	} else {
		p.Play()
	}
}

// StepForward pauses and lets the next step's beat run.
func (p *Player) StepForward() {
	p.Pause()
	if p.Step < p.course.Len() {
		p.Step++
		p.Frac = 0
		p.alone = true
	}
}

// StepBack pauses after the step before.
func (p *Player) StepBack() {
	p.Pause()
	p.Seek(p.Step - 1)
}

// Seek stands after the given step, moved into 0..Len; play goes on from it.
func (p *Player) Seek(step int) {
	p.Step = min(max(step, 0), p.course.Len())
	p.Frac = 1
	p.alone = false
}

// First stands before the first step.
func (p *Player) First() { p.Seek(0) }

// Last stands after the last step.
func (p *Player) Last() { p.Seek(p.course.Len()) }

// NextChapter goes to the first step of the next chapter, or to the end.
func (p *Player) NextChapter() {
	chapters := p.course.Chapters()
	if i := p.course.Chapter(p.Step) + 1; i < len(chapters) {
		p.Seek(chapters[i].Step)
		return
	}
	p.Last()
}

// PrevChapter goes to the first step of this chapter, or when it is there
// already to that of the one before; from the first one to the start.
func (p *Player) PrevChapter() {
	chapters := p.course.Chapters()
	i := p.course.Chapter(p.Step)
	if i >= 0 && chapters[i].Step == p.Step {
		i--
	}
	if i < 0 {
		p.First()
		return
	}
	p.Seek(chapters[i].Step)
}

// Advance lets dt of wall-clock time pass and tells whether the playhead moved.
func (p *Player) Advance(dt time.Duration) bool {
	if !p.Playing && !p.alone || dt <= 0 {
		return false
	}
	left := float64(dt) * p.Speed
	for {
		if p.Frac < 1 {
			beat := float64(p.course.Beat(p.Step))
			if rest := beat * (1 - p.Frac); left < rest {
				p.Frac += left / beat
				return true
			} else {
				left -= rest
			}
			p.Frac = 1
			if p.alone || p.course.Stops(p.Step, p.StopAt) {
				p.Pause()
				return true
			}
		}
		if p.Step >= p.course.Len() {
			p.Pause()
			return true
		}
		p.Step++
		p.Frac = 0
		if p.StopAt == StopChapter && p.Step > 1 && p.starts() {
			p.Pause()
			return true
		}
	}
}

// Beat is how long a step takes at speed 1, in wall-clock time; 0 for step 0.
func (s *Show) Beat(step int) time.Duration {
	const (
		flight = 2400 * time.Millisecond
		line   = 1600 * time.Millisecond
		more   = 500 * time.Millisecond // a further line of the same reply
	)
	e := s.Event(step)
	if e == nil {
		return 0
	}
	l, ok := e.Body.(*trace.Line)
	if !ok {
		return flight
	}
	before, ok := s.before(step)
	if ok && e.Proto == "imap" && s.goesOn(step, before, l) {
		return more
	}
	if ok && before.Role == l.Role {
		switch {
		case l.Role == trace.Reply && len(before.Text) > 3 && before.Text[3] == '-',
			l.Role == trace.Data:
			return more
		}
	}
	if l.Role == trace.Data && (l.Text != "." || e.Proto == "imap") {
		return flight
	}
	return line
}

// goesOn tells whether a line of IMAP is one more of what its sender is
// telling: a line after another of the server's, a further block of a literal,
// or what follows one.
func (s *Show) goesOn(step int, before, l *trace.Line) bool {
	if l.Role == trace.Command {
		return before.Role == trace.Data
	}
	return (l.Role == trace.Reply || before.Role == trace.Data) && s.Time(step)-s.Time(step-1) < squeezeOver
}

// before is the line just before a step, if it is on the same connection.
func (s *Show) before(step int) (*trace.Line, bool) {
	a, b := s.Event(step-1), s.Event(step)
	if a == nil || a.Conn != b.Conn || a.From != b.From {
		return nil, false
	}
	l, ok := a.Body.(*trace.Line)
	return l, ok
}

// starts tells whether a chapter starts at the running step.
func (p *Player) starts() bool {
	i := p.course.Chapter(p.Step)
	return i >= 0 && p.course.Chapters()[i].Step == p.Step
}
