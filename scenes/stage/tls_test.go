package stage_test

import (
	"strings"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// TestPadlock: it closes with the handshake, not before and not if that fails;
// what was asked in clear and thrown away is not waited for.
func TestPadlock(t *testing.T) {
	tr := trace.New()
	add := func(from string, body trace.Payload) {
		to := map[string]string{"a.test": "b.test", "b.test": "a.test"}[from]
		tr.Append(trace.Event{From: from, To: to, Conn: 1, Proto: "smtp", Body: body}, nil)
	}
	line := func(from string, role trace.Role, code, text string, encrypted bool) {
		add(from, &trace.Line{Text: text, Role: role, Code: code, Bytes: len(text) + 2, Encrypted: encrypted})
	}
	add("a.test", &trace.Connect{Service: "submissions", Port: 465})
	line("b.test", trace.Reply, "220", "220 b.test", false)
	line("a.test", trace.Command, "", "STARTTLS", false)
	line("a.test", trace.Command, "", "MAIL FROM:<eve@c.test>", false)
	line("b.test", trace.Reply, "220", "220 ready", false)
	add("a.test", &trace.TLS{Mode: "starttls", Version: "TLS 1.3"})
	line("a.test", trace.Command, "", "EHLO a.test", true)
	line("b.test", trace.Reply, "250", "250 b.test", true)
	add("a.test", &trace.Close{})
	s := stage.New(trace.Recording{Trace: tr})
	var closed []string
	for step := 1; step <= s.Len(); step++ {
		closed = append(closed, map[bool]string{false: "open", true: "closed"}[s.Encrypted(1, step)])
	}
	if got := strings.Join(closed, " "); got != "open open open open open closed closed closed closed" {
		t.Errorf("the padlock is %s", got)
	}
	if s.Padlock(1, 5) != stage.PadlockOpen || s.Padlock(1, 6) != stage.PadlockShut || s.Padlock(1, 9) != stage.PadlockShut || s.Padlock(7, 3) != stage.PadlockOpen {
		t.Error("the padlock does not close with the handshake")
	}
	if f := s.Scene(6).Flight; f == nil || f.What != stage.FlyHandshake || f.Code != "" || !f.Returns() {
		t.Errorf("in the handshake there flies %+v", f)
	}
	if s.Encrypted(7, 3) {
		t.Error("a connection that is not there is encrypted")
	}
	sess := s.Scene(8).Session
	if sess.Service != "submission" || sess.Sender != "" {
		t.Errorf("session %+v", sess)
	}
	var chips []string
	for _, c := range sess.Chips {
		chips = append(chips, c.Name)
	}
	if got := strings.Join(chips, " "); got != "EHLO STARTTLS AUTH MAIL RCPT DATA QUIT" {
		t.Errorf("chips %s", got)
	}

	failed := trace.New()
	failed.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Body: &trace.Connect{Service: "imaps", Port: 993}}, nil)
	failed.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Body: &trace.TLS{Mode: "tls", Reason: "expired"}}, nil)
	failed.Append(trace.Event{From: "a.test", To: "b.test", Conn: 2, Body: &trace.TLS{Mode: "tls", Version: "TLS 1.3", Reason: "expired"}}, nil)
	s = stage.New(trace.Recording{Trace: failed})
	if s.Encrypted(1, 2) || s.Padlock(1, 2) != stage.PadlockBroken || s.Scene(2).Flight.Code != "refused" {
		t.Error("a failed handshake closes the padlock")
	}
	if s.Padlock(2, 3) != stage.PadlockUnproven || s.Scene(3).Flight.Code != "unproven" {
		t.Error("a padlock that nobody vouches for is like any other")
	}
}
