package imap

import "slices"

// searchReturn is what SEARCH and SORT are to tell of the result.
//
// RFC 4731 §3.1, RFC 5182 §2, RFC 9051 §6.4.4.
type searchReturn struct {
	given                      bool // otherwise the result is told as of old
	min, max, all, count, save bool
}

// search answers SEARCH.
//
// RFC 9051 §6.4.4, RFC 3501 §6.4.4.
func (s *session) search(p *parser) result {
	p.sp()
	ret := s.searchReturn(p, "ESEARCH")
	if p.word("CHARSET") {
		p.sp()
		if charset := string(p.astring()); p.err == nil && !searchCharset(charset) {
			if ret.save { // RFC 9051 §6.4.4.1: after NO it is empty, after BAD what it was
				s.saved = nil
			}
			return badCharset
		}
		p.sp()
	}
	key := p.searchKeys()
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if !s.searchable(&key) {
		return bad("syntax error: want a search key")
	}
	found := s.find(key)
	if ret.save {
		s.saved = s.uidsAt(found)
		ret.keep(s)
	}
	if ret.given || s.rev2 {
		s.esearch(ret, found, key.has(SearchModSeq))
		return ok("SEARCH completed")
	}
	s.found("SEARCH", found, key.has(SearchModSeq))
	return ok("SEARCH completed")
}

var badCharset = no("BADCHARSET (US-ASCII UTF-8)", "texts can be in US-ASCII or UTF-8 only")

// searchReturn takes "RETURN (…) ", if the capability that it needs is offered.
func (s *session) searchReturn(p *parser, needs string) (ret searchReturn) {
	if !s.has(needs) || !p.word("RETURN") {
		ret.all = true
		return ret
	}
	ret.given = true
	p.sp()
	p.list(func() {
		switch name := p.keyword(); {
		case name == "MIN":
			ret.min = true
		case name == "MAX":
			ret.max = true
		case name == "ALL":
			ret.all = true
		case name == "COUNT":
			ret.count = true
		case name == "SAVE" && s.has("SEARCHRES"):
			ret.save = true
		default:
			p.want("MIN, MAX, ALL, COUNT or SAVE")
		}
	})
	p.sp()
	if !ret.min && !ret.max && !ret.count && !ret.save {
		ret.all = true // RFC 4731 §3.1: nothing named is ALL
	}
	return ret
}

// keep leaves in the saved result only what was asked for besides.
//
// RFC 5182 §2.4.
func (r *searchReturn) keep(s *session) {
	if r.all || r.count || !r.min && !r.max || len(s.saved) == 0 {
		return
	}
	first, last := slices.Min(s.saved), slices.Max(s.saved)
	s.saved = nil
	if r.min {
		s.saved = append(s.saved, first)
	}
	if r.max && (!r.min || last != first) {
		s.saved = append(s.saved, last)
	}
}

// searchable tells whether all keys are offered.
func (s *session) searchable(k *SearchKey) bool {
	return (s.has("WITHIN") || !k.has(SearchOlder, SearchYounger)) && (s.has("CONDSTORE") || !k.has(SearchModSeq))
}

// find lists the places of the messages that a search looks for.
func (s *session) find(key SearchKey) (found []int) {
	v := s.view
	s.condstore = s.condstore || key.has(SearchModSeq)
	key.resolve(v.bySeq, v.byUID, Nums(s.saved...).Ranges)
	match := searcher{now: s.srv.Now(), recent: v.isRecent}.matcher(key)
	for i, uid := range v.uids {
		if m := v.box.Message(uid); m != nil && match(placed{uint32(i + 1), m}) {
			found = append(found, i)
		}
	}
	return found
}

// found tells the result of SEARCH or SORT as of old; with the highest
// mod-sequence in it if the search asked for mod-sequences.
//
// RFC 3501 §7.2.5, RFC 5256 §4; MODSEQ RFC 7162 §3.1.6.
func (s *session) found(verb string, places []int, modseq bool) {
	s.out.raw("* " + verb)
	for _, at := range places {
		s.out.octet(' ')
		s.out.number32(s.number(at))
	}
	if highest := s.highest(places); modseq && highest > 0 {
		s.out.raw(" (MODSEQ ")
		s.out.number64(highest)
		s.out.octet(')')
	}
	s.out.end()
}

// highest is the highest mod-sequence of the messages at some places, 0 if
// there are none.
func (s *session) highest(places []int) (modseq uint64) {
	for _, at := range places {
		if m := s.view.box.Message(s.view.uids[at]); m != nil {
			modseq = max(modseq, m.ModSeq)
		}
	}
	return modseq
}

func (s *session) uidsAt(found []int) []uint32 {
	uids := make([]uint32, len(found))
	for i, at := range found {
		uids[i] = s.view.uids[at]
	}
	return uids
}

