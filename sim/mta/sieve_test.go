package mta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// sorted gives an account a script.
func (w *running) sorted(address, script string) {
	w.t.Helper()
	s, err := world.Script(script)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Home(address).SetSieve(address, s); err != nil {
		w.t.Fatal(err)
	}
}

// where lists the folders of a mailbox that have letters, with their flags:
// `INBOX 1`, `Projects 1 [\Seen]`.
func (w *running) where(address string) (list []string) {
	w.t.Helper()
	box := w.Home(address).Store().Box(address)
	for _, info := range box.Mailboxes() {
		m, err := box.Open(info.Name)
		if err != nil {
			w.t.Fatal(err)
		}
		uids, _ := m.UIDs()
		if len(uids) == 0 {
			continue
		}
		text := fmt.Sprintf("%s %d", info.Name, len(uids))
		if flags := m.Message(uids[0]).Flags; len(flags) > 0 {
			text += fmt.Sprint(" ", flags)
		}
		list = append(list, text)
	}
	return list
}

// sifted lists what scripts did: `fileinto "A" by if true (why)`.
func (w *running) sifted() (list []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if v, ok := w.Trace.At(seq).Body.(*trace.Verdict); ok && v.Check == "sieve" {
			list = append(list, fmt.Sprintf("%s: %s, %s | %s (%s)", v.Value, v.Result, v.Term, v.Record, v.Reason))
		}
	}
	return list
}

// settled tells what is left in the queues, by what they last said of their
// length.
func (w *running) settled() {
	w.t.Helper()
	length := map[string]int{}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if q, ok := w.Trace.At(seq).Body.(*trace.Queue); ok {
			length[w.Trace.At(seq).From] = q.Length
		}
	}
	for host, n := range length {
		if n != 0 {
			w.t.Errorf("%s has %d entries left; queues: %q", host, n, w.queues())
		}
	}
}

