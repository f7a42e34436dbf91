package mailauth

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"mailscope/protocol/wire"

	"github.com/google/go-cmp/cmp"
)

// The examples of RFC 8601 appendix B, and what is seen in the wild.
func TestParseAuthResults(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want AuthResults
	}{
		{"example.org 1; none", AuthResults{ID: "example.org", Version: 1}}, // B.2
		{" example.com;\r\n\tspf=pass smtp.mailfrom=example.net", // B.3
			AuthResults{ID: "example.com", Results: []MethodResult{{Method: "spf", Result: Pass, Props: []Prop{{"smtp", "mailfrom", "example.net"}}}}}},
		{"example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net", // B.4
			AuthResults{ID: "example.com", Results: []MethodResult{
				{Method: "auth", Result: Pass, Props: []Prop{{"smtp", "auth", "sender@example.net"}}},
				{Method: "spf", Result: Pass, Props: []Prop{{"smtp", "mailfrom", "example.net"}}}}}},
		{"example.com; dkim=pass (good signature) header.d=example.com", // B.5
			AuthResults{ID: "example.com", Results: []MethodResult{{Method: "dkim", Result: Pass, Props: []Prop{{"header", "d", "example.com"}}}}}},
		{"example.com; dkim=pass reason=\"good signature\"\r\n header.i=@mail-router.example.net;\r\n dkim=fail reason=\"bad signature\"\r\n header.i=@newyork.example.com", // B.6
			AuthResults{ID: "example.com", Results: []MethodResult{
				{Method: "dkim", Result: Pass, Reason: "good signature", Props: []Prop{{"header", "i", "@mail-router.example.net"}}},
				{Method: "dkim", Result: Fail, Reason: "bad signature", Props: []Prop{{"header", "i", "@newyork.example.com"}}}}}},
		{"foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462", // B.7
			AuthResults{ID: "foo.example.net", Version: 1, Results: []MethodResult{{Method: "dkim", Version: 1, Result: Fail, Props: []Prop{{"policy", "expired", "1362471462"}}}}}},
		{`mx; spf=pass smtp.mailfrom="a b"@one.example`, AuthResults{ID: "mx", Results: []MethodResult{{Method: "spf", Result: Pass, Props: []Prop{{"smtp", "mailfrom", "a b@one.example"}}}}}},
		{"mx; DKIM=Pass header.b=a/b+c=; ", AuthResults{ID: "mx", Results: []MethodResult{{Method: "dkim", Result: Pass, Props: []Prop{{"header", "b", "a/b+c="}}}}}},
		{`"a;b"; none (nothing (at all\))) `, AuthResults{ID: "a;b"}},
		{"mx; none=pass", AuthResults{ID: "mx", Results: []MethodResult{{Method: "none", Result: Pass}}}},
	} {
		got, err := ParseAuthResults(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%q: %s", tt.in, d)
		}
	}
}

func TestParseAuthResultsRefuses(t *testing.T) {
	for _, tt := range []struct {
		in string
		at int
	}{
		{"", 0}, {"mx", 2}, {"mx 2; none", 3}, {"mx 1", 4}, {"mx; spf", 7}, {"mx; =pass", 4}, {"mx; spf=", 8}, {"mx; spf=pass smtp", 17},
		{"mx; spf=pass smtp.mailfrom", 26}, {"mx; spf=pass smtp.mailfrom=", 27}, {"mx; spf=pass (", 14}, {`mx; spf=pass reason="x`, 22},
		{"mx; spf=pass, dkim=pass", 12}, {"mx; spf=pass smtp.a=b reason=c", 22}, {"mx; none; spf=pass", 8}, {"mx;", 3},
		{strings.Repeat("(", 100), 100}, {"mx" + strings.Repeat("; a=b", 101), 2 + 5*101},
	} {
		got, err := ParseAuthResults(tt.in)
		e, ok := errors.AsType[*wire.SyntaxError](err)
		if !ok || e.At != tt.at || got.ID != "" || got.Results != nil {
			t.Errorf("%.60q: %v, %v; want octet %d", tt.in, got, err, tt.at)
		}
	}
}

func TestAuthResultsField(t *testing.T) {
	a := AuthResults{ID: "mail.romashka.example", Results: []MethodResult{
		{Method: "spf", Result: Fail, Reason: "not; he", Props: []Prop{{"smtp", "mailfrom", "ilon@rocket.example"}}},
		{Method: "dkim", Result: None},
		{Method: "dmarc", Result: Fail, Note: "p=quarantine; (really)", Props: []Prop{{"header", "from", "rocket.example"}}},
	}}
	const want = "Authentication-Results: mail.romashka.example;\r\n" +
		"\tspf=fail reason=\"not;he\" smtp.mailfrom=ilon@rocket.example;\r\n" +
		"\tdkim=none;\r\n" +
		"\tdmarc=fail (p=quarantine;\\(really\\)) header.from=rocket.example\r\n"
	if got := a.Field(); got != want {
		t.Errorf("got %q", got)
	}
	if got := (AuthResults{ID: "mx"}).Field(); got != "Authentication-Results: mx;\r\n\tnone\r\n" {
		t.Errorf("got %q", got)
	}
}