// number is what the message at a place is called: its UID or its sequence
// number.
func (s *session) number(at int) uint32 {
	if s.uid {
		return s.view.uids[at]
	}
	return uint32(at + 1)
}

// esearch tells the result of a search, in the order found, which for SORT is
// the order asked for; with the highest mod-sequence of the messages that it
// tells of if the search asked for mod-sequences.
//
// RFC 9051 §7.3.4 (ESEARCH), RFC 4731 §3.1; MODSEQ §3.2; SORT RFC 5267 §3.1.
func (s *session) esearch(ret searchReturn, found []int, modseq bool) {
	if ret.save && !ret.min && !ret.max && !ret.all && !ret.count {
		return // RFC 5182 §2.1: nothing was asked for but to save it
	}
	s.out.raw(`* ESEARCH (TAG `)
	s.out.string([]byte(s.tag))
	s.out.octet(')')
	if s.uid {
		s.out.raw(" UID")
	}
	told := found
	if len(found) > 0 {
		first, last := found[0], found[len(found)-1]
		if ret.min {
			s.out.raw(" MIN ")
			s.out.number32(s.number(first))
		}
		if ret.max {
			s.out.raw(" MAX ")
			s.out.number32(s.number(last))
		}
		if ret.all {
			numbers := make([]uint32, len(found))
			for i, at := range found {
				numbers[i] = s.number(at)
			}
			s.out.raw(" ALL ")
			s.out.buf = appendSet(s.out.buf, NumSet{Ranges: rangesOf(numbers)})
		}
		if !ret.all && !ret.count {
			told = nil
			if ret.min {
				told = append(told, first)
			}
			if ret.max {
				told = append(told, last)
			}
		}
	}
	if ret.count {
		s.out.raw(" COUNT ")
		s.out.number(int64(len(found)))
	}
	if highest := s.highest(told); modseq && highest > 0 {
		s.out.raw(" MODSEQ ")
		s.out.number64(highest)
	}
	s.out.end()
}

// sort answers SORT.
//
// RFC 5256 §3; RETURN RFC 5267 §3.1.
func (s *session) sort(p *parser) result {
	p.sp()
	ret := s.searchReturn(p, "ESORT")
	keys := s.sortKeys(p)
	p.sp()
	messages, modseq, r := s.searched(p)
	if r.status != "" {
		return r
	}
	sortMessages(messages, keys)
	found := make([]int, len(messages))
	for i, m := range messages {
		found[i] = int(m.seq) - 1
	}
	if ret.save {
		s.saved = s.uidsAt(found)
		slices.Sort(s.saved)
	}
	if ret.given {
		s.esearch(ret, found, modseq)
		return ok("SORT completed")
	}
	s.found("SORT", found, modseq)
	return ok("SORT completed")
}

// maxSortKeys is how many criteria one SORT may have.
const maxSortKeys = 20

func (s *session) sortKeys(p *parser) (keys []SortKey) {
	p.fullList(func() {
		k := SortKey{Reverse: p.word("REVERSE")}
		if k.Reverse {
			p.sp()
		}
		at := p.at
		by, known := sortByName(p.keyword())
		if p.err == nil && (!known || len(keys) == maxSortKeys || by >= SortDisplayFrom && !s.has("SORT=DISPLAY")) {
			p.at = at
			p.want("a criterion to sort by")
		}
		k.By = by
		keys = append(keys, k)
	})
	return keys
}

// searched takes a charset and search keys, and finds the messages. modseq is
// true if the search asked for mod-sequences. r says why it could not.
func (s *session) searched(p *parser) (messages []placed, modseq bool, r result) {
	charset := string(p.astring())
	p.sp()
	if p.err == nil && !searchCharset(charset) {
		return nil, false, badCharset
	}
	key := p.searchKeys()
	if p.end(); p.err != nil {
		return nil, false, badSyntax(p.err)
	}
	if !s.searchable(&key) {
		return nil, false, bad("syntax error: want a search key")
	}
	for _, at := range s.find(key) {
		if m := s.view.box.Message(s.view.uids[at]); m != nil {
			messages = append(messages, placed{uint32(at + 1), m})
		}
	}
	return messages, key.has(SearchModSeq), result{}
}

// thread answers THREAD.
//
// RFC 5256 §3.
func (s *session) thread(p *parser) result {
	p.sp()
	algorithm := p.keyword()
	if p.err == nil && !s.has("THREAD="+algorithm) {
		return bad("this way of threading is not offered")
	}
	p.sp()
	messages, _, r := s.searched(p)
	if r.status != "" {
		return r
	}
	var roots []*threadNode
	if algorithm == "REFERENCES" {
		roots = threadByReferences(messages)
	} else {
		roots = threadBySubject(messages)
	}
	s.out.raw("* THREAD")
	if len(roots) > 0 {
		s.out.octet(' ')
		s.out.buf = appendThreads(s.out.buf, roots, s.uid)
	}
	s.out.end()
	return ok("THREAD completed")
}
