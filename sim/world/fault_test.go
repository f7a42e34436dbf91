package world

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/sim/clock"
	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
)

// village is a world for faults: Anna writes, Bob and Vera get.
const village = `
start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: alfa.test
    servers: [{name: mail.alfa.test, address: 192.0.2.10, services: [smtp, submission, pop3], retry: [15m], expire: 4h}]
    mx: [{host: mail.alfa.test, preference: 10}]
    people: [{name: anna, password: a, devices: [{kind: laptop}]}]
  - name: beta.test
    servers: [{name: mx.beta.test, address: 198.51.100.10, services: [smtp, submission, pop3, imap], tls: {certificate: good}, cleartext_auth: true}]
    mx: [{host: mx.beta.test, preference: 10}]
    people:
      - {name: bob, password: b, devices: [{kind: laptop, receive: imap}]}
      - {name: vera, password: v, devices: [{kind: phone}]}
`

// villagers is a village under test.
type villagers struct {
	*World
	t *testing.T
	c *clock.Sim
}

func startVillage(t *testing.T, changes ...string) *villagers {
	t.Helper()
	spec := &Spec{}
	text := strings.NewReplacer(changes...).Replace(village)
	f, err := Decode("village.yaml", []byte(text), spec)
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
	return &villagers{w, t, c}
}

// breaks switches a fault on.
func (v *villagers) breaks(f fault.Fault) {
	v.t.Helper()
	if err := v.Break(f); err != nil {
		v.t.Fatal(err)
	}
}

// mends switches a fault off.
func (v *villagers) mends(name string) {
	v.t.Helper()
	if err := v.Mend(name); err != nil {
		v.t.Fatal(err)
	}
}

// sends has Anna write to recipients, and lets the world settle. It returns
// what her server said.
func (v *villagers) sends(to ...string) error {
	v.t.Helper()
	d := v.Device("anna-laptop.alfa.test")
	l, err := d.Compose(mua.Draft{To: to, Subject: "Hello", Text: "How are you?\n"})
	if err != nil {
		v.t.Fatal(err)
	}
	err = d.Send(v.t.Context(), l)
	v.settles()
	return err
}

// settles lets the world do what is due within a minute.
func (v *villagers) settles() {
	v.t.Helper()
	if err := v.c.Settle(v.t.Context(), time.Minute); err != nil {
		v.t.Fatal(err)
	}
}

// passes lets simulated time pass.
func (v *villagers) passes(d time.Duration) {
	v.t.Helper()
	if err := v.c.Run(v.t.Context(), v.c.Now()+d); err != nil {
		v.t.Fatal(err)
	}
}

// holds wants so many letters in a mailbox.
func (v *villagers) holds(address string, want int) {
	v.t.Helper()
	if n := len(letters(v.World, address)); n != want {
		v.t.Errorf("%s has %d letters, want %d; %s", address, n, want, v.log())
	}
}

// saw counts events that are written as a pattern says.
func (v *villagers) saw(pattern string) (n int) {
	for _, e := range v.events() {
		if fault.Like(pattern, e) {
			n++
		}
	}
	return n
}

// sees wants so many events that are written as a pattern says.
func (v *villagers) sees(want int, pattern string) {
	v.t.Helper()
	if n := v.saw(pattern); n != want {
		v.t.Errorf("%d events %q, want %d; %s", n, pattern, want, v.log())
	}
}

func (v *villagers) log() string { return strings.Join(v.events(), "\n") }

