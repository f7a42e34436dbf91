package dns

import (
	"strings"
	"testing"

	mdns "github.com/miekg/dns"
)

const rocketText = `$TTL 300
@	IN SOA ns hostmaster 1 7200 900 1209600 60
	IN NS  ns
	IN MX  20 mx2
	IN MX  10 Mx1
	IN TXT "v=spf1 " "mx -all"
	IN AAAA 2001:db8::1
ns	IN A   198.51.100.53
mx1	IN A   198.51.100.25
mx1	IN AAAA 2001:db8:2::25
mx2	IN A   198.51.100.26
www	IN CNAME web.hosting
web.hosting IN A 198.51.100.80
out	IN CNAME www.romashka.example.
gone	IN CNAME nowhere
loop1	IN CNAME loop2
loop2	IN CNAME loop1
away	IN CNAME host.other.test.
*.wild	IN MX  5 mx1
*.wild	IN TXT "any"
host.wild IN A 198.51.100.99
kid	IN NS  ns.kid
ns.kid	IN A   198.51.100.54
deep.down.below IN A 198.51.100.77
null	IN MX  0 .
zero	0 IN A 198.51.100.78
`

const romashkaText = `@ 300 IN SOA ns.rocket.example. anna 1 7200 900 1209600 3600
@ 300 IN NS ns.rocket.example.
www 60 IN A 192.0.2.80
`

const reverseText = `@ 300 IN SOA ns.rocket.example. anna.romashka.example. 1 7200 900 1209600 3600
@ 300 IN NS ns.rocket.example.
25 300 IN PTR mx1.rocket.example.
`

func mustZone(t testing.TB, origin, text string) *Zone {
	t.Helper()
	z, err := ParseZone(origin, strings.NewReader(text), origin+"zone")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// testZones is a small internet: rocket.example, romashka.example and the
// reverse zone of 198.51.100.0/24.
func testZones(t testing.TB) *Zones {
	t.Helper()
	zs := new(Zones)
	zs.Set(mustZone(t, "rocket.example.", rocketText))
	zs.Set(mustZone(t, "romashka.example", romashkaText))
	zs.Set(mustZone(t, "100.51.198.in-addr.arpa", reverseText))
	return zs
}

func TestParseZoneRefuses(t *testing.T) {
	const top = "@ 60 IN SOA ns h 1 2 3 4 5\n@ IN NS ns\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "z:1: zone a.example.: no SOA at the top"},
		{"no NS", "@ 60 IN SOA ns h 1 2 3 4 5\n", "z:1: zone a.example.: no NS at the top"},
		{"bad type", top + "x IN MEX 10 y\n", "z:3: "},
		{"bad address", top + "\n; note\nx IN A 192.0.2.300\n", "z:5: bad A A: \"192.0.2.300\""},
		{"outside", top + "x.b.example. IN A 192.0.2.1\n", "z:3: x.b.example. A: not at or below the top"},
		{"outside, no final newline", top + "x.b.example. IN A 192.0.2.1", "z:3: x.b.example. A: not at"},
		{"second SOA", top + "@ IN SOA ns h 2 2 3 4 5\n", "z:3: a.example. SOA: a second one"},
		{"low SOA", top + "x IN SOA ns h 2 2 3 4 5\n", "z:3: x.a.example. SOA: below the top"},
		{"CNAME beside A", top + "x IN A 192.0.2.1\nx IN CNAME y\n", "z:4: x.a.example. CNAME: a CNAME allows no other"},
		{"A beside CNAME", top + "x IN CNAME y\nX IN A 192.0.2.1\n", "z:4: X.a.example. A: a CNAME allows no other"},
		{"two CNAMEs", top + "x IN CNAME y\nx IN CNAME z\n", "z:4: x.a.example. CNAME: a second one"},
		{"class", top + "x CH A 192.0.2.1\n", "z:3: x.a.example. A: class is CH"},
		{"DNAME", top + "x IN DNAME y\n", "z:3: x.a.example. DNAME: records of this type"},
		{"wildcard NS", top + "*.x IN NS y\n", "z:3: *.x.a.example. NS: name servers of a wildcard"},
		{"no data", top + "x IN A\n", "z:3: "},
		{"include", top + "$INCLUDE other\n", "z:3: $INCLUDE directive not allowed"},
		{"long label", top + strings.Repeat("x", 64) + " IN A 192.0.2.1\n", "z:3: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			z, err := ParseZone("a.example", strings.NewReader(tt.text), "z")
			if err == nil {
				t.Fatalf("accepted:\n%s", z)
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error is %q, want it to start %q", err, tt.want)
			}
		})
	}
}

