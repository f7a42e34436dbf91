package imap

import "strconv"

// copy answers COPY.
//
// RFC 9051 §6.4.7; COPYUID RFC 4315 §3.
func (s *session) copy(p *parser) result {
	return s.transfer(p, "COPY", func(uids []uint32, name string) ([]uint32, []UID, error) {
		return s.view.box.Copy(uids, name)
	})
}

// move answers MOVE. The copies' UIDs are told before the removals.
//
// RFC 9051 §6.4.8, RFC 6851 §3.
func (s *session) move(p *parser) result {
	if s.view.readOnly {
		return no("READ-ONLY", "the mailbox is open to read only")
	}
	r := s.transfer(p, "MOVE", func(uids []uint32, name string) ([]uint32, []UID, error) {
		return s.view.box.Move(uids, name)
	})
	if r.code != "" && r.status == "OK" {
		s.untagged("OK [%s] moved", r.code)
		return ok(r.text)
	}
	return r
}

func (s *session) transfer(p *parser, verb string, do func(uids []uint32, name string) ([]uint32, []UID, error)) result {
	p.sp()
	set := p.set()
	p.sp()
	name := p.mailbox(s.out.utf8)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	list, found := s.places(set)
	if !found {
		return badSequence
	}
	uids := s.view.uidsOf(list)
	from, to, err := do(uids, name)
	switch {
	case err != nil:
		return s.failedInto("copy", err)
	case len(from) < len(uids) && !s.uid:
		return no("EXPUNGEISSUED", "some of the messages are gone")
	case len(to) == 0 || !s.has("UIDPLUS"):
		return ok(verb + " completed")
	}
	return okCode(copyUID(from, to), verb+" completed")
}

// copyUID tells which UIDs the copies have. Both sets are in the same order,
// so one that does not rise is told in parts.
func copyUID(from []uint32, to []UID) string {
	b := append([]byte("COPYUID "), numberText(uint64(to[0].Validity))...)
	b = append(b, ' ')
	b = appendSet(b, NumSet{Ranges: rangesOf(from)})
	b = append(b, ' ')
	numbers := make([]uint32, len(to))
	for i, u := range to {
		numbers[i] = u.Number
	}
	return string(appendSet(b, NumSet{Ranges: rangesOf(numbers)}))
}

func numberText(n uint64) string { return strconv.FormatUint(n, 10) }