// events are the trace, an event a line: "fault struck reply mx.beta.test>mail.alfa.test L1 detail | line".
func (v *villagers) events() (list []string) {
	for seq := 1; seq <= v.Trace.Len(); seq++ {
		e := v.Trace.At(seq)
		at := fmt.Sprintf("%s>%s %s", e.From, e.To, e.Letter)
		switch b := e.Body.(type) {
		case *trace.Fault:
			list = append(list, fmt.Sprintf("fault %s %s %s %s | %s", b.Action, b.Type, at, b.Detail, b.Line))
		case *trace.Line:
			list = append(list, fmt.Sprintf("line %s %s", at, b.Text))
		case *trace.Queue:
			list = append(list, fmt.Sprintf("queue %s %s %v %s", b.Action, at, b.Recipients, b.Reason))
		case *trace.Refused:
			list = append(list, fmt.Sprintf("refused %s %s %s", at, b.Service, b.Reason))
		case *trace.Lookup:
			list = append(list, fmt.Sprintf("lookup %s %s %s %s %v cached %v", at, b.Name, b.Type, b.RCode, b.Answers, b.Cached))
		case *trace.Device:
			list = append(list, fmt.Sprintf("device %s %s %s", b.Action, at, b.Reason))
		case *trace.Close:
			list = append(list, fmt.Sprintf("close %s %s", at, b.Reason))
		case *trace.TLS:
			list = append(list, fmt.Sprintf("tls %s %s %v %s", at, b.Version, b.Verified, b.Reason))
		default:
			list = append(list, fmt.Sprintf("%s %s", e.Kind(), at))
		}
	}
	return list
}

// look has a device fetch its mail.
func (v *villagers) look(device string) error {
	_, err := v.Device(device).Poll(context.WithoutCancel(v.t.Context()))
	v.settles()
	return err
}

const bob, vera, annas, bobs, veras = "bob@beta.test", "vera@beta.test", "anna-laptop.alfa.test", "bob-laptop.beta.test", "vera-phone.beta.test"

func TestDown(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Down, Host: "mx.beta.test"})
	v.sees(1, "fault on down mx.beta.test>  mx.beta.test does not answer | ")
	before := v.c.Now()
	if err := v.sends(bob); err != nil {
		t.Fatal(err) // her own server is well
	}
	if waited := v.c.Now() - before; waited < 30*time.Second {
		t.Errorf("the call took %s", waited)
	}
	v.sees(1, "fault struck down mail.alfa.test>mx.beta.test *")
	v.sees(1, "refused mail.alfa.test>mx.beta.test  smtp connection timed out")
	v.sees(1, "queue deferred * connection timed out")
	v.holds(bob, 0)
	if err := v.look(bobs); err == nil {
		t.Error("a device reaches a server that is down")
	}
	v.mends("down")
	v.sees(1, "fault off down *")
	v.passes(time.Hour)
	v.holds(bob, 1)
	v.sees(1, "queue relayed *")
	if err := v.look(bobs); err != nil {
		t.Error(err)
	}
}

// A host that goes down takes its connections with it, and reaches nobody.
func TestDownBreaksWhatIsOpen(t *testing.T) {
	v := startVillage(t)
	if err := v.look(bobs); err != nil { // it stays connected
		t.Fatal(err)
	}
	v.breaks(fault.Fault{Type: fault.Down, Host: "mx.beta.test", Name: "beta"})
	if err := v.look(bobs); err != nil {
		t.Errorf("who only listens notices something: %v", err)
	}
	if err := v.Device(bobs).Quota(t.Context()); err == nil {
		t.Error("an open connection survives")
	}
	v.sees(1, "close bob-laptop.beta.test>mx.beta.test  connection lost")
	v.mends("beta")
	v.breaks(fault.Fault{Type: fault.Down, Host: "mail.alfa.test", Name: "alfa"})
	if err := v.sends(bob); err == nil {
		t.Error("a letter was submitted to a server that is down")
	}
	v.mends("alfa")
	v.breaks(fault.Fault{Type: fault.Down, Host: annas})
	if err := v.sends(bob); err == nil || !strings.Contains(err.Error(), "network is unreachable") {
		t.Errorf("a device that is down: %v", err)
	}
	v.sees(1, "refused anna-laptop.alfa.test>mail.alfa.test  submission network is unreachable")
}

func TestNameServerDown(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Down, Host: "ns.example"})
	if err := v.sends(bob); err != nil {
		t.Fatal(err)
	}
	v.sees(2, "fault struck down mail.alfa.test>ns.example *") // it asks twice
	v.sees(1, "lookup mail.alfa.test>ns.example L1 beta.test. MX  [] *")
	v.sees(1, "queue deferred * DNS gave no answer for beta.test")
	v.mends("down")
	v.passes(time.Hour)
	v.holds(bob, 1)
}

