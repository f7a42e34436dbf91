package pop3

import "fmt"

// dele answers DELE: marks a letter, which stays until QUIT.
//
// RFC 1939 §5.
func (s *session) dele(arg string) reply {
	i, r, found := s.find(arg)
	if !found {
		return r
	}
	s.deleted[i] = true
	return ok(fmt.Sprintf("message %d marked as deleted", i+1))
}

// rset answers RSET: takes all marks away.
//
// RFC 1939 §5.
func (s *session) rset(string) reply {
	clear(s.deleted)
	return ok(s.summary())
}

// noop answers NOOP.
//
// RFC 1939 §5.
func (s *session) noop(string) reply { return ok("nothing done") }

// quit answers QUIT: after a login, the marked letters are removed.
//
// RFC 1939 §4 and §6.
//
// Deviates: the maildrop is unlocked before the answer, not after it, so that
// a client that comes back at once is not refused.
func (s *session) quit(string) reply {
	was := s.state
	s.state = update
	if was != transaction {
		return ok("bye")
	}
	defer s.closeDrop()
	var marked []int
	for i, gone := range s.deleted {
		if gone {
			marked = append(marked, i)
		}
	}
	if err := s.drop.Commit(marked); err != nil {
		s.log.Error("remove letters", "count", len(marked), "err", err)
		return fail(codeTemporary, "some deleted messages not removed")
	}
	return ok("bye")
}
