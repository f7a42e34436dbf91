package imap

import "slices"

// selectBox answers SELECT: it opens a mailbox to read and to change.
//
// RFC 9051 §6.3.2.
func (s *session) selectBox(p *parser) result { return s.enter(p, false) }

// examine answers EXAMINE: SELECT to read only.
//
// RFC 9051 §6.3.3.
func (s *session) examine(p *parser) result { return s.enter(p, true) }

// resync is what a client knows of a mailbox from an earlier session.
//
// RFC 7162 §3.2.5.
type resync struct {
	validity uint32
	modseq   uint64
	known    *NumSet // UIDs; nil means all
}

func (s *session) enter(p *parser, readOnly bool) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	earlier, condstore := s.selectParams(p)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if earlier != nil && !s.qresync {
		return bad("enable QRESYNC first") // RFC 7162 §3.2.5
	}
	if s.state == selected { // RFC 9051 §6.3.2: closed even if the new one cannot be opened
		s.leave()
		if s.rev2 || s.qresync {
			s.untagged("OK [CLOSED] the mailbox before is closed")
		}
	}
	box, err := s.account.Open(name)
	if err != nil {
		return s.failed("open mailbox", err)
	}
	s.condstore = s.condstore || condstore
	v := &view{box: box, name: name, readOnly: readOnly}
	v.stop = box.Watch(func() {
		v.changed.Store(true)
		if w := v.idler.Load(); w != nil {
			s.wake(w)
		}
	})
	v.uids, v.modseq = box.UIDs()
	s.view, s.state = v, selected
	s.describe(earlier)
	if readOnly {
		return okCode("READ-ONLY", "EXAMINE completed")
	}
	return okCode("READ-WRITE", "SELECT completed")
}

// selectParams takes "(CONDSTORE)" and "(QRESYNC (…))".
//
// RFC 7162 §3.1.8, §3.2.5.
func (s *session) selectParams(p *parser) (earlier *resync, condstore bool) {
	if !p.more() {
		return nil, false
	}
	p.fullList(func() {
		switch name := p.keyword(); {
		case name == "CONDSTORE" && s.has(name):
			condstore = true
		case name == "QRESYNC" && s.has(name):
			p.sp()
			earlier = p.resync()
		default:
			p.want("a parameter of SELECT")
		}
	})
	return earlier, condstore
}

// resync takes the argument of QRESYNC. What the client says of sequence
// numbers is not needed: the record of what is gone reaches as far back.
func (p *parser) resync() *resync {
	p.expect('(')
	r := &resync{validity: p.nzNumber()}
	p.sp()
	r.modseq = p.number64()
	if p.more() {
		if p.peek() != '(' {
			set := p.set()
			r.known = &set
			if !p.more() {
				p.expect(')')
				return r
			}
		}
		p.expect('(')
		p.set()
		p.sp()
		p.set()
		p.expect(')')
	}
	p.expect(')')
	return r
}

// describe tells what a mailbox holds that was just selected.
//
// RFC 9051 §6.3.2, RFC 3501 §6.3.1; HIGHESTMODSEQ RFC 7162 §3.1.2.
func (s *session) describe(earlier *resync) {
	v := s.view
	st := v.box.Status()
	s.tellMailboxFlags()
	s.untagged("%d EXISTS", len(v.uids))
	if !s.rev2 {
		s.untagged("%d RECENT", st.Recent)
		v.claimRecent()
		if i := v.index(st.FirstUnseen); i >= 0 {
			s.untagged("OK [UNSEEN %d] the first unread message", i+1)
		}
	}
	s.untagged("OK [UIDVALIDITY %d] UIDs are valid", st.UIDValidity)
	s.untagged("OK [UIDNEXT %d] the next UID", st.UIDNext)
	if s.has("CONDSTORE") {
		s.untagged("OK [HIGHESTMODSEQ %d] the latest change", v.modseq)
	}
	if s.rev2 { // RFC 9051 §6.3.2: a LIST response comes as well
		for _, info := range s.account.Mailboxes() {
			if info.Name == v.name {
				s.listed(info, listReturn{})
			}
		}
	}
	if earlier != nil && earlier.validity == st.UIDValidity {
		s.catchUp(earlier)
	}
}

// catchUp tells what changed since an earlier session.
//
// RFC 7162 §3.2.5.1.
func (s *session) catchUp(earlier *resync) {
	known := resolved{{1, 1<<32 - 1}}
	if earlier.known != nil {
		known = s.view.byUID(*earlier.known)
	}
	s.tellVanished(earlier.modseq, known)
	changed, _, _, _ := s.view.box.Since(earlier.modseq)
	for _, m := range changed {
		if i := s.view.index(m.UID); i >= 0 && known.Contains(m.UID) {
			s.fetched(i, m, true)
		}
	}
}

// tellVanished tells which of some UIDs are gone since a mod-sequence; if that
// is not known any more, those that are not there.
func (s *session) tellVanished(modseq uint64, among resolved) {
	_, gone, _, complete := s.view.box.Since(modseq)
	if complete {
		var list []uint32
		for _, uid := range gone {
			if among.Contains(uid) {
				list = append(list, uid)
			}
		}
		s.vanished("(EARLIER) ", rangesOf(list))
		return
	}
	s.vanished("(EARLIER) ", s.view.gaps(among))
}

// gaps lists the UIDs among some that no message has.
func (v *view) gaps(among resolved) []Range {
	next := v.box.Status().UIDNext
	var list []Range
	for _, r := range among {
		from := max(r.First, 1)
		at, _ := slices.BinarySearch(v.uids, from)
		for ; at < len(v.uids) && v.uids[at] <= r.Last; at++ {
			if v.uids[at] > from {
				list = append(list, Range{from, v.uids[at] - 1})
			}
			from = v.uids[at] + 1
		}
		if last := min(r.Last, next-1); from <= last {
			list = append(list, Range{from, last})
		}
	}
	return list
}

// leave gives the selected mailbox up.
func (s *session) leave() {
	if s.view != nil {
		s.view.stop()
		s.view, s.saved = nil, nil
		s.state = authenticated
	}
}

// close answers CLOSE: messages marked as deleted are removed without a word.
//
// RFC 9051 §6.4.1.
func (s *session) close(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if !s.view.readOnly {
		if err := s.view.box.Expunge(nil); err != nil {
			return s.failed("expunge", err)
		}
	}
	s.leave()
	return ok("CLOSE completed")
}

// unselect answers UNSELECT: CLOSE that removes nothing.
//
// RFC 9051 §6.4.2.
func (s *session) unselect(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.leave()
	return ok("UNSELECT completed")
}
