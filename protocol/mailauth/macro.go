package mailauth

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// maxExplanation is the most octets of an explanation; it is meant to fit a
// reply (RFC 7208 §6.2, RFC 5321 §4.5.3.1.5).
const maxExplanation = 400

// explanation is what a domain says to those whom its policy turns away, "" if
// it says nothing that can be shown.
//
// RFC 7208 §6.2. The library passes over exp=.
func (w *spfAsker) explanation(ctx context.Context, p policy, vars macros) string {
	at := ""
	for t := range strings.FieldsSeq(p.text) {
		if name, value, ok := strings.Cut(t, "="); ok && strings.EqualFold(name, "exp") {
			if at != "" {
				return "" // §6: at most one
			}
			at = value
		}
	}
	at, ok := vars.expand(at, false)
	if !ok || at == "" {
		return ""
	}
	if at, ok = ascii(shortened(at)); !ok {
		return ""
	}
	texts, err := w.text(ctx, at)
	if err != nil || len(texts) != 1 {
		return ""
	}
	if strings.Contains(strings.ToLower(texts[0]), "%{p") {
		vars.validated = w.validated(ctx, vars.ip, vars.domain)
	}
	text, ok := vars.expand(texts[0], true)
	if !ok || len(text) > maxExplanation || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return text
}

// shortened is a name without so many labels at its left that DNS can be asked
// about it (RFC 7208 §7.3).
func shortened(name string) string {
	for len(name) > 253 {
		_, rest, ok := strings.Cut(name, ".")
		if !ok {
			break
		}
		name = rest
	}
	return name
}

// validated is the name of a client that leads back to its address: the domain
// itself before one below it before any other, "" if there is none.
//
// RFC 7208 §5.5 (validation, at most ten names), §7.2 (preference).
func (w *spfAsker) validated(ctx context.Context, ip netip.Addr, domain string) string {
	names, err := w.PTR(ctx, ip)
	if err != nil {
		return ""
	}
	best, rank := "", -1
	for _, name := range names[:min(len(names), 10)] {
		addrs, err := w.Addrs(ctx, name)
		if err != nil || !slices.Contains(addrs, ip) {
			continue
		}
		name, r := strings.TrimSuffix(name, "."), 0
		switch {
		case strings.EqualFold(name, domain):
			r = 2
		case strings.HasSuffix(strings.ToLower(name), "."+strings.ToLower(domain)):
			r = 1
		}
		if r > rank {
			best, rank = name, r
		}
	}
	return best
}

// macros are what the letters of a macro stand for (RFC 7208 §7.2).
type macros struct {
	sender   string
	domain   string // whose policy it is
	ip       netip.Addr
	helo     string
	receiver string // who asks; "" means unknown

	validated string // name of the client; "" means unknown, as it is where a name is wanted and not a text: not worth its questions
}

// expand puts values into a text; explaining allows the letters that only an
// explanation may have. ok is false if a macro is none.
//
// RFC 7208 §7.1 (grammar), §7.3 (transformers).
func (m macros) expand(s string, explaining bool) (out string, ok bool) {
	var b strings.Builder
	for s != "" && b.Len() <= 4*maxExplanation {
		text, rest, found := strings.Cut(s, "%")
		b.WriteString(text)
		if !found {
			return b.String(), true
		}
		switch {
		case strings.HasPrefix(rest, "%"):
			b.WriteByte('%')
		case strings.HasPrefix(rest, "_"):
			b.WriteByte(' ')
		case strings.HasPrefix(rest, "-"):
			b.WriteString("%20")
		case strings.HasPrefix(rest, "{"):
			inside, after, closed := strings.Cut(rest[1:], "}")
			value, ok := m.one(inside, explaining)
			if !closed || !ok {
				return "", false
			}
			b.WriteString(value)
			s = after
			continue
		default:
			return "", false
		}
		s = rest[1:]
	}
	if s != "" { // longer than anybody needs
		return "", false
	}
	return b.String(), true
}

// one is the value of what stands between braces, such as "l1r-".
func (m macros) one(s string, explaining bool) (string, bool) {
	if s == "" {
		return "", false
	}
	value, ok := m.letter(s[0]|0x20, explaining)
	if !ok {
		return "", false
	}
	rest := s[1:]
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	rest = rest[len(digits):]
	keep := 0
	if digits != "" {
		var err error
		if keep, err = strconv.Atoi(digits); err != nil || keep == 0 {
			return "", false
		}
	}
	backwards := strings.HasPrefix(rest, "r") || strings.HasPrefix(rest, "R")
	if backwards {
		rest = rest[1:]
	}
	if strings.Trim(rest, ".-+,/_=") != "" {
		return "", false
	}
	if rest == "" {
		rest = "."
	}
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(rest, r) })
	if backwards {
		slices.Reverse(parts)
	}
	if keep > 0 && keep < len(parts) {
		parts = parts[len(parts)-keep:]
	}
	value = strings.Join(parts, ".")
	if 'A' <= s[0] && s[0] <= 'Z' {
		value = percent(value)
	}
	return value, true
}

func (m macros) letter(c byte, explaining bool) (string, bool) {
	local, domain := cutAddress(m.sender)
	switch c {
	case 's':
		return m.sender, true
	case 'l':
		return local, true
	case 'o':
		return domain, true
	case 'd':
		return m.domain, true
	case 'i':
		return dotted(m.ip), true
	case 'p':
		return cmp.Or(m.validated, "unknown"), true // §7.3
	case 'v':
		if m.ip.Is4() {
			return "in-addr", true
		}
		return "ip6", true
	case 'h':
		return m.helo, true
	}
	if !explaining {
		return "", false
	}
	switch c {
	case 'c':
		return m.ip.String(), true
	case 'r':
		return cmp.Or(m.receiver, "unknown"), true // §7.3
	case 't':
		return "0", true // nobody tells the time here
	}
	return "", false
}

// dotted is an address as macros have it: that of IPv6 by its nibbles.
func dotted(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	octets := a.As16()
	parts := make([]string, 0, 32)
	for _, o := range octets {
		parts = append(parts, strconv.FormatUint(uint64(o>>4), 16), strconv.FormatUint(uint64(o&15), 16))
	}
	return strings.Join(parts, ".")
}

// percent escapes all but the unreserved characters (RFC 3986 §2.3).
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isAlnum(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
