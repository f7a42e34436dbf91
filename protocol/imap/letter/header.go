// Package letter is what IMAP asks of a letter's octets: its envelope, its
// structure, sections of it, whether it holds a text, and by what it is sorted
// and threaded. Everything is computed from the octets when it is asked for;
// what is returned are slices of them where that is possible.
//
// Lines end in CR LF; a lone LF ends one too.
package letter

import (
	"bytes"
	"iter"
)

// Split parts a letter, or a part of one, into its header, with the blank line
// that ends it, and its body. Without a blank line all of it is header.
//
// RFC 5322 §2.1.
func Split(data []byte) (header, body []byte) {
	for i := 0; i < len(data); {
		if n := blankLine(data[i:]); n > 0 {
			return data[: i+n : i+n], data[i+n:]
		}
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
	}
	return data, data[len(data):]
}

// blankLine is how many octets a blank line at the front of s has: 0 if there
// is none.
func blankLine(s []byte) int {
	switch {
	case len(s) > 0 && s[0] == '\n':
		return 1
	case len(s) > 1 && s[0] == '\r' && s[1] == '\n':
		return 2
	}
	return 0
}

// field is one field of a header, its lines unchanged.
type field struct {
	raw   []byte // with the end of its last line
	name  []byte // empty for a line that is no field, such as the blank one
	value []byte // without the end of the last line; never nil if there is a name
}

// nextField cuts the first field off a header that is not empty.
//
// RFC 5322 §2.2.
func nextField(header []byte) (f field, rest []byte) {
	end := 0
	for {
		n := bytes.IndexByte(header[end:], '\n')
		if n < 0 {
			end = len(header)
			break
		}
		end += n + 1
		if end == len(header) || header[end] != ' ' && header[end] != '\t' {
			break
		}
	}
	f.raw, rest = header[:end], header[end:]
	colon := bytes.IndexByte(f.raw, ':')
	if colon < 0 {
		return f, rest
	}
	f.name = bytes.TrimRight(f.raw[:colon], " \t") // obsolete: RFC 5322 §4.5.8
	f.value = trimLineEnd(f.raw[colon+1:])
	return f, rest
}

// trimLineEnd takes one line end off the end of s.
func trimLineEnd(s []byte) []byte {
	s = bytes.TrimSuffix(s, []byte("\n"))
	return bytes.TrimSuffix(s, []byte("\r"))
}

// is tells whether the field has that name, which is in lower case.
func (f field) is(name string) bool { return equalFold(f.name, name) }

// equalFold tells whether s is lower in any case. lower is ASCII in lower
// case.
func equalFold(s []byte, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i, c := range s {
		if toLower(c) != lower[i] {
			return false
		}
	}
	return true
}

func toLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// Unfold is a field's value on one line, without white space at its ends: a
// slice of value if it is that already, otherwise appended to scratch[:0].
// Octets that no string of IMAP can hold (NUL) are left out.
//
// RFC 5322 §2.2.3.
func Unfold(value, scratch []byte) []byte {
	value = bytes.Trim(value, " \t\r\n")
	if plain(value) {
		return value
	}
	return appendUnfolded(scratch[:0], value)
}

// plain tells whether s has no line end and no NUL.
func plain(s []byte) bool {
	return bytes.IndexByte(s, '\n') < 0 && bytes.IndexByte(s, '\r') < 0 && bytes.IndexByte(s, 0) < 0
}

func appendUnfolded(dst, s []byte) []byte {
	for _, c := range s {
		if c != '\r' && c != '\n' && c != 0 {
			dst = append(dst, c)
		}
	}
	return dst
}

// Value is the value of the first field of that name, which is in lower case;
// nil if there is none.
func Value(header []byte, name string) []byte {
	for len(header) > 0 {
		var f field
		if f, header = nextField(header); f.is(name) {
			return f.value
		}
	}
	return nil
}

// EachField goes over the fields of a header in their order: names and values as
// they stand.
func EachField(header []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for rest := header; len(rest) > 0; {
			var f field
			if f, rest = nextField(rest); len(f.name) > 0 && !yield(f.name, f.value) {
				return
			}
		}
	}
}
