package world

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/fault"
	"mailscope/sim/mailbox"
	"mailscope/sim/trace"
)

// The hosts of a storm.
const (
	relayA   = "relay-a.carrier.example"
	relayB   = "relay-b.carrier.example"
	harbour  = "mx.harbour.example"
	captain  = "captain@harbour.example"
	senders  = 50
	inARow   = 2  // letters of one sender's session
	wrongTo  = 97 // every such letter is to nobody
	maxWaves = 1000
)

// storm is fifty senders in two offices, whose servers hand everything to a
// relay each, and the harbour where all letters are to arrive; and a count of
// what becomes of every letter.
type storm struct {
	tb    testing.TB
	w     *World
	clock *clock.Sim

	wanted, written int         // letters to be sent, and those that were written so far
	unsent          [][]*posted // by sender: not answered 250 yet
	letters         map[string]*posted
	tally           tally
}

// posted is one letter and what happened to it.
type posted struct {
	id, to   string
	number   int // its Message-ID
	heard    int // answers 250 to its sender
	accepted int // times that a server took it into its queue
	relayed  int // times that a server crossed it out, relayed
	arrived  int // copies in the mailbox
	notified int // notifications about it
}

// tally is what became of all letters.
type tally struct {
	accepted, delivered, bounced, duplicates, unheard int
	struck                                            map[string]int // by the name of the fault
}

// newStorm starts the world of a storm.
func newStorm(tb testing.TB) *storm {
	tb.Helper()
	var b strings.Builder
	b.WriteString("start: 2026-09-01T09:00:00Z\ndns: {name: ns.example, address: 203.0.113.53}\ndomains:\n")
	for i, office := range []string{"north", "south"} {
		fmt.Fprintf(&b, "  - name: %s.example\n    servers: [{name: mail.%s.example, address: 192.0.2.%d, services: [smtp, submission], smarthost: %s, retry: [5m, 15m, 1h]}]\n"+
			"    mx: [{host: mail.%s.example, preference: 10}]\n    people:\n", office, office, 1+i, []string{relayA, relayB}[i], office)
		for n := range senders / 2 {
			fmt.Fprintf(&b, "      - {name: s%d, password: p, devices: [{kind: laptop}]}\n", n)
		}
	}
	fmt.Fprintf(&b, "  - name: carrier.example\n    servers:\n      - {name: %s, address: 198.51.100.1, services: [smtp], retry: [5m, 15m, 1h]}\n"+
		"      - {name: %s, address: 198.51.100.2, services: [smtp], retry: [5m, 15m, 1h]}\n", relayA, relayB)
	fmt.Fprintf(&b, "  - name: harbour.example\n    servers: [{name: %s, address: 203.0.113.1, services: [smtp]}]\n"+
		"    mx: [{host: %s, preference: 10}]\n    people: [{name: captain, password: c}]\n", harbour, harbour)
	spec := &Spec{}
	f, err := Decode("storm.yaml", []byte(b.String()), spec)
	if err == nil {
		err = spec.Check(f, "")
	}
	if err != nil {
		tb.Fatal(err)
	}
	c := clock.NewSim(spec.Start)
	w, err := Start(context.Background(), spec, f, c, true, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := w.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &storm{tb: tb, w: w, clock: c, unsent: make([][]*posted, senders), letters: map[string]*posted{},
		tally: tally{struck: map[string]int{}}}
}

// rage has n letters sent through everything that goes wrong, and waits until
// every queue is empty.
func (s *storm) rage(n int) {
	s.tb.Helper()
	s.wanted += n
	s.trouble()
	for wave := 0; s.wave(); wave++ {
		if wave == maxWaves {
			s.tb.Fatalf("after %d waves letters are not sent", wave)
		}
		switch wave % 10 {
		case 0, 1:
			s.losePower([]string{relayA, relayB}[wave%2], wave%2 == 0)
		case 2:
			s.losePower(harbour, false)
		case 3:
			s.wrong(fault.Fault{Type: fault.Down, Host: relayB})
		case 5:
			s.mend(fault.Down)
		}
		s.pass(10 * time.Minute)
		s.count()
	}
	s.calm()
	for hour := 0; s.queued() > 0; hour++ {
		if hour == 5*24 {
			s.tb.Fatalf("after five days %d letters are in queues", s.queued())
		}
		s.pass(time.Hour)
	}
	s.count()
}

// wave has each sender write some letters and submit what is not sent yet; it
// tells whether there was anything to send.
func (s *storm) wave() (any bool) {
	for i := range s.unsent {
		for len(s.unsent[i]) < inARow && s.written < s.wanted {
			p := &posted{id: s.w.Net.NewLetter(), to: captain, number: s.written}
			if s.written++; s.written%wrongTo == 0 {
				p.to = "nobody@harbour.example"
			}
			s.letters[p.id] = p
			s.unsent[i] = append(s.unsent[i], p)
		}
		if len(s.unsent[i]) > 0 {
			any = true
			s.unsent[i] = s.submit(i, s.unsent[i])
		}
	}
	return any
}

// submit sends letters in one session, and returns those that were not
// answered 250.
func (s *storm) submit(i int, list []*posted) (left []*posted) {
	ctx := context.Background()
	domain, at := "north.example", "192.0.2.1:587"
	if i >= senders/2 {
		domain, at = "south.example", "192.0.2.2:587"
	}
	address := fmt.Sprintf("s%d@%s", i%(senders/2), domain)
	host := fmt.Sprintf("s%d-laptop.%s", i%(senders/2), domain)
	conn, err := s.w.Net.Dial(ctx, host, netip.MustParseAddrPort(at))
	if err != nil {
		return list
	}
	o := conn.Wire()
	o.Timeout = 10 * time.Second
	c := smtp.NewClient(conn, o)
	defer c.Close()
	if errors.Join(c.Greet(ctx), c.Hello(ctx, host), c.Auth(ctx, "PLAIN", address, "p")) != nil {
		return list
	}
	for n, p := range list {
		conn.SetLetter(p.id)
		env := smtp.Envelope{Mail: smtp.Mail{From: address}, Rcpts: []smtp.Rcpt{{To: p.to}}}
		sent, err := c.Send(ctx, env, fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nDate: Tue, 01 Sep 2026 09:00:00 +0000\r\nMessage-ID: <%d@storm.test>\r\nSubject: %d\r\n\r\n%s",
			address, p.to, p.number, p.number, strings.Repeat("The sea is rough tonight.\r\n", 20)))
		var refused *smtp.ReplyError
		switch {
		case err == nil && sent.Rcpts[0] == nil:
			p.heard++
			continue
		case errors.As(err, &refused) && refused.Code != 421, errors.Is(err, smtp.ErrNoRcpts):
			left = append(left, p)
			continue
		}
		return append(left, list[n:]...)
	}
	conn.SetLetter("")
	c.Quit(ctx)
	return left
}