func TestSieve(t *testing.T) {
	const boris, vera = "boris@romashka.example", "ilon@rocket.example"
	for _, tt := range []struct {
		name, script string
		where        []string // Boris's letters
		sifted       []string
		events       []string // of queues, the last ones
		anna         string   // part of a notification to Anna; "" for none
	}{
		{name: "none", where: []string{"INBOX 1"}},
		{name: "no rule matches", script: `if header "subject" "Other" { discard; }`, where: []string{"INBOX 1"},
			sifted: []string{boris + ": keep, keep |  (no rule matched)"}},
		{name: "fileinto with flags", script: "require [\"fileinto\", \"imap4flags\"];\nif header \"subject\" \"Test\" { addflag \"\\\\Seen\"; fileinto \"Archive\"; }",
			where:  []string{`Archive 1 [\Seen]`},
			sifted: []string{boris + `: fileinto, fileinto :flags "\\Seen" "Archive" | if header "subject" "Test" (rule in line 2 matched)`}},
		{name: "two folders and once more", script: `require ["fileinto", "copy"]; fileinto :copy "inbox"; fileinto :copy "Archive";`,
			where: []string{"INBOX 1", "Archive 1"},
			sifted: []string{boris + `: fileinto, fileinto :copy "inbox" |  (the script says so of every letter)`,
				boris + `: fileinto, fileinto :copy "Archive" |  (the script says so of every letter)`, boris + ": keep, keep |  (all else was done with copies)"}},
		{name: "no such folder", script: `require "fileinto"; if true { fileinto "Nowhere"; }`, where: []string{"INBOX 1"},
			sifted: []string{boris + `: keep, fileinto "Nowhere" | if true (rule in line 1 matched; there is no such folder)`}},
		{name: "a folder is made", script: `require ["fileinto", "mailbox"]; if not mailboxexists "Работа/2026" { fileinto :create "Работа/2026/"; }`,
			where:  []string{"Работа/2026 1"},
			sifted: []string{boris + `: fileinto, fileinto :create "Работа/2026/" | if not mailboxexists "Работа/2026" (rule in line 1 matched)`}},
		{name: "no such folder can be", script: `require ["fileinto", "mailbox"]; fileinto :create "a*";`, where: []string{"INBOX 1"},
			sifted: []string{boris + `: keep, fileinto :create "a*" |  (the script says so of every letter; no such folder can be made)`}},
		{name: "discard", script: `if envelope :domain "from" "romashka.example" { discard; }`,
			sifted: []string{boris + `: discard, discard | if envelope :domain "from" "romashka.example" (rule in line 1 matched)`},
			events: []string{"mail.romashka.example discarded [boris@romashka.example] the recipient's script discards it"}},
		{name: "redirect", script: `redirect "ilon@rocket.example";`,
			sifted: []string{boris + `: redirect, redirect "ilon@rocket.example" |  (the script says so of every letter)`},
			events: []string{"mail.romashka.example forwarded [boris@romashka.example] ilon@rocket.example", "mail.romashka.example accepted [ilon@rocket.example] "}},
		{name: "a copy", script: `require "copy"; redirect :copy "ilon@rocket.example";`, where: []string{"INBOX 1"},
			sifted: []string{boris + `: redirect, redirect :copy "ilon@rocket.example" |  (the script says so of every letter)`, boris + ": keep, keep |  (all else was done with copies)"}},
		{name: "redirect to nobody", script: `redirect "nobody@rocket.example";`,
			sifted: []string{boris + `: redirect, redirect "nobody@rocket.example" |  (the script says so of every letter)`},
			anna:   "Final-Recipient: rfc822; nobody@rocket.example"},
		{name: "reject", script: "require \"reject\"; reject \"Позже, пожалуйста\";",
			sifted: []string{boris + `: reject, reject "Позже, пожалуйста" |  (the script says so of every letter)`},
			events: []string{"mail.romashka.example bounced [boris@romashka.example] Позже, пожалуйста"},
			anna:   "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThis is the mail server mail.romashka.example.\r\n\r\nYour letter could not be delivered to:\r\n\r\n    <boris@romashka.example>\r\n\r\n=D0=9F=D0=BE=D0=B7"},
		{name: "goes wrong", script: `require "reject"; discard; keep; reject "no";`, where: []string{"INBOX 1"},
			sifted: []string{boris + ": keep, keep |  (the script went wrong: reject does not go together with keep)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			if strings.Contains(tt.script, "envelope") {
				tt.script = `require "envelope"; ` + tt.script
			}
			w.sorted(boris, tt.script)
			w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: boris})
			w.pass(time.Minute)
			if got := w.where(boris); !slices.Equal(got, tt.where) {
				t.Errorf("Boris has %q, want %q", got, tt.where)
			}
			if got := w.sifted(); !slices.Equal(got, tt.sifted) {
				t.Errorf("scripts did\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.sifted, "\n"))
			}
			for _, want := range tt.events {
				if got := w.queues(); !slices.Contains(got, want) {
					t.Errorf("no %q in %q", want, got)
				}
			}
			if strings.Contains(tt.script, vera) {
				got := w.only(vera)
				contains(t, got, "Return-Path: <anna@romashka.example>", "\r\n\tfor <boris@romashka.example>;\r\n")
			}
			if tt.anna == "" {
				if got := w.letters("anna@romashka.example"); len(got) != 0 {
					t.Errorf("a notification came:\n%s", got[0])
				}
			} else {
				contains(t, w.only("anna@romashka.example"), tt.anna, "Return-Path: <>")
			}
			w.settled()
		})
	}
}

