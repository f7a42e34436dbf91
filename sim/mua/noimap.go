package mua

import (
	"context"
	"errors"

	"mailscope/sim/network"
)

var errNoIMAP = errors.New("devices do not speak IMAP yet")

// noIMAP stands where a device's IMAP will be.
type noIMAP struct{}

func (noIMAP) fetch(context.Context, network.Cut) (int, error) { return 0, errNoIMAP }
func (noIMAP) open(context.Context, int) (Kept, error)         { return Kept{}, errNoIMAP }
func (noIMAP) remove(context.Context, int) error               { return errNoIMAP }
func (noIMAP) search(context.Context, string) (int, error)     { return 0, errNoIMAP }
