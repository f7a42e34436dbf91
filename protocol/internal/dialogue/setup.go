package dialogue

import (
	"context"
	"net"
	"slices"
	"time"
)

// Failed is how a server waits after failures to sign in: a second for each, of
// simulated time. Who says that he is "locked" is locked out.
func Failed(_ context.Context, _ net.Conn, user string, failures int) (locked bool) {
	time.Sleep(time.Duration(failures) * time.Second)
	return user == "locked"
}

// TLSWords reads what follows "@ tls": "first" is TLS from the first octet,
// "careful" that nobody signs in without it.
func TLSWords(words []string) (first, careful bool) {
	return slices.Contains(words, "first"), slices.Contains(words, "careful")
}
