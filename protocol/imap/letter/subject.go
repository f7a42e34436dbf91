package letter

import (
	"bytes"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSubject is the most octets of a subject, decoded, that count for its base.
const maxSubject = 4 << 10

// BaseSubject is what is left of a subject without "Re:", "Fwd:", "[list]" and
// the like. reply tells whether one of those that mark a reply or a forwarded
// letter was taken off. value is that of the field.
//
// RFC 5256 §2.1, grammar §5.
func BaseSubject(value []byte) (base string, reply bool) {
	s := Decoded(value, nil)
	s = bytes.Join(bytes.Fields(s[:min(len(s), maxSubject)]), []byte(" "))
	for {
		var marked bool
		s, marked = trimTrailers(s)
		reply = reply || marked
		s, marked = trimLeaders(s)
		reply = reply || marked
		in, ok := cutFold(s, "[fwd:")
		if !ok || len(in) == 0 || in[len(in)-1] != ']' {
			return string(s), reply
		}
		s, reply = in[:len(in)-1], true
	}
}

// trimTrailers takes "(fwd)" and spaces off the end: subj-trailer.
func trimTrailers(s []byte) (rest []byte, marked bool) {
	const fwd = "(fwd)"
	for {
		s = bytes.TrimRight(s, " ")
		if len(s) < len(fwd) || !equalFold(s[len(s)-len(fwd):], fwd) {
			return s, marked
		}
		s, marked = s[:len(s)-len(fwd)], true
	}
}

// trimLeaders takes everything like "Re:" and "[list]" off the front:
// subj-leader, and subj-blob as long as something stays.
func trimLeaders(s []byte) (rest []byte, marked bool) {
	for {
		s = bytes.TrimLeft(s, " ")
		after := s
		for len(after) > 0 && after[0] == '[' {
			n := blob(after)
			if n == 0 {
				break
			}
			after = after[n:]
		}
		if in, ok := cutMark(after); ok {
			s, marked = in, true
			continue
		}
		n := blob(s)
		if n == 0 || n == len(s) {
			return s, marked
		}
		s = s[n:]
	}
}

// cutMark cuts "Re:", "Fw:" or "Fwd:" off the front: subj-refwd.
func cutMark(s []byte) (rest []byte, ok bool) {
	for _, mark := range []string{"re", "fwd", "fw"} {
		in, ok := cutFold(s, mark)
		if !ok {
			continue
		}
		in = bytes.TrimLeft(in, " ")
		in = in[blob(in):]
		if len(in) > 0 && in[0] == ':' {
			return in[1:], true
		}
	}
	return s, false
}

// blob is how many octets something in brackets, and the spaces behind it,
// have at the front of s: 0 if there is none.
func blob(s []byte) int {
	if len(s) == 0 || s[0] != '[' {
		return 0
	}
	end := bytes.IndexAny(s[1:], "[]") + 1
	if end == 0 || s[end] != ']' {
		return 0
	}
	end++
	for end < len(s) && s[end] == ' ' {
		end++
	}
	return end
}

// cutFold cuts prefix, which is in lower case, off the front in any case.
func cutFold(s []byte, prefix string) (rest []byte, ok bool) {
	if len(s) < len(prefix) || !equalFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CollationKey is by which a text in UTF-8 is sorted: two texts come in the
// order of their keys' octets, and are equal if their keys are.
//
// RFC 5051 §2, i;unicode-casemap.
func CollationKey(text string) string {
	ascii := true
	key := make([]byte, 0, len(text))
	for i := 0; i < len(text) && ascii; i++ {
		c := text[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		key = append(key, c)
		ascii = c < 0x80
	}
	if ascii {
		return string(key)
	}
	title := bytes.Map(unicode.ToTitle, []byte(text))
	return string(norm.NFKD.Bytes(title))
}
