package dialogue

import (
	"context"
	"net"
	"slices"
	"strings"
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

// Instead is a hook that answers a command, greeting or letter otherwise: what
// follows "@ instead" is how the command begins, and the reply.
func Instead(words []string) func(nc net.Conn, command string) string {
	return func(_ net.Conn, command string) string {
		if strings.HasPrefix(command, words[0]) {
			return strings.Join(words[1:], " ")
		}
		return ""
	}
}