func TestRefused(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Refused, Host: "mx.beta.test", Service: "smtp", Times: fault.Once})
	v.sends(bob)
	v.sees(1, "fault struck refused mail.alfa.test>mx.beta.test *")
	v.sees(1, "queue deferred * connection refused")
	if err := v.look(bobs); err != nil {
		t.Errorf("another port is closed too: %v", err)
	}
	v.passes(time.Hour)
	v.holds(bob, 1)
	v.sees(1, "fault struck *")
}

// Each recipient is answered for itself: who was refused for now gets the
// letter later, the other one at once, and nobody twice.
func TestReplyPerRecipient(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Reply, Host: "mx.beta.test", Command: "rcpt to:<vera@*", Reply: "451 4.3.0 not now", Times: fault.Once})
	v.sends(bob, vera)
	v.holds(bob, 1)
	v.holds(vera, 0)
	v.sees(1, "fault struck reply mx.beta.test>mail.alfa.test L1 *")
	v.sees(1, "line mx.beta.test>mail.alfa.test L1 451 4.3.0 not now")
	v.sees(1, "queue deferred * [vera@beta.test] 451 4.3.0 not now")
	v.sees(1, "fault off reply *") // it strikes no more
	if on := v.Faults(); len(on) != 0 {
		t.Errorf("still on: %v", on)
	}
	v.passes(time.Hour)
	v.holds(bob, 1)
	v.holds(vera, 1)
	v.mends(fault.Reply)
	v.sees(1, "fault off reply *")
}

// What is said instead comes right before it is recorded that it was.
func TestStrikeIsRecordedWhereItHappens(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Reply, Host: "mx.beta.test", Command: fault.Greeting, Reply: "421 4.3.2 mx.beta.test not now"})
	v.sends(bob)
	list := v.events()
	i := slices.IndexFunc(list, func(e string) bool { return strings.HasPrefix(e, "fault struck") })
	if i < 1 || !strings.HasPrefix(list[i-1], "connect mail.alfa.test") || !strings.HasSuffix(list[i+1], "L1 421 4.3.2 mx.beta.test not now") {
		t.Errorf("recorded\n%s", v.log())
	}
	if e := v.Trace.At(i + 1); e.Conn == 0 || e.Proto != "smtp" || e.Letter != "L1" {
		t.Errorf("%+v", e)
	}
	v.holds(bob, 0)
	v.sees(1, "queue deferred *")
	v.mends("reply")
	v.passes(time.Hour)
	v.holds(bob, 1)
}

// A letter that was not accepted is not there, whatever is said.
func TestReplyToTheLetter(t *testing.T) {
	for reply, want := range map[string]int{"452 4.3.1 not now": 1, "554 5.3.0 never": 0, "250 2.0.0 forgotten": 0} {
		v := startVillage(t)
		v.breaks(fault.Fault{Type: fault.Reply, Host: "mx.beta.test", Command: fault.Letter, Reply: reply, Times: fault.Once})
		v.sends(bob)
		v.holds(bob, 0)
		v.sees(1, "fault struck *")
		v.passes(time.Hour)
		v.holds(bob, want)
		if n := len(letters(v.World, "anna@alfa.test")); (n == 1) != (reply[0] == '5') {
			t.Errorf("after %s Anna has %d notifications", reply, n)
		}
	}
}

