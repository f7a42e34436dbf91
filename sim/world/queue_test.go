package world

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
)

// town is a world for the queue: a healthy office, and domains that are
// unreachable each in its own way.
const town = `
start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: romashka.example
    servers: [{name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, pop3], lax_sender: true, retry: [15m, 1h], expire: 4h}]
    mx: [{host: mail.romashka.example, preference: 10}]
    people:
      - {name: anna, password: a, devices: [{kind: laptop}]}
      - {name: boris, password: b, devices: [{kind: laptop}]}
  - name: rocket.example
    servers: [{name: mx1.rocket.example, address: 198.51.100.10, services: [smtp, pop3]}]
    mx: [{host: mx1.rocket.example, preference: 10}]
    people: [{name: ilon, password: i, devices: [{kind: phone}]}]
  - name: down.example
    servers: [{name: mx.down.example, address: 198.51.100.30, services: []}]
    mx: [{host: mx.down.example, preference: 10}]
  - name: nomx.example
    servers: [{name: nomx.example, address: 198.51.100.40, services: [smtp]}]
    people: [{name: nina, password: n}]
  - name: backup.example
    servers:
      - {name: mx1.backup.example, address: 198.51.100.50, services: []}
      - {name: mx2.backup.example, address: 198.51.100.51, services: [smtp], backup: true, retry: [10m], expire: 25m}
    mx: [{host: mx1.backup.example, preference: 10}, {host: mx2.backup.example, preference: 20}]
    people: [{name: bob, password: b}]
  - name: nomail.example
    null_mx: true
  - name: loop.example
    servers: [{name: mx.loop.example, address: 198.51.100.60, services: [smtp], open_relay: true}]
    mx: [{host: mx.loop.example, preference: 10}]
  - name: round.example
    mx: [{host: mx.loop.example, preference: 10}]
`

func start(t *testing.T) (*World, *clock.Sim) {
	t.Helper()
	return startYAML(t, town)
}

func startYAML(t *testing.T, yaml string) (*World, *clock.Sim) {
	t.Helper()
	spec := &Spec{}
	f, err := Decode("town.yaml", []byte(yaml), spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := spec.Check(f, ""); err != nil {
		t.Fatal(err)
	}
	c := clock.NewSim(spec.Start)
	w, err := Start(t.Context(), spec, f, c, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, c
}

// send has Anna write to recipients, and lets a simulated day pass.
func send(t *testing.T, w *World, c *clock.Sim, to ...string) {
	t.Helper()
	d := w.Device("anna-laptop.romashka.example")
	l, err := d.Compose(mua.Draft{To: to, Subject: "Test", Text: "Hello\n"})
	if err != nil {
		t.Fatal(err)
	}
	d.Send(t.Context(), l)
	if err := c.Run(t.Context(), c.Now()+24*time.Hour); err != nil {
		t.Fatal(err)
	}
}

// queue lists what queues did: "mail.romashka.example bounced [ilon@…] reason".
func queue(w *World) (list []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if q, ok := e.Body.(*trace.Queue); ok {
			list = append(list, fmt.Sprint(strings.Split(e.From, ".")[0], ".", strings.Split(e.From, ".")[1], " ", q.Action, " ", q.Recipients))
		}
	}
	return list
}

func letters(w *World, address string) [][]byte {
	var list [][]byte
	for _, m := range w.Home(address).Store().Box(address).Messages() {
		list = append(list, m.Data)
	}
	return list
}

// bounces wants exactly one notification with a status in Anna's mailbox.
func bounces(t *testing.T, w *World, status string) {
	t.Helper()
	got := letters(w, "anna@romashka.example")
	if len(got) != 1 {
		t.Fatalf("%d notifications, want 1; queues: %q", len(got), queue(w))
	}
	for _, want := range []string{"Return-Path: <>\r\n", "multipart/report", "message/delivery-status",
		"Status: " + status, "Action: failed", "Subject: Test", "Auto-Submitted: auto-replied"} {
		if !bytes.Contains(got[0], []byte(want)) {
			t.Errorf("the notification lacks %q:\n%s", want, got[0])
		}
	}
}

func TestUndeliverable(t *testing.T) {
	for _, tt := range []struct{ to, status string }{
		{"nobody@rocket.example", "5.1.1"},
		{"anybody@nomail.example", "5.1.10"},
		{"anybody@nowhere.example", "5.1.2"},
		{"anybody@down.example", "4.4.7"},
		{"anybody@round.example", "5.4.6"},
	} {
		t.Run(tt.to, func(t *testing.T) {
			t.Parallel()
			w, c := start(t)
			send(t, w, c, tt.to)
			bounces(t, w, tt.status)
		})
	}
}

func TestNoNotificationAboutANotification(t *testing.T) {
	w, c := start(t)
	d := w.Device("anna-laptop.romashka.example")
	l, err := d.Compose(mua.Draft{To: []string{"nobody@rocket.example"}, Subject: "Test"})
	if err != nil {
		t.Fatal(err)
	}
	l.From = "gone@romashka.example"
	d.Send(t.Context(), l)
	if err := c.Run(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	q := queue(w)
	if last := q[len(q)-1]; last != "mail.romashka discarded [gone@romashka.example]" {
		t.Errorf("the last word is %q; all: %q", last, q)
	}
}

func TestRetriesAtTheScheduledTimes(t *testing.T) {
	w, c := start(t)
	send(t, w, c, "anybody@down.example")
	var at []time.Duration
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if e.Kind() == trace.KindRefused {
			at = append(at, e.At.Round(time.Minute))
		}
	}
	want := []time.Duration{0, 15 * time.Minute, 75 * time.Minute, 135 * time.Minute, 195 * time.Minute}
	if !slices.Equal(at, want) {
		t.Errorf("attempts at %v, want %v", at, want)
	}
}

func TestAddressRecordServesWithoutMX(t *testing.T) {
	w, c := start(t)
	send(t, w, c, "nina@nomx.example")
	if n := len(letters(w, "nina@nomx.example")); n != 1 {
		t.Errorf("nina has %d letters; queues: %q", n, queue(w))
	}
}

func TestLetterToSeveralDomainsSplits(t *testing.T) {
	w, c := start(t)
	send(t, w, c, "boris@romashka.example", "ilon@rocket.example", "nina@nomx.example", "nobody@rocket.example")
	for _, a := range []string{"boris@romashka.example", "ilon@rocket.example", "nina@nomx.example"} {
		if n := len(letters(w, a)); n != 1 {
			t.Errorf("%s has %d letters; queues: %q", a, n, queue(w))
		}
	}
	bounces(t, w, "5.1.1")
}

func TestBackupHoldsTheLetter(t *testing.T) {
	w, c := start(t)
	send(t, w, c, "bob@backup.example")
	q := queue(w)
	for _, want := range []string{"mail.romashka relayed [bob@backup.example]", "mx2.backup accepted [bob@backup.example]",
		"mx2.backup deferred [bob@backup.example]", "mx2.backup bounced [bob@backup.example]"} {
		if !slices.Contains(q, want) {
			t.Errorf("no %q in %q", want, q)
		}
	}
	bounces(t, w, "4.4.7")
}

func TestQueuesEndEmpty(t *testing.T) {
	w, c := start(t)
	send(t, w, c, "boris@romashka.example", "ilon@rocket.example", "anybody@down.example", "anybody@nomail.example", "bob@backup.example")
	length := map[string]int{}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if q, ok := e.Body.(*trace.Queue); ok {
			length[e.From] = q.Length
		}
	}
	for host, n := range length {
		if n != 0 {
			t.Errorf("%s ends with %d entries in its queue", host, n)
		}
	}
}

