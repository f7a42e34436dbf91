package lesson

import (
	"strings"
	"testing"
)

// TestWhoIsRefusedTakesLeave: a session ends with QUIT, however it went.
func TestWhoIsRefusedTakesLeave(t *testing.T) {
	const world = `name: refused
unit: 1
title: {en: Refused}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [submission], max_size: 2000}]
      people: [{name: anna, password: a, devices: [{kind: laptop, password: PASSWORD}]}]
steps:
  - send: {device: anna-laptop.alfa.example, to: [anna@alfa.example], subject: Hi, text: Hello, attach: [{name: a.pdf, octets: 3000}]}
expect:
  - {says: {en: so it is}, order: [{kind: line, code: "CODE"}, {kind: line, text: QUIT}, {kind: line, code: "221"}, {kind: device, action: failed}]}
`
	for password, code := range map[string]string{"a": "552", "b": "535"} {
		lesson := strings.NewReplacer("PASSWORD", password, "CODE", code).Replace(world)
		if got := failures(t, lesson); got != nil {
			t.Errorf("%s: %q", code, got)
		}
	}
}
