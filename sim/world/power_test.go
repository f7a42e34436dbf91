package world

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
)

const (
	sender   = "mail.romashka.example"
	receiver = "mx1.rocket.example"
)

// outage is one loss of power: at a line that a host says or hears for the
// nth time.
type outage struct {
	host  string
	heard bool
	line  string
	nth   int // from 1
	proto string
}

func (o outage) String() string {
	what := "says"
	if o.heard {
		what = "hears"
	}
	line, _, _ := strings.Cut(o.line, "\n")
	return fmt.Sprintf("%s %s %q %d", o.host, what, line, o.nth)
}

// fault is what has it happen.
func (o outage) fault() fault.Fault {
	f := fault.Fault{Name: o.String(), Type: fault.Power, Host: o.host, For: "10m", Every: o.nth}
	if o.nth == 1 {
		f.Every, f.Times = 0, fault.Once
	}
	line := o.line
	if first, _, block := strings.Cut(line, "\r\n"); block { // of a letter
		line = first + "*"
	}
	if o.heard {
		f.Hears = line
	} else {
		f.Says = line
	}
	return f
}

// outages lists every place in a recording at which a mail server could lose
// its power: before each line that it says, and after each that it hears.
func outages(w *World) (list []outage) {
	seen := map[string]int{}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		l, ok := e.Body.(*trace.Line)
		if !ok {
			continue
		}
		for _, o := range []outage{{host: e.From, line: l.Text, proto: e.Proto}, {host: e.To, heard: true, line: l.Text, proto: e.Proto}} {
			if w.Server(o.host) != nil {
				key := o.host + fmt.Sprint(o.heard) + o.line
				seen[key]++
				o.nth = seen[key]
				list = append(list, o)
			}
		}
	}
	return list
}

// townYAML is town, in clear or with encryption everywhere.
func townYAML(secure bool) string {
	if !secure {
		return town
	}
	return strings.NewReplacer("expire: 4h", "expire: 4h, tls: {certificate: good}", "services: [smtp, pop3]}", "services: [smtp, pop3], tls: {certificate: good}}",
		"{kind: laptop}", "{kind: laptop, security: starttls}").Replace(town)
}

// deliverOne has Anna write to Ilon, with an outage or without one.
func deliverOne(t *testing.T, secure bool, places ...outage) (w *World, struck int, sent error) {
	t.Helper()
	w, c := startYAML(t, townYAML(secure))
	for _, o := range places {
		if err := w.Break(o.fault()); err != nil && !errors.Is(err, fault.ErrTwice) {
			t.Fatal(err)
		}
	}
	d := w.Device("anna-laptop.romashka.example")
	l, err := d.Compose(mua.Draft{To: []string{"ilon@rocket.example"}, Subject: "Test", Text: "Hello\n"})
	if err != nil {
		t.Fatal(err)
	}
	sent = d.Send(t.Context(), l)
	if err := c.Run(t.Context(), c.Now()+24*time.Hour); err != nil {
		t.Fatal(err)
	}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if f, ok := w.Trace.At(seq).Body.(*trace.Fault); ok && f.Action == "struck" && f.Line != "" {
			struck++
		}
	}
	return w, struck, sent
}

// certain wants a letter that was answered 250 to be in the mailbox, once or
// twice, and one that was not to be known as not sent; and nothing to be left.
func certain(t *testing.T, w *World, sent error) {
	t.Helper()
	answered, failed := false, false
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		switch b := e.Body.(type) {
		case *trace.Line:
			answered = answered || e.To == "anna-laptop.romashka.example" && strings.HasPrefix(b.Text, "250 2.0.0 queued as")
		case *trace.Device:
			failed = failed || b.Action == "failed"
		}
	}
	n := len(letters(w, "ilon@rocket.example"))
	switch {
	case answered && (n < 1 || n > 2):
		t.Errorf("answered 250, and %d letters arrived; queues: %q", n, queue(w))
	case !answered && (sent == nil || !failed || n > 1):
		t.Errorf("not answered 250; the device says %v, %d letters arrived; queues: %q", sent, n, queue(w))
	}
	for _, host := range []string{sender, receiver} {
		if left := w.Server(host).Queue(); left != 0 {
			t.Errorf("%s has %d entries in its queue", host, left)
		}
	}
}

// The power is lost at every place of the dialogue on both hops: before and
// after each line, of the server that hears it and of the one that says it.
func TestPowerLostAnywhere(t *testing.T) {
	for _, secure := range []bool{false, true} {
		w, _, sent := deliverOne(t, secure)
		certain(t, w, sent)
		all := outages(w)
		if len(all) < 60 {
			t.Fatalf("only %d places", len(all))
		}
		for i, o := range all {
			t.Run(fmt.Sprint("secure=", secure, "/", o), func(t *testing.T) {
				t.Parallel()
				w, struck, sent := deliverOne(t, secure, o)
				if struck != 1 {
					t.Fatalf("struck %d times", struck)
				}
				certain(t, w, sent)
				if i%4 != 0 { // every run once more takes too long
					return
				}
				again, _, _ := deliverOne(t, secure, o)
				if one, two := recording(t, w), recording(t, again); !bytes.Equal(one, two) {
					t.Errorf("two runs differ:\n%s", difference(one, two))
				}
			})
		}
	}
}