func TestZoneTidies(t *testing.T) {
	z := mustZone(t, "A.example", `@ IN SOA ns h 1 2 3 4 5
@ IN NS ns
x 300 IN A 192.0.2.1
X 60 IN A 192.0.2.2
x 60 IN A 192.0.2.1
`)
	if got := z.Origin(); got != "a.example." {
		t.Errorf("origin %q", got)
	}
	want := `A.example.	3600	IN	SOA	ns.a.example. h.a.example. 1 2 3 4 5`
	if got := z.String(); !strings.HasPrefix(strings.ToLower(got), strings.ToLower(want)) {
		t.Errorf("file is\n%s", got)
	}
	x, _ := parseName("x.a.example")
	set := z.nodes[x][mdns.TypeA]
	if len(set) != 2 || set[0].Header().Ttl != 60 || set[1].Header().Ttl != 60 {
		t.Errorf("set is %v, want two records of 60 s", set)
	}
}

func TestNewZoneRefusesWhatNoPacketHolds(t *testing.T) {
	top := mustZone(t, "a.example", "@ IN SOA ns h 1 2 3 4 5\n@ IN NS ns\n").Records()
	h := mdns.RR_Header{Name: "x.a.example.", Rrtype: mdns.TypeA, Class: mdns.ClassINET}
	for _, rr := range []mdns.RR{nil, &mdns.A{Hdr: h}, &mdns.CNAME{Hdr: mdns.RR_Header{Name: "x.a.example.", Rrtype: mdns.TypeCNAME, Class: 1}, Target: "a..b."}} {
		if _, err := NewZone("a.example", append(top[:len(top):len(top)], rr)); err == nil {
			t.Errorf("accepted %v", rr)
		}
	}
	if _, err := NewZone("a.example", top); err != nil {
		t.Error(err)
	}
}

func TestZonesSetAndRemove(t *testing.T) {
	zs := new(Zones)
	if zs.Zone("rocket.example") != nil || len(zs.All()) != 0 {
		t.Fatal("not empty")
	}
	z := mustZone(t, "rocket.example.", rocketText)
	zs.Set(z)
	if zs.Zone("ROCKET.example") != z {
		t.Error("zone not found")
	}
	if !zs.Remove("Rocket.Example.") || zs.Remove("rocket.example") {
		t.Error("want it removed once")
	}
}

func FuzzParseZone(f *testing.F) {
	f.Add(rocketText)
	f.Add(romashkaText)
	f.Add("@ IN SOA . . 1 2 3 4 5\n@ IN NS \\046.\\\"x\n* TXT \"\\000\\\"\" ;\n$GENERATE 1-3 h$ A 192.0.2.$\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		z, err := ParseZone("a.example", strings.NewReader(text), "z")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "z:") {
				t.Errorf("error %q names no line", err)
			}
			return
		}
		again, err := ParseZone("a.example", strings.NewReader(z.String()), "z")
		if err != nil {
			t.Fatalf("%v, reading back\n%s", err, z)
		}
		if again.String() != z.String() {
			t.Errorf("\n%s came back as\n%s", z, again)
		}
	})
}
