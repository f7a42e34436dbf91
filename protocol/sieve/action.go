package sieve

import "net/mail"

// flagged is the tag that says which flags a letter gets (RFC 5232 §5).
var flagged = option{tag: "flags", value: quoted, list: true, needs: "imap4flags"}

// copied is the tag that leaves the implicit keep as it is (RFC 3894 §3).
var copied = option{tag: "copy", needs: "copy"}

// commands are all but those of control that belong to others.
var commands map[string]commandForm

func init() { // since tests and commands are made of one another
	commands = map[string]commandForm{
		"stop": {signature{}, func(*checker, *bound) statement { return stop{} }}, // RFC 5228 §3.3
		"keep": {signature{tags: []option{flagged}}, makeKeep},                    // §4.3
		"discard": {signature{}, func(*checker, *bound) statement { // §4.4
			return action{Action: Action{Kind: Discard}}
		}},
		"fileinto": {signature{needs: "fileinto", // §4.1
			tags:  []option{flagged, copied, {tag: "create", needs: "mailbox"}}, // RFC 5490 §3.2
			takes: []sort{quoted}, one: []bool{true}}, makeFileInto},
		"redirect":   {signature{tags: []option{copied}, takes: []sort{quoted}, one: []bool{true}}, makeRedirect}, // §4.2
		"reject":     {rejecting("reject"), makeReject},                                                           // RFC 5429 §2.2
		"ereject":    {rejecting("ereject"), makeReject},                                                          // RFC 5429 §2.1
		"setflag":    changing(setFlags),
		"addflag":    changing(addFlags),
		"removeflag": changing(removeFlags),
	}
}

// action is a command that does something with the letter.
type action struct {
	Action
	own bool // it has flags of its own, and not those of the internal variable
}

func (a action) run(m *machine) bool {
	if !a.Copy {
		m.keep = false
	}
	if !a.own && (a.Kind == Keep || a.Kind == FileInto) {
		a.Flags = append([]string(nil), m.flags...)
	}
	m.add(a.Action)
	return m.err != nil
}

func makeKeep(_ *checker, b *bound) statement {
	return withFlags(action{Action: Action{Kind: Keep}}, b)
}

func withFlags(a action, b *bound) action {
	if list, ok := b.given["flags"]; ok {
		a.own, a.Flags = true, flagList(list.strings)
	}
	return a
}

func makeFileInto(c *checker, b *bound) statement {
	a := action{Action: Action{Kind: FileInto, Mailbox: b.strings(0)[0], Create: b.has("create"), Copy: b.has("copy")}}
	if a.Mailbox == "" {
		c.fail(b.plain[0].at, "fileinto wants the name of a mailbox")
	}
	return withFlags(a, b)
}

// makeRedirect checks the address (RFC 5228 §2.4.2.3).
func makeRedirect(c *checker, b *bound) statement {
	text := b.strings(0)[0]
	a, err := mail.ParseAddress(text)
	if err != nil || len(a.Address) > 254 || (&mail.Address{Address: a.Address}).String() != "<"+a.Address+">" {
		c.fail(b.plain[0].at, "redirect wants an address such as \"anna@romashka.example\", got %s", quote(text))
		return nil
	}
	return action{Action: Action{Kind: Redirect, Address: a.Address, Copy: b.has("copy")}}
}

func rejecting(extension string) signature {
	return signature{needs: extension, takes: []sort{quoted}, one: []bool{true}}
}

func makeReject(_ *checker, b *bound) statement {
	return action{Action: Action{Kind: Reject, Reason: b.strings(0)[0]}}
}
