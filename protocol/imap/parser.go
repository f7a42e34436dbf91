package imap

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// maxNesting is how deep parentheses of a command or a response may nest.
const maxNesting = 200

// parser reads a command or a response from the front. Literals stand in it as
// they came: "{5}", CR LF, and five octets; no CR LF ends it. After the first
// mistake everything it returns is zero, and err says what was wanted.
//
// RFC 3501 §9, RFC 9051 §9.
type parser struct {
	in     []byte
	at     int
	err    error // a *wire.SyntaxError
	nested int
}

func newParser(in []byte) *parser { return &parser{in: in} }

// want notes a mistake at the present place.
func (p *parser) want(what string) {
	if p.err == nil {
		p.err = &wire.SyntaxError{At: p.at, Want: what}
	}
}

// rest is what was not read yet; empty after a mistake.
func (p *parser) rest() []byte {
	if p.err != nil {
		return nil
	}
	return p.in[p.at:]
}

// peek is the next octet, 0 at the end.
func (p *parser) peek() byte {
	if p.err != nil || p.at >= len(p.in) {
		return 0
	}
	return p.in[p.at]
}

// done tells whether nothing is left.
func (p *parser) done() bool { return p.err != nil || p.at >= len(p.in) }

// end wants nothing more.
func (p *parser) end() {
	if !p.done() {
		p.want("the end of the line")
	}
}

// skip takes c if it comes next.
func (p *parser) skip(c byte) bool {
	if p.err != nil || p.at >= len(p.in) || p.in[p.at] != c {
		return false
	}
	p.at++
	return true
}

// expect takes c.
func (p *parser) expect(c byte) {
	if !p.skip(c) {
		p.want(strconv.Quote(string(rune(c))))
	}
}

// sp takes the one space that parts two arguments.
func (p *parser) sp() {
	if !p.skip(' ') {
		p.want("a space")
	}
}

// more takes the space before a further argument, if there is one.
func (p *parser) more() bool { return p.skip(' ') }

// word takes a keyword if it comes next, in any case, and nothing of an atom
// follows it.
func (p *parser) word(w string) bool {
	rest := p.rest()
	if len(rest) < len(w) || !strings.EqualFold(string(rest[:len(w)]), w) {
		return false
	}
	if len(rest) > len(w) && isAtom[rest[len(w)]] {
		return false
	}
	p.at += len(w)
	return true
}

// octets with a meaning of their own.
var isAtom, isAString, isTag, isQuotable [256]bool

func init() {
	for c := ' ' + 1; c < 0x7f; c++ {
		isAtom[c] = !strings.ContainsRune(`(){%*"\]`, c)
		isAString[c] = isAtom[c] || c == ']'
		isTag[c] = isAString[c] && c != '+'
	}
	for c := ' '; c < 0x7f; c++ {
		isQuotable[c] = c != '"' && c != '\\'
	}
}

// run takes the longest run of octets of a class, at least one.
func (p *parser) run(class *[256]bool, what string) string {
	rest := p.rest()
	n := 0
	for n < len(rest) && class[rest[n]] {
		n++
	}
	if n == 0 {
		p.want(what)
		return ""
	}
	p.at += n
	return string(rest[:n])
}

// atom takes an atom.
func (p *parser) atom() string { return p.run(&isAtom, "an atom") }

// keyword takes an atom, in capital letters.
func (p *parser) keyword() string { return strings.ToUpper(p.atom()) }

// astring takes an atom, or a string.
func (p *parser) astring() []byte {
	if c := p.peek(); c == '"' || c == '{' {
		return p.str()
	}
	return []byte(p.run(&isAString, "an astring"))
}

// nstring takes a string or NIL, for which ok is false.
func (p *parser) nstring() (s []byte, ok bool) {
	if p.word("NIL") {
		return nil, false
	}
	return p.str(), p.err == nil
}

// str takes a quoted string or a literal. A literal is part of the input and
// must not be changed.
func (p *parser) str() []byte {
	switch p.peek() {
	case '"':
		return p.quoted()
	case '{':
		return p.literal()
	}
	p.want("a string")
	return nil
}

