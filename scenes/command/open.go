package command

import (
	"errors"
	"fmt"
	"io"
	"os"

	"mailscope/scenes/terminal"
	"mailscope/scenes/window"
	"mailscope/sim/trace"
)

type openCmd struct {
	File   string `arg:"" help:"A recording."`
	Format string `enum:"window,text,json" default:"window" help:"How to show it: window (text where there is none), text or json."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write text or json (default: standard output)."`
}

// Run shows what could be read of a recording that is cut off, and still
// returns the error.
func (c *openCmd) Run(p *program) error {
	rec, err := readRecording(c.File)
	if err != nil && !errors.Is(err, trace.ErrCutOff) {
		return err
	}
	if shown := c.show(p, rec); shown != nil {
		return shown
	}
	return err
}

func (c *openCmd) show(p *program, rec trace.Recording) error {
	if c.Format == "window" && c.Output == "" {
		err := p.openWindow(windowCmd{Theme: "dark"}, &rec)
		if !errors.Is(err, window.ErrNoDisplay) && !errors.Is(err, window.ErrNoWindow) {
			return err
		}
		fmt.Fprintf(p.stderr, "mailscope: %v; here it is as text\n", err)
	}
	return p.output(c.Output, func(w io.Writer) error {
		if c.Format == "json" {
			return trace.Write(w, rec)
		}
		return terminal.Text(w, rec, p.textOptions(w))
	})
}

func readRecording(name string) (trace.Recording, error) {
	f, err := os.Open(name)
	if err != nil {
		return trace.Recording{}, err
	}
	defer f.Close()
	return trace.Read(f, name)
}
