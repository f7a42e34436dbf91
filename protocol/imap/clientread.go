package imap

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"mailscope/protocol/wire"
)

// read reads one response to a command. An error ends the session.
func (c *Client) read(name string) (*response, error) {
	in, err := c.readWhole()
	if err != nil {
		return nil, c.broken(name, err)
	}
	r, err := parseResponse(in, c.out.utf8)
	if err != nil {
		return nil, c.broken(name, err)
	}
	return r, nil
}

// readWhole reads one response with its literals in place. The caller owns it.
//
// RFC 9051 §4.3.
func (c *Client) readWhole() ([]byte, error) {
	left := cmp.Or(c.MaxLetter, MaxLetter)
	var in []byte
	for {
		line, err := c.conn.ReadLine(wire.Reply, min(maxReplyLine, left+2))
		if err == wire.ErrLineTooLong && len(in) > 0 {
			return nil, wire.ErrTooBig
		}
		if err != nil {
			return nil, err
		}
		in = append(in, line...)
		left -= len(line)
		size, found := replyLiteral(in, line)
		if !found {
			return in, nil
		}
		if left -= size + 2; left < 0 {
			return nil, wire.ErrTooBig
		}
		in = append(in, "\r\n"...)
		if in, err = c.conn.AppendN(in, size, size); err != nil {
			return nil, err
		}
	}
}

// replyLiteral finds the announcement of a literal at the end of the last line
// of a response that is not complete yet. What a status response says to
// people may end like one.
func replyLiteral(in, line []byte) (size int, found bool) {
	open := bytes.LastIndexByte(line, '{')
	if open < 0 || line[len(line)-1] != '}' {
		return 0, false
	}
	size, _, found = literalSize(line[open+1 : len(line)-1])
	return size, found && !isStatus(in)
}

// isStatus tells whether a response is a status or asks for more, so that no
// literal is in it.
func isStatus(in []byte) bool {
	tag, rest, _ := bytes.Cut(in, []byte(" "))
	word, _, _ := bytes.Cut(rest, []byte(" "))
	return string(tag) == "+" || slices.Contains(statusNames, strings.ToUpper(string(word)))
}

var statusNames = []string{"OK", "NO", "BAD", "BYE", "PREAUTH"}

// response is one response as read.
//
// RFC 9051 §7, §9 (response).
type response struct {
	tag    string // "*", "+" or a command's
	name   string // in capital letters: "OK", "FETCH"
	number uint32 // before the name
	code   string // of a status: what stands in brackets
	text   string // of a status, or after "+"
	data   any    // what the name is followed by; nil if it is not known here
}

// parseResponse reads a response. Names of mailboxes are in UTF-8 if asUTF8,
// and otherwise in UTF-7. A kind of response that is not known is none of our
// business; it has no data (RFC 9051 §2.2.2).
func parseResponse(in []byte, asUTF8 bool) (*response, error) {
	p := newParser(in)
	r := &response{}
	if p.skip('+') {
		r.tag = "+"
		p.skip(' ')
		r.text = string(p.rest())
		return r, nil
	}
	if p.skip('*') {
		r.tag = "*"
	} else {
		r.tag = p.run(&isTag, `"*", "+" or a tag`)
	}
	p.sp()
	if c := p.peek(); r.tag == "*" && c >= '0' && c <= '9' {
		r.number = p.number()
		p.sp()
	}
	at := p.at
	r.name = p.keyword()
	switch read := replies[r.name]; {
	case slices.Contains(statusNames, r.name):
		r.status(p)
	case r.tag != "*":
		p.at = at
		p.want("OK, NO or BAD")
	case read != nil:
		r.data = read(p, r.number, asUTF8)
		p.skip(' ') // some servers leave one behind a list
		p.end()
	}
	if p.err != nil {
		return nil, p.err
	}
	return r, nil
}

// status reads what follows OK and its like: perhaps a code, and a text.
//
// RFC 9051 §7.1, §9 (resp-text).
func (r *response) status(p *parser) {
	p.skip(' ')
	rest := p.rest()
	if end := codeEnd(rest); end > 0 {
		r.code = string(rest[1:end])
		rest = bytes.TrimPrefix(rest[end+1:], []byte(" "))
	}
	r.text = string(rest)
	p.at = len(p.in)
}

