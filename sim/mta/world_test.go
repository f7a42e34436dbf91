package mta_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// town has a healthy office, one old server, and a host on which a test puts
// a server of its own.
const town = `
start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: romashka.example
    servers: [{name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, pop3], lax_sender: true, retry: [15m], warn: 1h, expire: 4h}]
    mx: [{host: mail.romashka.example, preference: 10}]
    people:
      - {name: anna, password: a, devices: [{kind: laptop}]}
      - {name: boris, password: b}
      - {name: zoya, password: z, quota: {octets: 1000, grace: 1h}, rotate: [{folder: Trash, after: 720h}]}
  - name: rocket.example
    servers: [{name: mx.rocket.example, address: 198.51.100.10, services: [smtp, pop3]}]
    mx: [{host: mx.rocket.example, preference: 10}]
    people: [{name: ilon, password: i, quota: {letters: 2}}]
  - name: old.example
    servers: [{name: mx.old.example, address: 198.51.100.20, services: [smtp], offer: [EHLO]}]
    mx: [{host: mx.old.example, preference: 10}]
    people: [{name: vera, password: v}]
  - name: fake.example
    servers: [{name: mx.fake.example, address: 198.51.100.30, services: []}]
    mx: [{host: mx.fake.example, preference: 10}]
`

const (
	office = "192.0.2.10"
	laptop = "anna-laptop.romashka.example"
)

// town is a running world and its clock.
type running struct {
	*world.World
	t     *testing.T
	clock *clock.Sim
}

func start(t *testing.T) *running { return startWorld(t, town) }

func startWorld(t *testing.T, yaml string) *running {
	t.Helper()
	spec := &world.Spec{}
	f, err := world.Decode("town.yaml", []byte(yaml), spec)
	if err == nil {
		err = spec.Check(f, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewSim(spec.Start)
	w, err := world.Start(t.Context(), spec, f, c, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return &running{w, t, c}
}

// pass lets simulated time pass.
func (w *running) pass(d time.Duration) {
	w.t.Helper()
	if err := w.clock.Run(w.t.Context(), w.clock.Now()+d); err != nil {
		w.t.Fatal(err)
	}
}

// submit sends a letter as Anna, with all that the envelope asks for.
func (w *running) submit(m smtp.Mail, letter string, rcpts ...smtp.Rcpt) {
	w.t.Helper()
	ctx := w.t.Context()
	conn, err := w.Net.Dial(ctx, laptop, netip.MustParseAddrPort(office+":587"))
	if err != nil {
		w.t.Fatal(err)
	}
	conn.SetLetter(w.Net.NewLetter())
	o := conn.Wire()
	o.Timeout = 10 * time.Second
	c := smtp.NewClient(conn, o)
	defer c.Close()
	if err := c.Greet(ctx); err != nil {
		w.t.Fatal(err)
	}
	if err := c.Hello(ctx, laptop); err != nil {
		w.t.Fatal(err)
	}
	if err := c.Auth(ctx, "PLAIN", "anna@romashka.example", "a"); err != nil {
		w.t.Fatal(err)
	}
	if m.From == "" {
		m.From = "anna@romashka.example"
	}
	sent, err := c.Send(ctx, smtp.Envelope{Mail: m, Rcpts: rcpts}, []byte(letter))
	if err != nil {
		w.t.Fatal(err)
	}
	for i, e := range sent.Rcpts {
		if e != nil {
			w.t.Fatalf("%s: %v", rcpts[i].To, e)
		}
	}
	if err := c.Quit(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// say opens a connection from Anna's laptop and says lines, one after the
// other; a line that ends in a dot of its own is a letter. It returns the last
// line of each reply, the greeting first.
func (w *running) say(at string, lines ...string) []string {
	w.t.Helper()
	return w.sayFrom(laptop, at, lines...)
}

// sayFrom is say from another host.
func (w *running) sayFrom(host, at string, lines ...string) []string {
	w.t.Helper()
	conn, err := w.Net.Dial(w.t.Context(), host, netip.MustParseAddrPort(at))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(conn)
	var replies []string
	for i := range len(lines) + 1 {
		if i > 0 {
			io.WriteString(conn, lines[i-1]+"\r\n")
		}
		line, err := r.ReadString('\n')
		for err == nil && len(line) > 3 && line[3] == '-' {
			line, err = r.ReadString('\n')
		}
		if err != nil {
			w.t.Fatalf("after %q: %v", replies, err)
		}
		replies = append(replies, strings.TrimSpace(line))
	}
	return replies
}

// letters lists what is in a mailbox.
func (w *running) letters(address string) (list []string) {
	for _, m := range w.Home(address).Store().Box(address).Messages() {
		list = append(list, string(m.Data))
	}
	return list
}

// only is the one letter of a mailbox.
func (w *running) only(address string) string {
	w.t.Helper()
	list := w.letters(address)
	if len(list) != 1 {
		w.t.Fatalf("%s has %d letters, want 1; queues: %q", address, len(list), w.queues())
	}
	return list[0]
}

// queues lists what the queues did.
func (w *running) queues() (list []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if q, ok := w.Trace.At(seq).Body.(*trace.Queue); ok {
			list = append(list, fmt.Sprintf("%s %s %v %s", w.Trace.At(seq).From, q.Action, q.Recipients, q.Reason))
		}
	}
	return list
}

// contains reports what a letter lacks.
func contains(t *testing.T, letter string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(letter, want) {
			t.Errorf("no %q in\n%s", want, letter)
		}
	}
}

// cut, in place of a reply, closes the connection once the client has spoken.
const cut = "cut"

// fake is a server on mx.fake.example that says what it was told to.
type fake struct {
	mu    sync.Mutex
	heard []string // lines of commands and letters
}

// pretend answers one connection after another: sessions hold the replies,
// the greeting first. Afterwards QUIT is answered.
func (w *running) pretend(sessions ...[]string) *fake {
	w.t.Helper()
	ln, err := w.Net.Listen("mx.fake.example", 25)
	if err != nil {
		w.t.Fatal(err)
	}
	f := &fake{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, replies := range sessions {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			f.converse(nc, append(replies, "221 bye"))
		}
	})
	w.t.Cleanup(func() { ln.Close(); wg.Wait() })
	return f
}

func (f *fake) converse(nc net.Conn, replies []string) {
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(nc)
	for i, reply := range replies {
		letter := i > 0 && strings.HasPrefix(replies[i-1], "354")
		for i > 0 {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			f.mu.Lock()
			f.heard = append(f.heard, strings.TrimSuffix(line, "\r\n"))
			f.mu.Unlock()
			if !letter || line == ".\r\n" || reply == cut {
				break
			}
		}
		if reply == cut {
			return
		}
		io.WriteString(nc, reply+"\r\n")
	}
}

// all is what the server was told.
func (f *fake) all() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.heard, "\n")
}
