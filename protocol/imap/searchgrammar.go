package imap

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a search.
const (
	maxSearchDepth = 100
	maxSearchKeys  = 1000
)

// searchReader takes search keys. Sets in them are resolved when the mailbox
// is known.
type searchReader struct {
	*parser
	depth, keys int
}

// flagKeys are the keys that ask for a flag, and those that ask for none.
var flagKeys = map[string]SearchKey{
	"ANSWERED": hasKey(Answered), "DELETED": hasKey(Deleted), "DRAFT": hasKey(Draft), "FLAGGED": hasKey(Flagged), "SEEN": hasKey(Seen),
	"UNANSWERED": notKey(hasKey(Answered)), "UNDELETED": notKey(hasKey(Deleted)), "UNDRAFT": notKey(hasKey(Draft)),
	"UNFLAGGED": notKey(hasKey(Flagged)), "UNSEEN": notKey(hasKey(Seen)),
	"ALL": {Op: SearchAnd}, "RECENT": {Op: SearchRecent}, "OLD": notKey(SearchKey{Op: SearchRecent}),
	"NEW": {Op: SearchAnd, Keys: []SearchKey{{Op: SearchRecent}, notKey(hasKey(Seen))}},
}

func hasKey(flag string) SearchKey     { return SearchKey{Op: SearchFlag, Flag: flag} }
func notKey(k SearchKey) SearchKey     { return SearchKey{Op: SearchNot, Keys: []SearchKey{k}} }
func allKeys(k ...SearchKey) SearchKey { return SearchKey{Op: SearchAnd, Keys: k} }

var dateKeys = map[string]SearchOp{"BEFORE": SearchBefore, "ON": SearchOn, "SINCE": SearchSince,
	"SENTBEFORE": SearchSentBefore, "SENTON": SearchSentOn, "SENTSINCE": SearchSentSince}

var numberKeys = map[string]SearchOp{"LARGER": SearchLarger, "SMALLER": SearchSmaller, "OLDER": SearchOlder, "YOUNGER": SearchYounger}

var fieldKeys = map[string]bool{"BCC": true, "CC": true, "FROM": true, "SUBJECT": true, "TO": true}

// searchKeys takes the keys up to the end of the line, at least one.
func (p *parser) searchKeys() SearchKey {
	r := &searchReader{parser: p}
	keys := []SearchKey{r.key()}
	for p.more() {
		keys = append(keys, r.key())
	}
	if len(keys) == 1 {
		return keys[0]
	}
	return allKeys(keys...)
}

// key takes one key.
//
// RFC 3501 §6.4.4, RFC 9051 §6.4.4; WITHIN RFC 5032; MODSEQ RFC 7162 §3.1.5.
func (r *searchReader) key() SearchKey {
	r.depth++
	defer func() { r.depth-- }()
	if r.keys++; r.depth > maxSearchDepth || r.keys > maxSearchKeys {
		r.want("a simpler search")
	}
	switch c := r.peek(); {
	case c == '(':
		var keys []SearchKey
		r.fullList(func() { keys = append(keys, r.key()) })
		return allKeys(keys...)
	case c >= '0' && c <= '9' || c == '*' || c == '$':
		return SearchKey{Op: SearchSeq, set: r.set()}
	}
	at := r.at
	name := r.keyword()
	if k, ok := flagKeys[name]; ok {
		return k
	}
	if op, ok := dateKeys[name]; ok {
		r.sp()
		return SearchKey{Op: op, Date: r.date()}
	}
	if op, ok := numberKeys[name]; ok {
		r.sp()
		return SearchKey{Op: op, Number: r.number64()}
	}
	if fieldKeys[name] {
		r.sp()
		return SearchKey{Op: SearchHeader, Field: name, Text: r.text()}
	}
	switch name {
	case "BODY", "TEXT":
		r.sp()
		return SearchKey{Op: map[string]SearchOp{"BODY": SearchBody, "TEXT": SearchText}[name], Text: r.text()}
	case "HEADER":
		r.sp()
		field := string(r.astring())
		r.sp()
		return SearchKey{Op: SearchHeader, Field: field, Text: r.text()}
	case "KEYWORD":
		r.sp()
		return hasKey(r.atom())
	case "UNKEYWORD":
		r.sp()
		return notKey(hasKey(r.atom()))
	case "NOT":
		r.sp()
		return notKey(r.key())
	case "OR":
		r.sp()
		a := r.key()
		r.sp()
		return SearchKey{Op: SearchOr, Keys: []SearchKey{a, r.key()}}
	case "UID":
		r.sp()
		return SearchKey{Op: SearchUID, set: r.set()}
	case "MODSEQ":
		r.sp()
		if r.peek() == '"' { // an entry, which says no more: only flags have one
			r.quoted()
			r.sp()
			r.choose("priv, shared or all", "PRIV", "SHARED", "ALL")
			r.sp()
		}
		return SearchKey{Op: SearchModSeq, Number: r.number64()}
	}
	if r.err == nil {
		r.at = at
		r.want("a search key")
	}
	return SearchKey{}
}

