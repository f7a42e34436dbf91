//go:build !cgo && !ci

package window

import (
	"context"
	"image"
	"time"
)

// Run reports ErrNoWindow: the window needs cgo.
func Run(context.Context, Options) error { return ErrNoWindow }

// Film reports ErrNoWindow likewise.
func Film(context.Context, Options, Shot, func(image.Image, time.Duration) error) error {
	return ErrNoWindow
}