// Every command of each protocol can be answered otherwise, and is then not
// carried out.
func TestReplyOfEachProtocol(t *testing.T) {
	for _, tt := range []struct {
		command, reply string
		device         string
		letters        int // on the device afterwards
		failed         string
	}{
		{fault.Greeting, "-ERR [SYS/TEMP] not now", veras, 0, "not now"},
		{"PASS *", "-ERR [SYS/TEMP] not now", veras, 0, "not now"},
		{"RETR *", "-ERR not now", veras, 0, "not now"},
		{"QUIT", "-ERR not now", veras, 1, "not now"},
		{fault.Greeting, "BYE not now", bobs, 0, "not now"},
		{"LOGIN *", "NO [UNAVAILABLE] not now", bobs, 0, "not now"},
		{"AUTHENTICATE *", "NO [UNAVAILABLE] not now", bobs, 0, "not now"},
		{"SELECT *", "BAD not now", bobs, 1, "not now"}, /* it tries again, to idle there */
		{"SELECT *", "BYE not now", bobs, 0, "not now"},
	} {
		v := startVillage(t)
		v.sends(bob, vera)
		v.breaks(fault.Fault{Type: fault.Reply, Host: "mx.beta.test", Command: tt.command, Reply: tt.reply, Times: fault.Once})
		err := v.look(tt.device)
		if v.saw("fault struck reply *") == 0 {
			continue // the device signs in otherwise
		}
		v.sees(1, "line mx.beta.test>"+tt.device+" *"+strings.TrimPrefix(tt.reply, "BYE "))
		if err == nil || !strings.Contains(err.Error(), tt.failed) {
			t.Errorf("%s %s: %v", tt.command, tt.reply, err)
		}
		if n := len(v.Device(tt.device).Letters()); n != tt.letters {
			t.Errorf("%s %s: %d letters on the device; %s", tt.command, tt.reply, n, v.log())
		}
		if err := v.look(tt.device); err != nil || len(v.Device(tt.device).Letters()) != 1 {
			t.Errorf("%s %s: afterwards %v, %d letters; %s", tt.command, tt.reply, err, len(v.Device(tt.device).Letters()), v.log())
		}
		if tt.device == veras {
			v.holds(vera, 0)
		}
	}
}

func TestBreakRefusesWhatCannotBe(t *testing.T) {
	v := startVillage(t)
	if err := v.Break(fault.Fault{Type: fault.Down, Host: "nobody.test"}); err == nil || !strings.Contains(err.Error(), `fault "down": host: no host "nobody.test"`) {
		t.Error(err)
	}
	if err := v.Break(fault.Fault{Type: fault.Certificate, Host: "mail.alfa.test", Certificate: "expired"}); err == nil || !strings.Contains(err.Error(), "has no certificate") {
		t.Error(err)
	}
	if err := v.Mend("nothing"); err == nil {
		t.Error("what is not on was switched off")
	}
	if n := len(v.Faults()); n != 0 {
		t.Errorf("%d faults are on", n)
	}
}

// took is the simulated time from one event to another.
func (v *villagers) took(from, to string) time.Duration {
	v.t.Helper()
	var begin *trace.Event
	for i, e := range v.events() {
		if begin == nil && fault.Like(from, e) {
			begin = v.Trace.At(i + 1)
		} else if begin != nil && fault.Like(to, e) {
			return v.Trace.At(i+1).At - begin.At
		}
	}
	v.t.Fatalf("no event %q after %q; %s", to, from, v.log())
	return 0
}

// A slow line loses nothing, but everything takes its time: a second each time
// that the other end speaks, and a second for 1,000 octets.
func TestSlow(t *testing.T) {
	quick := startVillage(t)
	quick.sends(bob)
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Slow, From: "beta.test", To: "alfa.test", Latency: "1s", Rate: 8})
	v.sends(bob)
	v.sees(1, "fault on slow mx.beta.test>mail.alfa.test  between beta.test and alfa.test: 1s one way, 8 kbit/s | ")
	v.holds(bob, 1)
	const begin, end = "connect mail.alfa.test>mx.beta.test*", "close mail.alfa.test>mx.beta.test*"
	if was, is := quick.took(begin, end), v.took(begin, end); was > time.Second || is < 11*time.Second || is > 13*time.Second {
		t.Errorf("the session took %s, without the fault %s", is, was)
	}
	if is := v.took("connect anna*", "close anna*"); is > time.Second {
		t.Errorf("another link is slow too: %s", is)
	}
	v.mends("slow")
	before := v.Trace.Len()
	v.sends(vera)
	first, last := v.Trace.At(before+1).At, v.Trace.At(v.Trace.Len()).At
	if last-first > time.Second {
		t.Errorf("mended, the link takes %s", last-first)
	}
}