// A server with a smarthost asks nobody for the way, and hands it a letter for
// two domains once; the smarthost relays for it, and for nobody else.
func TestSmarthost(t *testing.T) {
	text := strings.Replace(town, "retry: [15m, 1h]", "smarthost: mx1.rocket.example, retry: [15m, 1h]", 1)
	w, c := startYAML(t, text)
	send(t, w, c, "boris@romashka.example", "ilon@rocket.example", "nina@nomx.example", "nobody@nowhere.example")
	for _, a := range []string{"boris@romashka.example", "ilon@rocket.example", "nina@nomx.example"} {
		if n := len(letters(w, a)); n != 1 {
			t.Errorf("%s has %d letters; queues: %q", a, n, queue(w))
		}
	}
	bounces(t, w, "5.1.2")
	if q := queue(w); !slices.Contains(q, "mail.romashka relayed [ilon@rocket.example nina@nomx.example nobody@nowhere.example]") {
		t.Errorf("queues: %q", q)
	}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if l, ok := w.Trace.At(seq).Body.(*trace.Lookup); ok && l.Type == "MX" && w.Trace.At(seq).From == "mail.romashka.example" {
			t.Errorf("it asked for %s of %s", l.Type, l.Name)
		}
	}
	conn, err := w.Net.Dial(t.Context(), "nomx.example", netip.MustParseAddrPort("198.51.100.10:25"))
	if err != nil {
		t.Fatal(err)
	}
	o := conn.Wire()
	o.Timeout = 10 * time.Second
	stranger := smtp.NewClient(conn, o)
	defer stranger.Close()
	if err := errors.Join(stranger.Greet(t.Context()), stranger.Hello(t.Context(), "nomx.example")); err != nil {
		t.Fatal(err)
	}
	env := smtp.Envelope{Mail: smtp.Mail{From: "nina@nomx.example"}, Rcpts: []smtp.Rcpt{{To: "anna@romashka.example"}}}
	if _, err := stranger.Send(t.Context(), env, []byte(letter)); !errors.Is(err, smtp.ErrNoRcpts) {
		t.Errorf("it relays for a stranger: %v", err)
	}
}