// TestSieveOfSeveral: each recipient's own script counts, and what is left of
// the entry leaves the queue once.
func TestSieveOfSeveral(t *testing.T) {
	w := start(t)
	w.sorted("anna@romashka.example", `require "fileinto"; fileinto "Archive";`)
	w.sorted("boris@romashka.example", `discard;`)
	w.sorted("postmaster@romashka.example", `redirect "anna@romashka.example";`)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"}, smtp.Rcpt{To: "boris@romashka.example"}, smtp.Rcpt{To: "postmaster@romashka.example"})
	w.pass(time.Minute)
	if got := w.where("anna@romashka.example"); !slices.Equal(got, []string{"Archive 2"}) {
		t.Errorf("Anna has %q", got)
	}
	w.settled()
	w.sorted("anna@romashka.example", "")
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"})
	w.pass(time.Minute)
	if got := w.where("anna@romashka.example"); !slices.Equal(got, []string{"INBOX 1", "Archive 2"}) {
		t.Errorf("without a script, Anna has %q", got)
	}
	if s, _ := world.Script("keep;"); w.Server("mail.romashka.example").SetSieve("nobody@romashka.example", s) == nil {
		t.Error("nobody has a script")
	}
}

// TestRedirectLoops: two who send one another everything still keep it once.
func TestRedirectLoops(t *testing.T) {
	for _, tt := range []struct{ name, other string }{
		{"on one server", "boris@romashka.example"}, {"between two", "ilon@rocket.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.sorted("anna@romashka.example", `redirect "`+tt.other+`";`)
			w.sorted(tt.other, `redirect "anna@romashka.example";`)
			w.submit(smtp.Mail{From: "postmaster@romashka.example"}, letter, smtp.Rcpt{To: "anna@romashka.example"})
			w.pass(time.Minute)
			kept := append(w.letters("anna@romashka.example"), w.letters(tt.other)...)
			bounced := w.letters("postmaster@romashka.example")
			if len(kept)+len(bounced) != 1 {
				t.Fatalf("%d kept, %d came back: %q", len(kept), len(bounced), w.queues())
			}
			if n := strings.Count(strings.Join(append(kept, bounced...), ""), "\nReceived: "); n > 60 {
				t.Errorf("the letter has passed %d servers", n)
			}
			w.settled()
		})
	}
}

// TestRedirectOfNotifications: a null reverse-path stays null, and nobody is
// told that such a letter found nobody.
func TestRedirectOfNotifications(t *testing.T) {
	w := start(t)
	w.sorted("anna@romashka.example", `require "reject"; if header :contains "subject" "Undelivered" { redirect "nobody@rocket.example"; } else { reject "no"; }`)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "nobody@rocket.example"})
	w.pass(time.Hour)
	events := strings.Join(w.queues(), "\n")
	contains(t, events, "forwarded [anna@romashka.example] nobody@rocket.example", "mail.romashka.example discarded [nobody@rocket.example]")
	if strings.Count(events, "bounced") != 1 {
		t.Errorf("a bounce of a bounce:\n%s", events)
	}
	w.settled()
}

// TestSieveAndJunk: what the filter has put out of sight a script sees, and
// only fileinto fetches it back.
func TestSieveAndJunk(t *testing.T) {
	for _, tt := range []struct{ script, where string }{
		{"", "Junk 1"}, {"keep;", "Junk 1"}, {`if header "x" "y" { discard; }`, "Junk 1"},
		{`require "fileinto"; fileinto "INBOX";`, "INBOX 1"}, {`require "fileinto"; fileinto "Nowhere";`, "Junk 1"},
		{`require "fileinto"; if header :contains "authentication-results" "dmarc=fail" { fileinto "Trash"; }`, "Trash 1"},
		{`discard;`, ""},
	} {
		w := startWorld(t, fmt.Sprintf(guarded, ""))
		w.sorted("anna@romashka.example", tt.script)
		w.sayFrom("out.spam.example", office+":25", "EHLO out.spam.example", "MAIL FROM:<anna@romashka.example>", "RCPT TO:<anna@romashka.example>",
			"DATA", "From: anna@romashka.example\r\nDate: Tue, 01 Sep 2026 09:00:00 +0000\r\nMessage-ID: <1@x.example>\r\n\r\nHello\r\n.", "QUIT")
		w.pass(time.Minute)
		if got := strings.Join(w.where("anna@romashka.example"), " "); got != tt.where {
			t.Errorf("%q: %q, want %q", tt.script, got, tt.where)
		}
	}
}
