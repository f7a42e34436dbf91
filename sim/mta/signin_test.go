package mta

import (
	"testing"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/sasl"
	"mailscope/sim/clock"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// alone is a server that nobody speaks to, in simulated time.
func alone(c Config) (*Server, *clock.Sim) {
	time := clock.NewSim(time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC))
	n := network.New(time, trace.New(), func(string, string) network.Link { return network.Link{} })
	n.Serial = true
	return New(c, n, nil, nil), time
}

// TestWrongPasswordsCostTime: a slip costs nothing, and guessing more and more.
func TestWrongPasswordsCostTime(t *testing.T) {
	s, now := alone(Config{Host: "mail.test"})
	for failures, want := range []time.Duration{1: 0, 2: 2 * time.Second, 3: 6 * time.Second, 4: 12 * time.Second, 5: 20 * time.Second, 6: 30 * time.Second, 7: 40 * time.Second} {
		if failures > 0 {
			s.slow(t.Context(), failures)
		}
		if now.Now() != want {
			t.Errorf("after %d failures it is %v, want %v", failures, now.Now(), want)
		}
	}
}

// TestNothingIsRandomInALesson, and nothing repeats.
func TestNothingIsRandomInALesson(t *testing.T) {
	one, _ := alone(Config{Host: "mail.test"})
	two, _ := alone(Config{Host: "mail.test"})
	seen := map[string]bool{}
	for range 3 {
		a, b := one.sasl().Nonce(), two.sasl().Nonce()
		if a != b || seen[a] {
			t.Errorf("nonces %q and %q", a, b)
		}
		seen[a] = true
		if a, b = one.stamp(), two.stamp(); a != b || seen[a] {
			t.Errorf("challenges %q and %q", a, b)
		}
		seen[a] = true
	}
}

func TestWaysInByIMAP(t *testing.T) {
	for _, tt := range []struct {
		name   string
		set    Settings
		starts bool
		want   map[string]bool
	}{
		{"as before", Settings{}, false, map[string]bool{"AUTH=PLAIN": true, "AUTH=LOGIN": false, "AUTH=CRAM-MD5": false, "STARTTLS": false, "IDLE": true}},
		{"chosen", Settings{Auth: []string{sasl.CRAM}}, true, map[string]bool{"AUTH=PLAIN": false, "AUTH=CRAM-MD5": true, "STARTTLS": true, "IDLE": true}},
		{"none", Settings{Auth: []string{}}, false, map[string]bool{"AUTH=PLAIN": false}},
		{"an offer of its own", Settings{IMAP: imap.Offer{"IMAP4REV1": true, "AUTH=LOGIN": true}}, true, map[string]bool{"AUTH=LOGIN": true, "AUTH=PLAIN": false, "STARTTLS": true, "IDLE": false}},
	} {
		if tt.starts {
			tt.set.TLS = &TLS{StartTLS: true}
		}
		offer := tt.set.imapOffer()
		for name, want := range tt.want {
			if offer[name] != want {
				t.Errorf("%s: %s is offered: %v", tt.name, name, offer[name])
			}
		}
	}
}
