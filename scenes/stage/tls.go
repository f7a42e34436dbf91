package stage

import (
	"sort"

	"mailscope/sim/trace"
)

// plain is the service that is the same in clear: what is said is the same.
func plain(service string) string {
	switch service {
	case "submissions", "pop3s", "imaps":
		return service[:len(service)-1]
	}
	return service
}

// Padlock is how safe a connection is.
type Padlock int

// The states of a padlock.
const (
	PadlockOpen     Padlock = iota // anybody on the way can read what is said
	PadlockShut                    // nobody can
	PadlockUnproven                // nobody can, but who the server is was not proven
	PadlockBroken                  // it was to be shut, and could not be
)

// Padlock is that of a connection after a step.
func (s *Show) Padlock(conn, step int) Padlock {
	c := s.byID[conn]
	if c == nil {
		return PadlockOpen
	}
	if n := sort.SearchInts(c.shook, step+1); n > 0 {
		switch b := s.Event(c.shook[n-1]).Body.(*trace.TLS); {
		case b.Version == "":
			return PadlockBroken
		case b.Reason != "":
			return PadlockUnproven
		}
		return PadlockShut
	}
	if s.Encrypted(conn, step) { // of a recording without the handshake
		return PadlockShut
	}
	return PadlockOpen
}

// Encrypted tells whether an eavesdropper could not read a connection at a
// step: TLS had begun.
func (s *Show) Encrypted(conn, step int) bool {
	c := s.byID[conn]
	if c == nil {
		return false
	}
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if c.Steps[i] > step {
			continue
		}
		switch b := s.Event(c.Steps[i]).Body.(type) {
		case *trace.Line:
			return b.Encrypted
		case *trace.TLS:
			return b.Version != ""
		}
	}
	return false
}