// losePower takes a host's power the next time that it took a letter and is
// about to say so, or, as a sender, hears that a letter was taken; it has it
// back a quarter of an hour later.
func (s *storm) losePower(host string, sending bool) {
	f := fault.Fault{Name: "power", Type: fault.Power, Host: host, For: "15m", Says: "250 2.0.0 queued*", Times: fault.Once}
	if sending {
		f.Hears, f.Says = f.Says, ""
	}
	s.mend(f.Name) // what did not strike in time
	s.wrong(f)
}

// trouble switches on what goes wrong all the time.
func (s *storm) trouble() {
	for _, f := range []fault.Fault{
		{Name: "busy", Type: fault.Reply, Host: harbour, Command: fault.Letter, Reply: "451 4.3.0 not now", Every: 23},
		{Name: "shy", Type: fault.Reply, Host: relayA, Command: "RCPT TO:*", Reply: "450 4.2.0 not now", Every: 31},
		{Name: "tired", Type: fault.Reply, Host: "mail.north.example", Command: "MAIL FROM:*", Reply: "421 4.3.2 not now", Every: 37},
		{Name: "unheard", Type: fault.Cut, Host: relayB, Unanswered: fault.Letter, Every: 41},
		{Name: "unheard at the harbour", Type: fault.Cut, Host: harbour, Unanswered: fault.Letter, Every: 43},
		{Name: "cut", Type: fault.Cut, Host: "mail.south.example", After: "RCPT TO:*", Every: 47},
		{Name: "names", Type: fault.DNS, Answer: fault.ServFail, Every: 2},
	} {
		s.wrong(f)
	}
}

// wrong switches a fault on.
func (s *storm) wrong(f fault.Fault) {
	s.tb.Helper()
	if err := s.w.Break(f); err != nil {
		s.tb.Fatal(err)
	}
}

// calm mends everything.
func (s *storm) calm() {
	for _, f := range s.w.Faults() {
		s.mend(f.Called())
	}
}

// mend switches a fault off, if it is on.
func (s *storm) mend(name string) {
	s.tb.Helper()
	if err := s.w.Mend(name); err != nil && !errors.Is(err, fault.ErrNone) {
		s.tb.Fatal(err)
	}
}

// pass lets simulated time pass.
func (s *storm) pass(d time.Duration) {
	s.tb.Helper()
	if err := s.clock.Run(context.Background(), s.clock.Now()+d); err != nil {
		s.tb.Fatal(err)
	}
}

