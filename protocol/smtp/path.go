package smtp

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// Path is one mailbox of a reverse-path or forward-path. The zero Path is
// the null reverse-path.
type Path struct {
	Local  string // without quotes and backslashes
	Domain string // a name or a literal in brackets; "" only for Postmaster
}

// Limits in octets: RFC 5321 §4.5.3.1.
const (
	maxLocal  = 64
	maxDomain = 255
	maxPath   = 256 // brackets included
)

// Address is the mailbox without brackets, its local part quoted if it must
// be; "" for the null path.
func (p Path) Address() string {
	if p.Local == "" && p.Domain == "" {
		return ""
	}
	local := quoteLocal(p.Local)
	if p.Domain == "" {
		return local
	}
	return local + "@" + p.Domain
}

// String is the path in brackets, as a command holds it.
func (p Path) String() string { return "<" + p.Address() + ">" }

// ParseAddress reads an address without brackets; "" is the null path.
func ParseAddress(s string) (Path, error) {
	if strings.EqualFold(s, "postmaster") {
		return Path{Local: s}, nil
	}
	p, rest, err := parsePath("<" + s + ">")
	if err == nil && rest != "" {
		err = &wire.SyntaxError{At: len(s) - len(rest) + 1, Want: "nothing more"}
	}
	if e, ok := err.(*wire.SyntaxError); ok {
		return Path{}, &wire.SyntaxError{At: max(e.At-1, 0), Want: e.Want}
	}
	return p, nil
}

// parsePath reads one path from the front of s: "<ana@alfa.test>", "<>",
// "<Postmaster>". A source route is read and ignored.
//
// rest is what follows the closing bracket, untouched. On error path is zero,
// rest is s, and err is a *wire.SyntaxError whose At counts octets from 0.
// Paths over 256 octets, brackets included, are refused. Octets over 127 must
// be UTF-8 (RFC 6531 §3.3); whether they may stand there is up to the caller.
//
// RFC 5321 §4.1.2 (grammar), §4.5.3.1 (lengths), appendix C (source routes).
func parsePath(s string) (path Path, rest string, err error) {
	fail := func(at int, want string) (Path, string, error) {
		return Path{}, s, &wire.SyntaxError{At: at, Want: want}
	}
	if s == "" || s[0] != '<' {
		return fail(0, `"<"`)
	}
	if strings.HasPrefix(s, "<>") {
		return Path{}, s[2:], nil
	}
	i := 1
	if at, want := skipRoute(s, &i); want != "" {
		return fail(at, want)
	}
	local, n, want := parseLocal(s[i:])
	if want != "" {
		return fail(i+n, want)
	}
	if len(local) > maxLocal {
		return fail(i, "a local part of at most 64 octets")
	}
	i += n
	if i < len(s) && s[i] == '>' && strings.EqualFold(local, "postmaster") {
		return Path{Local: local}, s[i+1:], nil // RFC 5321 §4.1.1.3
	}
	if i >= len(s) || s[i] != '@' {
		return fail(i, `"@"`)
	}
	i++
	n, want = domainLen(s[i:])
	if want != "" {
		return fail(i+n, want)
	}
	if n > maxDomain {
		return fail(i, "a domain of at most 255 octets")
	}
	domain := s[i : i+n]
	if i += n; i >= len(s) || s[i] != '>' {
		return fail(i, `">"`)
	}
	if i++; i > maxPath {
		return fail(maxPath, "a path of at most 256 octets")
	}
	p := Path{local, domain}
	if len(p.String()) > maxPath || len(quoteLocal(local)) > maxLocal+2 && len(local) != maxLocal {
		return fail(maxPath, "a path of at most 256 octets")
	}
	return p, s[i:], nil
}

