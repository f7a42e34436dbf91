package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"mailscope/scenes/compare"
	"mailscope/scenes/terminal"
	"mailscope/scenes/window"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

type compareCmd struct {
	First  string `arg:"" optional:"" help:"A recording's file, or a lesson's name or file. One that is told twice needs no second."`
	Second string `arg:"" optional:"" help:"What to compare it with."`
	Format string `enum:"text,json,window" default:"text" help:"What to show: the differences as text or json, or both recordings in the window."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write text or json (default: standard output)."`
}

// Run compares what could be read of a recording that is cut off, and still
// returns the error.
func (c *compareCmd) Run(p *program) error {
	recs, err := c.load(p)
	if err != nil && (!errors.Is(err, trace.ErrCutOff) || len(recs) != 2) {
		return err
	}
	if c.Format == "window" {
		opened := p.openWindow(windowCmd{Theme: "dark"}, recs)
		if !errors.Is(opened, window.ErrNoDisplay) && !errors.Is(opened, window.ErrNoWindow) {
			return errors.Join(opened, err)
		}
		fmt.Fprintf(p.stderr, "mailscope: %v; here are the differences as text\n", opened)
	}
	written := p.output(c.Output, func(w io.Writer) error {
		pair := compare.New(recs[0], recs[1])
		if c.Format == "json" {
			return pair.WriteJSON(w)
		}
		return terminal.Differences(w, pair, p.textOptions(w))
	})
	return errors.Join(written, err)
}

// load finds the two recordings.
func (c *compareCmd) load(p *program) ([]trace.Recording, error) {
	if c.First == "" {
		return nil, errors.New("name two recordings or lessons to compare, or one that is told twice")
	}
	recs, err := p.recordings(c.First)
	if err != nil && !errors.Is(err, trace.ErrCutOff) {
		return nil, err
	}
	if c.Second == "" {
		switch len(recs) {
		case 2:
			return recs, err
		case 1:
			return nil, errors.Join(fmt.Errorf("%s is told once: name a second recording or lesson to compare it with", c.First), err)
		}
		return nil, fmt.Errorf("%s holds %d recordings; two can be compared", c.First, len(recs))
	}
	more, secondErr := p.recordings(c.Second)
	if secondErr != nil && !errors.Is(secondErr, trace.ErrCutOff) {
		return nil, secondErr
	}
	if len(recs) != 1 || len(more) != 1 {
		name, n := c.First, len(recs)
		if n == 1 {
			name, n = c.Second, len(more)
		}
		return nil, fmt.Errorf("%s holds %d recordings; to compare it with something, name a file of one", name, n)
	}
	return append(recs, more...), errors.Join(err, secondErr)
}

// recordings reads a file of recordings, or plays a lesson.
func (p *program) recordings(name string) ([]trace.Recording, error) {
	if strings.ContainsAny(name, `./\`) && !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
		return readRecordings(name)
	}
	l, err := lesson.Load(name)
	if err != nil {
		return nil, err
	}
	res, err := l.Play(p.ctx, p.log)
	return res.Recordings, err
}

func readRecordings(name string) ([]trace.Recording, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return trace.ReadAll(f, name)
}

// writeAll writes recordings one after another.
func writeAll(w io.Writer, recs []trace.Recording) error {
	for _, rec := range recs {
		if err := trace.Write(w, rec); err != nil {
			return err
		}
	}
	return nil
}

// tellAll writes transcripts one after another, and of two what they differ in.
func tellAll(w io.Writer, recs []trace.Recording, o terminal.Options) error {
	for _, rec := range recs {
		if err := terminal.Text(w, rec, o); err != nil {
			return err
		}
	}
	if len(recs) != 2 {
		return nil
	}
	return terminal.Differences(w, compare.New(recs[0], recs[1]), o)
}
