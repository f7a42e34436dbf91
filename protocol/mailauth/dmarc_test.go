package mailauth

import (
	"context"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dmarc"
)

func TestParseDMARC(t *testing.T) {
	ten := 10
	for _, tt := range []struct {
		in   string
		want *dmarc.Record
	}{
		{"v=DMARC1; p=none", &dmarc.Record{Policy: "none", SPFAlignment: "r", DKIMAlignment: "r"}},
		{"v=DMARC1;p=reject;aspf=s;adkim=S;pct=10;sp=Quarantine;", &dmarc.Record{Policy: "reject", SPFAlignment: "s", DKIMAlignment: "s", Percent: &ten, SubdomainPolicy: "quarantine"}},
		{"v=DMARC1; p=reject; pct=1000; aspf=x; sp=later; fo=9; moo=1", &dmarc.Record{Policy: "reject", SPFAlignment: "r", DKIMAlignment: "r"}}, // §6.3: ignored
		{"v=DMARC1; p=rej", nil}, // cut short
		{"v=DMARC1; p=", nil},
		{"v=DMARC1; p", nil},
		{"v=DMARC1;", nil},
		{"v=DMARC1; p=rej; rua=mailto:d@one.example", &dmarc.Record{Policy: "none", SPFAlignment: "r", DKIMAlignment: "r", ReportURIAggregate: []string{"mailto:d@one.example"}}}, // §6.6.3
		{"v=DMARC1; rua=mailto:d@one.example", &dmarc.Record{Policy: "none", SPFAlignment: "r", DKIMAlignment: "r", ReportURIAggregate: []string{"mailto:d@one.example"}}},
		{"v=DMARC2; p=none", nil},
		{"v=dmarc1; p=none", nil}, // §6.3: case matters here
		{"p=none; v=DMARC1", nil}, // and the place
		{"", nil},
	} {
		got := ParseDMARC(tt.in)
		if (got == nil) != (tt.want == nil) {
			t.Errorf("%q: %+v", tt.in, got)
			continue
		}
		if got != nil && (got.Policy != tt.want.Policy || got.SPFAlignment != tt.want.SPFAlignment || got.DKIMAlignment != tt.want.DKIMAlignment ||
			got.SubdomainPolicy != tt.want.SubdomainPolicy || (got.Percent == nil) != (tt.want.Percent == nil)) {
			t.Errorf("%q: %+v", tt.in, got)
		}
	}
}

func from(value string) []byte { return letter("From: "+value, "Subject: x", "", "text") }

