package explain

import "strings"

// path is where the pieces of a MAIL or RCPT command are. It takes what it
// can from a malformed line: all spans are within it, and in order.
//
// RFC 5321 §4.1.2.
type path struct {
	verb   int  // end of "MAIL FROM:"
	path   span // brackets included
	empty  bool // "<>"
	route  span // "@a.example,@b.example:"
	local  span
	domain span
	rest   int // where the parameters begin
}

// cutPath finds the pieces of a MAIL or RCPT command.
func cutPath(line string) path {
	var p path
	p.verb = strings.IndexByte(line, ':') + 1
	if p.verb == 0 {
		_, p.verb = verbOf(line)
		p.rest = p.verb
		return p
	}
	start := p.verb
	for start < len(line) && line[start] == ' ' {
		start++
	}
	end := pathEnd(line, start)
	p.path, p.rest = span{start, end}, end
	inner := p.path
	if start < len(line) && line[start] == '<' {
		inner.start++
		if end > inner.start && line[end-1] == '>' {
			inner.end--
		}
		p.empty = p.path.of(line) == "<>"
	}
	if inner.start < inner.end && line[inner.start] == '@' {
		if colon := strings.IndexByte(inner.of(line), ':'); colon >= 0 {
			p.route = span{inner.start, inner.start + colon + 1}
			inner.start = p.route.end
		}
	}
	p.local, p.domain = inner, span{inner.end, inner.end}
	if at := strings.LastIndexByte(inner.of(line), '@'); at >= 0 {
		p.local.end = inner.start + at
		p.domain.start = p.local.end + 1
	}
	return p
}

// pathEnd is where the path from octet start on ends: behind its ">", or
// before a space if it has no brackets.
func pathEnd(line string, start int) int {
	quoted := false
	for i := start; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '>':
			return i + 1
		case c == ' ' && line[start] != '<':
			return i
		}
	}
	return len(line)
}
