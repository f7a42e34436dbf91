// Package window is the program's window: lessons, map, timeline, inspector
// and transport around one playhead.
package window

import (
	"context"
	"errors"
	"io"
	"time"

	"mailscope/scenes/compose"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// ErrNoWindow means that this program was built without cgo, hence without a
// window.
var ErrNoWindow = errors.New("this program was built without a window")

// ErrNoDisplay means that there is no display to open a window on.
var ErrNoDisplay = errors.New("no display to open a window on")

// Account is somebody who can write and be written to.
type Account = compose.Account

// Draft is a letter as it was written.
type Draft = compose.Draft

// LessonInfo is one row of the list of lessons.
type LessonInfo struct {
	Name    string // as Play takes it
	Number  int    // in the curriculum
	Unit    int    // from 1
	Title   trace.Words
	Promise trace.Words // what the student will see, in one or two sentences
}

// Played is a lesson that was run.
type Played struct {
	Recordings []trace.Recording // one for each telling
	Held       bool              // all that the lesson expects came true
}

// Bench is a world in which a person tries things out. What takes its time is
// called on goroutines of its own, one call after another; the rest only in
// between.
type Bench interface {
	Recording() trace.Recording // grows with each letter
	Spec() *world.Spec          // as it is now

	Change(c world.Change) error
	Break(f fault.Fault) error // something goes wrong from now on
	Mend(name string) error
	Faults() []fault.Fault // that are on
	Write(ctx context.Context, d Draft) error
	Again(ctx context.Context) error // the last letter, or the first one to send
	Wait(ctx context.Context) error  // until a letter in a queue was tried again

	Last() (d Draft, ok bool) // that Again sends
	Waits() time.Duration     // until Wait has done; 0 if no letter waits
	Forgets() bool            // time will pass before the next letter, for DNS to be asked anew
}

// Progress remembers which lessons are done, from one window to the next. Its
// methods are called on the goroutine that draws.
type Progress interface {
	Done(lesson string) bool
	SetDone(lesson string)
}

// Options is what the window shows and whom it calls. The functions are called
// on goroutines of their own, never on the one that draws; their contexts end
// with the window.
type Options struct {
	Lang    string // "en" or "ru"
	Theme   string // "dark" or "light"; "" means dark
	Lessons []LessonInfo
	Units   []trace.Words // titles; unit 1 first
	Start   string        // name of the lesson to begin with; "" shows the welcome

	// Recordings are shown first: none, one, or two beside each other.
	Recordings []trace.Recording
	// Play runs a lesson to its end and returns what happened.
	Play func(ctx context.Context, lesson string) (Played, error)
	// Progress remembers the lessons that are done. nil: this window alone does.
	Progress Progress
	// Try gives the world of a lesson, or the default world for "", to try
	// things in; the same one each time. nil: nothing is tried or written.
	Try func(ctx context.Context, lesson string) (Bench, error)
	// Open reads the recordings of a file. nil: no files are opened.
	Open func(r io.Reader) ([]trace.Recording, error)

	// OnReady is called once, when the first frame with a map is on the screen.
	OnReady func()
	// Report receives the line "window ready: map drawn, N hosts" at that moment.
	Report io.Writer
}

// Shot says what is filmed of a recording.
type Shot struct {
	Width, Height int           // of the window
	From, To      int           // steps; 0 means the first, the last
	Speed         float64       // 1 is that of a play button
	Every         time.Duration // of the show's time, from one picture to the next
	Still         time.Duration // for which the first and the last one are shown
}
