package letter

import "bytes"

// token is how many octets the first token of s has, which is not empty: a
// quoted string, a comment, a domain literal, or else one octet. A string or a
// comment that is not closed goes on to the end of s.
//
// RFC 5322 §3.2.2, §3.2.4, §3.4.1.
func token(s []byte) int {
	switch s[0] {
	case '"':
		return enclosed(s, '"')
	case '(':
		return enclosed(s, ')')
	case '[':
		return domainLiteral(s)
	}
	return 1
}

// domainLiteral is how many octets a domain literal has: 1 if "[" begins none.
func domainLiteral(s []byte) int {
	const longest = 80 // an address of IPv6 with its tag has 46
	for i, c := range s[1:min(len(s), longest)] {
		if c == ']' {
			return i + 2
		}
		if isSpace(c) || c == '<' || c == '[' {
			break
		}
	}
	return 1
}

// enclosed is how many octets a token has that ends with end. Comments have
// comments in them.
func enclosed(s []byte, end byte) int {
	depth := 1
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == end:
			if depth--; depth == 0 {
				return i + 1
			}
		case c == '(' && end == ')':
			depth++
		}
	}
	return len(s)
}

// inside is what stands between the ends of a quoted string or comment.
func inside(tok []byte) []byte {
	end := tok[0]
	if end == '(' {
		end = ')'
	}
	tok = tok[1:]
	if n := len(tok); n > 0 && tok[n-1] == end {
		tok = tok[:n-1]
	}
	return tok
}

// appendUnquoted appends the inside of a quoted string or comment, without
// its backslashes and line ends.
func appendUnquoted(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		if c := s[i]; c != '\r' && c != '\n' && c != 0 {
			dst = append(dst, c)
		}
	}
	return dst
}

// isSpace tells whether c parts tokens and is nothing else.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0
}

// skipSpace takes white space and comments off the front of s.
func skipSpace(s []byte) []byte {
	for len(s) > 0 {
		switch {
		case isSpace(s[0]):
			s = s[1:]
		case s[0] == '(':
			s = s[token(s):]
		default:
			return s
		}
	}
	return s
}

// cutToken cuts a MIME token off the front of s; it may be empty.
//
// RFC 2045 §5.1.
func cutToken(s []byte) (tok, rest []byte) {
	i := 0
	for i < len(s) && s[i] > ' ' && s[i] != 0x7f && bytes.IndexByte([]byte(`()<>@,;:\"/[]?=`), s[i]) < 0 {
		i++
	}
	return s[:i], s[i:]
}
