package mailauth

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// hosts is the world of RFC 7208 appendix A, under names of our own zone.
const hosts = `
	one.example MX 10 mail-a.one.example
	one.example MX 20 mail-b.one.example
	one.example A 192.0.2.10
	one.example A 192.0.2.11
	amy.one.example A 192.0.2.65
	bob.one.example A 192.0.2.66
	mail-a.one.example A 192.0.2.129
	mail-b.one.example A 192.0.2.130
	two.example MX 10 mail-c.two.example
	mail-c.two.example A 192.0.2.140
	192.0.2.10 PTR one.example.
	192.0.2.65 PTR amy.one.example.
	192.0.2.140 PTR mail-c.two.example.
	10.0.0.4 PTR bob.one.example.
	six.example AAAA 2001:db8::25
`

func check(z zone, ip, helo, from string) SPF {
	return CheckSPF(context.Background(), z, netip.MustParseAddr(ip), helo, from)
}

// The examples of RFC 7208 appendix A, and the rules beside them, as facts.
func TestSPF(t *testing.T) {
	for _, tt := range []struct {
		rule, record, ip string
		want             Result
		term             string
	}{
		{"§A.1", "v=spf1 +all", "203.0.113.66", Pass, "+all"},
		{"§A.1", "v=spf1 a -all", "192.0.2.10", Pass, "a"},
		{"§A.1", "v=spf1 a -all", "192.0.2.65", Fail, "-all"},
		{"§A.1", "v=spf1 a:two.example -all", "192.0.2.10", Fail, "-all"},
		{"§A.1", "v=spf1 mx -all", "192.0.2.130", Pass, "mx"},
		{"§A.1", "v=spf1 mx -all", "192.0.2.10", Fail, "-all"},
		{"§A.1", "v=spf1 mx:two.example -all", "192.0.2.140", Pass, "mx:two.example"},
		{"§A.1", "v=spf1 mx mx:two.example -all", "192.0.2.140", Pass, "mx:two.example"},
		{"§A.1", "v=spf1 mx/30 mx:two.example/30 -all", "192.0.2.131", Pass, "mx/30"},
		{"§A.1", "v=spf1 mx/30 mx:two.example/30 -all", "192.0.2.143", Pass, "mx:two.example/30"},
		{"§A.1", "v=spf1 mx/30 mx:two.example/30 -all", "192.0.2.144", Fail, "-all"},
		{"§A.1", "v=spf1 ptr -all", "192.0.2.65", Pass, "ptr"},
		{"§A.1", "v=spf1 ptr -all", "192.0.2.140", Fail, "-all"},
		{"§A.1", "v=spf1 ptr -all", "10.0.0.4", Fail, "-all"},
		{"§A.1", "v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", Fail, "-all"},
		{"§A.1", "v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", Pass, "ip4:192.0.2.128/28"},
		{"§A.4", "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all", "192.0.2.65", Pass, "+all"},
		{"§A.4", "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all", "203.0.113.1", Fail, "-include:ip4._spf.%{d}"},
		{"§4.6.2 qualifiers", "v=spf1 ?ip4:192.0.2.1 -all", "192.0.2.1", Neutral, "?ip4:192.0.2.1"},
		{"§4.6.2 qualifiers", "v=spf1 ~all", "192.0.2.1", SoftFail, "~all"},
		{"§4.7 default", "v=spf1 ip4:192.0.2.1", "192.0.2.2", Neutral, ""},
		{"§4.5 no record", "v=spf10 -all", "192.0.2.2", None, ""},
		{"§4.5 case", "V=SpF1 -ALL", "192.0.2.2", Fail, "-ALL"},
		{"§4.6 syntax", "v=spf1 ipv4:192.0.2.1 -all", "192.0.2.1", PermError, ""},
		{"§4.6 syntax", "v=spf1 ip4:192.0.2 -all", "192.0.2.1", PermError, ""},
		{"§4.6 syntax", "v=spf1 a:%{x} -all", "192.0.2.1", PermError, ""},
		{"§5.2 include of nothing", "v=spf1 include:nobody.example -all", "192.0.2.1", PermError, ""},
		{"§5.2 include passes", "v=spf1 include:ok.example -all", "192.0.2.1", Pass, "include:ok.example"},
		{"§5.2 include fails", "v=spf1 include:no.example -all", "192.0.2.1", Fail, "-all"},
		{"§5.6 ip6", "v=spf1 ip6:2001:db8::/32 -all", "2001:db8::7", Pass, "ip6:2001:db8::/32"},
		{"§5.3 a over IPv6", "v=spf1 a:six.example -all", "2001:db8::25", Pass, "a:six.example"},
		{"§5.7 exists", "v=spf1 exists:%{ir}.%{v}.bl.example -all", "192.0.2.7", Pass, "exists:%{ir}.%{v}.bl.example"},
		{"§6.1 redirect", "v=spf1 redirect=no.example", "192.0.2.7", Fail, "-all"},
		{"§6.1 redirect to nothing", "v=spf1 redirect=nobody.example", "192.0.2.7", PermError, ""},
		{"§6 unknown modifier", "v=spf1 moo=1 -all", "192.0.2.7", Fail, "-all"},
		{"§2.6.6 DNS silent", "v=spf1 a:down.example -all", "192.0.2.7", TempError, ""},
		{"§4.6.4 void", "v=spf1 a:v1.example a:v2.example ip4:192.0.2.7 -all", "192.0.2.7", Pass, "ip4:192.0.2.7"},
		{"§4.6.4 void", "v=spf1 a:v1.example a:v2.example a:v3.example ip4:192.0.2.7 -all", "192.0.2.7", PermError, ""},
	} {
		z := newZone(hosts + "one.example TXT " + tt.record + `
			ip4._spf.one.example TXT v=spf1 -ip4:192.0.2.0/24 +all
			ptr._spf.one.example TXT v=spf1 -ptr:one.example +all
			ok.example TXT v=spf1 +all
			no.example TXT v=spf1 -all
			7.2.0.192.in-addr.bl.example A 127.0.0.2
			down.example FAIL`)
		got := check(z, tt.ip, "mail.one.example", "amy@one.example")
		if got.Result != tt.want || got.Term != tt.term || got.Identity != "mailfrom" || got.Domain != "one.example" || got.Reason == "" {
			t.Errorf("%s: %q from %s: %s by %q (%s), want %s by %q", tt.rule, tt.record, tt.ip, got.Result, got.Term, got.Reason, tt.want, tt.term)
		}
	}
}

