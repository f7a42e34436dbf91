//go:build cgo || ci

package window

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/dialog"

	"mailscope/sim/trace"
)

// Run opens the window and returns when it is closed or ctx ends.
// It returns ErrNoDisplay, having done nothing, where there is no display.
// It must be called on the main goroutine.
func Run(ctx context.Context, o Options) error {
	conn, ok := display(runtime.GOOS, os.Getenv, dialDisplay)
	if !ok {
		return ErrNoDisplay
	}
	if conn != nil {
		defer conn.Close()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	app.SetMetadata(fyne.AppMetadata{
		ID: "example.mailscope", Name: "mailscope",
		Migrations: map[string]bool{"fyneDo": true},
	})
	a := app.NewWithID("example.mailscope")
	w := a.NewWindow("mailscope")
	w.SetPadded(false)
	w.Resize(firstSize(workArea()))
	if o.Progress == nil {
		o.Progress = preferences{a.Preferences()}
	}
	s := NewScreen(ctx, o, w.Canvas())
	s.fullScreen = func() { w.SetFullScreen(!w.FullScreen()) }
	s.openFile = func(then func([]trace.Recording)) { pickFile(s, w, then) }
	s.rebuild()
	w.CenterOnScreen()
	ended := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer ended()
	w.ShowAndRun()
	s.rest()
	s.follow(nil)
	return nil
}

// pickFile asks for a file and hands over its recordings.
func pickFile(s *Screen, w fyne.Window, then func([]trace.Recording)) {
	if s.opts.Open == nil {
		return
	}
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			s.tell(s.t("error.open"), err.Error())
			return
		}
		if f == nil {
			return // nothing was chosen
		}
		go func() {
			defer f.Close()
			recs, err := s.opts.Open(f)
			if err != nil {
				err = fmt.Errorf("open %s: %w", f.URI().Name(), err)
			}
			fyne.Do(func() {
				if err != nil {
					s.tell(s.t("error.open"), err.Error())
					return
				}
				then(recs)
			})
		}()
	}, w)
	d.Show()
}
