package imap

import (
	"cmp"
	"slices"
	"strconv"
)

// maxRanges is how many parts a set of numbers may have.
const maxRanges = 10_000

// Range is the numbers from First to Last, both included. Star stands for the
// largest number in use.
type Range struct{ First, Last uint32 }

// Star is "*" in a set: 0, since no message has that number.
const Star uint32 = 0

// NumSet is a set of sequence numbers or of UIDs, as written.
//
// RFC 3501 §9, sequence-set.
type NumSet struct {
	Ranges []Range
	Result bool // "$": the result of the last search (RFC 5182)
}

// Nums is the set of some numbers, as few ranges as can be.
func Nums(numbers ...uint32) NumSet {
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	return NumSet{Ranges: rangesOf(slices.Compact(sorted))}
}

// rangesOf makes ranges of rising numbers.
func rangesOf(numbers []uint32) []Range {
	var list []Range
	for _, n := range numbers {
		if last := len(list) - 1; last >= 0 && list[last].Last+1 == n {
			list[last].Last = n
			continue
		}
		list = append(list, Range{n, n})
	}
	return list
}

// set takes a set of numbers.
func (p *parser) set() NumSet {
	if p.skip('$') {
		return NumSet{Result: true}
	}
	var s NumSet
	for {
		r := Range{First: p.setNumber()}
		r.Last = r.First
		if p.skip(':') {
			r.Last = p.setNumber()
		}
		if p.err != nil {
			return NumSet{}
		}
		if len(s.Ranges) == maxRanges {
			p.want("a shorter set")
			return NumSet{}
		}
		s.Ranges = append(s.Ranges, r)
		if !p.skip(',') {
			return s
		}
	}
}

func (p *parser) setNumber() uint32 {
	if p.skip('*') {
		return Star
	}
	return p.nzNumber()
}

// appendSet appends a set as it is written.
func appendSet(b []byte, s NumSet) []byte {
	if s.Result {
		return append(b, '$')
	}
	for i, r := range s.Ranges {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSetNumber(b, r.First)
		if r.First != r.Last {
			b = appendSetNumber(append(b, ':'), r.Last)
		}
	}
	return b
}

func appendSetNumber(b []byte, n uint32) []byte {
	if n == Star {
		return append(b, '*')
	}
	return strconv.AppendUint(b, uint64(n), 10)
}

func (s NumSet) String() string { return string(appendSet(nil, s)) }

// resolved is a set in which no "*" is left: ranges in rising order that do
// not touch.
type resolved []Range

// resolve replaces "*" by the largest number in use, 0 if there is none, and
// puts the ranges in order: "4:2" is "2:4" (RFC 3501 §9).
func (s NumSet) resolve(largest uint32) resolved {
	list := make(resolved, 0, len(s.Ranges))
	for _, r := range s.Ranges {
		if r.First == Star {
			r.First = largest
		}
		if r.Last == Star {
			r.Last = largest
		}
		if r.First > r.Last {
			r.First, r.Last = r.Last, r.First
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Range) int { return cmp.Compare(a.First, b.First) })
	out := list[:0]
	for _, r := range list {
		if last := len(out) - 1; last >= 0 && uint64(r.First) <= uint64(out[last].Last)+1 {
			out[last].Last = max(out[last].Last, r.Last)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Contains tells whether a number is in the set.
func (s resolved) Contains(n uint32) bool {
	i, found := slices.BinarySearchFunc(s, n, func(r Range, n uint32) int { return cmp.Compare(r.First, n) })
	return found || i > 0 && n <= s[i-1].Last
}