// RFC 7489 §3.1 and §6.6, and its examples of alignment in appendix B.1.
func TestDMARC(t *testing.T) {
	const zones = `
		_dmarc.strict.example TXT v=DMARC1; p=reject; aspf=s; adkim=s
		_dmarc.relaxed.example TXT v=DMARC1; p=quarantine; sp=none
		_dmarc.own.relaxed.example TXT v=DMARC1; p=reject
		_dmarc.half.example TXT v=DMARC1; p=reject; pct=50
		_dmarc.mild.example TXT v=DMARC1; p=none
		_dmarc.two.example TXT v=DMARC1; p=none
		_dmarc.two.example TXT v=DMARC1; p=reject
		_dmarc.cut.example TXT v=DMARC1; p=rej
		_dmarc.other.example TXT v=spf1 -all
		_dmarc.down.example FAIL
		_dmarc.xn--80a1acny.example TXT v=DMARC1; p=reject
	`
	for _, tt := range []struct {
		from, spf, dkim string // domains for which they passed, "" for none
		want            Result
		disposition, at string
		sample          int
	}{
		{"a@strict.example", "strict.example", "", Pass, "none", "strict.example", 0},
		{"a@strict.example", "", "strict.example", Pass, "none", "strict.example", 0},
		{"a@strict.example", "mail.strict.example", "mail.strict.example", Fail, "reject", "strict.example", 0},
		{"a@relaxed.example", "mail.relaxed.example", "", Pass, "none", "relaxed.example", 0},
		{"a@relaxed.example", "", "mail.relaxed.example", Pass, "none", "relaxed.example", 0},
		{"a@relaxed.example", "spam.example", "spam.example", Fail, "quarantine", "relaxed.example", 0},
		{"a@relaxed.example", "notrelaxed.example", "", Fail, "quarantine", "relaxed.example", 0},
		{"a@relaxed.example", "example", "example", Fail, "quarantine", "relaxed.example", 0},
		{"a@sub.relaxed.example", "spam.example", "", Fail, "none", "relaxed.example", 0},       // sp
		{"a@own.relaxed.example", "spam.example", "", Fail, "reject", "own.relaxed.example", 0}, // its own comes first
		{"a@sub.relaxed.example", "relaxed.example", "", Pass, "none", "relaxed.example", 0},
		{"a@half.example", "", "", Fail, "reject", "half.example", 49},
		{"a@half.example", "", "", Fail, "quarantine", "half.example", 50}, // §6.6.4
		{"a@mild.example", "", "", Fail, "none", "mild.example", 0},
		{"a@two.example", "", "", None, "none", "", 0},
		{"a@cut.example", "", "", None, "none", "", 0},
		{"a@other.example", "", "", None, "none", "", 0},
		{"a@nobody.example", "", "", None, "none", "", 0},
		{"a@down.example", "", "", TempError, "none", "", 0},
		{"анна@почта.example", "", "", Fail, "reject", "xn--80a1acny.example", 0},
		{"=?koi8-x?B?4Q==?= <a@strict.example>", "strict.example", "", Pass, "none", "strict.example", 0},
		{"a@mild.example, b@strict.example", "mild.example", "", Fail, "reject", "strict.example", 0}, // §6.6.1: the strictest
		{"a@mild.example, b@MILD.example", "mild.example", "", Pass, "none", "mild.example", 0},
		{"nobody", "mild.example", "", PermError, "none", "", 0},
		{"", "mild.example", "", PermError, "none", "", 0},
		{"a@[192.0.2.1]", "mild.example", "", PermError, "none", "", 0},
		{strings.Repeat("a@x.example, ", 3) + "a@b.example, a@c.example, a@d.example, a@e.example, a@f.example, a@g.example, a@h.example, a@i.example", "", "", PermError, "none", "", 0},
	} {
		spf, sigs := SPF{Result: Fail}, []Signature{{Result: Fail, Domain: "strict.example"}}
		if tt.spf != "" {
			spf = SPF{Result: Pass, Domain: tt.spf}
		}
		if tt.dkim != "" {
			sigs = append(sigs, Signature{Result: Pass, Domain: tt.dkim})
		}
		got := CheckDMARC(context.Background(), newZone(zones), from(tt.from), spf, sigs, tt.sample)
		if got.Result != tt.want || got.Disposition != tt.disposition || got.At != tt.at || got.Reason == "" {
			t.Errorf("From: %s, SPF %q, DKIM %q: %+v, want %s, %s by %q", tt.from, tt.spf, tt.dkim, got, tt.want, tt.disposition, tt.at)
		}
	}
}

func TestDMARCFrom(t *testing.T) {
	z := newZone("_dmarc.strict.example TXT v=DMARC1; p=reject")
	for _, in := range [][]byte{
		letter("Subject: x", "", "From: a@strict.example"),
		letter("From: a@strict.example", "From : b@spam.example", "", "x"),
		nil,
	} {
		if got := CheckDMARC(context.Background(), z, in, SPF{}, nil, 0); got.Result != PermError {
			t.Errorf("%q: %+v", in, got)
		}
	}
	// What could not be checked might have vouched (§6.6.2).
	got := CheckDMARC(context.Background(), z, from("a@strict.example"), SPF{Result: TempError}, nil, 0)
	if got.Result != TempError || got.Disposition != "none" {
		t.Errorf("%+v", got)
	}
}

func FuzzDMARC(f *testing.F) {
	f.Add("v=DMARC1; p=reject; sp=none; pct=5; adkim=s; rua=mailto:a@b", "a@one.example, b@two.example")
	f.Add("v=DMARC1; p=rej", "=?utf-8?q?x?= <a@one.example>")
	f.Fuzz(func(t *testing.T, record, who string) {
		z := zone{"_dmarc.one.example TXT": {record}}
		got := CheckDMARC(context.Background(), z, from(who), SPF{}, nil, 0)
		if got.Reason == "" || got.Result == Pass {
			t.Errorf("%q, %q: %+v", record, who, got)
		}
		if got.Disposition != "none" && (got.Result != Fail || !strings.Contains(strings.ToLower(record), got.Published)) {
			t.Errorf("%q, %q: %+v", record, who, got)
		}
		if rec := ParseDMARC(record); rec != nil && (rec.Policy == "" || rec.Percent != nil && (*rec.Percent < 0 || *rec.Percent > 100)) {
			t.Errorf("%q: %+v", record, rec)
		}
	})
}
