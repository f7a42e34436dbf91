package imap

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/imap/letter"
)

// searchCharset tells whether the texts of a search may come in that charset:
// otherwise it is answered with [BADCHARSET (US-ASCII UTF-8)]. They are in
// UTF-8 either way, and a text that is not is a syntax error.
//
// RFC 3501 §6.4.4.
func searchCharset(name string) bool {
	return strings.EqualFold(name, "US-ASCII") || strings.EqualFold(name, "UTF-8")
}

// matcher tells whether a message is what a search looks for. One goroutine
// uses it.
type matcher func(m placed) bool

// searcher is what the answer to a key depends on besides the message.
type searcher struct {
	now    time.Time
	recent func(uid uint32) bool // whether the session has it as \Recent
}

// matcher makes the matcher of a key.
func (s searcher) matcher(key SearchKey) matcher {
	text := func() *letter.Pattern { return letter.NewPattern(key.Text) }
	switch key.Op {
	case SearchAnd:
		return s.and(key.Keys)
	case SearchOr:
		a, b := s.matcher(key.Keys[0]), s.matcher(key.Keys[1])
		if cost(key.Keys[1]) < cost(key.Keys[0]) {
			a, b = b, a
		}
		return func(m placed) bool { return a(m) || b(m) }
	case SearchNot:
		in := s.matcher(key.Keys[0])
		return func(m placed) bool { return !in(m) }
	case SearchSeq:
		return func(m placed) bool { return key.Set.Contains(m.seq) }
	case SearchUID:
		return func(m placed) bool { return key.Set.Contains(m.UID) }
	case SearchFlag:
		return func(m placed) bool { return hasFlag(m.Flags, key.Flag) }
	case SearchRecent:
		return func(m placed) bool { return s.recent(m.UID) }
	case SearchModSeq:
		return func(m placed) bool { return m.ModSeq >= key.Number }
	case SearchLarger:
		return func(m placed) bool { return uint64(len(m.Data)) > key.Number }
	case SearchSmaller:
		return func(m placed) bool { return uint64(len(m.Data)) < key.Number }
	case SearchOlder:
		return func(m placed) bool { return s.age(m) >= int64(min(key.Number, 1<<62)) }
	case SearchYounger:
		return func(m placed) bool { return s.age(m) <= int64(min(key.Number, 1<<62)) }
	case SearchBefore, SearchOn, SearchSince:
		return func(m placed) bool { return onDay(key.Op-SearchBefore, day(m.Date), key.Date) }
	case SearchSentBefore, SearchSentOn, SearchSentSince:
		return func(m placed) bool {
			header, _ := letter.Split(m.Data)
			sent, ok := letter.SentDay(letter.Value(header, "date"))
			return ok && onDay(key.Op-SearchSentBefore, sent, key.Date)
		}
	case SearchHeader:
		p := text()
		return func(m placed) bool {
			header, _ := letter.Split(m.Data)
			return p.InField(header, key.Field)
		}
	case SearchBody:
		p := text()
		return func(m placed) bool { return p.InBody(m.Data) }
	}
	p := text()
	return func(m placed) bool { return p.InText(m.Data) }
}

// and makes a matcher of all keys, of which those that cost little come first:
// the operations are in that order.
func (s searcher) and(keys []SearchKey) matcher {
	keys = slices.Clone(keys)
	slices.SortStableFunc(keys, func(a, b SearchKey) int { return cmp.Compare(cost(a), cost(b)) })
	all := make([]matcher, len(keys))
	for i, k := range keys {
		all[i] = s.matcher(k)
	}
	return func(m placed) bool {
		for _, match := range all {
			if !match(m) {
				return false
			}
		}
		return true
	}
}

// cost is the operation in a key that takes longest.
func cost(key SearchKey) SearchOp {
	most := key.Op
	for _, k := range key.Keys {
		most = max(most, cost(k))
	}
	return most
}

// age is how many seconds ago a message arrived.
func (s searcher) age(m placed) int64 { return s.now.Unix() - m.Date.Unix() }

// day is the calendar day of t in its own zone, as midnight UTC.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// onDay tells whether a day is before, on, or since the one asked for: op is
// counted from SearchBefore.
func onDay(op SearchOp, d, asked time.Time) bool {
	switch op {
	case 0:
		return d.Before(asked)
	case 1:
		return d.Equal(asked)
	}
	return !d.Before(asked)
}

// hasFlag tells whether a flag is among flags, in any case: RFC 9051 §2.3.2.
func hasFlag(flags []string, flag string) bool {
	return slices.ContainsFunc(flags, func(f string) bool { return strings.EqualFold(f, flag) })
}
