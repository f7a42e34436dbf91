package stagetest

import (
	"log/slog"
	"strings"
	"testing"

	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

// What must not be overheard in Cafe.
const (
	CafePassword = "romashka-7"
	CafeSecret   = "the rocket starts at noon"
)

// Cafe is the recording of Anna sending herself a letter and fetching it, in a
// café in which Eve listens. device is what her laptop has in a lesson's file,
// such as "security: starttls".
func Cafe(t *testing.T, device string) trace.Recording {
	t.Helper()
	l, err := lesson.Parse("cafe.yaml", []byte(strings.Replace(cafe, "DEVICE", device, 1)))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if !res.OK() {
		t.Fatalf("%+v", res.Checks)
	}
	return res.Recording
}

const cafe = `
name: cafe
number: 99
unit: 1
title: {ru: Кафе, en: The café}
promise: {ru: Ева слушает, en: Eve listens}
belief: {wrong: {ru: а, en: a}, right: {ru: б, en: b}}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  eavesdropper: {title: {ru: Ева, en: Eve}, place: {ru: кафе, en: the café}, hears: [anna-laptop.romashka.example]}
  domains:
    - name: romashka.example
      title: {ru: наш офис, en: our office}
      servers:
        - name: mail.romashka.example
          address: 192.0.2.10
          services: [smtp, submission, submissions, pop3, pop3s, imap, imaps]
          tls: {}
          cleartext_auth: true
          auth: [SCRAM-SHA-256, CRAM-MD5, PLAIN, LOGIN]
      mx: [{host: mail.romashka.example, preference: 10}]
      people:
        - name: anna
          title: {ru: Анна, en: Anna}
          password: romashka-7
          devices: [{kind: laptop, DEVICE}]
    - name: rocket.example
      servers:
        - {name: mx1.rocket.example, address: 198.51.100.10, services: [smtp], tls: {}}
      mx: [{host: mx1.rocket.example, preference: 10}]
      people: [{name: ilon, password: mars}]
steps:
  - chapter: {ru: Отправить, en: Send}
    send:
      device: anna-laptop.romashka.example
      to: [anna@romashka.example, ilon@rocket.example]
      subject: Noon
      text: |
        Psst, the rocket starts at noon.
  - poll: anna-laptop.romashka.example
  - read: {device: anna-laptop.romashka.example, letter: 1}
narrate: []
questions:
  - ask: {ru: а, en: a}
    answers: [{text: {ru: а, en: a}, why: {ru: а, en: a}, right: true}]
expect:
  - says: {ru: а, en: a}
    sees: {kind: device, action: read, from: anna-laptop.romashka.example}
`
