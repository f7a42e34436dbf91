package sieve

import (
	"slices"
	"strings"

	"mailscope/protocol/imap/letter"
)

// addressFields are those with addresses in them; in others address does not
// look (RFC 5228 §5.1).
var addressFields = []string{"from", "to", "cc", "bcc", "sender", "reply-to",
	"resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender", "resent-reply-to",
	"return-path", "delivered-to", "disposition-notification-to", "mail-followup-to"}

// addressTest compares addresses in fields, or a part of them.
type addressTest struct {
	keys
	part  string // "all", "localpart", "domain"
	names []string
}

// makePart makes what address and envelope share.
func makePart(c *checker, b *bound) addressTest {
	t := addressTest{keys: c.keys(b, b.strings(1)), part: "all", names: b.strings(0)}
	for _, part := range []string{"localpart", "domain"} {
		if b.has(part) {
			t.part = part
		}
	}
	return t
}

func makeAddress(c *checker, b *bound) test {
	t := makePart(c, b)
	for _, name := range t.names {
		if !slices.Contains(addressFields, strings.ToLower(name)) {
			c.fail(b.plain[0].at, "%s is no field with addresses, such as \"from\"", quote(name))
		}
	}
	return t
}

// matchPart compares an address, or the part of it that is meant.
func (t addressTest) matchPart(m *machine, local, domain []byte) bool {
	switch t.part {
	case "localpart":
		return t.match(m, local)
	case "domain":
		return t.match(m, domain)
	}
	return t.match(m, slices.Concat(local, []byte("@"), domain))
}

func (t addressTest) holds(m *machine) bool {
	var scratch []byte
	for _, name := range t.names {
		for value := range m.values(name) {
			if !m.work(len(value)) {
				return false
			}
			r := letter.Addresses(value, scratch)
			for a, ok := r.Next(); ok; a, ok = r.Next() {
				if a.Kind == letter.Single && len(a.Mailbox) > 0 && len(a.Host) > 0 && t.matchPart(m, a.Mailbox, a.Host) {
					return true
				}
			}
			scratch = r.Scratch()
		}
	}
	return false
}

// envelopeTest compares what the servers were told (RFC 5228 §5.4).
type envelopeTest struct{ addressTest }

func makeEnvelope(c *checker, b *bound) test {
	t := envelopeTest{makePart(c, b)}
	for _, name := range t.names {
		if !strings.EqualFold(name, "from") && !strings.EqualFold(name, "to") {
			c.fail(b.plain[0].at, "an envelope has \"from\" and \"to\", not %s", quote(name))
		}
	}
	return t
}

func (t envelopeTest) holds(m *machine) bool {
	for _, name := range t.names {
		address := m.To
		if strings.EqualFold(name, "from") {
			address = m.From
		}
		if t.matchWhole(m, address) {
			return true
		}
	}
	return false
}

// matchWhole compares an address of the envelope. The null reverse-path is
// empty, whichever part is meant.
func (t envelopeTest) matchWhole(m *machine, address string) bool {
	i := strings.LastIndexByte(address, '@')
	if i < 0 { // also the bare Postmaster
		if t.part == "domain" {
			address = ""
		}
		return t.match(m, []byte(address))
	}
	return t.matchPart(m, []byte(address[:i]), []byte(address[i+1:]))
}
