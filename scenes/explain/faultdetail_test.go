package explain

import (
	"regexp"
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/fault"
)

// TestEveryFaultIsDetailed: in English as the trace has it, in Russian with no
// English left but what is said on the wire.
func TestEveryFaultIsDetailed(t *testing.T) {
	english := regexp.MustCompile(`\b(is|the|every|one|and|that|way|octets|answer|power|between|of)\b`)
	quoted := regexp.MustCompile(`"[^"]*"`)
	for _, f := range []fault.Fault{
		{Type: fault.Down, Host: "mx1.rocket.example"},
		{Type: fault.Power, Host: "mx1.rocket.example"},
		{Type: fault.Power, Host: "mx1.rocket.example", Hears: "DATA"},
		{Type: fault.Power, Host: "mx1.rocket.example", Says: "250 *", Every: 3},
		{Type: fault.Refused, Host: "mx1.rocket.example"},
		{Type: fault.Refused, Host: "mx1.rocket.example", Service: "smtp"},
		{Type: fault.Slow, From: "romashka.example", To: "rocket.example", Latency: "2s"},
		{Type: fault.Slow, From: "romashka.example", To: "rocket.example", Rate: 64},
		{Type: fault.Slow, Host: "mx1.rocket.example", Rate: 64, Latency: "2s"},
		{Type: fault.Lossy, From: "romashka.example", To: "rocket.example", Every: 2},
		{Type: fault.Cut, Host: "mx1.rocket.example", Bytes: 1},
		{Type: fault.Cut, Host: "mx1.rocket.example", Service: "smtp", After: "MAIL FROM:*", Times: fault.Once},
		{Type: fault.Cut, From: "romashka.example", To: "rocket.example", Unanswered: "letter", Every: 11},
		{Type: fault.Reply, Host: "mx1.rocket.example", Command: "RCPT TO:*", Reply: "451 4.3.0 not now", Every: 2},
		{Type: fault.Disk, Host: "mx1.rocket.example"},
		{Type: fault.Certificate, Host: "mx1.rocket.example", Certificate: "expired"},
		{Type: fault.Certificate, Host: "mx1.rocket.example", Certificate: "wrong_name"},
		{Type: fault.Certificate, Host: "mx1.rocket.example", Certificate: "self_signed"},
		{Type: fault.Strip, From: "romashka.example", To: "rocket.example"},
		{Type: fault.Strip, Host: "mx1.rocket.example"},
		{Type: fault.DNS, Lookup: "*rocket.example", Answer: fault.ServFail},
		{Type: fault.DNS, Lookup: "rocket.example", Record: "MX", Answer: fault.Silence, Every: 2},
		{Type: fault.DNS, Answer: fault.Stale, Times: fault.Once},
	} {
		detail := f.Detail()
		if got := FaultDetail(words.EN, detail); got != detail {
			t.Errorf("%q became %q", detail, got)
		}
		if got := FaultDetail(words.RU, detail); got == detail || english.MatchString(quoted.ReplaceAllString(got, "")) {
			t.Errorf("%q became %q", detail, got)
		}
	}
	if got := FaultDetail(words.RU, "something else"); got != "something else" {
		t.Errorf("what is not ours became %q", got)
	}
}
