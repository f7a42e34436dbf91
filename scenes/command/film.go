package command

import (
	"fmt"
	"image"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mailscope/scenes/film"
	"mailscope/scenes/window"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

type filmCmd struct {
	What   string  `arg:"" help:"A lesson's name or file, or a recording."`
	Output string  `short:"o" required:"" placeholder:"FILE.gif" help:"Where to write the film."`
	Theme  string  `enum:"dark,light" default:"dark" help:"dark or light."`
	Size   string  `default:"1280x720" help:"Of the window."`
	Steps  string  `placeholder:"FROM-TO" help:"Which steps to show (default: all)."`
	Speed  float64 `default:"1" help:"How fast, 1 being the pace of the play button."`
	Rate   int     `default:"12" help:"Pictures a second."`
}

// Limits of a film.
const (
	minSide, maxSide = 320, 3840
	maxRate          = 50 // what players of GIFs can do
	maxSpeed         = 100
	stillTime        = time.Second
)

var sizeForm, stepsForm = regexp.MustCompile(`^(\d+)x(\d+)$`), regexp.MustCompile(`^(\d+)-(\d+)$`)

// Run films a lesson as the window shows it; no display is needed.
func (c *filmCmd) Run(p *program) error {
	shot, err := c.shot()
	if err != nil {
		return err
	}
	recs, err := c.recordings(p)
	if err != nil {
		return err
	}
	o := window.Options{Lang: string(p.lang), Theme: c.Theme, Units: lesson.Units, Recordings: recs[:1]}
	list, err := lesson.List()
	if err != nil {
		return err
	}
	for _, l := range list {
		o.Lessons = append(o.Lessons, window.LessonInfo(l))
	}
	// Seen twice: its colours first.
	var samples []image.Image
	few := shot
	few.Every *= 10
	if err := window.Film(p.ctx, o, few, func(img image.Image, _ time.Duration) error {
		samples = append(samples, img)
		return nil
	}); err != nil {
		return err
	}
	f := film.New(samples...)
	if err := window.Film(p.ctx, o, shot, f.Add); err != nil {
		return fmt.Errorf("film %s: %w; fewer --steps, a lower --rate or a higher --speed make it shorter", c.What, err)
	}
	return p.output(c.Output, func(w io.Writer) error { return f.Encode(w) })
}

// shot reads what is to be filmed.
func (c *filmCmd) shot() (window.Shot, error) {
	s := window.Shot{Speed: c.Speed, Still: stillTime}
	size := sizeForm.FindStringSubmatch(c.Size)
	if size == nil {
		return s, fmt.Errorf("--size: want a size such as 1280x720, got %q", c.Size)
	}
	s.Width, s.Height = atoi(size[1]), atoi(size[2])
	switch {
	case min(s.Width, s.Height) < minSide || max(s.Width, s.Height) > maxSide:
		return s, fmt.Errorf("--size: want sides of %d to %d, got %s", minSide, maxSide, c.Size)
	case c.Rate < 1 || c.Rate > maxRate:
		return s, fmt.Errorf("--rate: want 1 to %d pictures a second, got %d", maxRate, c.Rate)
	case !(c.Speed > 0 && c.Speed <= maxSpeed):
		return s, fmt.Errorf("--speed: want more than 0 and at most %d, got %g", maxSpeed, c.Speed)
	}
	s.Every = time.Second / time.Duration(c.Rate)
	if c.Steps == "" {
		return s, nil
	}
	steps := stepsForm.FindStringSubmatch(c.Steps)
	if steps == nil {
		return s, fmt.Errorf("--steps: want steps such as 5-40, got %q", c.Steps)
	}
	if s.From, s.To = atoi(steps[1]), atoi(steps[2]); s.From < 1 || s.To < s.From {
		return s, fmt.Errorf("--steps: want the first step, then the last, got %q", c.Steps)
	}
	return s, nil
}

// atoi reads digits; what is too long for a number is the highest.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return int(^uint(0) >> 1)
	}
	return n
}

// recordings plays a lesson, or reads a recording.
func (c *filmCmd) recordings(p *program) ([]trace.Recording, error) {
	if _, err := os.Stat(c.What); err == nil && !strings.HasSuffix(c.What, ".yaml") {
		return readRecordings(c.What)
	}
	l, err := lesson.Load(c.What)
	if err != nil {
		return nil, err
	}
	res, err := l.Play(p.ctx, p.log)
	return res.Recordings, err
}
