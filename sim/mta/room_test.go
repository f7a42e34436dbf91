package mta_test

import (
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/mailbox"
	"mailscope/sim/trace"
)

// zoya may keep 1000 octets, and has an hour to make room.
const zoya = "zoya@romashka.example"

func (w *running) box(address string) *mailbox.Box { return w.Home(address).Store().Box(address) }

// fill leaves a letter of n octets in a mailbox.
func (w *running) fill(address string, n int) {
	w.box(address).Deliver(mailbox.Message{Date: w.clock.Date(), Data: make([]byte, n)})
}

func TestFullMailbox(t *testing.T) {
	for _, tt := range []struct {
		name, param string
		has         int // octets
		want        string
	}{
		{"room", "", 500, "250 2.1.5 "},
		{"one octet left", "", 999, "250 2.1.5 "},
		{"full", "", 1000, "452 4.2.2 "},
		{"over full", "", 1001, "452 4.2.2 "},
		{"room for what is declared", " SIZE=500", 500, "250 2.1.5 "},
		{"no room for what is declared", " SIZE=501", 500, "452 4.2.2 "},
		{"larger than the mailbox", " SIZE=1001", 0, "552 5.2.3 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.fill(zoya, tt.has)
			got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>"+tt.param, "RCPT TO:<"+zoya+">", "RCPT TO:<boris@romashka.example>", "QUIT")
			if !strings.HasPrefix(got[3], tt.want) || !strings.HasPrefix(got[4], "250 2.1.5 ") {
				t.Errorf("RCPT: %q", got[3:5])
			}
		})
	}
}

func TestFullForTooLong(t *testing.T) {
	w := start(t)
	w.fill(zoya, 1000)
	rcpt := func(want string) {
		t.Helper()
		got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<"+zoya+">", "QUIT")
		if !strings.HasPrefix(got[3], want) {
			t.Errorf("at %v: %q, want %s", w.clock.Now(), got[3], want)
		}
	}
	rcpt("452 4.2.2 ")
	w.pass(59 * time.Minute)
	rcpt("452 4.2.2 ")
	w.pass(2 * time.Minute)
	rcpt("552 5.2.2 ")
	w.box(zoya).Remove([]uint32{1})
	w.fill(zoya, 999)
	rcpt("250 2.1.5 ")
	w.fill(zoya, 1)
	rcpt("552 5.2.2 ") // nothing came in between
	w.box(zoya).Remove([]uint32{3})
	w.fill(zoya, 0)
	rcpt("250 2.1.5 ")
}

func TestAcceptedLetterIsDeliveredOverQuota(t *testing.T) {
	w := start(t)
	w.fill(zoya, 300)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: zoya})
	w.fill(zoya, 600) // before the queue runs
	w.pass(time.Minute)
	if n := len(w.letters(zoya)); n != 3 {
		t.Errorf("%d letters; queues: %q", n, w.queues())
	}
}

func TestLetterThatDoesNotFitAfterAll(t *testing.T) {
	for _, tt := range []struct {
		name   string
		has    int
		letter string
		want   string
	}{
		{"now", 800, letter, "452 4.2.2 "},
		{"ever", 0, letter + strings.Repeat("x\r\n", 400), "552 5.2.3 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.fill(zoya, tt.has)
			got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<"+zoya+">", "DATA", tt.letter+".", "QUIT")
			if !strings.HasPrefix(got[3], "250 ") || !strings.HasPrefix(got[5], tt.want) {
				t.Errorf("RCPT %q, letter %q, want %s", got[3], got[5], tt.want)
			}
			w.pass(time.Hour)
			if q := w.queues(); len(q) != 0 {
				t.Errorf("queues: %q", q)
			}
		})
	}
}

func TestOthersGetTheirLetterAtOnce(t *testing.T) {
	w := start(t)
	w.fill(zoya, 800)
	got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<anna@romashka.example>", "RCPT TO:<"+zoya+">", "RCPT TO:<boris@romashka.example>", "DATA", letter+".", "QUIT")
	if !strings.HasPrefix(got[6], "250 ") {
		t.Fatalf("letter: %q", got[6])
	}
	w.pass(time.Minute)
	w.only("boris@romashka.example")
	if q := w.queues(); !strings.HasSuffix(q[len(q)-1], "mail.romashka.example delivered [boris@romashka.example] ") ||
		!strings.Contains(strings.Join(q, "\n"), "deferred ["+zoya+"] mailbox is full") {
		t.Errorf("queues: %q", q)
	}
	w.box(zoya).Remove([]uint32{1})
	w.pass(15 * time.Minute)
	contains(t, w.only(zoya), "Hello")
}

func TestLetterForAMailboxThatStaysFullComesBack(t *testing.T) {
	w := start(t)
	w.fill(zoya, 800)
	w.say(office+":25", "EHLO x.test", "MAIL FROM:<anna@romashka.example>", "RCPT TO:<"+zoya+">", "RCPT TO:<boris@romashka.example>", "DATA", letter+".", "QUIT")
	w.pass(2 * time.Hour)
	contains(t, w.only("anna@romashka.example"), "Status: 5.2.2", "Final-Recipient: rfc822; "+zoya, "mailbox is full")
	last := 0
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if q, ok := w.Trace.At(seq).Body.(*trace.Queue); ok {
			last = q.Length
		}
	}
	if last != 0 {
		t.Errorf("%d entries are left in the queue", last)
	}
}

// A sender's queue waits while the mailbox is full, and delivers then.
func TestSendersQueueWaitsForRoom(t *testing.T) {
	const ilon = "ilon@rocket.example" // two letters
	w := start(t)
	w.fill(ilon, 1)
	w.fill(ilon, 1)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: ilon})
	w.pass(time.Minute)
	if q := w.queues(); !strings.Contains(q[len(q)-1], "deferred ["+ilon+"] 452 4.2.2 ") {
		t.Fatalf("queues: %q", q)
	}
	w.box(ilon).Remove([]uint32{1})
	w.pass(15 * time.Minute)
	if n := len(w.letters(ilon)); n != 2 {
		t.Errorf("%d letters; queues: %q", n, w.queues())
	}
}

func TestStoreEventsTellTheQuota(t *testing.T) {
	w := start(t)
	w.fill(zoya, 10)
	s, ok := w.Trace.At(w.Trace.Len()).Body.(*trace.Store)
	if !ok || s.Action != "add" || s.Mailbox != zoya || s.Folder != "INBOX" || s.Total != 10 || s.Limit != 1000 || s.Count != 1 {
		t.Errorf("recorded %+v", s)
	}
}

func TestRotationRunsEveryNight(t *testing.T) {
	w := start(t) // at nine in the morning
	trash, err := w.box(zoya).Open("Trash")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.box(zoya).Append("Trash", []byte("x"), nil, w.clock.Date()); err != nil {
		t.Fatal(err)
	}
	if err := w.clock.Settle(t.Context(), time.Minute); err != nil || w.clock.Now() > time.Minute {
		t.Errorf("settling goes on until %v, %v", w.clock.Now(), err)
	}
	const day = 24 * time.Hour
	for _, tt := range []struct {
		pass time.Duration
		left int
	}{{30*day + 17*time.Hour, 1}, {time.Hour, 0}} {
		w.pass(tt.pass)
		if n := trash.Status().Messages; n != tt.left {
			t.Errorf("after %v the bin has %d letters, want %d", w.clock.Now(), n, tt.left)
		}
	}
}
