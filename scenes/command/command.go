// Package command is the command line: it opens the window, or runs without
// one.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"mailscope/scenes/terminal"
	"mailscope/scenes/words"
	"mailscope/sim/world"
)

// Exit statuses.
const (
	exitFailed = 1 // an expectation of the lesson
	exitError  = 2 // in the command line, a file or the system
)

// errFailed tells that an expectation did not come true. It has been reported.
var errFailed = errors.New("an expectation of the lesson did not come true")

type cli struct {
	Lang    words.Lang `enum:"en,ru" default:"${lang}" help:"Language: en or ru (default: that of the system)."`
	Verbose bool       `short:"v" help:"Tell what goes on inside, on standard error."`

	Window  windowCmd  `cmd:"" default:"withargs" help:"Open the window (this is what mailscope does by default)."`
	Lessons lessonsCmd `cmd:"" help:"List the lessons."`
	Run     runCmd     `cmd:"" help:"Play a lesson without a window. The exit status is 1 if one of its expectations fails."`
	Serve   serveCmd   `cmd:"" help:"Keep a little internet up for your own mail programs, and print what they say."`
	Open    openCmd    `cmd:"" help:"Show a recording again, or two beside each other."`
	Film    filmCmd    `cmd:"" help:"Film a lesson or a recording as the window shows it, as an animated GIF."`
	Compare compareCmd `cmd:"" help:"Tell the difference between two recordings or lessons in numbers."`
}

// program is what every command is given.
type program struct {
	ctx    context.Context
	lang   words.Lang
	log    *slog.Logger // nil unless wanted
	stdout io.Writer
	stderr io.Writer
}

// Run carries out one command line, without the program's name, and returns
// the exit status. It ends early when ctx does.
func Run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (code int) {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("mailscope"),
		kong.Description("The whole e-mail system of a small internet in one window."),
		kong.Vars{"lang": string(systemLang(getenv)), "world": world.DefaultWorld},
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		panic(err) // the grammar above is wrong
	}
	parsed, err := parser.Parse(args)
	if exited {
		return 0 // help was shown
	}
	if err != nil {
		err = fmt.Errorf("%w; `mailscope --help` tells more", err)
	} else {
		p := &program{ctx: ctx, lang: c.Lang, stdout: stdout, stderr: stderr}
		if c.Verbose {
			p.log = slog.New(slog.NewTextHandler(stderr, nil))
		}
		err = parsed.Run(p)
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return exitFailed
	}
	fmt.Fprintf(stderr, "mailscope: %v\n", err)
	return exitError
}

// systemLang is the language that the environment asks for.
func systemLang(getenv func(string) string) words.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "ru") {
				return words.RU
			}
			break
		}
	}
	return words.EN
}

// textOptions say how text is set on w.
func (p *program) textOptions(w io.Writer) terminal.Options {
	o := terminal.Options{Lang: p.lang}
	if f, ok := w.(*os.File); ok {
		o.Color, o.Width = terminal.Detect(f)
	}
	return o
}

// output calls write with the file named, or with standard output for "".
func (p *program) output(name string, write func(io.Writer) error) (err error) {
	if name == "" || name == "-" {
		return write(p.stdout)
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	return write(f)
}
