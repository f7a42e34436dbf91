package mta_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
)

// greeted is how a session begins.
var greeted = []string{"220 mx.fake.example ESMTP", "250 mx.fake.example"}

func session(replies ...string) []string { return slices.Concat(greeted, replies) }

// accepts is a session in which all is well.
var accepts = session("250 ok", "250 ok", "354 go on", "250 ok")

func TestDeferredThenDelivered(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first []string
	}{
		{"greeting 421", []string{"421 busy"}},
		{"greeting 221", nil},
		{"no greeting", []string{cut}},
		{"MAIL 452", session("452 4.3.1 disk full", "250 ok")},
		{"RCPT 450", session("250 ok", "450 4.2.1 mailbox busy", "250 ok")},
		{"RCPT 421", session("250 ok", "421 4.3.2 shutting down")},
		{"DATA 451", session("250 ok", "250 ok", "451 4.3.0 later", "250 ok")},
		{"letter 451", session("250 ok", "250 ok", "354 go on", "451 4.7.1 greylisted", "250 ok")},
		{"cut in mid-letter", session("250 ok", "250 ok", "354 go on", cut)},
		{"cut after MAIL", session(cut)},
		{"nonsense", session("hello there")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			f := w.pretend(tt.first, accepts)
			w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "bob@fake.example"})
			w.pass(time.Minute)
			if q := w.queues(); !strings.Contains(q[len(q)-1], " deferred ") {
				t.Fatalf("queue after the first attempt: %q", q)
			}
			w.pass(time.Hour)
			q := w.queues()
			if !strings.Contains(q[len(q)-1], " relayed ") {
				t.Errorf("queue at the end: %q", q)
			}
			if !strings.HasSuffix(f.all(), "Hello\n.\nQUIT") {
				t.Errorf("the server heard %q", f.all())
			}
			if got := w.letters("anna@romashka.example"); len(got) != 0 {
				t.Errorf("a notification came too:\n%s", got[0])
			}
		})
	}
}

func TestTooManyRecipientsAtOnceComeLater(t *testing.T) {
	w := start(t)
	f := w.pretend(session("250 ok", "250 ok", "452 4.5.3 too many recipients", "354 go on", "250 ok"), accepts)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "bob@fake.example"}, smtp.Rcpt{To: "zoe@fake.example"})
	w.pass(time.Hour)
	if n := strings.Count(f.all(), "RCPT TO:<bob@"); n != 1 {
		t.Errorf("bob was offered %d times:\n%s", n, f.all())
	}
	if n := strings.Count(f.all(), "RCPT TO:<zoe@"); n != 2 {
		t.Errorf("zoe was offered %d times:\n%s", n, f.all())
	}
}

func TestRefusedForGood(t *testing.T) {
	for _, tt := range []struct {
		name, status string
		replies      []string
	}{
		{"greeting", "5.0.0", []string{"554 no service"}}, // RFC 5321 §3.1
		{"MAIL", "5.7.1", session("550 5.7.1 no")},
		{"RCPT", "5.1.1", session("250 ok", "550 5.1.1 no such mailbox", "250 ok")},
		{"letter", "5.6.0", session("250 ok", "250 ok", "354 go on", "554 5.6.0 spam")},
		{"no enhanced code", "5.0.0", session("250 ok", "250 ok", "354 go on", "554 spam")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.pretend(append(tt.replies, "250 ok"))
			w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "bob@fake.example"})
			w.pass(24 * time.Hour)
			contains(t, w.only("anna@romashka.example"), "Status: "+tt.status, "Action: failed", "Remote-MTA: dns; mx.fake.example")
		})
	}
}

// An old server offers nothing: what needs an extension comes back at once.
func TestWhatTheNextServerCannotTake(t *testing.T) {
	const eightBit = "Subject: Test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nПривет\r\n"
	for _, tt := range []struct {
		name, letter, status string
		mail                 smtp.Mail
		to                   string
	}{
		{"8-bit letter", eightBit, "5.6.3", smtp.Mail{Body: "8BITMIME"}, "vera@old.example"},
		{"8-bit letter, not said so", eightBit, "5.6.3", smtp.Mail{}, "vera@old.example"},
		{"UTF-8 recipient", letter, "5.6.7", smtp.Mail{UTF8: true}, "вера@old.example"},
		{"UTF-8 letter", letter, "5.6.7", smtp.Mail{UTF8: true}, "vera@old.example"},
		{"UTF-8 sender", letter, "5.6.7", smtp.Mail{UTF8: true, From: "анна@romashka.example"}, "vera@old.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.submit(tt.mail, tt.letter, smtp.Rcpt{To: tt.to})
			w.pass(time.Minute)
			q := strings.Join(w.queues(), "\n")
			if n := strings.Count(q, " attempt "); n != 1 {
				t.Errorf("%d attempts:\n%s", n, q)
			}
			if tt.mail.From != "" { // nobody to tell
				contains(t, q, " bounced ["+tt.to+"]", " discarded [")
				return
			}
			got := w.only("anna@romashka.example")
			contains(t, got, "Status: "+tt.status, "Action: failed")
			if strings.Contains(got, "Diagnostic-Code") {
				t.Errorf("words are put in the other server's mouth:\n%s", got)
			}
			if tt.letter == eightBit || tt.mail.UTF8 {
				contains(t, got, "Content-Transfer-Encoding: 8bit")
			}
			if tt.mail.UTF8 {
				contains(t, got, "message/global-delivery-status", "message/global\r\n", "Final-Recipient: utf-8; "+tt.to)
			}
			w.pass(24 * time.Hour)
			w.only("anna@romashka.example")
		})
	}
}