// quoted takes a quoted string, which may hold UTF-8 (RFC 9051 §9; in RFC 3501
// it may not, but what else should it be).
func (p *parser) quoted() []byte {
	start := p.at
	p.expect('"')
	rest := p.rest()
	end := bytes.IndexAny(rest, "\"\\\r\n\x00")
	if end >= 0 && rest[end] == '"' && utf8.Valid(rest[:end]) { // the usual case: no copy
		p.at += end + 1
		return rest[:end:end]
	}
	var out []byte
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			if !utf8.Valid(out) {
				p.at = start
				p.want("UTF-8 in the string")
				return nil
			}
			p.at += i + 1
			return out
		case c == '\\':
			if i++; i == len(rest) || rest[i] != '"' && rest[i] != '\\' {
				p.at += i
				p.want(`a quote or a backslash after a backslash`)
				return nil
			}
			out = append(out, rest[i])
		case c == '\r' || c == '\n' || c == 0:
			p.at += i
			p.want("no control character in a string")
			return nil
		default:
			out = append(out, c)
		}
	}
	p.at = len(p.in)
	p.want("a closing quote")
	return nil
}

// literal takes a literal. Its octets hold no NUL.
func (p *parser) literal() []byte {
	octets := p.literal8()
	if i := bytes.IndexByte(octets, 0); i >= 0 {
		p.at -= len(octets) - i
		p.want("no NUL in a literal")
		return nil
	}
	return octets
}

// literal8 takes a literal of any octets.
//
// RFC 3501 §9 literal, RFC 7888 §8, RFC 3516 §7 literal8.
func (p *parser) literal8() []byte {
	if p.err != nil {
		return nil
	}
	size, _, n, ok := literalMark(p.in[p.at:])
	if !ok || p.at+n+size > len(p.in) {
		p.want("a literal")
		return nil
	}
	p.at += n + size
	return p.in[p.at-size : p.at : p.at]
}

// literalMark reads the announcement of a literal from the front of s: its
// size, whether it comes without being asked for, and how many octets the
// announcement has, CR LF included.
func literalMark(s []byte) (size int, sync bool, n int, ok bool) {
	end := bytes.IndexByte(s, '\n')
	if end < 3 || s[0] != '{' || s[end-1] != '\r' || s[end-2] != '}' {
		return 0, false, 0, false
	}
	size, sync, ok = literalSize(s[1 : end-2])
	return size, sync, end + 1, ok
}

// literalSize reads what stands between the braces of a literal's mark.
func literalSize(s []byte) (size int, sync, ok bool) {
	sync = true
	if len(s) > 0 && (s[len(s)-1] == '+' || s[len(s)-1] == '-') {
		s, sync = s[:len(s)-1], false
	}
	if len(s) == 0 || len(s) > 10 {
		return 0, sync, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, sync, false
		}
		size = size*10 + int(c-'0')
	}
	return size, sync, true
}

// number64 takes a decimal number of at most 63 bits.
func (p *parser) number64() uint64 {
	rest := p.rest()
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	if n == 0 {
		p.want("a number")
		return 0
	}
	v, err := strconv.ParseUint(string(rest[:n]), 10, 63)
	if err != nil {
		p.want("a smaller number")
		return 0
	}
	p.at += n
	return v
}

// number takes a decimal number of 32 bits.
func (p *parser) number() uint32 {
	at := p.at
	v := p.number64()
	if v > 1<<32-1 {
		p.at = at
		p.want("a number below 4294967296")
		return 0
	}
	return uint32(v)
}

// nzNumber takes a number that is not zero.
func (p *parser) nzNumber() uint32 {
	at := p.at
	v := p.number()
	if v == 0 {
		p.at = at
		p.want("a number from 1")
	}
	return v
}

// list takes a parenthesized list whose members are parted by spaces; it may
// be empty.
func (p *parser) list(member func()) {
	p.expect('(')
	if p.nested++; p.nested > maxNesting {
		p.want("less nesting")
	}
	for !p.skip(')') && p.err == nil {
		member()
		if p.err == nil && p.peek() != ')' {
			p.sp()
			if p.peek() == ')' {
				p.want("another member")
			}
		}
	}
	p.nested--
}

// fullList is a list that must not be empty.
func (p *parser) fullList(member func()) {
	if p.peek() == '(' && p.at+1 < len(p.in) && p.in[p.at+1] == ')' {
		p.at++
		p.want("a member of the list")
	}
	p.list(member)
}

// choose takes one of some keywords, in any case.
func (p *parser) choose(what string, words ...string) string {
	if p.err != nil {
		return ""
	}
	at := p.at
	if got := p.keyword(); p.err == nil && slices.Contains(words, got) {
		return got
	}
	p.at, p.err = at, nil
	p.want(what)
	return ""
}
