package command

import (
	"io"

	"mailscope/scenes/terminal"
	"mailscope/sim/lesson"
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
	Output string `short:"o" placeholder:"FILE" help:"Where to write (default: standard output)."`
}

func (c *runCmd) Run(p *program) error {
	l, err := lesson.Load(c.Lesson)
	if err != nil {
		return err
	}
	res, err := l.Play(p.ctx, p.log)
	if err != nil {
		return err
	}
	err = p.output(c.Output, func(w io.Writer) error {
		if c.Format == "json" {
			return writeAll(w, told(res))
		}
		o := p.textOptions(w)
		if err := tellAll(w, told(res), o); err != nil {
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
