package sieve

import (
	"slices"
	"strings"

	"mailscope/protocol/imap/letter"
)

// bodyTest looks into the body of a letter: all of it as it came (:raw), or
// those parts of it that have one of the types, without their encoding.
//
// RFC 5173 §5. Deviates: of a multipart the text before its first part and
// behind its last, which nobody sees, is not looked at.
type bodyTest struct {
	keys
	raw   bool
	types []string // in lower case: "text", "text/plain", "" for all
}

func makeBody(c *checker, b *bound) test {
	t := bodyTest{keys: c.keys(b, b.strings(0)), raw: b.has("raw"), types: []string{"text"}} // §5.3
	if a, ok := b.given["content"]; ok {
		t.types = nil
		for _, name := range a.strings {
			// A type that is none is no part's (§5.2).
			if name = strings.ToLower(name); !strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") && strings.Count(name, "/") < 2 {
				t.types = append(t.types, name)
			}
		}
	}
	return t
}

func (t bodyTest) holds(m *machine) bool {
	m.open()
	if t.raw {
		return t.match(m, m.body)
	}
	if m.root == nil {
		if !m.work(len(m.Letter)) {
			return false
		}
		m.root = letter.Parse(m.Letter)
	}
	return t.inPart(m, m.root)
}

func (t bodyTest) inPart(m *machine, p *letter.Part) bool {
	if !m.work(1) {
		return false
	}
	switch {
	case len(p.Parts) > 0:
		return slices.ContainsFunc(p.Parts, func(p *letter.Part) bool { return t.inPart(m, p) })
	case p.Message != nil: // §5.2: the header of the letter within
		return t.wants(p.Type) && t.match(m, p.Message.Header) || t.inPart(m, p.Message)
	case !t.wants(p.Type) || !m.work(len(p.Body)):
		return false
	}
	return t.match(m, p.Text())
}

// wants tells whether parts of that type are looked at.
func (t bodyTest) wants(have letter.MediaType) bool {
	major := strings.ToLower(string(have.Type))
	full := major + "/" + strings.ToLower(string(have.Subtype))
	return slices.ContainsFunc(t.types, func(want string) bool { return want == "" || want == major || want == full })
}
