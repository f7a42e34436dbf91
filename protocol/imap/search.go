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
	ret := s.searchReturn(p)
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
	found, modseq := s.find(key)
	if ret.save {
		s.saved = s.uidsAt(found)
		ret.keep(s)
	}
	if ret.given || s.rev2 {
		s.esearch(ret, found, modseq)
		return ok("SEARCH completed")
	}
	s.out.raw("* SEARCH")
	s.numbers(found)
	if modseq > 0 { // RFC 7162 §3.1.5
		s.out.raw(" (MODSEQ ")
		s.out.number64(modseq)
		s.out.octet(')')
	}
	s.out.end()
	return ok("SEARCH completed")
}

var badCharset = no("BADCHARSET (US-ASCII UTF-8)", "texts can be in US-ASCII or UTF-8 only")

// searchReturn takes "RETURN (…) ".
func (s *session) searchReturn(p *parser) (ret searchReturn) {
	if !s.has("ESEARCH") && !s.rev2 || !p.word("RETURN") {
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

// find lists the places of the messages that a search looks for. modseq is the
// highest mod-sequence among them if the search asked for one, and 0 otherwise.
func (s *session) find(key SearchKey) (found []int, modseq uint64) {
	v := s.view
	asked := key.has(SearchModSeq)
	s.condstore = s.condstore || asked
	key.resolve(v.bySeq, v.byUID, Nums(s.saved...).Ranges)
	match := searcher{now: s.srv.Now(), recent: v.isRecent}.matcher(key)
	for i, uid := range v.uids {
		m := v.box.Message(uid)
		if m == nil || !match(placed{uint32(i + 1), m}) {
			continue
		}
		found = append(found, i)
		if asked {
			modseq = max(modseq, m.ModSeq)
		}
	}
	return found, modseq
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

// numbers writes the numbers of messages, each behind a space.
func (s *session) numbers(found []int) {
	for _, at := range found {
		s.out.octet(' ')
		s.out.number32(s.number(at))
	}
}

// esearch tells the result of a search, in the order of the messages.
//
// RFC 9051 §7.3.4 (ESEARCH), RFC 4731 §3.1; MODSEQ RFC 7162 §3.1.10.
func (s *session) esearch(ret searchReturn, found []int, modseq uint64) {
	if ret.save && !ret.min && !ret.max && !ret.all && !ret.count {
		return // RFC 5182 §2.1: nothing was asked for but to save it
	}
	s.out.raw(`* ESEARCH (TAG `)
	s.out.string([]byte(s.tag))
	s.out.octet(')')
	if s.uid {
		s.out.raw(" UID")
	}
	if len(found) > 0 {
		numbers := make([]uint32, len(found))
		for i, at := range found {
			numbers[i] = s.number(at)
		}
		if ret.min {
			s.out.raw(" MIN ")
			s.out.number32(slices.Min(numbers))
		}
		if ret.max {
			s.out.raw(" MAX ")
			s.out.number32(slices.Max(numbers))
		}
		if ret.all {
			s.out.raw(" ALL ")
			s.out.buf = appendSet(s.out.buf, NumSet{Ranges: rangesOf(numbers)})
		}
	}
	if ret.count {
		s.out.raw(" COUNT ")
		s.out.number(int64(len(found)))
	}
	if modseq > 0 {
		s.out.raw(" MODSEQ ")
		s.out.number64(modseq)
	}
	s.out.end()
}

// sort answers SORT.
//
// RFC 5256 §3; RETURN RFC 5267 §3.1 without CONTEXT.
func (s *session) sort(p *parser) result {
	p.sp()
	ret := s.searchReturn(p)
	keys := s.sortKeys(p)
	p.sp()
	messages, r := s.searched(p)
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
		s.esearch(ret, found, 0)
		return ok("SORT completed")
	}
	s.out.raw("* SORT")
	s.numbers(found)
	s.out.end()
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

// searched takes a charset and search keys, and finds the messages. r says why
// it could not.
func (s *session) searched(p *parser) (messages []placed, r result) {
	charset := string(p.astring())
	p.sp()
	if p.err == nil && !searchCharset(charset) {
		return nil, badCharset
	}
	key := p.searchKeys()
	if p.end(); p.err != nil {
		return nil, badSyntax(p.err)
	}
	if !s.searchable(&key) {
		return nil, bad("syntax error: want a search key")
	}
	found, _ := s.find(key)
	for _, at := range found {
		if m := s.view.box.Message(s.view.uids[at]); m != nil {
			messages = append(messages, placed{uint32(at + 1), m})
		}
	}
	return messages, result{}
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
	messages, r := s.searched(p)
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
