package imap

import (
	"slices"

	"mailscope/protocol/imap/letter"
)

// fetch answers FETCH.
//
// RFC 9051 §6.4.5; CHANGEDSINCE RFC 7162 §3.1.4, VANISHED §3.2.6.
func (s *session) fetch(p *parser) result {
	p.sp()
	set := p.set()
	p.sp()
	items := s.fetchable(p)
	since, vanished := s.fetchModifiers(p)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if vanished && (!s.uid || !s.qresync) {
		return bad("VANISHED needs UID FETCH, and QRESYNC enabled")
	}
	list, found := s.places(set)
	if !found {
		return badSequence
	}
	if since != nil {
		s.condstore = true
		items = with(items, FetchModSeq)
	}
	if s.uid {
		items = with(items, FetchUID) // RFC 9051 §6.4.9
	}
	if slices.ContainsFunc(items, func(it FetchItem) bool { return it.Op == FetchModSeq }) {
		s.condstore = true
	}
	if vanished {
		s.tellVanished(*since, s.view.byUID(set))
	}
	if sees(items) && !s.view.readOnly {
		if err := s.markSeen(list); err != nil {
			return s.failed("mark as seen", err)
		}
	}
	return s.fetchAll(list, items, since)
}

// fetchable takes the items, less those that are not offered.
func (s *session) fetchable(p *parser) []FetchItem {
	at := p.at
	items := p.fetchItems()
	for _, it := range items {
		if it.Op == FetchModSeq && !s.has("CONDSTORE") || (it.Op == FetchBinary || it.Op == FetchBinarySize) && !s.has("BINARY") {
			p.at = at
			p.want("an item to fetch")
		}
	}
	return items
}

// fetchModifiers takes "(CHANGEDSINCE 5 VANISHED)"; since is nil without it.
func (s *session) fetchModifiers(p *parser) (since *uint64, vanished bool) {
	if !s.has("CONDSTORE") || !p.more() {
		return nil, false
	}
	p.fullList(func() {
		switch p.choose("CHANGEDSINCE or VANISHED", "CHANGEDSINCE", "VANISHED") {
		case "CHANGEDSINCE":
			p.sp()
			since = new(p.number64())
		case "VANISHED":
			vanished = true
		}
	})
	if vanished && since == nil {
		p.want("CHANGEDSINCE with VANISHED")
		return nil, false
	}
	return since, vanished
}

// with adds an item unless it is among items.
func with(items []FetchItem, op FetchOp) []FetchItem {
	if slices.ContainsFunc(items, func(it FetchItem) bool { return it.Op == op }) {
		return items
	}
	if op == FetchUID { // first, so that a reader sees it before a long text
		return append([]FetchItem{{Op: op}}, items...)
	}
	return append(slices.Clone(items), FetchItem{Op: op})
}

// sees tells whether to fetch the items is to have seen the letter.
func sees(items []FetchItem) bool {
	return slices.ContainsFunc(items, func(it FetchItem) bool {
		return (it.Op == FetchBody || it.Op == FetchBinary) && !it.Peek
	})
}

// markSeen sets \Seen on those of the messages that lack it.
func (s *session) markSeen(list []span) error {
	var unseen []uint32
	for _, uid := range s.view.uidsOf(list) {
		if m := s.view.box.Message(uid); m != nil && !slices.Contains(m.Flags, Seen) {
			unseen = append(unseen, uid)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	now, _, err := s.view.box.SetFlags(unseen, AddFlags, []string{Seen}, NoModSeq)
	s.view.silence(now)
	return err
}

// fetchAll writes a response for each message. One that is gone already cannot
// be fetched any more.
func (s *session) fetchAll(list []span, items []FetchItem, since *uint64) result {
	w := newItemWriter(&s.out)
	gone := false
	for _, sp := range list {
		for i := sp.from; i < sp.to; i++ {
			m := s.view.box.Message(s.view.uids[i])
			if m == nil {
				gone = true
				continue
			}
			if since != nil && m.ModSeq <= *since {
				continue
			}
			if r := s.fetchOne(w, i, m, items); r.status != "" {
				return r
			}
			if s.out.err != nil {
				return ok("FETCH completed")
			}
		}
	}
	if gone && !s.uid {
		return no("EXPUNGEISSUED", "some of the messages are gone") // RFC 5530 §3
	}
	return ok("FETCH completed")
}

// fetchOne writes the response for one message.
func (s *session) fetchOne(w *itemWriter, i int, m *Message, items []FetchItem) result {
	s.about(m.Ref)
	defer s.about("")
	if s.view.quiet[m.UID] == m.ModSeq { // it was marked as seen for this
		items = with(items, FetchFlags)
		if s.condstore { // RFC 7162 §3.1
			items = with(items, FetchModSeq)
		}
	}
	for _, it := range items {
		if it.Op == FetchFlags {
			s.tellKeywords(m)
		}
		if it.Op == FetchBinary || it.Op == FetchBinarySize {
			if _, _, err := letter.Binary(m.Data, it.Section.Path); err != nil {
				return no("UNKNOWN-CTE", "this part's encoding is not known") // RFC 3516 §4.3
			}
		}
	}
	s.out.raw("* ")
	s.out.number(int64(i + 1))
	s.out.raw(" FETCH (")
	for n, it := range items {
		if n > 0 {
			s.out.octet(' ')
		}
		s.fetchItem(w, m, it)
	}
	s.out.octet(')')
	s.out.end()
	return result{}
}

// about tells which letter the responses are about that come now.
func (s *session) about(ref string) {
	if s.srv.About != nil {
		s.srv.About(s.nc, s.conn.Sent(), ref)
	}
}

// fetchItem writes one item of a message.
//
// RFC 9051 §7.5.2.
func (s *session) fetchItem(w *itemWriter, m *Message, it FetchItem) {
	s.out.fetchItem(it, false)
	s.out.octet(' ')
	switch it.Op {
	case FetchFlags:
		s.out.words(s.flagsOf(m))
	case FetchUID:
		s.out.number32(m.UID)
	case FetchInternalDate:
		s.out.dateTime(m.Date)
	case FetchSize:
		s.out.number(int64(len(m.Data)))
	case FetchModSeq:
		s.out.octet('(')
		s.out.number64(m.ModSeq)
		s.out.octet(')')
	case FetchEnvelope:
		header, _ := letter.Split(m.Data)
		w.envelope(header)
	case FetchStructure:
		w.structure(letter.Parse(m.Data), true)
	case FetchBasic:
		w.structure(letter.Parse(m.Data), false)
	case FetchBody:
		octets, found := letter.Get(m.Data, it.Section)
		s.octets(it, octets, found, s.out.literal)
	case FetchBinary:
		octets, found, _ := letter.Binary(m.Data, it.Section.Path)
		s.octets(it, octets, found, s.out.literal8)
	case FetchBinarySize:
		octets, _, _ := letter.Binary(m.Data, it.Section.Path)
		s.out.number(int64(len(octets)))
	}
}

// octets writes a section, or the part of it that was asked for; NIL if the
// letter has no such section.
func (s *session) octets(it FetchItem, octets []byte, found bool, write func([]byte)) {
	if !found {
		s.out.raw("NIL")
		return
	}
	if it.Partial != nil {
		octets = letter.Partial(octets, int64(it.Partial.From), int64(it.Partial.Count))
	}
	if len(octets) == 0 {
		s.out.raw(`""`)
		return
	}
	write(octets)
}
