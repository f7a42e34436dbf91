package explain

import (
	"strings"
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// TestEveryChangeIsExplained: each setting, switched on and off, in both
// languages, with the name of whom it is about.
func TestEveryChangeIsExplained(t *testing.T) {
	values := map[string][]string{
		"spf": {"v=spf1 -all", ""}, "dkim": {"s1", ""}, "dmarc": {"v=DMARC1; p=none", ""}, "mx": {"10 a.test\n20 b.test", ""}, "records": {"x IN A 192.0.2.1", ""},
		"filter": {"spf, dkim", ""}, "tls": {"good", "expired", "wrong_name", "self_signed", ""}, "starttls": {"true", "false"}, "cleartext_auth": {"true", "false"},
		"auth": {"PLAIN LOGIN"}, "lax_sender": {"true", "false"}, "open_relay": {"true", "false"}, "max_size": {"1000"}, "offer": {"SIZE", ""}, "retry": {"15m, 1h"},
	}
	for key := range changeSections {
		if values[key] == nil {
			t.Errorf("nothing is tried of %s", key)
		}
	}
	for _, l := range []words.Lang{words.EN, words.RU} {
		seen := map[string]bool{Event(l, trace.World{}, &trace.Event{Body: &trace.Change{Key: "?"}}, Context{}).Sentence: true}
		for key, list := range values {
			for _, v := range list {
				e := trace.Event{From: "mail.romashka.example", Body: &trace.Change{Domain: "romashka.example", Key: key, Old: "before", New: v}}
				got := Event(l, trace.World{}, &e, Context{}).Sentence
				if seen[got] || !strings.Contains(got, "romashka") || strings.ContainsAny(got, "\n{") {
					t.Errorf("%s: %s %q: %q", l, key, v, got)
				}
				seen[got] = true
			}
		}
	}
}
