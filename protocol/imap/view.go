package imap

import (
	"slices"
	"sync/atomic"
)

// view is what a session was told of the mailbox that it selected. A sequence
// number is a place in uids, from 1: it changes only when the client is told.
//
// RFC 9051 §2.3.1.2, §5.2.
type view struct {
	box      Mailbox
	name     string
	readOnly bool

	uids   []uint32          // of the messages that the client knows of, rising
	modseq uint64            // of the last change that uids and gone take in
	gone   []uint32          // those of uids that are gone, rising; not told yet
	recent []uint32          // \Recent in this session, rising
	known  []string          // keywords that the client was told
	quiet  map[uint32]uint64 // changes not to be told: by UID, the mod-sequence

	changed atomic.Bool           // something may have changed since modseq
	idler   atomic.Pointer[idler] // nil unless the session idles
	stop    func()
}

// index is where a message stands in uids, -1 if it is not there.
func (v *view) index(uid uint32) int {
	if i, ok := slices.BinarySearch(v.uids, uid); ok {
		return i
	}
	return -1
}

func (v *view) isRecent(uid uint32) bool {
	_, ok := slices.BinarySearch(v.recent, uid)
	return ok
}

// claimRecent takes the messages that no session was told of as \Recent.
//
// RFC 3501 §2.3.2.
func (v *view) claimRecent() {
	if !v.readOnly {
		v.recent = append(v.recent, v.box.Recent()...)
	}
}

// span is the places of uids from one to another, the end not included.
type span struct{ from, to int }

// places finds the messages that a set names, by sequence numbers or by UIDs.
// ok is false if a sequence number is too high.
//
// RFC 9051 §9, sequence-set.
func (s *session) places(set NumSet) (list []span, ok bool) {
	v := s.view
	switch {
	case set.Result:
		for _, uid := range s.saved {
			if i := v.index(uid); i >= 0 {
				list = append(list, span{i, i + 1})
			}
		}
		return list, true
	case s.uid:
		for _, r := range v.byUID(set) {
			from, _ := slices.BinarySearch(v.uids, r.First)
			to, found := slices.BinarySearch(v.uids, r.Last)
			if found {
				to++
			}
			if from < to {
				list = append(list, span{from, to})
			}
		}
		return list, true
	}
	count := uint32(len(v.uids))
	for _, r := range set.Ranges {
		if r.First > count || r.Last > count {
			return nil, false
		}
	}
	for _, r := range set.resolve(count) {
		if r.Last > 0 {
			list = append(list, span{int(max(r.First, 1)) - 1, int(r.Last)})
		}
	}
	return list, true
}

func (v *view) bySeq(set NumSet) resolved { return set.resolve(uint32(len(v.uids))) }

// byUID resolves a set of UIDs.
func (v *view) byUID(set NumSet) resolved {
	var largest uint32
	if n := len(v.uids); n > 0 {
		largest = v.uids[n-1]
	}
	return set.resolve(largest)
}

// uidsOf lists the UIDs at some places. The caller owns the slice.
func (v *view) uidsOf(list []span) []uint32 {
	n := 0
	for _, sp := range list {
		n += sp.to - sp.from
	}
	uids := make([]uint32, 0, n)
	for _, sp := range list {
		uids = append(uids, v.uids[sp.from:sp.to]...)
	}
	return uids
}

// badSequence answers sequence numbers that no message has.
var badSequence = bad("no message has this sequence number")

// silence keeps a change that this session made from being told again.
func (v *view) silence(messages []*Message) {
	if v.quiet == nil {
		v.quiet = make(map[uint32]uint64, len(messages))
	}
	for _, m := range messages {
		v.quiet[m.UID] = m.ModSeq
	}
}

// sync tells the client what changed in the mailbox since it was last told:
// messages that are gone, if it may be told now, then new ones, then flags.
//
// RFC 9051 §7.5.1 (EXPUNGE), §7.4.1 (EXISTS), §7.5.2 (FETCH); RFC 7162 §3.2.
func (s *session) sync(expunge bool) {
	v := s.view
	if v == nil {
		return
	}
	if !v.changed.Swap(false) {
		v.quiet = nil
		if expunge && len(v.gone) > 0 {
			s.tellGone()
		}
		return
	}
	changed, gone, now, complete := v.box.Since(v.modseq)
	if !complete {
		gone = v.missing()
	}
	v.modseq = now
	v.lose(gone)
	if expunge {
		s.tellGone()
	}
	before := len(v.uids)
	for _, m := range changed {
		if before == 0 || m.UID > v.uids[before-1] {
			v.uids = append(v.uids, m.UID)
		}
	}
	if len(v.uids) > before {
		s.counted(len(v.uids), " EXISTS")
		if !s.rev2 { // RFC 3501 §7.3.2
			v.claimRecent()
			s.counted(len(v.recent), " RECENT")
		}
	}
	s.tellFlags(changed, before)
	v.quiet = nil
}

