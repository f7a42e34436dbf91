package imap

import "time"

// SearchKey is one key of SEARCH, or several together. Keys that say the same
// are one: UNSEEN is SearchNot of a SearchFlag, FROM a SearchHeader.
//
// RFC 3501 §6.4.4, RFC 9051 §6.4.4.
type SearchKey struct {
	Op    SearchOp
	Keys  []SearchKey // for SearchAnd, for SearchOr (two), for SearchNot (one)
	Set   NumberSet   // for SearchSeq and SearchUID, once it is known what "*" is
	Flag  string      // for SearchFlag: "\\Seen" or a keyword
	Field string      // for SearchHeader: a name in any case
	Text  string      // for SearchHeader, SearchBody and SearchText, in UTF-8
	// Date is midnight UTC of a day, for SearchBefore to SearchSentSince.
	Date time.Time
	// Number is octets for SearchLarger and SearchSmaller, seconds for
	// SearchOlder and SearchYounger, a mod-sequence for SearchModSeq.
	Number uint64

	set NumSet // as written
}

// NumberSet is a set of sequence numbers or UIDs in which no "*" and no "$" is
// left.
type NumberSet interface{ Contains(n uint32) bool }

// SearchOp is what a SearchKey asks.
type SearchOp uint8

// What SEARCH can ask. A key without keys in it that is SearchAnd is ALL.
const (
	SearchAnd SearchOp = iota
	SearchOr
	SearchNot
	SearchSeq
	SearchUID
	SearchFlag
	SearchRecent
	SearchModSeq // RFC 7162 §3.1.5
	SearchLarger
	SearchSmaller
	SearchBefore // the day of arrival, in the zone it was stored with
	SearchOn
	SearchSince
	SearchOlder // seconds since arrival: RFC 5032 §2
	SearchYounger
	SearchSentBefore // the day of the Date field, in the sender's zone
	SearchSentOn
	SearchSentSince
	SearchHeader
	SearchBody
	SearchText
)
