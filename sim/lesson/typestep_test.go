package lesson

import (
	"strings"
	"testing"
)

// desk is a world with a visitor; its steps and expectations are to be added.
const desk = `name: desk
unit: 1
title: {en: Desk}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [smtp, submission, submissions, pop3, pop3s, imap, imaps], tls: {}, cleartext_auth: true}]
      mx: [{host: mail.alfa.example, preference: 10}]
      people: [{name: anna, password: a, devices: [{kind: laptop, receive: imap}]}]
  visitors: [{name: student.test, address: 203.0.113.200, title: {en: Student}}]
steps:
`

// typed plays a desk at which something is typed, and tells what did not come
// true.
func typed(t *testing.T, steps, expect string) []string {
	t.Helper()
	return failures(t, desk+steps+"expect:\n  - {says: {en: so it is}, "+expect+"}\n")
}

// TestWhatIsTyped at each service is said there, and answered; a letter that
// was typed is one like any other.
func TestWhatIsTyped(t *testing.T) {
	const letter = `
  - type:
      host: student.test
      server: mail.alfa.example
      service: smtp
      lines: ["EHLO student.test", "MAIL FROM:<x@y.example>", "RCPT TO:<anna@alfa.example>", DATA, "Subject: Hi", "", "Hello", ".", "QUIT"]
`
	for _, tt := range []struct{ steps, expect string }{
		{letter, `order: [{kind: connect, service: smtp, from: student.test}, {kind: line, code: "220"}, {kind: line, code: "354", letter: L1}, {kind: queue, action: accepted, letter: L1}, {kind: line, text: QUIT}, {kind: close}, {kind: queue, action: delivered, letter: L1}]`},
		{letter, "delivered: {letter: L1, to: [anna@alfa.example]}"},
		{strings.Replace(letter, `"Hello"`, `".Hello", ".."`, 1), "delivered: {letter: L1, to: [anna@alfa.example]}"},
		{strings.NewReplacer(`DATA, "Subject: Hi", "", "Hello", "."`, `BDAT 12, "Subject: x", BDAT 10 LAST, "", ".Hello"`).Replace(letter), "delivered: {letter: L1, to: [anna@alfa.example]}"},
		{letter, `sees: {kind: line, text: "Subject: Hi*Hello", role: data, letter: L1}`},
		{letter, `trips: {host: student.test, proto: smtp, min: 6, max: 6}`},
		{strings.Replace(letter, "host:", "pipeline: true\n      host:", 1), `trips: {host: student.test, proto: smtp, min: 4, max: 4}`},
		{strings.Replace(letter, "host:", "pipeline: true\n      host:", 1), "delivered: {letter: L1, to: [anna@alfa.example]}"},
		{"  - type: {host: student.test, server: mail.alfa.example, service: smtp, lines: [EHLO x, STARTTLS, EHLO y]}\n", "order: [{kind: tls, verified: true, from: student.test}, {kind: line, text: EHLO y, encrypted: true}]"},
		{"  - type: {host: anna-laptop.alfa.example, server: mail.alfa.example, service: submissions, lines: [EHLO x, AUTH PLAIN AGFubmFAYWxmYS5leGFtcGxlAGE=]}\n", `sees: {kind: line, code: "235", encrypted: true}`},
		{letter + "  - type: {host: student.test, server: mail.alfa.example, service: pop3s, lines: [USER anna@alfa.example, PASS a, LIST, RETR 1, QUIT]}\n", `order: [{kind: tls}, {kind: line, role: data, text: "*Hello"}, {kind: line, text: QUIT}]`},
		{letter + "  - type: {host: student.test, server: mail.alfa.example, service: pop3, lines: [STLS, CAPA]}\n", "sees: {kind: line, text: CAPA, encrypted: true}"},
		{letter + "  - type: {host: student.test, server: mail.alfa.example, service: imap, lines: [a STARTTLS, 'b LOGIN {17}', anna@alfa.example a, c SELECT INBOX, 'd FETCH 1 BODY[]']}\n", `order: [{kind: tls}, {kind: line, code: +}, {kind: line, role: data, text: "*Hello*", encrypted: true}, {kind: line, text: "d OK *"}]`},
		{"  - offline: anna-laptop.alfa.example\n  - type: {host: anna-laptop.alfa.example, server: mail.alfa.example, service: smtp, lines: [QUIT]}\n", "sees: {kind: device, action: failed, text: no network}"},
		{"  - type: {host: student.test, server: ns.example, service: smtp, lines: [QUIT]}\n", "sees: {kind: refused, from: student.test}"},
		{"  - type: {host: mail.alfa.example, server: mail.alfa.example, service: smtp, lines: [QUIT, NOOP]}\n", "never: {kind: line, text: NOOP, role: reply}"},
	} {
		if got := typed(t, tt.steps, tt.expect); got != nil {
			t.Errorf("%s%s: %q", tt.steps, tt.expect, got)
		}
	}
}

func TestMistakesInTyping(t *testing.T) {
	const step = "type: {host: student.test, server: mail.alfa.example, service: smtp, lines: [QUIT]}"
	mistakes(t, desk+"  - "+step+"\n", []mistake{
		{"host: student", "host: nobody", `small.yaml:14: steps[0].type.host: no host "nobody.test"`},
		{"server: mail.", "server: post.", `small.yaml:14: steps[0].type.server: no host "post.alfa.example"`},
		{"service: smtp", "service: http", `small.yaml:14: steps[0].type.service: want smtp, submission, submissions, pop3, pop3s, imap or imaps, got "http"`},
		{"service: smtp", "service: domain", "small.yaml:14: steps[0].type.service: want smtp"},
		{"service: smtp", "service: imap, pipeline: true", "small.yaml:14: steps[0].type.pipeline: lines are pipelined by SMTP alone"},
		{"[QUIT]", "[]", "small.yaml:14: steps[0].type.lines: want 1 to 1000 lines, got 0"},
		{"[QUIT]", `["NO\nOP"]`, "small.yaml:14: steps[0].type.lines[0]: CR, LF or NUL in a line"},
		{"address: 203.0.113.200", "address: 203.0.113.53", "small.yaml:12: world.visitors[0].address: 203.0.113.53 belongs to ns.example already"},
		{"name: student.test", "name: student.alfa.example", `small.yaml:12: world.visitors[0].name: "student.alfa.example" belongs to the domain alfa.example`},
		{"title: {en: Student}", "kind: fax", `small.yaml:12: world.visitors[0].kind: want laptop, phone or browser, got "fax"`},
	})
}