// skipRoute moves i past "@one.test,@two.test:", if that stands there.
func skipRoute(s string, i *int) (at int, want string) {
	if *i >= len(s) || s[*i] != '@' {
		return 0, ""
	}
	for {
		if *i >= len(s) || s[*i] != '@' {
			return *i, `"@"`
		}
		*i++
		n, want := domainLen(s[*i:])
		if want != "" {
			return *i + n, want
		}
		*i += n
		if *i >= len(s) || s[*i] != ',' && s[*i] != ':' {
			return *i, `":"`
		}
		*i++
		if s[*i-1] == ':' {
			return 0, ""
		}
	}
}

// parseLocal reads a local part, n octets of s: atoms joined by dots, or a
// quoted string. want is "" if it could; otherwise n is where it could not.
func parseLocal(s string) (local string, n int, want string) {
	if s != "" && s[0] == '"' {
		return parseQuoted(s)
	}
	for {
		start := n
		for n < len(s) && atext(s[n]) {
			n++
		}
		if n == start {
			return "", n, "a local part"
		}
		if n >= len(s) || s[n] != '.' {
			break
		}
		n++
	}
	if !utf8.ValidString(s[:n]) {
		return "", 0, "UTF-8"
	}
	return s[:n], n, ""
}

func parseQuoted(s string) (local string, n int, want string) {
	var b strings.Builder
	for n = 1; n < len(s); n++ {
		switch c := s[n]; {
		case c == '"':
			local = b.String()
			if local == "" {
				return "", n, "a local part"
			}
			if !utf8.ValidString(local) {
				return "", 0, "UTF-8"
			}
			return local, n + 1, ""
		case c == '\\' && n+1 < len(s) && s[n+1] >= ' ' && s[n+1] < 0x7f:
			n++
			b.WriteByte(s[n])
		case c < ' ' || c == 0x7f || c == '\\':
			return "", n, "a printable character"
		default:
			b.WriteByte(c)
		}
	}
	return "", n, `a closing '"'`
}

// domainLen measures a domain name or an address literal at the front of s.
// want is "" if there is one; otherwise n is where it goes wrong.
func domainLen(s string) (n int, want string) {
	if s != "" && s[0] == '[' {
		return literalLen(s)
	}
	for {
		start := n
		for n < len(s) && (alnum(s[n]) || s[n] == '-' || s[n] == '_') { // Deviates: "_" is in use
			n++
		}
		switch {
		case n == start:
			return n, "a domain"
		case s[start] == '-':
			return start, "a letter or digit"
		case s[n-1] == '-':
			return n - 1, "a letter or digit"
		case n-start > 63:
			return start, "a label of at most 63 octets" // RFC 1035 §2.3.4
		}
		if n >= len(s) || s[n] != '.' {
			break
		}
		n++
	}
	if !utf8.ValidString(s[:n]) {
		return 0, "UTF-8"
	}
	return n, ""
}

// literalLen measures "[192.0.2.1]" or "[IPv6:2001:db8::1]".
//
// RFC 5321 §4.1.3.
func literalLen(s string) (n int, want string) {
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return len(s), `"]"`
	}
	text := s[1:end]
	v6 := len(text) > 5 && strings.EqualFold(text[:5], "IPv6:")
	if v6 {
		text = text[5:]
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Is4() == v6 || addr.Zone() != "" {
		return 1, "an IP address"
	}
	return end + 1, ""
}

// atext tells what may stand in an atom: RFC 5322 §3.2.3, RFC 6531 §3.3.
func atext(b byte) bool { return alnum(b) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", b) >= 0 }

// alnum tells letters, digits and octets of UTF-8.
func alnum(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b >= 0x80
}

// quoteLocal writes a local part, in quotes where it needs them.
func quoteLocal(local string) string {
	if got, n, want := parseLocal(local); want == "" && n == len(local) && got == local {
		return local
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(local) {
		if local[i] == '"' || local[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(local[i])
	}
	b.WriteByte('"')
	return b.String()
}

// ascii tells whether s needs no SMTPUTF8.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