// text takes a text to look for, which is in UTF-8.
func (r *searchReader) text() string {
	at := r.at
	s := r.astring()
	if !utf8.Valid(s) {
		r.at = at
		r.want("UTF-8")
		return ""
	}
	return string(s)
}

// has tells whether a key, or one in it, has one of the operations.
func (k *SearchKey) has(ops ...SearchOp) bool {
	for _, op := range ops {
		if k.Op == op {
			return true
		}
	}
	for i := range k.Keys {
		if k.Keys[i].has(ops...) {
			return true
		}
	}
	return false
}

// resolve fills in the sets of numbers.
func (k *SearchKey) resolve(seq, uid func(NumSet) resolved, result resolved) {
	switch k.Op {
	case SearchSeq, SearchUID:
		switch {
		case k.set.Result:
			k.Op, k.Set = SearchUID, result // RFC 5182 §2.1: it holds messages, whatever they are called
		case k.Op == SearchSeq:
			k.Set = seq(k.set)
		default:
			k.Set = uid(k.set)
		}
	}
	if len(k.Keys) > 0 {
		keys := make([]SearchKey, len(k.Keys))
		copy(keys, k.Keys)
		for i := range keys {
			keys[i].resolve(seq, uid, result)
		}
		k.Keys = keys
	}
}

// searchKey writes a key as a command has it.
func (e *encoder) searchKey(k SearchKey) {
	switch k.Op {
	case SearchAnd:
		if len(k.Keys) == 0 {
			e.raw("ALL")
			return
		}
		e.octet('(')
		e.searchList(k.Keys)
		e.octet(')')
	case SearchOr:
		e.raw("OR ")
		e.searchList(k.Keys)
	case SearchNot:
		if f := k.Keys[0]; f.Op == SearchFlag && strings.HasPrefix(f.Flag, `\`) {
			e.raw("UN" + strings.ToUpper(f.Flag[1:]))
			return
		}
		e.raw("NOT ")
		e.searchKey(k.Keys[0])
	case SearchSeq:
		e.buf = appendSet(e.buf, k.set)
	case SearchUID:
		e.raw("UID ")
		e.buf = appendSet(e.buf, k.set)
	case SearchFlag:
		if strings.HasPrefix(k.Flag, `\`) {
			e.raw(strings.ToUpper(k.Flag[1:]))
			return
		}
		e.raw("KEYWORD " + k.Flag)
	case SearchRecent:
		e.raw("RECENT")
	case SearchModSeq:
		e.raw("MODSEQ ")
		e.number64(k.Number)
	case SearchHeader:
		if name := strings.ToUpper(k.Field); fieldKeys[name] {
			e.raw(name + " ")
		} else {
			e.raw("HEADER ")
			e.astring(k.Field)
			e.octet(' ')
		}
		e.string([]byte(k.Text))
	case SearchBody:
		e.raw("BODY ")
		e.string([]byte(k.Text))
	case SearchText:
		e.raw("TEXT ")
		e.string([]byte(k.Text))
	default:
		e.searchScalar(k)
	}
}

// searchScalar writes a key that compares with a date or a number.
func (e *encoder) searchScalar(k SearchKey) {
	for name, op := range dateKeys {
		if op == k.Op {
			e.raw(name + " ")
			e.raw(k.Date.In(time.UTC).Format(dateForm))
			return
		}
	}
	for name, op := range numberKeys {
		if op == k.Op {
			e.raw(name + " ")
			e.number64(k.Number)
			return
		}
	}
}

func (e *encoder) searchList(keys []SearchKey) {
	for i, k := range keys {
		if i > 0 {
			e.octet(' ')
		}
		e.searchKey(k)
	}
}

// SearchSeqs and SearchUIDs are keys for sets as written.
func SearchSeqs(s NumSet) SearchKey { return SearchKey{Op: SearchSeq, set: s} }

// SearchUIDs asks for messages by their UIDs.
func SearchUIDs(s NumSet) SearchKey { return SearchKey{Op: SearchUID, set: s} }
