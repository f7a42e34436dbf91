package lesson

import (
	"strings"
	"testing"
)

// receipts is a lesson in which Anna asks, and Boris is asked, on a laptop and
// a phone; RECEIVE, STEPS and EXPECT are to be filled in.
const receipts = `name: receipts
unit: 5
title: {en: Receipts}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [smtp, submission, pop3, imap]}]
      mx: [{host: mail.alfa.example, preference: 10}]
      people:
        - {name: anna, password: a, devices: [{kind: laptop, receive: imap}]}
        - {name: boris, password: b, devices: [{kind: laptop, receive: RECEIVE, receipts: ask}, {kind: phone, receive: imap, receipts: ask}, {kind: browser, receive: imap}]}
steps:
  - send: {device: anna-laptop.alfa.example, to: [boris@alfa.example], subject: Важно, text: Прочти, receipt: true}
  - poll: boris-laptop.alfa.example
STEPS
expect:
  - {says: {en: so it is}, EXPECT}
`

func TestReceipts(t *testing.T) {
	const (
		read   = "  - read: {device: boris-laptop.alfa.example, letter: 1}\n"
		yes    = "  - read: {device: boris-laptop.alfa.example, letter: 1, receipt: send}\n"
		no     = "  - read: {device: boris-laptop.alfa.example, letter: 1, receipt: deny}\n"
		phone  = "  - sync: boris-phone.alfa.example\n  - read: {device: boris-phone.alfa.example, letter: 1, receipt: send}\n"
		other  = "  - sync: boris-browser.alfa.example\n  - read: {device: boris-browser.alfa.example, letter: 1}\n"
		away   = "  - offline: boris-laptop.alfa.example\n"
		asked  = "{kind: device, action: asked, text: Важно}"
		sent   = `{kind: line, text: "*MDN-sent-manually; displayed*"}`
		header = `{kind: line, text: "*Disposition-Notification-To: *anna@alfa.example*"}`
	)
	for _, tt := range []struct{ receive, steps, expect string }{
		{"imap", "", "sees: " + header},
		{"imap", read, "sees: " + asked},
		{"imap", read, "never: " + sent},
		{"imap", read + yes, "sees: " + sent + ", times: 1"},
		{"imap", read + yes, "sees: " + asked + ", times: 2"},
		{"imap", yes + yes, "sees: " + asked + ", times: 1"},
		{"imap", yes, "mailbox: {address: anna@alfa.example, letters: 1}"},
		{"imap", yes, `sees: {kind: line, letter: L2, role: data, text: "*report-type=disposition-notification*Final-Recipient: rfc822; boris@alfa.example*Original-Message-ID: <1.*@anna-laptop.alfa.example>*"}`},
		{"imap", yes, `order: [` + asked + `, {kind: line, text: "MAIL FROM:<>*"}, {kind: line, text: "*STORE*$MDNSent*"}]`},
		{"imap", yes, `mailbox: {address: boris@alfa.example, letter: L1, flags: ['\Seen', $MDNSent]}`},
		{"imap", yes + phone, "sees: " + sent + ", times: 1"},
		{"imap", yes + phone, "sees: " + asked + ", times: 1"},
		{"imap", no, "never: " + sent},
		{"imap", no + phone, "sees: " + asked + ", times: 1"},
		{"imap", other, "never: {kind: device, action: asked}"},
		{"imap", read + away + yes, "never: " + sent},
		{"imap", read + away + yes + "  - online: boris-laptop.alfa.example\n" + yes, "sees: " + sent + ", times: 1"},
		{"pop3", read + yes + yes, "sees: " + sent + ", times: 1"},
		{"pop3", no + yes, "never: " + sent},
		{"imap", "  - sync: anna-laptop.alfa.example\n", "mailbox: {address: anna@alfa.example, folder: Sent, letter: L1, flags: ['\\Seen', $MDNSent]}"},
	} {
		lesson := strings.NewReplacer("RECEIVE", tt.receive, "STEPS\n", tt.steps, "EXPECT", tt.expect).Replace(receipts)
		if got := failures(t, lesson); got != nil {
			t.Errorf("%s\n%s%s: %q", tt.receive, tt.steps, tt.expect, got)
		}
	}
}

func TestMistakesAboutReceipts(t *testing.T) {
	lesson := strings.NewReplacer("RECEIVE", "imap", "STEPS", "  - read: {device: boris-laptop.alfa.example, letter: 1, receipt: send}", "EXPECT", "never: {kind: fault}").Replace(receipts)
	lesson = lesson[:strings.Index(lesson, "expect:")]
	mistakes(t, lesson, []mistake{
		{"receipt: send", "receipt: perhaps", `small.yaml:17: steps[2].read.receipt: want send or deny, got "perhaps"`},
		{"boris-laptop.alfa.example, letter", "boris-browser.alfa.example, letter", "small.yaml:17: steps[2].read.receipt: boris-browser.alfa.example does not ask its user: it needs receipts: ask"},
		{"receipts: ask", "receipts: always", `small.yaml:13: world.domains[0].people[1].devices[0].receipts: want ask, got "always"`},
		{"letter: 1", "letters: 1", `small.yaml:17: steps[2].read.letters: unknown field "letters"`},
	})
}