// A line that got lost comes through in the end: TCP waits a second, then two,
// and sends it again.
func TestLossyLines(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Lossy, From: "mail.alfa.test", To: "mx.beta.test", Every: 5, InRow: 2})
	v.sends(bob)
	v.holds(bob, 1)
	n := v.saw("fault struck lossy*")
	if lines := v.saw("line m*.test>m*.test *"); n != 2*(lines/5) || n < 4 {
		t.Errorf("%d losses of %d lines", n, lines)
	}
	list := v.events()
	for i, e := range list {
		if !strings.HasPrefix(e, "fault struck") || strings.HasPrefix(list[i+1], "fault struck") {
			continue
		}
		_, lost, _ := strings.Cut(e, " | ")
		if !strings.HasPrefix(list[i+1], "line ") || lost == "" && v.saw("tls*") == 0 || !strings.Contains(list[i+1], lost) {
			t.Errorf("%q was lost, and %q sent again", lost, list[i+1])
		}
		if waits := v.Trace.At(i+2).At - v.Trace.At(i).At; waits != 3*time.Second {
			t.Errorf("a line was sent again after %s", waits)
		}
	}
}

// A question that got lost is asked again.
func TestLossyQuestions(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Lossy, Host: "ns.example", Every: 2})
	v.sends(bob)
	v.sees(1, "fault struck lossy mail.alfa.test>ns.example L1 * | A mx.beta.test.")
	v.sees(1, "lookup mail.alfa.test>ns.example L1 mx.beta.test. A NOERROR [198.51.100.10] *")
	v.holds(bob, 1)
}

// once or twice: what a client does not know it has to do again.
func TestCutBeforeTheLastReply(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.Cut, From: "alfa.test", To: "mx.beta.test", Unanswered: fault.Letter, Times: fault.Once})
	v.sends(bob)
	v.holds(bob, 1)
	v.sees(1, "fault struck cut mx.beta.test>mail.alfa.test L1 * | 250 2.0.0 queued as Q1")
	v.sees(0, "line mx.beta.test>mail.alfa.test * queued as *")
	v.sees(1, "close mail.alfa.test>mx.beta.test  connection lost")
	v.sees(1, "queue accepted mx.beta.test> L1 *")
	v.sees(1, "queue deferred mail.alfa.test> L1 * connection lost")
	v.passes(time.Hour)
	v.holds(bob, 2) // the classic duplicate
	v.sees(1, "queue relayed *")
}

// Wherever a session breaks, the letter comes: once if the server had not
// answered for it, twice at most if it had.
func TestCutAnywhere(t *testing.T) {
	lines := []string{"EHLO *", "MAIL *", "RCPT *", "DATA", fault.Letter, "QUIT"}
	var faults []fault.Fault
	for _, line := range lines {
		faults = append(faults, fault.Fault{Unanswered: line}, fault.Fault{After: line})
	}
	for n := 1; n < 900; n += 61 {
		faults = append(faults, fault.Fault{Bytes: n})
	}
	for _, f := range faults {
		f.Type, f.Host, f.Service, f.Times = fault.Cut, "mx.beta.test", "smtp", fault.Once
		v := startVillage(t)
		v.breaks(f)
		if err := v.sends(bob); err != nil {
			t.Fatal(err)
		}
		struck := v.saw("fault struck cut *")
		v.sees(struck, "close mail.alfa.test>mx.beta.test *connection lost")
		v.passes(5 * time.Hour)
		n := len(letters(v.World, bob))
		answered := v.saw("queue accepted mx.beta.test> *")
		if n < 1 || n > 2 || n != answered || len(letters(v.World, "anna@alfa.test")) != 0 {
			t.Errorf("%s: %d letters; %s", f.Detail(), n, v.log())
		}
		if n == 2 && v.saw("* | 250 2.0.0 queued as Q1") == 0 && f.Bytes == 0 {
			t.Errorf("%s: twice, though the reply was not lost; %s", f.Detail(), v.log())
		}
		if struck == 0 && f.After != "QUIT" {
			t.Errorf("%s: it did not strike; %s", f.Detail(), v.log())
		}
	}
}

// Under TLS an observer cannot tell lines, but the ends can.
func TestCutUnderTLS(t *testing.T) {
	v := startVillage(t, "services: [smtp, submission, pop3], retry", "services: [smtp, submission, pop3], tls: {certificate: good}, cleartext_auth: true, retry")
	v.breaks(fault.Fault{Type: fault.Cut, Host: "mx.beta.test", Unanswered: fault.Letter, Times: fault.Once})
	v.sends(bob)
	v.sees(1, "fault struck cut mx.beta.test>mail.alfa.test L1 * | ")
	v.holds(bob, 1)
	v.passes(time.Hour)
	v.holds(bob, 2)
}

