package command

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"mailscope/scenes/terminal"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

type lessonsCmd struct{}

func (lessonsCmd) Run(p *program) error {
	list, err := lesson.List()
	if err != nil {
		return err
	}
	return terminal.Lessons(p.stdout, list, lesson.Units, p.textOptions(p.stdout))
}

type runCmd struct {
	Lesson string `arg:"" help:"A lesson's name, or a lesson's file (with a dot or a slash in its name)."`
	Format string `enum:"text,json" default:"text" help:"What to write: text, or the recording as json."`
	Side   string `placeholder:"SIDE" help:"Of a lesson that is told twice: write this side alone (default: both)."`
	View   string `enum:"ends,eavesdropper" default:"ends" help:"Whose text: what the two ends say, or what an eavesdropper has of it (ends, eavesdropper)."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write (default: standard output)."`
}

func (c *runCmd) Run(p *program) error {
	if c.Format == "json" && c.View != "ends" {
		return errors.New("--view is about text: a recording has both views")
	}
	l, err := lesson.Load(c.Lesson)
	if err != nil {
		return err
	}
	res, err := l.Play(p.ctx, p.log)
	if err != nil {
		return err
	}
	sides, err := c.sides(res)
	if err != nil {
		return err
	}
	err = p.output(c.Output, func(w io.Writer) error {
		if c.Format == "json" {
			return writeAll(w, sides)
		}
		o := p.textOptions(w)
		tell := tellAll
		if c.View == "eavesdropper" {
			tell = overheardAll
		}
		if err := tell(w, sides, o); err != nil {
			return err
		}
		return terminal.Report(w, res.Checks, o)
	})
	if err != nil || res.OK() {
		return err
	}
	if c.Format == "json" || c.Output != "" {
		if err := terminal.Report(p.stderr, res.Checks, p.textOptions(p.stderr)); err != nil {
			return err
		}
	}
	return errFailed
}

// overheardAll writes what the wire shows of recordings.
func overheardAll(w io.Writer, recs []trace.Recording, o terminal.Options) error {
	for _, rec := range recs {
		if err := terminal.Overheard(w, rec, o); err != nil {
			return err
		}
	}
	return nil
}

// sides are the recordings to be written.
func (c *runCmd) sides(res lesson.Result) ([]trace.Recording, error) {
	if c.Side == "" {
		return res.Recordings, nil
	}
	i := slices.IndexFunc(res.Recordings, func(r trace.Recording) bool { return r.Header.Side == c.Side })
	if i < 0 {
		return nil, fmt.Errorf("lesson %s has no side %q", c.Lesson, c.Side)
	}
	return res.Recordings[i : i+1], nil
}
