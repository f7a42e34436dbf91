package lesson

import (
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// TestPadlocksAreMatched: what an eavesdropper can read, and whom a client
// believes.
func TestPadlocksAreMatched(t *testing.T) {
	yes, no := true, false
	line := &trace.Event{Body: &trace.Line{Text: "AUTH PLAIN x", Encrypted: true}}
	shook := &trace.Event{Body: &trace.TLS{Reason: "the certificate is for www.other.example"}}
	for _, tt := range []struct {
		m    Match
		e    *trace.Event
		want bool
	}{
		{Match{Kind: "line", Text: "AUTH *"}, line, true},
		{Match{Kind: "line", Text: "AUTH *", Encrypted: &yes}, line, true},
		{Match{Kind: "line", Text: "AUTH *", Encrypted: &no}, line, false},
		{Match{Kind: "tls"}, shook, true},
		{Match{Kind: "tls", Verified: &no, Text: "*other.example"}, shook, true},
		{Match{Kind: "tls", Verified: &yes}, shook, false},
		{Match{Kind: "tls", Text: "*expired"}, shook, false},
	} {
		if got := tt.m.Matches(tt.e); got != tt.want {
			t.Errorf("%+v: %v", tt.m, got)
		}
	}
}

// TestSecureLesson: that nothing can be overheard is something that a lesson
// can promise.
func TestSecureLesson(t *testing.T) {
	lesson := strings.NewReplacer(
		"services: [smtp, submission, pop3]", "services: [smtp, submission, pop3s, submissions], tls: {}",
		"devices: [{kind: laptop}]", "devices: [{kind: laptop, security: tls}]",
		"sees: {kind: line, to: mail.alfa.example}", "never: {kind: line, encrypted: false}").Replace(small)
	if got := failures(t, lesson); got != nil {
		t.Errorf("failed: %q", got)
	}
	lesson = strings.Replace(lesson, "security: tls", "security: none", 1)
	lesson = strings.Replace(lesson, "pop3s, submissions], tls: {}", "pop3s, pop3], tls: {}, cleartext_auth: true", 1)
	if got := failures(t, lesson); len(got) != 1 {
		t.Errorf("in clear: failed %q", got)
	}
}
