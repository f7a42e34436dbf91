package pop3

import (
	"context"
	"errors"
	"net"
)

// Errors of a Backend that a client is told apart. Any other is answered with
// [SYS/TEMP] and a general text, and logged.
var (
	// ErrAuth tells that the user or the password is wrong: [AUTH].
	ErrAuth = errors.New("user or password is wrong")
	// ErrInUse tells that another session holds the maildrop: [IN-USE].
	ErrInUse = errors.New("maildrop is in use")
)

// Backend opens maildrops. Its methods are called by many sessions at once.
type Backend interface {
	// Login opens the maildrop of user and locks it until Close. Both
	// strings are as received: without control characters, password with all
	// its spaces, in UTF-8 (not normalized) if Offer.UTF8, else in ASCII.
	Login(ctx context.Context, nc net.Conn, user, password string) (Maildrop, error)
	// APOP is Login for a client that proves that it knows the secret: check
	// tells whether it digested this one.
	APOP(ctx context.Context, nc net.Conn, user string, check func(secret string) bool) (Maildrop, error)
}

// Info is what a listing tells of a letter.
type Info struct {
	Size int    // octets, every line end counted as CR LF
	UID  string // never reused: 1 to 70 characters from '!' to '~'
}

// Maildrop is one user's letters, locked for one session, which calls its
// methods one at a time. Letters are counted from 0 in the order of List.
type Maildrop interface {
	List() []Info // called once; later arrivals are for the next session
	Letter(i int) ([]byte, error)
	// Commit removes letters for good: i in ascending order, possibly none.
	// It is called at most once, when the client says QUIT.
	Commit(deleted []int) error
	Close() // gives the lock back; called once, however the session ended
}

// validUID tells whether uid may stand in a reply to UIDL.
//
// RFC 1939 §7.
func validUID(uid string) bool {
	for i := range len(uid) {
		if uid[i] < '!' || uid[i] > '~' {
			return false
		}
	}
	return len(uid) >= 1 && len(uid) <= 70
}
