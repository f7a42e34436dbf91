//go:build !cgo && !ci

package window

import "context"

// Run reports ErrNoWindow: the window needs cgo.
func Run(context.Context, Options) error { return ErrNoWindow }
