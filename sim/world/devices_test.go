package world

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// said lists what a host said, without the text of letters.
func said(w *World, host string) (lines []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if b, ok := e.Body.(*trace.Line); ok && e.From == host && b.Role == trace.Command {
			lines = append(lines, b.Text)
		}
	}
	return lines
}

// services lists the ports that a host dialed.
func services(w *World, host string) (list []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if b, ok := w.Trace.At(seq).Body.(*trace.Connect); ok && w.Trace.At(seq).From == host {
			list = append(list, b.Service)
		}
	}
	return list
}

// TestWaysToSubmit: which port a device sends by, and when the padlock shuts.
func TestWaysToSubmit(t *testing.T) {
	for _, tt := range []struct{ device, services, handshakes string }{
		{"security: none, submit: submissions", "submissions pop3", "tls"},
		{"security: starttls, submit: submissions", "submissions pop3", "tls starttls"},
		{"security: tls, submit: submission", "submission pop3s", "starttls tls"},
		{"security: if_offered", "submission pop3", "starttls starttls"},
		{"security: if_offered, receive: imap", "submission imap", "starttls starttls"},
	} {
		w, _, err := play(t, "good", "cleartext_auth: true", tt.device, "good")
		if err != nil {
			t.Errorf("%s: %v", tt.device, err)
		}
		if got := strings.Join(services(w, "anna-laptop.romashka.example"), " "); got != tt.services {
			t.Errorf("%s: it dialed %s", tt.device, got)
		}
		var modes []string
		for seq := 1; seq <= w.Trace.Len(); seq++ {
			if b, ok := w.Trace.At(seq).Body.(*trace.TLS); ok && w.Trace.At(seq).From == "anna-laptop.romashka.example" {
				modes = append(modes, b.Mode)
			}
		}
		if got := strings.Join(modes, " "); got != tt.handshakes {
			t.Errorf("%s: handshakes %s", tt.device, got)
		}
	}
}

// TestProgramOf1982 says HELO alone and nothing of who it is; a newer one
// falls back to that at a server as old.
func TestProgramOf1982(t *testing.T) {
	for device, want := range map[string][]string{
		"auth: none, submit: smtp, ehlo: false": {"HELO anna-laptop.romashka.example", "MAIL FROM:<anna@romashka.example>"},
		"auth: none, submit: smtp":              {"EHLO anna-laptop.romashka.example", "HELO anna-laptop.romashka.example", "MAIL FROM:<anna@romashka.example>"},
	} {
		w, _, err := play(t, "good", "offer: [], open_relay: true, cleartext_auth: true", device, "good")
		if err != nil {
			t.Errorf("%s: %v", device, err)
		}
		got := said(w, "anna-laptop.romashka.example")
		if !slices.Equal(got[:len(want)], want) || got[len(got)-1] != "QUIT" || slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, "AUTH") }) {
			t.Errorf("%s: it said %q", device, got)
		}
	}
}

// TestMistypedPassword: a device's own password is what its user typed.
func TestMistypedPassword(t *testing.T) {
	w, _, err := play(t, "good", "cleartext_auth: true", "password: romashka-8", "good")
	if err == nil || !strings.Contains(err.Error(), "535 5.7.8") {
		t.Errorf("Send: %v", err)
	}
	if d := w.Device("anna-laptop.romashka.example"); fmt.Sprint(d.Password) != "romashka-8" {
		t.Errorf("the device has %q", d.Password)
	}
}
