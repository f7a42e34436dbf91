package dns

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// A server that was told to misbehave does so to whom it was told, by UDP and
// TCP alike, and answers others as it should.
func TestTrouble(t *testing.T) {
	zones := testZones(t)
	old := mustZone(t, "rocket.example.", strings.ReplaceAll(rocketText, "Mx1", "ns"))
	then := &Zones{}
	then.Set(old)
	rr, err := ParseRecord("kid.rocket.example. 60 IN MX 5 other.example.")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Zones: zones, Instead: func(_ net.Addr, l Lookup) *Trouble {
		switch l.Name {
		case "www.rocket.example.":
			return &Trouble{Fail: true}
		case "rocket.example.":
			return &Trouble{Zones: then}
		case "kid.rocket.example.":
			return &Trouble{Records: []mdns.RR{rr}}
		case "null.rocket.example.":
			return &Trouble{}
		}
		return nil
	}}
	udp, tcp := serve(t, s)
	for _, tt := range []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"WWW.rocket.example.", mdns.TypeA, "SERVFAIL"},
		{"rocket.example.", mdns.TypeMX, "10 ns.rocket.example."},
		{"kid.rocket.example.", mdns.TypeMX, "5 other.example."},
		{"null.rocket.example.", mdns.TypeMX, "NOERROR"},
		{"mx1.rocket.example.", mdns.TypeA, "198.51.100.25"},
	} {
		for network, addr := range map[string]string{"udp": udp, "tcp": tcp} {
			m := askMiekg(t, network, addr, question(tt.name, tt.qtype))
			got := rcodeName(m.Rcode) + " " + strings.Join(dataText(m.Answer), ", ")
			if !strings.Contains(got, tt.want) || tt.want == "NOERROR" && len(m.Answer) > 0 {
				t.Errorf("%s by %s: %s", tt.name, network, got)
			}
		}
	}
}

// A failure is remembered for a moment, so that who asks a hundred times does
// not have the server asked a hundred times (RFC 9520 §3.2).
func TestFailureIsRemembered(t *testing.T) {
	var asked, well atomic.Int32
	udp, _ := serve(t, &Server{Zones: testZones(t), Instead: func(net.Addr, Lookup) *Trouble {
		if asked.Add(1); well.Load() == 1 {
			return nil
		}
		return &Trouble{Fail: true}
	}})
	now := time.Duration(0)
	r := &Resolver{Now: func() time.Duration { return now }, Dial: func(ctx context.Context, network string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, udp)
	}}
	for range 3 {
		if _, err := r.MX(t.Context(), "rocket.example"); !errors.Is(err, ErrTemporary) {
			t.Error(err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	now = failureTime
	well.Store(1)
	if mx, err := r.MX(t.Context(), "rocket.example"); err != nil || len(mx) == 0 {
		t.Errorf("after a while: %v, %v", mx, err)
	}
}

func TestParseRecord(t *testing.T) {
	for text, want := range map[string]string{
		"a.test. 60 IN MX 10 mx.a.test.": "a.test.\t60\tIN\tMX\t10 mx.a.test.",
		"a.test A 192.0.2.1":             "a.test.\t3600\tIN\tA\t192.0.2.1",
		"":                               "", "; only a remark": "", "a.test. MX": "", "a.test. IN A here": "",
	} {
		rr, err := ParseRecord(text)
		if got := rr; (err != nil) != (want == "") || err == nil && got.String() != want {
			t.Errorf("%q: %v, %v", text, rr, err)
		}
	}
}