func TestSPFSyntax(t *testing.T) {
	for _, good := range []string{"v=spf1", "v=spf1  -all ", "v=spf1 A/24//64 mx:one.example//48 ?ptr", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32",
		"v=spf1 exists:%{l1r-+}.%{d2} include:_spf.%{o} exp=why.one.example redirect=two.example moo=x%%y"} {
		if err := spfSyntax(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"v=spf1 mx -al":                       `"-al" is no term`,
		"v=spf1 -all a:192.0.2.1":             `"a:192.0.2.1" is no term`,
		"v=spf1 ip4:192.0.2.0/33":             `"ip4:192.0.2.0/33" is no term`,
		"v=spf1 ip6:192.0.2.1":                `"ip6:192.0.2.1" is no term`,
		"v=spf1 ip4 -all":                     `"ip4" is no term`,
		"v=spf1 -all:x":                       `"-all:x" is no term`,
		"v=spf1 exists:%{t}.one.example":      `"exists:%{t}.one.example" is no term`,
		"v=spf1 redirect=a.test redirect=b.c": `a second redirect`,
		"v=spf1 exp= -all":                    `"exp=" has no value that it may have`,
		"v=spf1 -all\x00":                     `octet 11 is not ASCII text`,
	} {
		if err := spfSyntax(bad); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", bad, err, want)
		}
	}
}

func TestSPFIdentity(t *testing.T) {
	z := newZone(`
		helo.example TXT v=spf1 ip4:192.0.2.1 -all
		one.example TXT v=spf1 exists:%{l}.%{o}.ok.example -all
		postmaster.one.example.ok.example A 127.0.0.2
		twice.example TXT v=spf1 -all
		twice.example TXT v=spf1 +all
		down.example FAIL
		xn--80a1acny.example TXT v=spf1 -all`)
	for _, tt := range []struct {
		helo, from, identity, sender, domain string
		want                                 Result
	}{
		{"helo.example", "", "helo", "postmaster@helo.example", "helo.example", Pass}, // §2.4
		{"[192.0.2.1]", "", "helo", "postmaster@[192.0.2.1]", "[192.0.2.1]", None},    // §4.3
		{"helo", "", "helo", "postmaster@helo", "helo", None},
		{"helo.example", "@one.example", "mailfrom", "@one.example", "one.example", Pass}, // §4.3
		{"helo.example", `"x@y"@one.example`, "mailfrom", `"x@y"@one.example`, "one.example", Fail},
		{"helo.example", "a@twice.example", "mailfrom", "a@twice.example", "twice.example", PermError}, // §4.5
		{"helo.example", "a@down.example", "mailfrom", "a@down.example", "down.example", TempError},
		{"helo.example", "a@none.example", "mailfrom", "a@none.example", "none.example", None},
		{"helo.example", "анна@почта.example", "mailfrom", "анна@почта.example", "xn--80a1acny.example", Fail},
		{"helo.example", "a@" + strings.Repeat("x", 64) + ".example", "mailfrom", "a@" + strings.Repeat("x", 64) + ".example", strings.Repeat("x", 64) + ".example", None},
		{"helo.example", "a@b..example", "mailfrom", "a@b..example", "b..example", None},
	} {
		got := check(z, "192.0.2.1", tt.helo, tt.from)
		if got.Result != tt.want || got.Identity != tt.identity || got.Sender != tt.sender || got.Domain != tt.domain {
			t.Errorf("%q, %q: %+v", tt.helo, tt.from, got)
		}
	}
}

