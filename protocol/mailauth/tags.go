package mailauth

import (
	"strings"

	"mailscope/protocol/wire"
)

// tag is one element of a tag list.
type tag struct{ name, value string }

const maxTags = 100

// parseTags reads a list such as "v=1; a=rsa-sha256". Space around names and
// values is dropped; a tag may stand once. Errors are *wire.SyntaxError.
//
// RFC 6376 §3.2; DMARC records have the same form (RFC 7489 §6.3).
func parseTags(s string) ([]tag, error) {
	list := make([]tag, 0, 12)
	at := 0
	for part := range strings.SplitSeq(s, ";") {
		begin := at
		at += len(part) + 1
		if trim(part) == "" {
			if at > len(s) { // after the last semicolon
				break
			}
			return list, &wire.SyntaxError{At: begin, Want: "a tag"}
		}
		name, value, ok := strings.Cut(part, "=")
		name = trim(name)
		switch {
		case !ok:
			return list, &wire.SyntaxError{At: min(begin+len(part), len(s)), Want: `"="`}
		case !isTagName(name):
			return list, &wire.SyntaxError{At: begin, Want: "the name of a tag"}
		case has(list, name):
			return list, &wire.SyntaxError{At: begin, Want: "tag " + name + " once"}
		case len(list) == maxTags:
			return list, &wire.SyntaxError{At: begin, Want: "fewer tags"}
		}
		list = append(list, tag{name, trim(value)})
	}
	return list, nil
}

const wsp = " \t\r\n"

func isTagName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '_' || i == 0 && '0' <= c && c <= '9' {
			return false
		}
	}
	return s != ""
}

func has(list []tag, name string) bool {
	for _, t := range list {
		if t.name == name {
			return true
		}
	}
	return false
}

// value is the value of a tag, "" if it is not there.
func value(list []tag, name string) string {
	for _, t := range list {
		if t.name == name {
			return t.value
		}
	}
	return ""
}

// solid is s without the space in it that folding put there.
func solid(s string) string {
	first := 0
	for first < len(s) && !isSpace(s[first]) {
		first++
	}
	if first == len(s) {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:first]...)
	for i := first; i < len(s); i++ {
		if !isSpace(s[i]) {
			out = append(out, s[i])
		}
	}
	return string(out)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// trim is s without space around it.
func trim(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