// Power goes and comes back several times, at places of a seed's choice.
func TestPowerLostAtRandom(t *testing.T) {
	w, _, _ := deliverOne(t, false)
	all := outages(w)
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			var places []outage
			for range 2 + r.IntN(5) {
				o := all[r.IntN(len(all))]
				o.nth += r.IntN(2)
				places = append(places, o)
			}
			w, struck, sent := deliverOne(t, false, places...)
			n := len(letters(w, "ilon@rocket.example"))
			if sent == nil && (n < 1 || n > 1+struck) {
				t.Errorf("%d letters arrived after %d losses of power at %v; queues: %q", n, struck, places, queue(w))
			}
			for _, host := range []string{sender, receiver} {
				if left := w.Server(host).Queue(); left != 0 {
					t.Errorf("%s has %d entries in its queue after %v: %q", host, left, places, queue(w))
				}
			}
		})
	}
}

// A letter that comes twice does so because the sender did not hear 250, or
// could not cross it out.
func TestPowerLostBetweenReplyAndQueue(t *testing.T) {
	for _, tt := range []struct {
		o    outage
		want int
	}{
		{outage{host: receiver, line: "250 2.0.0 queued as Q1", nth: 1}, 2},
		{outage{host: sender, heard: true, line: "250 2.0.0 queued as Q1", nth: 1}, 2},
		{outage{host: receiver, heard: true, line: ".", nth: 1}, 1},
		{outage{host: sender, line: "QUIT", nth: 1}, 1},
	} {
		w, _, _ := deliverOne(t, false, tt.o)
		if n := len(letters(w, "ilon@rocket.example")); n != tt.want {
			t.Errorf("%v: %d letters, want %d; queues: %q", tt.o, n, tt.want, queue(w))
		}
	}
}

// A host without power does not answer, its idling clients lose it, and what
// waits in queues elsewhere comes when it is back.
func TestHostWithoutPower(t *testing.T) {
	w, c := start(t)
	if err := w.PowerOff("nobody.example"); err == nil {
		t.Error("a host that does not exist lost its power")
	}
	if err := w.PowerOn(receiver); err == nil {
		t.Error("a host with power got it")
	}
	if err := w.PowerOff(receiver); err != nil {
		t.Fatal(err)
	}
	if err := w.PowerOff(receiver); err == nil {
		t.Error("a host without power lost it")
	}
	c.After(3*time.Hour, func(context.Context) {
		if err := w.PowerOn(receiver); err != nil {
			t.Error(err)
		}
	})
	send(t, w, c, "ilon@rocket.example")
	timedOut := 0
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if r, ok := w.Trace.At(seq).Body.(*trace.Refused); ok && r.Reason == "connection timed out" {
			timedOut++
		}
	}
	if n := len(letters(w, "ilon@rocket.example")); n != 1 || timedOut != 4 {
		t.Errorf("%d letters, %d attempts in vain; queues: %q", n, timedOut, queue(w))
	}
}

// What was put off keeps its time when the server comes back; what was being
// worked on is tried at once.
func TestQueueResumesOnTime(t *testing.T) {
	w, c := start(t)
	c.After(5*time.Minute, func(context.Context) { w.PowerOff(sender) })
	c.After(10*time.Minute, func(context.Context) { w.PowerOn(sender) })
	c.After(16*time.Minute, func(context.Context) { w.PowerOff(sender) })
	c.After(2*time.Hour, func(context.Context) { w.PowerOn(sender) })
	send(t, w, c, "anybody@down.example")
	var at []time.Duration
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if e := w.Trace.At(seq); e.Kind() == trace.KindRefused {
			at = append(at, e.At.Round(time.Minute))
		}
	}
	want := []time.Duration{0, 15 * time.Minute, 2 * time.Hour, 3 * time.Hour}
	if fmt.Sprint(at) != fmt.Sprint(want) {
		t.Errorf("attempts at %v, want %v", at, want)
	}
	bounces(t, w, "4.4.7")
}

// recording is all that was recorded, as a file.
func recording(t *testing.T, w *World) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := trace.Write(&b, trace.Recording{Header: trace.Header{Start: w.Spec.Start, World: w.Header}, Trace: w.Trace}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// difference is the first line in which two recordings differ.
func difference(one, two []byte) string {
	a, b := strings.Split(string(one), "\n"), strings.Split(string(two), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + "\n" + b[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(a), len(b))
}

// In real time too: programs from outside lose their connection without a
// word, and find the host at the same place when it is back, with what it had
// accepted.
func TestPowerInRealTime(t *testing.T) {
	l := serving(t)
	at := l.addrOf(receiver, "smtp")
	c, err := dial(at)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.letter("x@x.test", "ilon@rocket.example"); err != nil {
		t.Fatal(err)
	}
	if err := l.PowerOff(receiver); err != nil {
		t.Fatal(err)
	}
	if err := c.say("NOOP\r\n", '2'); err == nil || strings.Contains(err.Error(), "421") {
		t.Errorf("a host without power: %v", err)
	}
	if _, err := dial(at); err == nil {
		t.Error("a host without power greets")
	}
	if err := l.PowerOn(receiver); err != nil {
		t.Fatal(err)
	}
	if c, err = dial(at); err != nil {
		t.Fatal(err)
	}
	if err := c.letter("x@x.test", "ilon@rocket.example"); err != nil {
		t.Fatal(err)
	}
	c.quit()
	stored := 0
	await(t, l, "two letters in the mailbox", func(e *trace.Event) bool {
		if e.Kind() == trace.KindStore {
			stored++
		}
		return stored == 2
	})
}
