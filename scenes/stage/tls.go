package stage

import "mailscope/sim/trace"

// plain is the service that is the same in clear: what is said is the same.
func plain(service string) string {
	switch service {
	case "submissions", "pop3s", "imaps":
		return service[:len(service)-1]
	}
	return service
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
