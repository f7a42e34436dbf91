package command

import (
	"errors"
	"fmt"
	"io"

	"mailscope/scenes/window"
	"mailscope/sim/trace"
)

type openCmd struct {
	File   string `arg:"" help:"A recording, or two in one file."`
	Format string `enum:"window,text,json" default:"window" help:"How to show it: window (text where there is none), text or json."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write text or json (default: standard output)."`
}

// Run shows what could be read of a recording that is cut off, and still
// returns the error.
func (c *openCmd) Run(p *program) error {
	recs, err := readRecordings(c.File)
	if err != nil && (!errors.Is(err, trace.ErrCutOff) || len(recs) == 0) {
		return err
	}
	if len(recs) > 2 && c.Format == "window" {
		return fmt.Errorf("%s holds %d recordings; the window shows one, or two beside each other", c.File, len(recs))
	}
	if shown := c.show(p, recs); shown != nil {
		return shown
	}
	return err
}

func (c *openCmd) show(p *program, recs []trace.Recording) error {
	if c.Format == "window" && c.Output == "" {
		err := p.openWindow(windowCmd{Theme: "dark"}, recs)
		if !errors.Is(err, window.ErrNoDisplay) && !errors.Is(err, window.ErrNoWindow) {
			return err
		}
		fmt.Fprintf(p.stderr, "mailscope: %v; here it is as text\n", err)
	}
	return p.output(c.Output, func(w io.Writer) error {
		if c.Format == "json" {
			return writeAll(w, recs)
		}
		return tellAll(w, recs, p.textOptions(w))
	})
}
