package sieve

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"mailscope/protocol/imap/letter"
)

// comparing are the tags that say how a text is compared (RFC 5228 §2.7).
var comparing = []option{
	{tag: "comparator", value: quoted},
	{tag: "is", group: "match"}, {tag: "contains", group: "match"}, {tag: "matches", group: "match"},
}

// comparator gives texts the form in which two that are equal are the same.
type comparator struct {
	fold    func(text []byte) []byte
	unicode bool // its characters are those of Unicode, not octets
}

// comparators, RFC 5228 §2.7.3 and RFC 5051.
var comparators = map[string]comparator{
	"i;octet":         {fold: func(text []byte) []byte { return text }},
	"i;ascii-casemap": {fold: lower},
	"i;unicode-casemap": {unicode: true, fold: func(text []byte) []byte {
		return []byte(letter.CollationKey(string(text)))
	}},
}

// lower is a text with the letters of ASCII in lower case.
func lower(text []byte) []byte {
	i := slices.IndexFunc(text, isUpper)
	if i < 0 {
		return text
	}
	text = bytes.Clone(text)
	for ; i < len(text); i++ {
		if isUpper(text[i]) {
			text[i] += 'a' - 'A'
		}
	}
	return text
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// keys are what texts are compared with: any of them is enough.
type keys struct {
	comparator
	kind     string   // "is", "contains", "matches"
	texts    [][]byte // of "is" and "contains", folded
	patterns [][]piece
}

// keys makes them from a test's tags and its list of keys.
func (c *checker) keys(b *bound, list []string) keys {
	k := keys{kind: "is", comparator: comparators["i;ascii-casemap"]}
	for _, kind := range []string{"contains", "matches"} {
		if b.has(kind) {
			k.kind = kind
		}
	}
	if a, ok := b.given["comparator"]; ok {
		name := a.strings[0]
		if k.comparator, ok = comparators[name]; !ok {
			c.fail(a.at, "no comparator %s is known here", quote(name))
			return k
		}
		if k.unicode {
			c.need("comparator-"+name, a.at, "this comparator")
		}
	}
	for _, text := range list {
		if k.kind == "matches" {
			k.patterns = append(k.patterns, k.pattern(text))
		} else {
			k.texts = append(k.texts, k.fold([]byte(text)))
		}
	}
	return k
}

// piece is a part of a pattern: a text, one character, or anything.
type piece struct {
	text []byte // nil for one character or anything
	any  bool
}

// pattern reads a key of :matches, in which * stands for anything, ? for one
// character, and a backslash before what is meant as it is.
//
// RFC 5228 §2.7.1.
func (k keys) pattern(key string) (list []piece) {
	var text []byte
	end := func() {
		if len(text) > 0 {
			list = append(list, piece{text: k.fold(text)})
			text = nil
		}
	}
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case c == '*':
			end()
			if len(list) == 0 || !list[len(list)-1].any {
				list = append(list, piece{any: true})
			}
		case c == '?':
			end()
			list = append(list, piece{})
		case c == '\\' && i+1 < len(key):
			i++
			text = append(text, key[i])
		default:
			text = append(text, c)
		}
	}
	end()
	return list
}

// match tells whether one of the keys is that of a text. What it looks at is
// work of the machine's.
func (k keys) match(m *machine, text []byte) bool {
	if !m.work(len(text) + 1) {
		return false
	}
	text = k.fold(text)
	for _, key := range k.texts {
		switch {
		case k.kind == "is" && m.work(1) && bytes.Equal(text, key):
			return true
		case k.kind == "contains" && m.work(len(text)+1) && bytes.Contains(text, key):
			return true
		}
	}
	return slices.ContainsFunc(k.patterns, func(p []piece) bool { return k.fits(m, p, text) })
}

// stepWork is what one step through a pattern counts; to look at an octet
// takes less.
const stepWork = 8

// fits compares a text with a pattern. Only the last * that was met is tried
// with more, since what stands before it fits as early as it can: so the work
// is at most the product of both lengths.
func (k keys) fits(m *machine, p []piece, text []byte) bool {
	star, from := -1, 0 // the last *, and up to where it reaches
	i, at := 0, 0
	for m.work(stepWork) {
		if i == len(p) && at == len(text) {
			return true
		}
		n := -1
		if i < len(p) {
			if p[i].any {
				star, from = i, at
				i++
				continue
			}
			n = k.width(m, p[i], text[at:])
		}
		switch {
		case n >= 0:
			i, at = i+1, at+n
		case star >= 0 && from < len(text):
			from += k.character(text[from:])
			i, at = star+1, from
		default:
			return false
		}
	}
	return false
}

// width is how much of the text's front a piece takes, -1 if it does not fit.
func (k keys) width(m *machine, p piece, text []byte) int {
	switch {
	case p.text != nil && m.work(len(p.text)/8) && bytes.HasPrefix(text, p.text):
		return len(p.text)
	case p.text == nil && len(text) > 0:
		return k.character(text)
	}
	return -1
}

// character is how many octets the first character of a text has: one, but for
// a comparator of Unicode, where what is set on top of it belongs to it.
func (k keys) character(text []byte) int {
	if !k.unicode {
		return 1
	}
	_, n := utf8.DecodeRune(text)
	for {
		r, more := utf8.DecodeRune(text[n:])
		if !unicode.Is(unicode.Mn, r) {
			return n
		}
		n += more
	}
}
