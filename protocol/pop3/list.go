package pop3

import "fmt"

// total counts the letters that are not marked as deleted, and their octets.
func (s *session) total() (n, size int) {
	for i, letter := range s.letters {
		if !s.deleted[i] {
			n++
			size += letter.Size
		}
	}
	return n, size
}

// stat answers STAT: how many letters, and how many octets.
//
// RFC 1939 §5.
func (s *session) stat(string) reply {
	n, size := s.total()
	return ok(fmt.Sprintf("%d %d", n, size))
}

// list answers LIST: the size of one letter, or of each.
//
// RFC 1939 §5.
func (s *session) list(arg string) reply {
	return s.scan(arg, s.summary(), func(n int, letter Info) string {
		return fmt.Sprintf("%d %d", n, letter.Size)
	})
}

// uidl answers UIDL: the unique id of one letter, or of each.
//
// RFC 1939 §7.
func (s *session) uidl(arg string) reply {
	return s.scan(arg, "unique ids follow", func(n int, letter Info) string {
		return fmt.Sprintf("%d %s", n, letter.UID)
	})
}

// scan answers with one line of a letter that arg names; without arg, with a
// list of all that are not marked as deleted, under the title. Numbers stay
// what they were: a gap shows where a letter was.
func (s *session) scan(arg, title string, line func(n int, letter Info) string) reply {
	if arg != "" {
		i, r, found := s.find(arg)
		if !found {
			return r
		}
		return ok(line(i+1, s.letters[i]))
	}
	var items []string
	for i, letter := range s.letters {
		if !s.deleted[i] {
			items = append(items, line(i+1, letter))
		}
	}
	return list(title, items)
}
