package sieve

import (
	"math"
	"strings"
	"unicode/utf8"
)

// sort is what a token is.
type sort uint8

const (
	ending sort = iota // of the script
	identifier
	tagged // an identifier behind a colon
	number
	quoted  // a string, whichever way it was written
	special // one of ; , ( ) [ ] { }
)

// token is one word of a script (RFC 5228 §8.1).
type token struct {
	sort
	at     Position
	text   string // of identifiers and tags in lower case; of strings what they stand for, lines ending in CR LF
	number int64
}

// String names the token for who did not want it.
func (t token) String() string {
	switch t.sort {
	case ending:
		return "the end of the script"
	case identifier:
		return t.text
	case tagged:
		return ":" + t.text
	case number:
		return "a number"
	case quoted:
		return "a string"
	}
	return `"` + t.text + `"`
}

// lexer cuts a script into tokens.
type lexer struct {
	in     string // UTF-8
	pos    int
	marked int      // octets up to mark
	mark   Position // of the last token
}

// place tells where the octet at stands, which is not before the last that was
// asked for.
func (l *lexer) place(at int) Position {
	for ; l.marked < at; l.marked++ {
		switch c := l.in[l.marked]; {
		case c == '\n':
			l.mark = Position{l.mark.Line + 1, 1}
		case utf8.RuneStart(c):
			l.mark.Column++
		}
	}
	return l.mark
}

// next reads the next token.
func (l *lexer) next() (t token, err *Error) {
	if err := l.space(); err != nil {
		return t, err
	}
	t.at = l.place(l.pos)
	rest := l.in[l.pos:]
	switch {
	case rest == "":
		return t, nil
	case strings.IndexByte(";,()[]{}", rest[0]) >= 0:
		t.sort, t.text = special, rest[:1]
		l.pos++
		return t, nil
	case rest[0] == '"':
		t.sort = quoted
		t.text, err = l.quotedString(t.at)
		return t, err
	case isDigit(rest[0]):
		t.sort = number
		t.number, err = l.numeral(t.at)
		return t, err
	case rest[0] == ':':
		t.sort = tagged
		l.pos++
	default:
		t.sort = identifier
	}
	t.text = l.name()
	switch {
	case t.text == "":
		r, _ := utf8.DecodeRuneInString(rest)
		return t, wrong(t.at, "%q means nothing here", r)
	case len(t.text) > maxName:
		return t, wrong(t.at, "a name of %d octets, at most %d", len(t.text), maxName)
	case t.sort == identifier && t.text == "text" && strings.HasPrefix(l.in[l.pos:], ":"):
		l.pos++
		t.sort = quoted
		t.text, err = l.multiLine(t.at)
	}
	return t, err
}

// space passes over white space and comments (RFC 5228 §2.3).
func (l *lexer) space() *Error {
	for l.pos < len(l.in) {
		rest := l.in[l.pos:]
		switch {
		case strings.IndexByte(" \t\n", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "\r\n"):
			l.pos += 2
		case rest[0] == '#':
			l.pos += lineEnd(rest)
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return wrong(l.place(l.pos), "a comment without its end, */")
			}
			l.pos += 2 + end + 2
		default:
			return nil
		}
	}
	return nil
}

// lineEnd is how many octets there are before the next LF.
func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// name reads an identifier.
func (l *lexer) name() string {
	start := l.pos
	for l.pos < len(l.in) {
		c := l.in[l.pos]
		if c != '_' && !isAlpha(c) && (l.pos == start || !isDigit(c)) {
			break
		}
		l.pos++
	}
	return strings.ToLower(l.in[start:l.pos])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

// quantities are what the letters behind a number stand for.
var quantities = []struct {
	letter string
	times  int64
}{{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}}

// numeral reads a number, perhaps of K, M or G (RFC 5228 §2.4.1).
func (l *lexer) numeral(at Position) (int64, *Error) {
	var n int64
	for ; l.pos < len(l.in) && isDigit(l.in[l.pos]); l.pos++ {
		d := int64(l.in[l.pos] - '0')
		if n > (math.MaxInt64-d)/10 {
			return 0, wrong(at, "a number that is too large")
		}
		n = n*10 + d
	}
	for _, q := range quantities {
		if l.pos < len(l.in) && strings.EqualFold(l.in[l.pos:l.pos+1], q.letter) {
			l.pos++
			if n > math.MaxInt64/q.times {
				return 0, wrong(at, "a number that is too large")
			}
			n *= q.times
			break
		}
	}
	if l.pos < len(l.in) && (isAlpha(l.in[l.pos]) || l.in[l.pos] == '_') {
		return 0, wrong(at, "want K, M, G or nothing behind a number")
	}
	return n, nil
}

// quotedString reads a string in quotes. A backslash stands before what is
// meant as it is (RFC 5228 §2.4.2).
func (l *lexer) quotedString(at Position) (string, *Error) {
	var b strings.Builder
	for l.pos++; l.pos < len(l.in); l.pos++ {
		c := l.in[l.pos]
		switch {
		case c == '"':
			l.pos++
			return b.String(), nil
		case c == '\\' && l.pos+1 < len(l.in):
			l.pos++
			if c = l.in[l.pos]; c == '\r' || c == '\n' {
				return "", wrong(at, "a backslash at the end of a line in a string")
			}
		case c == '\n':
			b.WriteByte('\r')
		case c == '\r' && strings.HasPrefix(l.in[l.pos+1:], "\n"):
			continue
		}
		if err := content(&b, c, at); err != nil {
			return "", err
		}
	}
	return "", wrong(at, "a string without its end, \"")
}

// multiLine reads the lines behind "text:" up to one that is a dot; two dots at
// the front of a line stand for one (RFC 5228 §2.4.2, §8.1).
func (l *lexer) multiLine(at Position) (string, *Error) {
	head := strings.TrimLeft(strings.TrimSuffix(l.in[l.pos:l.pos+lineEnd(l.in[l.pos:])], "\r"), " \t")
	if head != "" && head[0] != '#' {
		return "", wrong(at, "want the end of the line behind text:")
	}
	var b strings.Builder
	for l.pos += lineEnd(l.in[l.pos:]); l.pos < len(l.in); {
		l.pos++ // over the LF
		n := lineEnd(l.in[l.pos:])
		line := strings.TrimSuffix(l.in[l.pos:l.pos+n], "\r")
		l.pos += n
		if line == "." {
			return b.String(), nil
		}
		if strings.HasPrefix(line, "..") {
			line = line[1:]
		}
		for i := range len(line) {
			if err := content(&b, line[i], at); err != nil {
				return "", err
			}
		}
		b.WriteString("\r\n")
	}
	return "", wrong(at, "text: without its end, a line that is a dot")
}

// content appends an octet to a string.
func content(b *strings.Builder, c byte, at Position) *Error {
	switch {
	case c == 0:
		return wrong(at, "a string with NUL in it")
	case c == '\r':
		return wrong(at, "a string with a lone CR in it")
	case b.Len() >= maxString:
		return wrong(at, "a string of more than %d octets", maxString)
	}
	b.WriteByte(c)
	return nil
}
