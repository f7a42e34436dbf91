package mta_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/smtp"
	"mailscope/sim/fault"
)

const officeHost = "mail.romashka.example"

// off takes the office's power as soon as it hears a line like this, or is about
// to say one.
func (w *running) off(heard bool, line string) {
	w.t.Helper()
	f := fault.Fault{Type: fault.Power, Host: officeHost, Says: line, Times: fault.Once}
	if heard {
		f.Hears, f.Says = f.Says, ""
	}
	if err := w.Break(f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *running) on() {
	w.t.Helper()
	if err := w.PowerOn(officeHost); err != nil {
		w.t.Fatal(err)
	}
}

// inbox opens Anna's inbox by IMAP.
func (w *running) inbox() *imap.Client {
	w.t.Helper()
	conn, err := w.Net.Dial(w.t.Context(), laptop, netip.MustParseAddrPort(office+":143"))
	if err != nil {
		w.t.Fatal(err)
	}
	o := conn.Wire()
	o.Timeout = 10 * time.Second
	c := imap.NewClient(conn, o)
	if _, err := c.Greet(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := c.Login("anna@romashka.example", "a"); err != nil {
		w.t.Fatal(err)
	}
	if _, err := c.Select("INBOX", imap.SelectOptions{}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// holdings tells UID, flags and text of what is in the inbox, and its
// UIDVALIDITY and UIDNEXT.
func (w *running) holdings() string {
	w.t.Helper()
	box, err := w.Server(officeHost).Store().Box("anna@romashka.example").Open("INBOX")
	if err != nil {
		w.t.Fatal(err)
	}
	uids, _ := box.UIDs()
	st := box.Status()
	out := fmt.Sprint("validity ", st.UIDValidity, " next ", st.UIDNext)
	for _, uid := range uids {
		m := box.Message(uid)
		out += fmt.Sprint(" | ", uid, " ", m.Flags, " ", len(m.Data))
	}
	return out
}

// UIDs, flags and UIDVALIDITY are on the disk; of a command that the server
// did not carry out there is nothing.
func TestMailboxOutlivesPower(t *testing.T) {
	w := startWorld(t, strings.Replace(town, "[smtp, submission, pop3]", "[smtp, submission, pop3, imap]", 1))
	for range 3 {
		w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"})
	}
	w.pass(time.Minute)
	c := w.inbox()
	defer c.Close()
	if _, err := c.Store(imap.Nums(2), imap.AddFlags, []string{`\Flagged`, "Todo"}, imap.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store(imap.Nums(1), imap.AddFlags, []string{`\Deleted`}, imap.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Expunge(imap.NumSet{}); err != nil {
		t.Fatal(err)
	}
	before := w.holdings()
	for _, tt := range []struct {
		name string
		try  func(c *imap.Client) error
	}{
		{"STORE", func(c *imap.Client) error {
			_, err := c.Store(imap.Nums(3), imap.AddFlags, []string{`\Answered`}, imap.StoreOptions{})
			return err
		}},
		{"MOVE", func(c *imap.Client) error { _, err := c.Move(imap.Nums(2), "Trash"); return err }},
		{"APPEND", func(c *imap.Client) error {
			_, err := c.Append("INBOX", []byte(letter), nil, time.Time{})
			return err
		}},
	} {
		w.off(true, "* "+tt.name+" *")
		c := w.inbox()
		if err := tt.try(c); err == nil {
			t.Errorf("%s was answered without power", tt.name)
		}
		c.Close()
		w.on()
		w.pass(time.Minute)
		if after := w.holdings(); after != before {
			t.Errorf("after %s\n%s, before\n%s", tt.name, after, before)
		}
	}
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"})
	w.pass(time.Minute)
	if after := w.holdings(); !strings.Contains(after, "next 5") || !strings.Contains(after, "| 4 []") {
		t.Errorf("the next letter has no UID of its own: %s", after)
	}
}

// DELE without QUIT is forgotten, and so is who held the maildrop; at QUIT the
// server has removed the letters before it says so.
func TestMaildropOutlivesPower(t *testing.T) {
	for _, tt := range []struct {
		heard bool
		line  string
		left  int
	}{{true, "DELE 1", 2}, {true, "QUIT", 2}, {false, "+OK bye", 1}} {
		w := start(t)
		for range 2 {
			w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"})
		}
		w.pass(time.Minute)
		w.off(tt.heard, tt.line)
		c := w.maildrop()
		if err := c.Login("anna@romashka.example", "a"); err != nil {
			t.Fatal(err)
		}
		c.Dele(1)
		if err := c.Quit(); err == nil {
			t.Errorf("%s: QUIT was answered without power", tt.line)
		}
		c.Close()
		w.on()
		again := w.maildrop()
		if err := again.Login("anna@romashka.example", "a"); err != nil {
			t.Errorf("%s: %v", tt.line, err)
		}
		if n := len(w.Server(officeHost).Store().Box("anna@romashka.example").Messages()); n != tt.left {
			t.Errorf("%s: %d letters are left, want %d", tt.line, n, tt.left)
		}
		again.Close()
	}
}

// The greylist and a mailbox's being full are remembered; no timer of a server
// that lost its power acts, so that a letter is not tried twice as often.
func TestTimersEndWithPower(t *testing.T) {
	w := start(t)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "x@fake.example"})
	w.pass(time.Minute)
	for range 3 {
		if err := w.PowerOff(officeHost); err != nil {
			t.Fatal(err)
		}
		w.on()
	}
	before := w.Trace.Len()
	w.pass(16 * time.Minute)
	tries := 0
	for seq := before + 1; seq <= w.Trace.Len(); seq++ {
		if w.Trace.At(seq).Kind() == "refused" {
			tries++
		}
	}
	if tries != 1 {
		t.Errorf("tried %d times, want once", tries)
	}
}
