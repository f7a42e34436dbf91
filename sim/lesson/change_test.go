package lesson

import "testing"

// reform is a lesson in which rocket.example says in turn how letters in its
// name are to be treated, and Mallory writes the same letter each time.
const reform = `name: reform
number: 1
unit: 3
title: {ru: Реформа, en: Reform}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: spam.example
      servers: [{name: out.spam.example, address: 203.0.113.66, services: [smtp, submission], lax_sender: true}]
      mx: [{host: out.spam.example, preference: 10}]
      spf: v=spf1 mx -all
      people: [{name: mallory, password: m, devices: [{kind: laptop}]}]
    - name: romashka.example
      servers: [{name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, imap], filter: {spf: true, dmarc: true}}]
      mx: [{host: mail.romashka.example, preference: 10}]
      people: [{name: anna, password: a, devices: [{kind: laptop, receive: imap}]}]
    - name: rocket.example
      servers: [{name: mx1.rocket.example, address: 198.51.100.10, services: [smtp]}]
      mx: [{host: mx1.rocket.example, preference: 10}]
steps:
  - change: {domain: rocket.example, dmarc: v=DMARC1; p=none}
  - send: &letter {device: mallory-laptop.spam.example, from: ilon@rocket.example, to: [anna@romashka.example], subject: Rocket, text: Pay}
  - change: {domain: rocket.example, dmarc: v=DMARC1; p=quarantine}
  - send: *letter
  - wait: 61m
  - send: *letter
  - change: {domain: rocket.example, dmarc: v=DMARC1; p=reject}
  - wait: 61m
  - send: *letter
narrate:
  - on: {kind: change, key: dmarc, text: "*reject"}
    say: {en: Enough}
expect:
  - sees: {kind: change, key: dmarc}
    times: 3
    says: {en: Three policies}
  - order:
      - {kind: change, text: "*none"}
      - {kind: verdict, letter: L1, check: filter, result: deliver}
      - {kind: change, text: "*quarantine"}
      - {kind: verdict, letter: L2, check: filter, result: deliver}
      - {kind: verdict, letter: L3, check: filter, result: junk}
      - {kind: change, text: "*reject"}
      - {kind: line, letter: L4, from: mail.romashka.example, code: "550"}
    says: {en: A policy holds once the one before is forgotten}
  - mailbox: {address: anna@romashka.example, letters: 2}
    says: {en: Two letters are in the inbox}
  - mailbox: {address: anna@romashka.example, folder: Junk, letters: 1}
    says: {en: One is in Junk}
`

// TestPolicyIsChanged: the same letter in the inbox, in Junk and refused.
func TestPolicyIsChanged(t *testing.T) {
	if got := failures(t, reform); got != nil {
		t.Errorf("failed: %q", got)
	}
}

func TestChangesOfALesson(t *testing.T) {
	step := "change: {domain: rocket.example, dmarc: v=DMARC1; p=none}"
	mistakes(t, reform, []mistake{
		{step, "change: {domain: rockets.example, spf: v=spf1 -all}", `small.yaml:22: steps[0].change.domain: no domain "rockets.example"`},
		{step, "change: {server: mail.alfa.example, starttls: false}", `small.yaml:22: steps[0].change.server: no server "mail.alfa.example"`},
		{step, "change: {device: anna-laptop.alfa.example, security: tls}", `small.yaml:22: steps[0].change.device: no device "anna-laptop.alfa.example"`},
		{step, "change: {spf: v=spf1 -all}", "small.yaml:22: steps[0].change.domain: want one of domain, server, device, got 0"},
		{step, "change: {domain: rocket.example}", "small.yaml:22: steps[0].change: nothing is changed"},
		{step, "change: {domain: rocket.example, spf: everybody}", "small.yaml:22: steps[0].change.spf: want one line that begins with v=spf1"},
		{step, "change: {domain: rocket.example, open_relay: true}", "small.yaml:22: steps[0].change.open_relay: this is no setting of rocket.example"},
		{step, "change: {domain: rocket.example, mx: [{host: mx9.rocket.example, preference: 1}]}", `small.yaml:22: steps[0].change.mx[0].host: no host "mx9.rocket.example"`},
		{step, "change: {domain: rocket.example, records: [www IN A 192.0.2.300]}", "small.yaml:22: steps[0].change.records[0]: records:"},
		{step, "change: {server: mx1.rocket.example, starttls: true}", "small.yaml:22: steps[0].change.starttls: STARTTLS needs tls"},
		{step, "change: {server: mx1.rocket.example, filter: {greylist: soon}}", "small.yaml:22: steps[0].change.filter.greylist: want a duration"},
		{step, "change: {server: mx1.rocket.example, max_size: -1}", "small.yaml:22: steps[0].change.max_size: want a number of octets"},
		{step, "change: {server: mx1.rocket.example, auth: GUESS}", "small.yaml:22: steps[0].change.auth[0]: want some of"},
		{step, "change: {device: anna-laptop.romashka.example, security: good}", "small.yaml:22: steps[0].change.security: want none, if_offered, starttls or tls"},
		{step, "change: {device: anna-laptop.romashka.example, auth: [PLAIN, LOGIN]}", "small.yaml:22: steps[0].change.auth: want none or one of"},
		{step, "change: {server: mx1.rocket.example, starttls: off}", "small.yaml:22: steps[0].change.starttls"},
		{step, "change: {server: mx1.rocket.example, filter: {sqf: true}}", "small.yaml:22: steps[0].change.filter.sqf: unknown field"},
		{"on: {kind: change, key: dmarc", "on: {kind: change, kez: dmarc", "small.yaml:32: narrate[0].on.kez: unknown field"},
	})
}
