package lesson

import "testing"

// A server loses its power with a 250 on its lips, another one at once: the
// letter arrives twice, and the one that nobody took is with its sender.
func TestPowerSteps(t *testing.T) {
	if got := failures(t, `name: power-try
unit: 4
title: {en: Power, ru: Питание}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: romashka.example
      servers: [{name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, imap], retry: [15m]}]
      mx: [{host: mail.romashka.example, preference: 10}]
      people: [{name: anna, title: {en: Anna}, password: a, devices: [{kind: laptop, receive: imap}]}]
    - name: rocket.example
      servers: [{name: mx1.rocket.example, address: 198.51.100.10, services: [smtp, imap]}]
      mx: [{host: mx1.rocket.example, preference: 10}]
      people: [{name: ilon, title: {en: Ilon}, password: i, devices: [{kind: phone, receive: imap}]}]
steps:
  - sync: ilon-phone.rocket.example
  - fault: {type: power, host: mx1.rocket.example, says: '250 2.0.0 queued*', for: 10m}
  - send: {device: anna-laptop.romashka.example, to: [ilon@rocket.example], subject: One, text: Hi}
  - wait: 20m
  - power_off: mail.romashka.example
  - send: {device: anna-laptop.romashka.example, to: [ilon@rocket.example], subject: Two, text: Hi}
  - power_on: mail.romashka.example
  - sync: ilon-phone.rocket.example
expect:
  - {says: {en: twice}, mailbox: {address: ilon@rocket.example, letters: 2}}
  - {says: {en: struck}, sees: {kind: fault, type: power, action: struck}, times: 1}
  - {says: {en: off}, sees: {kind: fault, type: power, action: 'off'}, times: 2}
  - {says: {en: "the second letter is with its sender, and the phone noticed"}, sees: {kind: device, action: failed}, times: 2}
`); got != nil {
		t.Errorf("%q", got)
	}
}
