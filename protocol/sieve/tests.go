package sieve

import (
	"slices"
	"strings"

	"mailscope/protocol/imap/letter"
)

// tests are all that are known.
var tests map[string]testForm

// parts are the tags that say which part of an address is compared (RFC 5228
// §2.7.4).
var parts = []option{{tag: "localpart", group: "part"}, {tag: "domain", group: "part"}, {tag: "all", group: "part"}}

func init() {
	lists := []sort{quoted, quoted}
	tests = map[string]testForm{
		"true":     {signature{}, func(*checker, *bound) test { return always(true) }},
		"false":    {signature{}, func(*checker, *bound) test { return always(false) }},
		"not":      {signature{tests: oneTest}, func(_ *checker, b *bound) test { return negation{b.tests[0]} }},
		"allof":    {signature{tests: manyTests}, func(_ *checker, b *bound) test { return allOf(b.tests) }},
		"anyof":    {signature{tests: manyTests}, func(_ *checker, b *bound) test { return anyOf(b.tests) }},
		"exists":   {signature{takes: lists[:1]}, func(_ *checker, b *bound) test { return exists(b.strings(0)) }},
		"header":   {signature{tags: comparing, takes: lists}, makeHeader},
		"address":  {signature{tags: slices.Concat(comparing, parts), takes: lists}, makeAddress},
		"envelope": {signature{needs: "envelope", tags: slices.Concat(comparing, parts), takes: lists}, makeEnvelope},
		"size": {signature{tags: []option{{tag: "over", group: "limit"}, {tag: "under", group: "limit"}},
			takes: []sort{number}}, makeSize},
		"body": {signature{needs: "body", takes: lists[:1], tags: append(slices.Clone(comparing),
			option{tag: "raw", group: "transform"}, option{tag: "text", group: "transform"},
			option{tag: "content", group: "transform", value: quoted, list: true})}, makeBody},
		"hasflag": {signature{needs: "imap4flags", tags: comparing, takes: lists[:1]}, makeHasFlag},
		"mailboxexists": {signature{needs: "mailbox", takes: lists[:1]}, // RFC 5490 §3.1
			func(_ *checker, b *bound) test { return mailboxExists(b.strings(0)) }},
	}
}

// exists holds if the letter has all of these fields (RFC 5228 §5.5).
type exists []string

func (list exists) holds(m *machine) bool {
	for _, name := range list {
		found := false
		for range m.values(name) {
			found = true
			break
		}
		if !found {
			return false
		}
	}
	return true
}

// headerTest compares the values of fields, on one line and decoded (RFC 5228
// §5.7).
type headerTest struct {
	keys
	names []string
}

func makeHeader(c *checker, b *bound) test {
	return headerTest{c.keys(b, b.strings(1)), b.strings(0)}
}

func (t headerTest) holds(m *machine) bool {
	for _, name := range t.names {
		for value := range m.values(name) {
			if m.work(len(value)) && t.match(m, letter.Decoded(value, nil)) {
				return true
			}
		}
	}
	return false
}

// sizeTest compares the octets of the letter (RFC 5228 §5.9).
type sizeTest struct {
	over  bool
	limit int64
}

func makeSize(c *checker, b *bound) test {
	if !b.has("over") && !b.has("under") {
		c.fail(b.at, "size wants :over or :under")
	}
	return sizeTest{b.has("over"), b.plain[0].number}
}

func (t sizeTest) holds(m *machine) bool {
	size := int64(len(m.Letter))
	return t.over && size > t.limit || !t.over && size < t.limit
}

// mailboxExists holds if all of these mailboxes do.
type mailboxExists []string

func (list mailboxExists) holds(m *machine) bool {
	return !slices.ContainsFunc(list, func(name string) bool {
		if m.Exists == nil {
			return !strings.EqualFold(name, "INBOX")
		}
		return !m.Exists(name)
	})
}