// codeEnd finds the bracket that ends a response code at the front of s, -1 if
// there is none. A quoted string may hold such a bracket.
func codeEnd(s []byte) int {
	if len(s) < 3 || s[0] != '[' || s[1] == ']' {
		return -1
	}
	quoted := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i
		}
	}
	return -1
}

// codeArgs gives a parser of what follows a code's name, nil if the code has
// another name. What a code's argument does wrong is of no account: the code
// counts as not sent.
func (r *response) codeArgs(name string) *parser {
	got, args, _ := strings.Cut(r.code, " ")
	if !strings.EqualFold(got, name) {
		return nil
	}
	return newParser([]byte(args))
}

// replies reads what follows the names of responses.
var replies map[string]func(p *parser, number uint32, asUTF8 bool) any

func init() { // RFC 9051 §7; §9 response-data
	words := func(p *parser, _ uint32, _ bool) any { return p.words() }
	count := func(*parser, uint32, bool) any { return nil }
	numbers := func(p *parser, _ uint32, _ bool) any { return p.foundNumbers() }
	listed := func(p *parser, _ uint32, asUTF8 bool) any { p.sp(); return p.listed(asUTF8) }
	replies = map[string]func(p *parser, number uint32, asUTF8 bool) any{
		"CAPABILITY": words,
		"ENABLED":    words,
		"EXISTS":     count,
		"RECENT":     count,
		"EXPUNGE":    count,
		"FLAGS":      func(p *parser, _ uint32, _ bool) any { p.sp(); return p.anyFlags() },
		"LIST":       listed,
		"LSUB":       listed,
		"STATUS":     func(p *parser, _ uint32, asUTF8 bool) any { p.sp(); return p.mailboxStatus(asUTF8) },
		"SEARCH":     numbers,
		"SORT":       numbers,
		"ESEARCH":    func(p *parser, _ uint32, _ bool) any { return p.extendedFound() },
		"THREAD":     func(p *parser, _ uint32, _ bool) any { return p.threads() },
		"FETCH":      func(p *parser, seq uint32, _ bool) any { p.sp(); return p.fetched(seq) },
		"VANISHED":   func(p *parser, _ uint32, _ bool) any { return p.vanished() },
		"NAMESPACE":  func(p *parser, _ uint32, asUTF8 bool) any { return p.namespaces(asUTF8) },
		"ID":         func(p *parser, _ uint32, _ bool) any { p.sp(); return p.idFields() },
		"QUOTA":      func(p *parser, _ uint32, _ bool) any { p.sp(); return p.quota() },
		"QUOTAROOT":  func(p *parser, _ uint32, asUTF8 bool) any { p.sp(); return p.quotaRoots(asUTF8) },
	}
}

// words takes atoms up to the end, as CAPABILITY tells them.
func (p *parser) words() []string {
	var list []string
	for p.more() && !p.done() {
		list = append(list, p.run(&isWord, "a capability"))
	}
	return list
}

// isWord is an atom, or what stands for one in data that is passed over.
var isWord [256]bool

func init() {
	for c := range isWord {
		isWord[c] = c > ' ' && c != 0x7f && !strings.ContainsRune(`()"`, rune(c))
	}
}

// anyFlags takes flags in parentheses, those too that no client may set.
func (p *parser) anyFlags() []string {
	list := []string{}
	p.list(func() {
		if len(list) == maxFlags {
			p.want("fewer flags")
		}
		list = append(list, flagSpelling(p.run(&isWord, "a flag")))
	})
	return list
}

// flagSpelling gives a system flag its usual spelling.
func flagSpelling(flag string) string {
	for _, f := range systemFlags {
		if strings.EqualFold(f, flag) {
			return f
		}
	}
	return flag
}

// value passes over one value of any kind.
func (p *parser) value() {
	switch p.peek() {
	case '(':
		p.list(p.value)
	case '"':
		p.quoted()
	case '~':
		p.skip('~')
		p.literal8()
	case '{':
		p.literal8()
	default:
		p.run(&isWord, "a value")
	}
}

// numberList takes numbers, a space before each.
func (p *parser) numberList() []uint32 {
	var list []uint32
	for p.peek() == ' ' && p.at+1 < len(p.in) && p.in[p.at+1] != '(' {
		p.more()
		if p.done() {
			break
		}
		list = append(list, p.nzNumber())
	}
	return list
}

// text takes a string or NIL, which is "".
func (p *parser) text() string {
	s, _ := p.nstring()
	return string(s)
}
