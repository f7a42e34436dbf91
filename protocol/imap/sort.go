package imap

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/imap/letter"
)

// placed is a message and its sequence number in a session.
type placed struct {
	seq uint32
	*Message
}

// sent is when the letter was sent; if it does not tell, when it arrived.
//
// RFC 5256 §2.2.
func (m placed) sent(e *letter.Envelope) time.Time {
	if t, ok := letter.SentDate(e.Date); ok {
		return t
	}
	return m.Date
}

// SortKey is one criterion of SORT.
type SortKey struct {
	By      SortBy
	Reverse bool
}

// SortBy is what of a letter is compared.
type SortBy uint8

// What SORT compares: RFC 5256 §3, and RFC 5957 §3 for names shown.
const (
	SortArrival SortBy = iota
	SortCc
	SortDate
	SortFrom
	SortSize
	SortSubject
	SortTo
	SortDisplayFrom
	SortDisplayTo
)

var sortNames = [...]string{"ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO"}

func (b SortBy) String() string { return sortNames[b] }

// sortByName is the criterion of that name, in any case.
func sortByName(name string) (SortBy, bool) {
	i := slices.IndexFunc(sortNames[:], func(n string) bool { return strings.EqualFold(n, name) })
	return SortBy(max(i, 0)), i >= 0
}

// sortValue is what one criterion compares of one letter: text or a number.
type sortValue struct {
	number int64
	text   string
}

// sortMessages puts messages into the order that the criteria ask for; where
// they tell no difference, the sequence number does.
//
// RFC 5256 §3.
func sortMessages(msgs []placed, keys []SortKey) {
	type row struct {
		placed
		values []sortValue
	}
	rows := make([]row, len(msgs))
	values := make([]sortValue, len(msgs)*len(keys))
	for i, m := range msgs {
		rows[i] = row{m, values[i*len(keys):][:len(keys)]}
		header, _ := letter.Split(m.Data)
		e := letter.ReadEnvelope(header)
		for k, key := range keys {
			rows[i].values[k] = m.sortValue(&e, key.By)
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		for k, key := range keys {
			c := cmp.Or(cmp.Compare(a.values[k].number, b.values[k].number), strings.Compare(a.values[k].text, b.values[k].text))
			if key.Reverse {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return cmp.Compare(a.seq, b.seq)
	})
	for i := range rows {
		msgs[i] = rows[i].placed
	}
}

func (m placed) sortValue(e *letter.Envelope, by SortBy) sortValue {
	switch by {
	case SortArrival:
		return sortValue{number: m.Date.UnixNano()}
	case SortDate:
		return sortValue{number: m.sent(e).Unix()}
	case SortSize:
		return sortValue{number: int64(len(m.Data))}
	case SortSubject:
		base, _ := letter.BaseSubject(e.Subject)
		return sortValue{text: letter.CollationKey(base)}
	case SortCc:
		return sortValue{text: firstMailbox(e.Cc)}
	case SortTo:
		return sortValue{text: firstMailbox(e.To)}
	case SortFrom:
		return sortValue{text: firstMailbox(e.From)}
	case SortDisplayTo:
		return sortValue{text: firstShown(e.To)}
	}
	return sortValue{text: firstShown(e.From)}
}

// firstMailbox is the key of the first address's local part.
func firstMailbox(value []byte) string {
	r := letter.Addresses(value, nil)
	a, _ := r.Next()
	return letter.CollationKey(string(a.Mailbox))
}

// firstShown is the key of what a mail program shows of the first address: the
// name if it has one, and otherwise the address.
//
// RFC 5957 §3.
func firstShown(value []byte) string {
	r := letter.Addresses(value, nil)
	a, _ := r.Next()
	switch {
	case a.Kind == letter.GroupStart:
		return letter.CollationKey(string(letter.Decoded(a.Mailbox, nil)))
	case len(a.Name) > 0:
		return letter.CollationKey(string(letter.Decoded(a.Name, nil)))
	case len(a.Host) > 0:
		return letter.CollationKey(string(a.Mailbox) + "@" + string(a.Host))
	}
	return letter.CollationKey(string(a.Mailbox))
}
