package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

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
	spec, file, err := world.Load("")
	if err != nil {
		return err
	}
	mine := desk{spec: spec, file: file, program: p}
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
		Compose:  mine.compose,
		Accounts: accounts(spec),
		Open:     func(r io.Reader) ([]trace.Recording, error) { return trace.ReadAll(r, "recording") },
		Report:   p.stderr,
	}
	for _, l := range list {
		o.Lessons = append(o.Lessons, window.LessonInfo(l))
	}
	err = window.Run(p.ctx, o)
	return errors.Join(err, mine.close())
}

// accounts are the people of a world.
func accounts(spec *world.Spec) []window.Account {
	var all []window.Account
	for _, d := range spec.Domains {
		for _, person := range d.People {
			all = append(all, window.Account{Address: person.Name + "@" + d.Name, Title: person.Title})
		}
	}
	return all
}

// desk is where letters are written: a world that is started for the first of
// them and kept up.
type desk struct {
	spec    *world.Spec
	file    *world.File
	program *program

	mu  sync.Mutex
	box *lesson.Sandbox
}

func (d *desk) compose(ctx context.Context, draft window.Draft) (trace.Recording, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.box == nil {
		box, err := lesson.NewSandbox(d.program.ctx, d.spec, d.file, d.program.log)
		if err != nil {
			return trace.Recording{}, err
		}
		d.box = box
	}
	err := d.box.Write(ctx, lesson.Written{By: draft.From, Draft: mua.Draft{To: draft.To, Subject: draft.Subject, Text: draft.Text}})
	return d.box.Recording(), err
}

func (d *desk) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.box == nil {
		return nil
	}
	return d.box.Close()
}
