package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"mailscope/scenes/window"
	"mailscope/sim/lesson"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

type windowCmd struct {
	Lesson string `placeholder:"LESSON" help:"Begin with this lesson: its name or its file."`
	Theme  string `enum:"dark,light" default:"dark" help:"dark or light."`
}

func (c *windowCmd) Run(p *program) error {
	if c.Lesson != "" {
		if _, err := lesson.Load(c.Lesson); err != nil {
			return err
		}
	}
	err := p.openWindow(*c, nil)
	if !errors.Is(err, window.ErrNoDisplay) && !errors.Is(err, window.ErrNoWindow) {
		return err
	}
	name := c.Lesson
	if name == "" {
		list, err := lesson.List()
		if err != nil {
			return err
		}
		name = list[0].Name
	}
	fmt.Fprintf(p.stderr, "mailscope: %v; playing the lesson %s here\n", err, name)
	return (&runCmd{Lesson: name, Format: "text"}).Run(p)
}

// openWindow opens the window with a lesson, or with one or two recordings, and
// returns when it is closed.
func (p *program) openWindow(c windowCmd, recs []trace.Recording) error {
	list, err := lesson.List()
	if err != nil {
		return err
	}
	mine := desk{program: p, benches: map[string]bench{}}
	o := window.Options{
		Lang: string(p.lang), Theme: c.Theme, Units: lesson.Units, Start: c.Lesson,
		Recordings: recs,
		Play: func(ctx context.Context, name string) (window.Played, error) {
			l, err := lesson.Load(name)
			if err != nil {
				return window.Played{}, err
			}
			res, err := l.Play(ctx, p.log)
			return window.Played{Recordings: res.Recordings, Held: res.OK()}, err
		},
		Try:    mine.try,
		Open:   func(r io.Reader) ([]trace.Recording, error) { return trace.ReadAll(r, "recording") },
		Report: p.stderr,
	}
	for _, l := range list {
		o.Lessons = append(o.Lessons, window.LessonInfo(l))
	}
	err = window.Run(p.ctx, o)
	return errors.Join(err, mine.close())
}

// desk is where things are tried: the worlds of lessons, and the default one,
// each started when it is first wanted and kept up.
type desk struct {
	program *program

	mu      sync.Mutex
	benches map[string]bench
}

// try gives the world of a lesson; one that is known by its recording alone
// has none, and the default world stands in.
func (d *desk) try(_ context.Context, name string) (window.Bench, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.benches[name]; ok {
		return b, nil
	}
	box, err := d.sandbox(name)
	if err != nil {
		return nil, err
	}
	d.benches[name] = bench{box}
	return d.benches[name], nil
}

func (d *desk) sandbox(name string) (*lesson.Sandbox, error) {
	if name != "" {
		l, err := lesson.Load(name)
		if err == nil {
			return l.Sandbox(d.program.ctx, d.program.log)
		} else if !errors.Is(err, lesson.ErrNoLesson) {
			return nil, err
		}
	}
	spec, file, err := world.Load("")
	if err != nil {
		return nil, err
	}
	return lesson.NewSandbox(d.program.ctx, spec, file, d.program.log)
}

func (d *desk) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, b := range d.benches {
		errs = append(errs, b.Close())
	}
	return errors.Join(errs...)
}

// bench is a sandbox as the window has it.
type bench struct{ *lesson.Sandbox }

func (b bench) Write(ctx context.Context, d window.Draft) error {
	return b.Sandbox.Write(ctx, lesson.Written{By: d.By, Sender: d.Sender,
		Draft: mua.Draft{From: d.From, To: d.To, Subject: d.Subject, Text: d.Text}})
}

func (b bench) Last() (window.Draft, bool) {
	w, ok := b.Sandbox.Last()
	return window.Draft{By: w.By, From: w.From, Sender: w.Sender, To: w.To, Subject: w.Subject, Text: w.Text}, ok
}

func (b bench) Waits() time.Duration { return max(b.Waiting()-b.Now(), 0) }