// counted tells a number of messages.
func (s *session) counted(n int, what string) {
	s.out.raw("* ")
	s.out.number(int64(n))
	s.out.raw(what)
	s.out.end()
}

// missing lists the messages of the view that the mailbox has no longer.
func (v *view) missing() []uint32 {
	there, _ := v.box.UIDs()
	var gone []uint32
	for _, uid := range v.uids {
		if _, ok := slices.BinarySearch(there, uid); !ok {
			gone = append(gone, uid)
		}
	}
	return gone
}

// lose adds to those that are gone.
func (v *view) lose(gone []uint32) {
	known := len(v.gone)
	for _, uid := range gone {
		if v.index(uid) >= 0 {
			v.gone = append(v.gone, uid)
		}
	}
	if known > 0 && len(v.gone) > known {
		slices.Sort(v.gone)
		v.gone = slices.Compact(v.gone)
	}
}

// tellGone tells which messages are gone, and renumbers the rest.
//
// RFC 9051 §7.5.1; RFC 7162 §3.2.10 (VANISHED).
func (s *session) tellGone() {
	v := s.view
	if len(v.gone) == 0 {
		return
	}
	left := v.uids[:0]
	gone := v.gone
	for _, uid := range v.uids {
		if len(gone) > 0 && gone[0] == uid {
			gone = gone[1:]
			if !s.qresync {
				s.counted(len(left)+1, " EXPUNGE")
			}
			continue
		}
		left = append(left, uid)
	}
	if s.qresync {
		s.vanished("", rangesOf(v.gone))
	}
	if len(v.recent) > 0 {
		v.recent = slices.DeleteFunc(v.recent, func(uid uint32) bool {
			_, ok := slices.BinarySearch(v.gone, uid)
			return ok
		})
	}
	v.uids, v.gone = left, nil
}

// vanished tells UIDs that are gone; how is "" or "(EARLIER) ".
func (s *session) vanished(how string, uids []Range) {
	if len(uids) == 0 {
		return
	}
	s.out.raw("* VANISHED " + how)
	s.out.buf = appendSet(s.out.buf, NumSet{Ranges: uids})
	s.out.end()
}

// tellFlags tells the flags of those of the first messages of the view that
// changed, unless this session knows already.
func (s *session) tellFlags(changed []*Message, before int) {
	v := s.view
	for _, m := range changed {
		i := v.index(m.UID)
		if i < 0 || i >= before || v.quiet[m.UID] == m.ModSeq {
			continue
		}
		s.tellKeywords(m)
		s.fetched(i, m, s.rev2 || s.condstore || s.uid)
	}
}

// fetched tells the flags of one message.
func (s *session) fetched(i int, m *Message, withUID bool) {
	s.out.raw("* ")
	s.out.number(int64(i + 1))
	s.out.raw(" FETCH (")
	if withUID {
		s.out.raw("UID ")
		s.out.number32(m.UID)
		s.out.octet(' ')
	}
	s.out.raw("FLAGS ")
	s.out.words(s.flagsOf(m))
	if s.condstore {
		s.out.raw(" MODSEQ (")
		s.out.number64(m.ModSeq)
		s.out.octet(')')
	}
	s.out.octet(')')
	s.out.end()
}

// flagsOf lists the flags of a message, \Recent among them.
func (s *session) flagsOf(m *Message) []string {
	if !s.rev2 && s.view.isRecent(m.UID) {
		return append(slices.Clone(m.Flags), recentFlag)
	}
	return m.Flags
}

// tellKeywords tells the mailbox's flags anew if a message has a keyword that
// the client has not heard of.
//
// RFC 9051 §7.3.5.
func (s *session) tellKeywords(m *Message) {
	for _, f := range m.Flags {
		if f[0] != '\\' && !slices.Contains(s.view.known, f) {
			s.tellMailboxFlags()
			return
		}
	}
}

func (s *session) tellMailboxFlags() {
	v := s.view
	v.known = v.box.Status().Keywords
	flags := append(slices.Clone(systemFlags), v.known...)
	s.out.raw("* FLAGS ")
	s.out.words(flags)
	s.out.end()
	if v.readOnly {
		s.untagged("OK [PERMANENTFLAGS ()] no flag can be changed here")
		return
	}
	s.out.raw("* OK [PERMANENTFLAGS ")
	s.out.words(append(flags, `\*`))
	s.out.raw("] these flags are kept")
	s.out.end()
}