// POP3 deletes only at QUIT, so that a letter is on the server or on the
// device, or on both, but never on neither.
func TestCutWhileFetching(t *testing.T) {
	for _, f := range []fault.Fault{{Unanswered: "PASS *"}, {Unanswered: "RETR *"}, {After: "RETR *"}, {Unanswered: "DELE *"}, {After: "DELE *"}, {Unanswered: "QUIT"}, {Bytes: 200}, {Bytes: 400}} {
		f.Type, f.Host, f.Service, f.Times = fault.Cut, "mx.beta.test", "pop3", fault.Once
		v := startVillage(t)
		v.sends(vera)
		v.breaks(f)
		err := v.look(veras)
		if v.saw("fault struck cut *") != 1 || v.saw("close vera-phone.beta.test>mx.beta.test *connection lost") != 1 || err == nil {
			t.Errorf("%s: %v; %s", f.Detail(), err, v.log())
		}
		if there, here := len(letters(v.World, vera)), len(v.Device(veras).Letters()); there+here < 1 || (there == 0) != (f.Unanswered == "QUIT") {
			t.Errorf("%s: %d on the server, %d on the device", f.Detail(), there, here)
		}
		if err := v.look(veras); err != nil || len(v.Device(veras).Letters()) != 1 {
			t.Errorf("%s: afterwards %v, %d letters", f.Detail(), err, len(v.Device(veras).Letters()))
		}
		v.holds(vera, 0)
	}
}

// A full disk takes nothing new, and loses nothing old.
func TestDisk(t *testing.T) {
	v := startVillage(t)
	v.sends(bob, vera)
	v.breaks(fault.Fault{Type: fault.Disk, Host: "mx.beta.test"})
	v.sends(bob, vera)
	v.sees(1, "line mail.alfa.test>mx.beta.test L2 MAIL FROM:<anna@alfa.test> SIZE=*")
	v.sees(1, "fault struck disk mx.beta.test>mail.alfa.test L2 *")
	v.sees(1, "line mx.beta.test>mail.alfa.test L2 452 4.3.1 no room left on the disk, try later")
	v.sees(1, "queue deferred mail.alfa.test> L2 *")
	if err := v.look(veras); err != nil || len(v.Device(veras).Letters()) != 1 {
		t.Errorf("what is there is not given out: %v", err)
	}
	if err := v.look(bobs); err != nil {
		t.Fatal(err)
	}
	if err := v.Device(bobs).Move(t.Context(), 0, "Archive"); err == nil || !strings.Contains(err.Error(), "no room left") {
		t.Errorf("a letter was moved: %v", err)
	}
	v.sees(1, "fault struck disk mx.beta.test>bob-laptop.beta.test *")
	v.mends("disk")
	v.passes(time.Hour)
	v.holds(bob, 2)
	v.holds(vera, 1)
}

// Without SIZE the letter has to come before anybody knows.
func TestDiskWithoutSize(t *testing.T) {
	v := startVillage(t, "tls: {certificate: good}", "offer: [EHLO]")
	v.breaks(fault.Fault{Type: fault.Disk, Host: "mx.beta.test"})
	v.sends(bob)
	v.sees(1, "line mail.alfa.test>mx.beta.test L1 .")
	v.sees(1, "line mx.beta.test>mail.alfa.test L1 452 no room left on the disk, try later")
	v.sees(1, "fault struck disk *")
	v.holds(bob, 0)
	v.mends("disk")
	v.passes(time.Hour)
	v.holds(bob, 1)
}

