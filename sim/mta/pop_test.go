package mta_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/pop3"
	"mailscope/protocol/smtp"
)

// maildrop opens a POP3 session up to its greeting.
func (w *running) maildrop() *pop3.Client {
	w.t.Helper()
	conn, err := w.Net.Dial(w.t.Context(), laptop, netip.MustParseAddrPort(office+":110"))
	if err != nil {
		w.t.Fatal(err)
	}
	o := conn.Wire()
	o.Timeout = 10 * time.Second
	c := pop3.NewClient(conn, o)
	if err := c.Greet(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestAPOP(t *testing.T) {
	w := start(t)
	c := w.maildrop()
	defer c.Close()
	if err := c.APOP("anna@romashka.example", "wrong"); err == nil {
		t.Error("a wrong secret opened the maildrop")
	}
	if err := c.APOP("nobody@romashka.example", ""); err == nil {
		t.Error("nobody opened a maildrop")
	}
	if err := c.APOP("anna@romashka.example", "a"); err != nil {
		t.Error(err)
	}
	other := w.maildrop()
	defer other.Close()
	if c.Stamp() == other.Stamp() {
		t.Errorf("two sessions have the timestamp %s", c.Stamp())
	}
}

func TestMaildropIsLocked(t *testing.T) {
	w := start(t)
	first := w.maildrop()
	if err := first.Login("anna@romashka.example", "a"); err != nil {
		t.Fatal(err)
	}
	second := w.maildrop()
	if err := second.Login("anna@romashka.example", "a"); err == nil || !strings.Contains(err.Error(), "[IN-USE]") {
		t.Errorf("second session: %v", err)
	}
	second.Close()
	first.Close() // without QUIT
	third := w.maildrop()
	defer third.Close()
	if err := third.Login("anna@romashka.example", "a"); err != nil {
		t.Errorf("after the first one left: %v", err)
	}
}

func TestDeletedOnlyAfterQuit(t *testing.T) {
	w := start(t)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "anna@romashka.example"})
	w.pass(time.Minute)
	c := w.maildrop()
	if err := c.Login("anna@romashka.example", "a"); err != nil {
		t.Fatal(err)
	}
	if err := c.Dele(1); err != nil {
		t.Fatal(err)
	}
	c.Close()
	w.only("anna@romashka.example")
	c = w.maildrop()
	defer c.Close()
	if err := c.Login("anna@romashka.example", "a"); err != nil {
		t.Fatal(err)
	}
	if err := c.Dele(1); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(); err != nil {
		t.Fatal(err)
	}
	if n := len(w.letters("anna@romashka.example")); n != 0 {
		t.Errorf("%d letters after QUIT", n)
	}
}
