package mailauth

import (
	"net/netip"
	"strings"
	"testing"
)

// The examples of RFC 7208 §7.4.
func TestMacros(t *testing.T) {
	m := macros{sender: "strong-bad@email.example.com", domain: "email.example.com", ip: netip.MustParseAddr("192.0.2.3"), helo: "h.example", receiver: "mx.example"}
	six := m
	six.ip = netip.MustParseAddr("2001:db8::cb01")
	for _, tt := range []struct {
		m        macros
		in, want string
	}{
		{m, "%{s}", "strong-bad@email.example.com"}, {m, "%{o}", "email.example.com"}, {m, "%{d}", "email.example.com"},
		{m, "%{d4}", "email.example.com"}, {m, "%{d3}", "email.example.com"}, {m, "%{d2}", "example.com"}, {m, "%{d1}", "com"},
		{m, "%{dr}", "com.example.email"}, {m, "%{d2r}", "example.email"}, {m, "%{l}", "strong-bad"}, {m, "%{l-}", "strong.bad"},
		{m, "%{lr}", "strong-bad"}, {m, "%{lr-}", "bad.strong"}, {m, "%{l1r-}", "strong"},
		{m, "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
		{m, "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
		{m, "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
		{six, "%{ir}.%{v}._spf.%{d2}", "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"},
		{six, "%{c}", "2001:db8::cb01"}, {m, "%{S}%_%%%-", "strong-bad%40email.example.com %%20"}, {m, "%{h} %{r} %{p}", "h.example mx.example unknown"},
		{m, "", ""}, {m, "plain", "plain"},
	} {
		if got, ok := tt.m.expand(tt.in, true); !ok || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.in, got, ok, tt.want)
		}
	}
	for _, in := range []string{"%", "%x", "%{", "%{}", "%{s", "%{x}", "%{d0}", "%{dx}", "%{s%{s}}", "%{d99999999999999999999}"} {
		if got, ok := m.expand(in, true); ok {
			t.Errorf("%s: %q", in, got)
		}
	}
	if _, ok := m.expand("%{c}", false); ok {
		t.Error("a letter for explanations stands in a policy")
	}
}

func TestSPFExplanation(t *testing.T) {
	for _, tt := range []struct{ zone, want string }{
		{"one.example TXT v=spf1 -all exp=why.%{d}\nwhy.one.example TXT %{i} is not of %{o}", "192.0.2.1 is not of one.example"},
		{"one.example TXT v=spf1 redirect=two.example\ntwo.example TXT v=spf1 -all exp=why.%{d}\nwhy.two.example TXT of %{d}", "of two.example"},
		{"one.example TXT v=spf1 include:two.example -all exp=why.one.example\ntwo.example TXT v=spf1 -all exp=why.two.example\nwhy.one.example TXT one\nwhy.two.example TXT two", "one"}, // §6.2
		{"one.example TXT v=spf1 -all exp=gone.example", ""},
		{"one.example TXT v=spf1 -all exp=a.example exp=a.example\na.example TXT x", ""},
		{"one.example TXT v=spf1 -all exp=a.example\na.example TXT x\na.example TXT y", ""},
		{"one.example TXT v=spf1 -all exp=a.example\na.example TXT почему", ""},
		{"one.example TXT v=spf1 -all exp=a.example\na.example TXT %{x}", ""},
		{"one.example TXT v=spf1 -all exp=a.example\na.example TXT " + strings.Repeat("x", 500), ""},
		{"one.example TXT v=spf1 +all exp=a.example\na.example TXT x", ""},
		{"one.example TXT v=spf1 ~all exp=a.example\na.example TXT x", ""},
	} {
		got := check(newZone(tt.zone), "192.0.2.1", "h.example", "a@one.example")
		if got.Explanation != tt.want {
			t.Errorf("%.60q: %q, want %q", tt.zone, got.Explanation, tt.want)
		}
	}
}

func FuzzMacros(f *testing.F) {
	f.Add("%{ir}.%{v}._spf.%{d2}")
	f.Add("%{L1r-.+,/_=}%%%_%-")
	f.Fuzz(func(t *testing.T, in string) {
		m := macros{sender: "a@b.example", domain: "b.example", ip: netip.MustParseAddr("2001:db8::1"), helo: "h", receiver: "r"}
		out, ok := m.expand(in, true)
		if !ok && out != "" || len(out) > 5*maxExplanation+len(in) {
			t.Errorf("%q became %q, %v", in, out, ok)
		}
		if ok && !strings.Contains(in, "%") && out != in {
			t.Errorf("%q became %q", in, out)
		}
	})
}