// A careful device believes no bad certificate; between servers, where nobody
// checks it, letters go on (RFC 7435).
func TestCertificate(t *testing.T) {
	for flaw, why := range map[string]string{"expired": "not valid at this time", "wrong_name": "www.other.example", "self_signed": "signed by nobody"} {
		v := startVillage(t, "devices: [{kind: phone}]", "devices: [{kind: phone, security: starttls}]",
			"services: [smtp, submission, pop3], retry", "services: [smtp, submission, pop3], tls: {certificate: good}, cleartext_auth: true, retry")
		v.sends(vera)
		v.sees(1, "tls mail.alfa.test>mx.beta.test L1 TLS 1.3 true ")
		v.breaks(fault.Fault{Type: fault.Certificate, Host: "mx.beta.test", Certificate: flaw})
		if err := v.look(veras); err == nil {
			t.Errorf("%s: the phone believes it", flaw)
		}
		v.sees(1, "fault struck certificate mx.beta.test>vera-phone.beta.test *")
		v.sees(1, "tls vera-phone.beta.test>mx.beta.test  *false *"+why+"*")
		v.sees(0, "line vera-phone.beta.test>mx.beta.test  USER *")
		v.sends(bob)
		v.sees(1, "fault struck certificate mx.beta.test>mail.alfa.test *")
		v.sees(1, "tls mail.alfa.test>mx.beta.test L2 TLS 1.3 false *"+why+"*")
		v.holds(bob, 1)
		v.mends("certificate")
		if err := v.look(veras); err != nil || len(v.Device(veras).Letters()) != 1 {
			t.Errorf("mended: %v", err)
		}
		v.sees(1, "tls vera-phone.beta.test>mx.beta.test  TLS 1.3 true ")
	}
}

// Without names the letter waits: a failure of DNS is for now, never for good.
func TestNameServerFails(t *testing.T) {
	for _, tt := range []struct {
		f       fault.Fault
		struck  int // while Anna's letter is tried once
		lookup  string
		reason  string
		minimum time.Duration // that the attempt takes
	}{
		{fault.Fault{Answer: fault.ServFail}, 1, "beta.test. MX SERVFAIL []", "DNS gave no answer for beta.test", 0},
		{fault.Fault{Answer: fault.ServFail, Lookup: "mx.beta.test", Record: "a"}, 1, "mx.beta.test. A SERVFAIL []", "DNS gave no answer for mx.beta.test", 0},
		{fault.Fault{Answer: fault.Silence, Lookup: "beta.*", Record: "MX", From: "alfa.test"}, 2, "beta.test. MX  []", "DNS gave no answer for beta.test", 4 * time.Second},
		{fault.Fault{Answer: fault.Stale, Lookup: "beta.test", Record: "MX", Records: []string{"beta.test. 60 IN MX 10 old.beta.test."}}, 1,
			"beta.test. MX NOERROR [10 old.beta.test.]", "no address for old.beta.test", 0},
	} {
		tt.f.Type, tt.f.Name = fault.DNS, "names"
		v := startVillage(t)
		v.breaks(tt.f)
		before := v.c.Now()
		v.sends(bob)
		if took := v.c.Now() - before; took < tt.minimum {
			t.Errorf("%s: it took %s", tt.f.Detail(), took)
		}
		v.sees(tt.struck, "fault struck dns ns.example>mail.alfa.test L1 * | 1*")
		v.sees(1, "lookup mail.alfa.test>ns.example L1 "+tt.lookup+" *")
		v.holds(bob, 0)
		v.mends("names")
		v.passes(time.Hour)
		if tt.f.Answer == fault.Stale { // a name that does not exist is for good
			v.sees(1, "queue bounced mail.alfa.test> L1 *"+tt.reason)
			v.holds("anna@alfa.test", 1)
			continue
		}
		v.sees(1, "queue deferred mail.alfa.test> L1 *"+tt.reason)
		v.holds(bob, 1)
	}
}

