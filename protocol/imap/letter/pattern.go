package letter

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pattern is a text to look for, whatever the case of its letters: two are
// equal if Unicode's simple case folding makes them so. Only ASCII letters
// equal ASCII letters, though: KELVIN SIGN is no k.
//
// A Pattern has memory of its own to decode into: one goroutine uses it.
type Pattern struct {
	text  []byte // folded
	ascii bool
	// A match has a letter at rune number anchor, of which ends are the last
	// octets in every case: these are looked for.
	anchor int
	runes  []rune // folded
	ends   []byte

	folded, value, decoded, converted []byte
}

// maxAnchored is the most octets of a pattern that is looked for by its
// anchor: the time for a longer one could be its length times the text's.
const maxAnchored = 64

// NewPattern makes a pattern of a text in UTF-8.
func NewPattern(text string) *Pattern {
	p := &Pattern{ascii: true}
	best := 0
	for i, r := range text {
		p.text = utf8.AppendRune(p.text, fold(r))
		p.runes = append(p.runes, fold(r))
		p.ascii = p.ascii && r < utf8.RuneSelf
		if n := rarity(r); i == 0 || n > best {
			best, p.anchor = n, len(p.runes)-1
		}
	}
	if len(p.runes) > 0 {
		p.ends = lastOctets(p.runes[p.anchor])
	}
	return p
}

// In tells whether the pattern is in s, which is UTF-8 or nearly so.
func (p *Pattern) In(s []byte) bool {
	switch {
	case len(p.text) == 0:
		return true
	case len(p.text) > maxAnchored:
		p.folded = appendFolded(p.folded[:0], s)
		return bytes.Contains(p.folded, p.text)
	}
	var next [4]int // where each of ends is next: an orbit has four letters at most
	for k, c := range p.ends {
		next[k] = indexFrom(s, c, 0)
	}
	for {
		first := -1
		for k := range p.ends {
			if next[k] >= 0 && (first < 0 || next[k] < next[first]) {
				first = k
			}
		}
		if first < 0 {
			return false
		}
		at := next[first]
		if p.at(s, at) {
			return true
		}
		next[first] = indexFrom(s, p.ends[first], at+1)
	}
}

// indexFrom is where c is first in s, counted from from; -1 if nowhere.
func indexFrom(s []byte, c byte, from int) int {
	n := bytes.IndexByte(s[from:], c)
	if n < 0 {
		return -1
	}
	return from + n
}

// at tells whether s has the pattern there where the last octet of its anchor
// is at end.
func (p *Pattern) at(s []byte, end int) bool {
	if p.ascii {
		from := end - p.anchor
		if from < 0 || len(s)-from < len(p.text) {
			return false
		}
		for i, c := range p.text {
			if toLower(s[from+i]) != c {
				return false
			}
		}
		return true
	}
	back := s[:end+1]
	for i := p.anchor; i >= 0; i-- {
		r, n := utf8.DecodeLastRune(back)
		if n == 0 || fold(r) != p.runes[i] {
			return false
		}
		back = back[:len(back)-n]
	}
	on := s[end+1:]
	for _, want := range p.runes[p.anchor+1:] {
		r, n := utf8.DecodeRune(on)
		if n == 0 || fold(r) != want {
			return false
		}
		on = on[n:]
	}
	return true
}

// fold is the same for all letters that differ in case only, and ASCII for
// ASCII only.
func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return rune(toLower(byte(r)))
	case 0x410 <= r && r < 0x430: // А to Я
		return r
	case 0x430 <= r && r < 0x450:
		return r - 0x20
	}
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if utf8.RuneSelf <= other && other < least {
			least = other
		}
	}
	return least
}

// lastOctets is the last octet of each letter that folds to r, none twice.
func lastOctets(r rune) []byte {
	var ends []byte
	for other := r; ; {
		if fold(other) == r {
			b := utf8.AppendRune(nil, other)
			if end := b[len(b)-1]; bytes.IndexByte(ends, end) < 0 {
				ends = append(ends, end)
			}
		}
		if other = unicode.SimpleFold(other); other == r {
			return ends
		}
	}
}

func appendFolded(dst, s []byte) []byte {
	for len(s) > 0 {
		if s[0] < utf8.RuneSelf {
			dst, s = append(dst, toLower(s[0])), s[1:]
			continue
		}
		r, n := utf8.DecodeRune(s)
		dst, s = utf8.AppendRune(dst, fold(r)), s[n:]
	}
	return dst
}

// frequent is letters of English and Russian text, the frequent ones first.
const frequent = " eoеtоaаiиnнsтrсhрlвdлcкmuдпwуfgyяpыьbvгkзбйчxхжшюjqzцщэфъё"

// rarity is the greater the fewer places a letter of that kind has in a text.
func rarity(r rune) int {
	r = unicode.ToLower(r)
	n := strings.IndexRune(frequent, r)
	if n < 0 {
		n = len(frequent) / 2
	}
	return n
}
