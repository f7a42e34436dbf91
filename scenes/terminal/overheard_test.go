package terminal

import (
	"bytes"
	"strings"
	"testing"

	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
)

// TestOverheard: in clear the eavesdropper's transcript has password and text;
// under TLS neither, nor any line of the dialogue, but the server's name and
// the lengths. Others' conversations are not in it.
func TestOverheard(t *testing.T) {
	for _, tt := range []struct {
		device     string
		has, lacks []string
	}{
		{"security: none", []string{"AUTH PLAIN ", "password: " + stagetest.CafePassword, stagetest.CafeSecret, "◉ MAIL FROM:<anna@"}, []string{"client_hello", "mx1.rocket.example ESMTP"}},
		{"security: starttls", []string{"◉ STARTTLS", "client_hello: mail.romashka.example", "server_hello: TLS 1.3 TLS_", "▒ application_data, ", " octets"},
			[]string{stagetest.CafePassword, stagetest.CafeSecret, "AUTH PLAIN", "MAIL FROM", "Subject"}},
		{"security: tls", []string{"client_hello: mail.romashka.example", "▒ application_data, "},
			[]string{stagetest.CafePassword, stagetest.CafeSecret, "EHLO", "220 "}},
	} {
		var b bytes.Buffer
		if err := Overheard(&b, stagetest.Cafe(t, tt.device), Options{Lang: words.EN, Width: 120}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "As Eve has it, who listens (the café)") {
			t.Errorf("%s: whose view?\n%.500s", tt.device, b.String())
		}
		for _, s := range tt.has {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s: want %q in\n%s", tt.device, s, b.String())
			}
		}
		for _, s := range tt.lacks {
			if strings.Contains(b.String(), s) {
				t.Errorf("%s: %q is in\n%s", tt.device, s, b.String())
			}
		}
	}
}

// TestWireWithoutEavesdropper lies open as a whole.
func TestWireWithoutEavesdropper(t *testing.T) {
	rec := stagetest.Cafe(t, "security: starttls")
	rec.Header.World.Eavesdropper = nil
	var b bytes.Buffer
	if err := Overheard(&b, rec, Options{Lang: words.RU}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"client_hello: mx1.rocket.example", "MX rocket.example.", "Как это выглядит на проводе"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("want %q in\n%s", s, b.String())
		}
	}
}