// A question whose answer fails to come once is asked again; the failure is
// remembered for a moment, an old answer for as long as it says.
func TestNameServerFailsOnce(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.DNS, Answer: fault.Silence, Times: fault.Once})
	v.sends(bob)
	v.sees(1, "fault struck dns *")
	v.sees(0, "queue deferred *")
	v.holds(bob, 1)

	v = startVillage(t)
	v.breaks(fault.Fault{Type: fault.DNS, Answer: fault.ServFail, Record: "MX"})
	v.sends(bob)
	v.sends(vera) // in the same moment
	v.sees(1, "lookup mail.alfa.test>ns.example L1 beta.test. MX SERVFAIL [] cached false")
	v.sees(1, "lookup mail.alfa.test> L2 beta.test. MX SERVFAIL [] cached true")
	v.sees(1, "fault struck dns *")

	v = startVillage(t)
	v.breaks(fault.Fault{Type: fault.DNS, Answer: fault.Stale, Record: "A", Records: []string{"mx.beta.test. 7200 IN A 203.0.113.99"}})
	v.sends(bob)
	v.sees(1, "refused mail.alfa.test>  smtp no route to host")
	v.mends("dns")
	v.passes(time.Hour)                                                                       // but the server remembers
	v.sees(3, "lookup mail.alfa.test> L1 mx.beta.test. A NOERROR [203.0.113.99] cached true") // each time that it tries
	v.holds(bob, 0)
	v.passes(3 * time.Hour)
	v.holds(bob, 1)
}

// What nothing was changed in is not stale.
func TestStaleFromTheStart(t *testing.T) {
	v := startVillage(t)
	v.breaks(fault.Fault{Type: fault.DNS, Answer: fault.Stale})
	v.sends(bob)
	v.holds(bob, 1)
	if v.saw("fault struck dns *") == 0 {
		t.Error("it did not strike")
	}
}

// Who does not insist on encryption goes on in clear when somebody erases
// STARTTLS; who insists says nothing that matters; who begins with TLS is
// immune.
func TestStrip(t *testing.T) {
	for device, want := range map[string]struct {
		change string // of Bob's laptop and Vera's phone
		fails  bool
		clear  bool // the password
	}{
		"careless":           {"", false, true},
		"careful":            {", security: starttls", true, false},
		"TLS from the first": {", security: tls", false, false},
	} {
		t.Run(device, func(t *testing.T) {
			v := startVillage(t, "receive: imap", "receive: imap"+want.change, "{kind: phone}", "{kind: phone"+want.change+"}",
				"services: [smtp, submission, pop3, imap]", "services: [smtp, submission, pop3, pop3s, imap, imaps]")
			v.sends(bob, vera)
			v.breaks(fault.Fault{Type: fault.Strip, Host: "mx.beta.test"})
			for _, d := range []string{bobs, veras} {
				err := v.look(d)
				if (err != nil) != want.fails {
					t.Errorf("%s: %v; %s", d, err, v.log())
				}
				struck := v.saw("fault struck strip mx.beta.test>"+d+" *STARTTLS*") + v.saw("fault struck strip mx.beta.test>"+d+" * | STLS")
				if (struck > 0) == (device == "TLS from the first") && (d == bobs || want.fails) {
					t.Errorf("%s: struck %d times", d, struck)
				}
				readable := v.saw("line "+d+">mx.beta.test  *LOGIN bob@beta.test b") + v.saw("line "+d+">mx.beta.test  PASS v")
				if secure := v.saw("tls "+d+">mx.beta.test  TLS *") == 1; secure != (device == "TLS from the first") || (readable == 1) == want.fails {
					t.Errorf("%s: secure %v; %s", d, secure, v.log())
				}
			}
			v.mends("strip")
			for _, d := range []string{bobs, veras} {
				if err := v.look(d); err != nil || len(v.Device(d).Letters()) != 1 {
					t.Errorf("%s: mended: %v", d, err)
				}
			}
		})
	}
}

// Between servers letters go on in clear.
func TestStripBetweenServers(t *testing.T) {
	v := startVillage(t, "services: [smtp, submission, pop3], retry", "services: [smtp, submission, pop3], tls: {certificate: good}, cleartext_auth: true, retry")
	v.breaks(fault.Fault{Type: fault.Strip, From: "alfa.test", To: "beta.test"})
	v.sends(bob)
	v.sees(1, "fault struck strip mx.beta.test>mail.alfa.test L1 * | 250-STARTTLS")
	v.sees(0, "line mx.beta.test>mail.alfa.test L1 250?STARTTLS")
	v.sees(0, "tls mail.alfa.test>mx.beta.test *")
	v.holds(bob, 1)
	v.mends("strip")
	v.sends(bob)
	v.sees(1, "tls mail.alfa.test>mx.beta.test L2 TLS *")
	v.holds(bob, 2)
}
