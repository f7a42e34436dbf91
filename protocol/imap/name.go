package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Names of mailboxes travel in a form of UTF-7, unless both sides agreed on
// UTF-8: printable ASCII is itself, "&" is "&-", and everything else is UTF-16
// in base64 with "," for "/" between "&" and "-".
//
// RFC 3501 §5.1.3.
var nameBase64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName puts a name in UTF-8 into the form for the wire.
func encodeName(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		if c := name[i]; c >= ' ' && c < 0x7f {
			b.WriteByte(c)
			if c == '&' {
				b.WriteByte('-')
			}
			i++
			continue
		}
		start := i
		for i < len(name) && (name[i] < ' ' || name[i] >= 0x7f) {
			i++
		}
		var octets []byte
		for _, u := range utf16.Encode([]rune(name[start:i])) {
			octets = append(octets, byte(u>>8), byte(u))
		}
		b.WriteByte('&')
		b.WriteString(nameBase64.EncodeToString(octets))
		b.WriteByte('-')
	}
	return b.String()
}

// NameFromWire is the name of a mailbox as people read it, of the form that it
// has on the wire; a name that is not in that form stays as it is.
//
// RFC 3501 §5.1.3.
func NameFromWire(wire string) string {
	if name, ok := decodeName(wire); ok {
		return name
	}
	return wire
}

// decodeName reads a name from its form for the wire. ok is false if that form
// is not the one that encodeName gives: then two forms would be one name.
func decodeName(wire string) (name string, ok bool) {
	var b strings.Builder
	for rest := wire; rest != ""; {
		c := rest[0]
		if c != '&' {
			if c < ' ' || c >= 0x7f {
				return "", false
			}
			b.WriteByte(c)
			rest = rest[1:]
			continue
		}
		end := strings.IndexByte(rest, '-')
		if end < 0 {
			return "", false
		}
		shifted := rest[1:end]
		rest = rest[end+1:]
		if shifted == "" {
			b.WriteByte('&')
			continue
		}
		octets, err := nameBase64.DecodeString(shifted)
		if err != nil || len(octets)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(octets)/2)
		for i := range units {
			units[i] = uint16(octets[2*i])<<8 | uint16(octets[2*i+1])
		}
		for _, r := range utf16.Decode(units) {
			b.WriteRune(r)
		}
	}
	name = b.String()
	return name, encodeName(name) == wire
}

// noName stands for what was said in place of a name and can be none. It is
// no mistake in the syntax: there is just no such mailbox.
const noName = "\x00"

// mailbox takes the name of a mailbox, and gives it in UTF-8. Until both sides
// agreed on UTF-8, a name of plain UTF-8 is taken as well as one in UTF-7.
func (p *parser) mailbox(asUTF8 bool) string {
	name, ok := readName(string(p.astring()), asUTF8)
	if !ok {
		return noName
	}
	return name
}

// readName gives a name, or a pattern of names, in UTF-8; INBOX in capital
// letters.
func readName(name string, asUTF8 bool) (string, bool) {
	ok := utf8.ValidString(name)
	if ok && !asUTF8 && isASCII(name) {
		if name, ok = decodeName(name); !ok {
			return "", false
		}
	}
	if !ok {
		return "", false
	}
	if strings.EqualFold(name, inbox) {
		return inbox, true
	}
	return name, true
}

// boxName takes the name of a mailbox that a server told: it cannot be none.
func (p *parser) boxName(asUTF8 bool) string {
	at := p.at
	name := p.mailbox(asUTF8)
	if p.err == nil && name == noName {
		p.at = at
		p.want("the name of a mailbox")
	}
	return name
}

const inbox = "INBOX"

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