// Ten terms may ask DNS; the eleventh, a loop and a long chain are permerror.
func TestSPFLimits(t *testing.T) {
	var terms, chain strings.Builder
	for i := range 11 {
		fmt.Fprintf(&terms, " a:h%d.example", i)
		fmt.Fprintf(&chain, "c%d.example TXT v=spf1 include:c%d.example -all\n", i, i+1)
	}
	long := terms.String()
	ten := long[:strings.LastIndex(long, " ")]
	addrs := ""
	for i := range 11 {
		addrs += fmt.Sprintf("h%d.example A 203.0.113.%d\n", i, i)
	}
	var many strings.Builder
	for i := range 11 {
		fmt.Fprintf(&many, "many.example MX 10 h%d.example\n", i)
	}
	for _, tt := range []struct {
		zone    string
		want    Result
		lookups int
	}{
		{"one.example TXT v=spf1" + ten + " -all\n" + addrs, Fail, 10},
		{"one.example TXT v=spf1" + long + " -all\n" + addrs, PermError, 10},
		{"one.example TXT v=spf1 include:one.example -all", PermError, 10},
		{"one.example TXT v=spf1 redirect=one.example", PermError, 10},
		{"one.example TXT v=spf1 include:c0.example -all\n" + chain.String(), PermError, 10},
		{"one.example TXT v=spf1 mx:many.example -all\n" + many.String() + addrs, PermError, 1},
		{"one.example TXT v=spf1 mx a:h1.example -all\none.example MX 10 h1.example\n" + addrs, Fail, 2},
		{"one.example TXT v=spf1 a:x.example -all\none.example MX 10 h1.example", Fail, 1},
	} {
		got := check(newZone(tt.zone), "192.0.2.1", "h.example", "a@one.example")
		if got.Result != tt.want || got.Lookups != tt.lookups {
			t.Errorf("%.60q: %s after %d lookups (%s), want %s after %d", tt.zone, got.Result, got.Lookups, got.Reason, tt.want, tt.lookups)
		}
		if len(got.Asked) > 25 {
			t.Errorf("%.60q: asked %d questions", tt.zone, len(got.Asked))
		}
	}
}

func TestReceivedSPF(t *testing.T) {
	v := check(newZone("rocket.example TXT v=spf1 ip4:198.51.100.10 -all"), "203.0.113.66", "out.spam.example", "ilon@rocket.example")
	const want = "Received-SPF: fail (mail.romashka.example: domain of ilon@rocket.example does not designate 203.0.113.66 as permitted sender)\r\n" +
		"\tclient-ip=203.0.113.66; envelope-from=\"ilon@rocket.example\"; helo=out.spam.example;\r\n" +
		"\treceiver=mail.romashka.example; identity=mailfrom; mechanism=-all\r\n"
	if got := ReceivedSPF(v, "mail.romashka.example"); got != want {
		t.Errorf("got:\n%s", got)
	}
	v = check(newZone(""), "203.0.113.66", "a\"b(\\\r\nX: y", "")
	if got := ReceivedSPF(v, "mx.example"); strings.Count(got, "\r\n") != 3 || strings.Contains(got, "\nX:") {
		t.Errorf("a greeting broke out of its field: %q", got)
	}
}

func FuzzSPF(f *testing.F) {
	f.Add("v=spf1 a mx/24//64 include:one.example exists:%{l1r+}.%{d} -all")
	f.Add("v=spf1 redirect=one.example exp=x")
	f.Fuzz(func(t *testing.T, record string) {
		z := newZone(hosts)
		z["one.example TXT"] = []string{record}
		v := check(z, "192.0.2.7", "h.example", "a@one.example")
		if v.Lookups > 10 || v.Void > 3 || len(v.Asked) > 200 {
			t.Errorf("%q: %d lookups, %d void, %d questions", record, v.Lookups, v.Void, len(v.Asked))
		}
		switch v.Result {
		case None, Pass, Fail, SoftFail, Neutral, TempError, PermError:
		default:
			t.Errorf("%q: result %q", record, v.Result)
		}
		if v.Record != "" && spfSyntax(record) != nil && v.Result != PermError {
			t.Errorf("%q: %s, though it is no policy: %v", record, v.Result, spfSyntax(record))
		}
	})
}