// Every octet of a value comes back, or as a question mark.
func TestAuthResultsOctets(t *testing.T) {
	for c := range 256 {
		value := "a" + string([]byte{byte(c)}) + "b"
		a := AuthResults{ID: "mx", Results: []MethodResult{{Method: "spf", Result: Pass, Reason: value, Props: []Prop{{"smtp", "helo", value}}}}}
		got, err := ParseAuthResults(a.String())
		if c < ' ' || c == 0x7f {
			value = "a?b"
		}
		if err != nil || got.Results[0].Reason != value || got.Results[0].Props[0].Value != value {
			t.Errorf("octet %d: %q, %v", c, a.String(), err)
		}
	}
}

func FuzzAuthResults(f *testing.F) {
	f.Add("example.org 1; none")
	f.Add(`mx (c); spf=pass reason="a b" smtp.mailfrom="a b"@one.example; dkim/1=fail header.b=a=`)
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ParseAuthResults(in)
		if err != nil {
			if e, ok := errors.AsType[*wire.SyntaxError](err); !ok || e.At > len(in) || e.Want == "" || got.ID != "" {
				t.Errorf("%q: %v, %v", in, got, err)
			}
			return
		}
		text := got.String()
		again, err := ParseAuthResults(text)
		if err != nil || again.String() != text || len(again.Results) != len(got.Results) {
			t.Errorf("%q came back as %q, %v", in, text, err)
		}
		field := got.Field()
		if strings.Count(field, "\r\n") != 1+max(len(got.Results), 1) {
			t.Errorf("%q broke its field: %q", in, field)
		}
	})
}

func TestStripForged(t *testing.T) {
	const own = "mail.romashka.example"
	keep := []string{"Received: by x", "Authentication-Results: other.example; spf=pass", "Subject: Authentication-Results: " + own, "Received-SPF: pass (other.example: x)"}
	forgeries := []string{
		"Authentication-Results: " + own + "; spf=pass",
		"authentication-results : (hi) MAIL.romashka.example 1; dkim=pass",
		"Authentication-Results:\r\n\t\"" + own + "\"\r\n\t; dmarc=pass",
		"Authentication-Results: ; spf=pass",
		"Authentication-Results: (",
		"Received-SPF: pass (" + own + ": good) receiver=" + own,
	}
	clean := letter(append(append([]string{}, keep...), "", "Authentication-Results: "+own+"; spf=pass")...)
	for i, forgery := range forgeries {
		for at := range len(keep) + 1 {
			lines := append(append(append([]string{}, keep[:at]...), forgery), keep[at:]...)
			lines = append(lines, "", "Authentication-Results: "+own+"; spf=pass")
			got, removed := StripForged(letter(lines...), own)
			if !bytes.Equal(got, clean) || len(removed) != 1 {
				t.Errorf("forgery %d at %d: %q, %v", i, at, got, removed)
			}
		}
	}
	if got, removed := StripForged(clean, own); &got[0] != &clean[0] || removed != nil {
		t.Error("a letter without forgeries was touched")
	}
	all := letter(append(forgeries, "", "x")...)
	if got, removed := StripForged(all, own); string(got) != "\r\nx\r\n" || len(removed) != len(forgeries) {
		t.Errorf("%q, %v", got, removed)
	}
}

func FuzzStripForged(f *testing.F) {
	f.Add([]byte("Authentication-Results: mx; none\r\nA: b\r\n\r\nbody"))
	f.Fuzz(func(t *testing.T, in []byte) {
		clean, removed := StripForged(in, "mx")
		if again, more := StripForged(clean, "mx"); more != nil || !bytes.Equal(again, clean) {
			t.Errorf("%q: some were left: %v", in, more)
		}
		_, before := fields(in)
		if _, after := fields(clean); len(removed) == 0 && !bytes.Equal(in, clean) || !bytes.Equal(before, after) {
			t.Errorf("%q: body %q became %q", in, before, after)
		}
	})
}

func ExampleAuthResults() {
	a := AuthResults{ID: "mail.romashka.example", Results: []MethodResult{
		{Method: "dmarc", Result: Fail, Note: "p=quarantine", Props: []Prop{{"header", "from", "rocket.example"}}}}}
	fmt.Println(a)
	// Output: mail.romashka.example; dmarc=fail (p=quarantine) header.from=rocket.example
}
