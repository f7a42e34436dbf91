// Mailscope shows the whole e-mail system of a small internet in one window,
// or in the terminal.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/muesli/termenv"

	"mailscope/scenes/command"
	_ "mailscope/scenes/window/locale" // before Fyne looks at the environment
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if restore, err := termenv.EnableVirtualTerminalProcessing(termenv.NewOutput(os.Stdout)); err == nil {
		defer restore() //nolint:errcheck // nothing can be done about it
	}
	code := command.Run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
