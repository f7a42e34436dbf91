package dialogue

import (
	"context"
	"slices"
	"time"
)

// Slow is how a server waits after failures to sign in: a second for each, of
// simulated time.
func Slow(_ context.Context, failures int) { time.Sleep(time.Duration(failures) * time.Second) }

// TLSWords reads what follows "@ tls": "first" is TLS from the first octet,
// "careful" that nobody signs in without it.
func TLSWords(words []string) (first, careful bool) {
	return slices.Contains(words, "first"), slices.Contains(words, "careful")
}
