package lesson

import "testing"

// TestSettingsAreChanged: a password that was mistyped is put right, and a
// device grows careful; what was open is opened anew.
func TestSettingsAreChanged(t *testing.T) {
	const world = `name: settings
unit: 1
title: {en: Settings}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [submission, submissions, imap, imaps], tls: {}, cleartext_auth: true}]
      people: [{name: anna, password: a, devices: [{kind: laptop, receive: imap, password: b, security: if_offered}]}]
steps:
  - sync: anna-laptop.alfa.example
  - set: {device: anna-laptop.alfa.example, password: a}
  - sync: anna-laptop.alfa.example
  - set: {device: anna-laptop.alfa.example, security: tls}
  - sync: anna-laptop.alfa.example
  - send: {device: anna-laptop.alfa.example, to: [anna@alfa.example], subject: Hi, text: Hello}
expect:
`
	for _, expect := range []string{
		`order: [{kind: line, code: "NO"}, {kind: device, action: set, text: "password: …"}, {kind: line, text: "* OK *", code: OK}, {kind: device, action: nothing}]`,
		`order: [{kind: connect, service: imap}, {kind: device, action: set, text: "security: tls"}, {kind: close}, {kind: connect, service: imaps}, {kind: connect, service: submissions}]`,
		"mailbox: {address: anna@alfa.example, letters: 1}",
	} {
		if got := failures(t, world+"  - {says: {en: so it is}, "+expect+"}\n"); got != nil {
			t.Errorf("%s: %q", expect, got)
		}
	}
}