// queued is how many entries wait in all queues.
func (s *storm) queued() (n int) {
	for _, m := range s.w.machines {
		n += m.server.Queue()
	}
	return n
}

// count takes in what was recorded and what arrived, and forgets both: a
// recording of so many letters is not what is measured here.
func (s *storm) count() {
	for seq := 1; seq <= s.w.Trace.Len(); seq++ {
		e := s.w.Trace.At(seq)
		if f, ok := e.Body.(*trace.Fault); ok && f.Action == "struck" {
			s.tally.struck[f.Name]++
		}
		q, ok := e.Body.(*trace.Queue)
		p := s.letters[e.Letter]
		if !ok || p == nil {
			continue
		}
		switch q.Action {
		case "accepted":
			p.accepted++
		case "relayed":
			p.relayed++
		}
	}
	s.w.Trace = trace.New()
	s.w.Net.Trace = s.w.Trace
	for _, m := range s.empty(captain) {
		s.letters[m.Letter].arrived++
	}
	for i := range senders {
		address := fmt.Sprintf("s%d@%s.example", i%(senders/2), []string{"north", "south"}[i/(senders/2)])
		for _, m := range s.empty(address) {
			for _, p := range s.letters {
				if p.to != captain && bytes.Contains(m.Data, fmt.Appendf(nil, "<%d@storm.test>", p.number)) {
					p.notified++
				}
			}
		}
	}
}

// empty takes all letters out of an inbox.
func (s *storm) empty(address string) []mailbox.Message {
	box := s.w.Home(address).Store().Box(address)
	var uids []uint32
	for _, m := range box.Messages() {
		uids = append(uids, m.UID)
	}
	removed, _ := box.Remove(uids)
	return removed
}

// settle judges every letter once all queues are empty. A letter that arrived
// more than once was taken by a server whose 250 was not heard, or by whose
// sender it could not be crossed out: just as often as that happened.
func (s *storm) settle() {
	s.tb.Helper()
	for _, p := range s.letters {
		unheard := p.accepted - p.heard - p.relayed
		switch {
		case p.heard != 1:
			s.tb.Errorf("letter %d was answered 250 %d times", p.number, p.heard)
		case p.to != captain && (p.notified < 1 || p.arrived > 0):
			s.tb.Errorf("letter %d, to nobody: %d notifications, %d copies", p.number, p.notified, p.arrived)
		case p.to == captain && (p.arrived < 1 || p.notified > 0):
			s.tb.Errorf("letter %d: %d copies, %d notifications", p.number, p.arrived, p.notified)
		case p.to == captain && p.arrived-1 != unheard:
			s.tb.Errorf("letter %d arrived %d times, %d answers were lost", p.number, p.arrived, unheard)
		}
		s.tally.accepted++
		s.tally.unheard += unheard
		if p.to == captain {
			s.tally.delivered++
			s.tally.duplicates += p.arrived - 1
		} else {
			s.tally.bounced++
		}
	}
	s.letters = map[string]*posted{}
}

// TestStorm sends some hundreds of letters through everything that goes wrong
// at once, and accounts for every one.
func TestStorm(t *testing.T) {
	s := newStorm(t)
	s.rage(600)
	s.settle()
	if s.tally.accepted != 600 || s.tally.delivered+s.tally.bounced != 600 || s.tally.bounced != 600/wrongTo || s.tally.duplicates == 0 {
		t.Errorf("%+v", s.tally)
	}
	for _, name := range []string{"busy", "shy", "tired", "unheard", "unheard at the harbour", "cut", "names", "power", fault.Down} {
		if s.tally.struck[name] == 0 {
			t.Errorf("%q never struck", name)
		}
	}
	t.Logf("%+v", s.tally)
}

// BenchmarkStorm sends b.N letters likewise, and tells what a letter leaves in
// memory once queues, recording and mailboxes are empty: the mailboxes remember
// the numbers of the last 20,000 that were removed, 16 octets each, for QRESYNC.
func BenchmarkStorm(b *testing.B) {
	s := newStorm(b)
	s.rage(500) // whatever grows at the beginning has grown
	s.settle()
	before := heap()
	b.ResetTimer()
	s.rage(b.N)
	b.StopTimer()
	s.settle()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
	b.ReportMetric(float64(int64(heap())-int64(before))/float64(b.N), "B/letter")
	b.ReportMetric(float64(s.tally.duplicates)/float64(s.tally.accepted)*1000, "duplicates/1000")
	if s.tally.accepted != b.N+500 || s.tally.delivered+s.tally.bounced != s.tally.accepted {
		b.Errorf("%+v", s.tally)
	}
}

// heap is how many octets are in use, all rubbish taken out.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
