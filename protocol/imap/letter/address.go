package letter

import "bytes"

// Address is one member of an address list as ENVELOPE shows it: without
// quoting, encoded words left as they are.
//
// RFC 3501 §7.4.2.
type Address struct {
	Kind    AddressKind
	Name    []byte // display name, or the comment that stands for it
	Route   []byte // obsolete source route, such as "@a,@b"
	Mailbox []byte // local part, or the name of the group that begins
	Host    []byte // empty if the letter has none
}

// AddressKind tells an address from the two ends of a group.
type AddressKind uint8

// The kinds of members.
const (
	Single AddressKind = iota
	GroupStart
	GroupEnd
)

// AddressReader reads an address list from the front. It takes whatever a
// letter has: what is no address is a Mailbox without a Host.
//
// RFC 5322 §3.4, obsolete forms §4.4.
type AddressReader struct {
	rest    []byte
	buf     []byte
	inGroup bool
	ends    bool // the group ends before anything else
}

// Addresses reads the address list that is the value of a field. scratch is
// memory to use.
func Addresses(value, scratch []byte) AddressReader {
	return AddressReader{rest: value, buf: scratch[:0]}
}

// Next returns the next member, until ok is false. The member lies in the
// scratch memory, and is valid until Next is called again.
func (r *AddressReader) Next() (a Address, ok bool) {
	for len(r.rest) > 0 && !r.ends {
		m := cutMember(r.rest, r.inGroup)
		r.rest = r.rest[len(m.text):]
		if m.end != 0 {
			r.rest = r.rest[1:]
		}
		if m.end == ':' {
			r.inGroup = true
			r.buf, _ = appendWords(r.buf[:0], m.text, true)
			return Address{Kind: GroupStart, Mailbox: r.buf}, true
		}
		r.ends = m.end == ';' && r.inGroup
		if a, ok = r.single(m); ok {
			return a, true
		}
	}
	if r.inGroup {
		r.inGroup, r.ends = false, false
		return Address{Kind: GroupEnd}, true
	}
	return Address{}, false
}

// Scratch is the scratch memory, which may have grown.
func (r *AddressReader) Scratch() []byte { return r.buf }

// member is one member of a list, not yet taken apart.
type member struct {
	text []byte
	open int  // where "<" stands, -1 if there is none
	shut int  // where ">" stands, or else the end
	end  byte // "," or ";", ":" behind the name of a group, 0 at the end
}

func cutMember(s []byte, inGroup bool) member {
	m := member{text: s, open: -1, shut: len(s)}
	for i := 0; i < len(s); i += token(s[i:]) {
		inAngle := m.open >= 0 && m.shut == len(s)
		switch c := s[i]; {
		case c == '<' && m.open < 0:
			m.open = i
		case c == '>' && inAngle:
			m.shut = i
		case inAngle: // commas and colons belong to a source route
		case c == ',' || c == ';' || c == ':' && m.open < 0 && !inGroup:
			m.text, m.end, m.shut = s[:i], c, min(m.shut, i)
			return m
		}
	}
	return m
}

// single takes an address apart. ok is false if nothing but white space and
// comments stood there.
func (r *AddressReader) single(m member) (a Address, ok bool) {
	b := r.buf[:0]
	spec, name := m.text, 0
	var comment []byte
	if m.open >= 0 {
		b, comment = appendWords(b, m.text[:m.open], true)
		name = len(b)
		spec = m.text[m.open+1 : m.shut]
		if comment == nil && m.shut < len(m.text) {
			comment = firstComment(m.text[m.shut+1:])
		}
	}
	route := name
	if n := routeEnd(spec); n >= 0 {
		b, _ = appendWords(b, spec[:n], false)
		route, spec = len(b), spec[n+1:]
	}
	local, host := spec, len(spec)
	if at := lastAt(spec); at >= 0 {
		local, host = spec[:at], at+1
	}
	b, _ = appendWords(b, local, len(local) == len(spec))
	mailbox := len(b)
	b, _ = appendWords(b, spec[host:], false)
	end := len(b)
	if name == 0 {
		if comment == nil {
			comment = firstComment(spec)
		}
		b = appendUnquoted(b, comment)
	}
	r.buf = b
	a = Address{Name: b[:name], Route: b[name:route], Mailbox: b[route:mailbox], Host: b[mailbox:end]}
	if name == 0 {
		a.Name = b[end:]
	}
	return a, end > 0 || m.open >= 0
}

// routeEnd is where the ":" behind a source route stands, -1 without one.
//
// RFC 5322 §4.4, obs-route.
func routeEnd(spec []byte) int {
	if s := skipSpace(spec); len(s) == 0 || s[0] != '@' {
		return -1
	}
	for i := 0; i < len(spec); i += token(spec[i:]) {
		if spec[i] == ':' {
			return i
		}
	}
	return -1
}

// lastAt is where the last "@" outside quotes and comments stands, or -1.
func lastAt(s []byte) int {
	at := -1
	for i := 0; i < len(s); i += token(s[i:]) {
		if s[i] == '@' {
			at = i
		}
	}
	return at
}

// firstComment is the inside of the first comment in s, nil if there is none.
func firstComment(s []byte) []byte {
	for i := 0; i < len(s); i += token(s[i:]) {
		if s[i] == '(' {
			return bytes.TrimSpace(inside(s[i : i+token(s[i:])]))
		}
	}
	return nil
}

// appendWords appends the words of s without quoting, with one space for white
// space between two of them if spaces is set. comment is the inside of the
// first comment among them.
func appendWords(dst, s []byte, spaces bool) (words, comment []byte) {
	start, gap := len(dst), false
	for len(s) > 0 {
		n := wordEnd(s)
		if n > 0 || s[0] == '"' || s[0] == '[' {
			if gap && spaces && len(dst) > start {
				dst = append(dst, ' ')
			}
			gap = false
		} else {
			gap = true
		}
		if n == 0 {
			n = token(s)
		}
		switch tok := s[:n]; tok[0] {
		case '(':
			if comment == nil {
				comment = bytes.TrimSpace(inside(tok))
			}
		case '"':
			dst = appendUnquoted(dst, inside(tok))
		default:
			if !gap {
				dst = append(dst, tok...)
			}
		}
		s = s[n:]
	}
	return dst, comment
}

// wordEnd is how many octets at the front of s stand for themselves.
func wordEnd(s []byte) int {
	for i, c := range s {
		if c == '"' || c == '(' || c == '[' || isSpace(c) {
			return i
		}
	}
	return len(s)
}
