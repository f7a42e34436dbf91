package dns

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	mdns "github.com/miekg/dns"
)

const patience = 5 * time.Second

// serve starts s on loopback by UDP and TCP and returns both addresses. It is
// stopped, and seen to have stopped cleanly, when the test ends.
func serve(t testing.TB, s *Server) (udp, tcp string) {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- s.ServePacket(ctx, pc) }()
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
	return pc.LocalAddr().String(), ln.Addr().String()
}

// ask puts one question with miekg's client.
func askMiekg(t testing.TB, network, addr string, m *mdns.Msg) *mdns.Msg {
	t.Helper()
	c := mdns.Client{Net: network, Timeout: patience}
	in, _, err := c.Exchange(m, addr)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func question(name string, qtype uint16) *mdns.Msg {
	return new(mdns.Msg).SetQuestion(name, qtype)
}

// brief puts a reply into one line a section.
func brief(m *mdns.Msg) string {
	var b strings.Builder
	b.WriteString(mdns.RcodeToString[m.Rcode])
	for _, f := range []struct {
		on   bool
		name string
	}{{m.Authoritative, "aa"}, {m.Truncated, "tc"}, {m.RecursionDesired, "rd"}, {m.RecursionAvailable, "ra"}} {
		if f.on {
			b.WriteString(" " + f.name)
		}
	}
	for _, s := range []struct {
		name    string
		records []mdns.RR
	}{{"answer", m.Answer}, {"authority", m.Ns}, {"additional", m.Extra}} {
		for _, rr := range s.records {
			if rr.Header().Rrtype != mdns.TypeOPT {
				b.WriteString("\n" + s.name + ": " + strings.Join(strings.Fields(rr.String()), " "))
			}
		}
	}
	return b.String()
}

func TestAnswers(t *testing.T) {
	udp, tcp := serve(t, &Server{Zones: testZones(t)})
	const soa = "\nauthority: rocket.example. 60 IN SOA ns.rocket.example. hostmaster.rocket.example. 1 7200 900 1209600 60"
	tests := []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"rocket.example.", mdns.TypeMX, `NOERROR aa rd
answer: rocket.example. 300 IN MX 20 mx2.rocket.example.
answer: rocket.example. 300 IN MX 10 Mx1.rocket.example.
additional: mx2.rocket.example. 300 IN A 198.51.100.26
additional: Mx1.rocket.example. 300 IN A 198.51.100.25
additional: Mx1.rocket.example. 300 IN AAAA 2001:db8:2::25`},
		{"rocket.example.", mdns.TypeTXT, "NOERROR aa rd\nanswer: rocket.example. 300 IN TXT \"v=spf1 \" \"mx -all\""},
		{"ns.rocket.example.", mdns.TypeAAAA, "NOERROR aa rd" + soa},
		{"x.rocket.example.", mdns.TypeA, "NXDOMAIN aa rd" + soa},
		{"down.below.rocket.example.", mdns.TypeA, "NOERROR aa rd" + soa},
		{"x.below.rocket.example.", mdns.TypeA, "NXDOMAIN aa rd" + soa},
		{"www.rocket.example.", mdns.TypeA, `NOERROR aa rd
answer: www.rocket.example. 300 IN CNAME web.hosting.rocket.example.
answer: web.hosting.rocket.example. 300 IN A 198.51.100.80`},
		{"www.rocket.example.", mdns.TypeCNAME, "NOERROR aa rd\nanswer: www.rocket.example. 300 IN CNAME web.hosting.rocket.example."},
		{"www.rocket.example.", mdns.TypeMX, "NOERROR aa rd\nanswer: www.rocket.example. 300 IN CNAME web.hosting.rocket.example." + soa},
		{"out.rocket.example.", mdns.TypeA, `NOERROR aa rd
answer: out.rocket.example. 300 IN CNAME www.romashka.example.
answer: www.romashka.example. 60 IN A 192.0.2.80`},
		{"gone.rocket.example.", mdns.TypeA, "NXDOMAIN aa rd\nanswer: gone.rocket.example. 300 IN CNAME nowhere.rocket.example." + soa},
		{"away.rocket.example.", mdns.TypeA, "NOERROR aa rd\nanswer: away.rocket.example. 300 IN CNAME host.other.test."},
		{"loop1.rocket.example.", mdns.TypeA, `NOERROR aa rd
answer: loop1.rocket.example. 300 IN CNAME loop2.rocket.example.
answer: loop2.rocket.example. 300 IN CNAME loop1.rocket.example.`},
		{"a.b.wild.rocket.example.", mdns.TypeTXT, "NOERROR aa rd\nanswer: a.b.wild.rocket.example. 300 IN TXT \"any\""},
		{"a.wild.rocket.example.", mdns.TypeA, "NOERROR aa rd" + soa},
		{"wild.rocket.example.", mdns.TypeTXT, "NOERROR aa rd" + soa},
		{"host.wild.rocket.example.", mdns.TypeTXT, "NOERROR aa rd" + soa},
		{"x.host.wild.rocket.example.", mdns.TypeTXT, "NXDOMAIN aa rd" + soa},
		{"x.kid.rocket.example.", mdns.TypeA, `NOERROR rd
authority: kid.rocket.example. 300 IN NS ns.kid.rocket.example.
additional: ns.kid.rocket.example. 300 IN A 198.51.100.54`},
		{"null.rocket.example.", mdns.TypeMX, "NOERROR aa rd\nanswer: null.rocket.example. 300 IN MX 0 ."},
		{"25.100.51.198.in-addr.arpa.", mdns.TypePTR, "NOERROR aa rd\nanswer: 25.100.51.198.in-addr.arpa. 300 IN PTR mx1.rocket.example."},
		{"mx1.rocket.example.", mdns.TypeANY, `NOERROR aa rd
answer: mx1.rocket.example. 300 IN A 198.51.100.25
answer: mx1.rocket.example. 300 IN AAAA 2001:db8:2::25`},
		{"rOCKET.eXample.", mdns.TypeSOA, "NOERROR aa rd\nanswer: rOCKET.eXample. 300 IN SOA ns.rOCKET.eXample. hostmaster.rOCKET.eXample. 1 7200 900 1209600 60"},
		{"other.test.", mdns.TypeA, "REFUSED rd"},
		{".", mdns.TypeNS, "REFUSED rd"},
		{"rocket.example.", mdns.TypeAXFR, "REFUSED rd"},
		{"rocket.example.", mdns.TypeIXFR, "REFUSED rd"},
	}
	for _, tt := range tests {
		t.Run(tt.name+mdns.TypeToString[tt.qtype], func(t *testing.T) {
			for range 2 { // worked out, then remembered
				m := question(tt.name, tt.qtype)
				if got := brief(askMiekg(t, "udp", udp, m)); got != tt.want {
					t.Errorf("by udp %s\nwant %s", got, tt.want)
				}
			}
			if got := brief(askMiekg(t, "tcp", tcp, question(tt.name, tt.qtype))); got != tt.want {
				t.Errorf("by tcp %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEDNSAndClasses(t *testing.T) {
	udp, _ := serve(t, &Server{Zones: testZones(t)})

	m := question("rocket.example.", mdns.TypeNS)
	m.SetEdns0(1232, true)
	in := askMiekg(t, "udp", udp, m)
	if opt := in.IsEdns0(); opt == nil || !opt.Do() || opt.Version() != 0 || opt.UDPSize() != serverUDP {
		t.Errorf("reply's OPT is %v", opt)
	}

	m.IsEdns0().SetVersion(1)
	in = askMiekg(t, "udp", udp, m)
	if in.Rcode != mdns.RcodeBadVers || len(in.Answer) != 0 {
		t.Errorf("version 1 is answered %v", in)
	}

	for _, class := range []uint16{mdns.ClassCHAOS, mdns.ClassANY} {
		m := question("rocket.example.", mdns.TypeNS)
		m.Question[0].Qclass = class
		if in := askMiekg(t, "udp", udp, m); in.Rcode != mdns.RcodeRefused || len(in.Answer) != 0 {
			t.Errorf("class %d is answered %v", class, in)
		}
	}
}

func TestTruncation(t *testing.T) {
	zs := new(Zones)
	text := rocketText + "big IN TXT " + strings.Repeat("\""+strings.Repeat("x", 200)+"\" ", 5) + "\n"
	text += "$GENERATE 1-200 many MX 10 a-rather-long-name-$\n$GENERATE 1-200 a-rather-long-name-$ A 198.51.100.1\n"
	zs.Set(mustZone(t, "rocket.example", text))
	udp, tcp := serve(t, &Server{Zones: zs})
	tests := []struct {
		name  string
		qtype uint16
		size  uint16 // 0: no EDNS
		cut   bool
		count int
	}{
		{"big.rocket.example.", mdns.TypeTXT, 0, true, 0},
		{"big.rocket.example.", mdns.TypeTXT, 100, true, 0},
		{"big.rocket.example.", mdns.TypeTXT, 1232, false, 1},
		{"many.rocket.example.", mdns.TypeMX, 1232, true, 0},
		{"many.rocket.example.", mdns.TypeMX, 65535, true, 0},
	}
	for _, tt := range tests {
		m := question(tt.name, tt.qtype)
		if tt.size > 0 {
			m.SetEdns0(tt.size, false)
		}
		in := askMiekg(t, "udp", udp, m)
		if in.Truncated != tt.cut || len(in.Answer) != tt.count || len(in.Question) != 1 {
			t.Errorf("%s with room for %d: tc %v, %d answers", tt.name, tt.size, in.Truncated, len(in.Answer))
		}
	}
	in := askMiekg(t, "tcp", tcp, question("many.rocket.example.", mdns.TypeMX))
	if in.Truncated || len(in.Answer) != 200 || len(in.Extra) != 200 {
		t.Errorf("by tcp: tc %v, %d answers, %d additional", in.Truncated, len(in.Answer), len(in.Extra))
	}
}

func TestZoneReplacedWhileServing(t *testing.T) {
	zs := testZones(t)
	udp, _ := serve(t, &Server{Zones: zs})
	m := question("www.romashka.example.", mdns.TypeA)
	for _, addr := range []string{"192.0.2.80", "192.0.2.81"} {
		zs.Set(mustZone(t, "romashka.example", strings.Replace(romashkaText, "192.0.2.80", addr, 1)))
		if in := askMiekg(t, "udp", udp, m); len(in.Answer) != 1 || in.Answer[0].(*mdns.A).A.String() != addr {
			t.Errorf("answer is %v, want %s", in.Answer, addr)
		}
	}
	zs.Remove("romashka.example")
	if in := askMiekg(t, "udp", udp, m); in.Rcode != mdns.RcodeRefused {
		t.Errorf("answer after removal is %v", in)
	}
}

func TestObserveClient(t *testing.T) {
	seen := make(chan Lookup, 1)
	udp, _ := serve(t, &Server{Zones: testZones(t), Observe: func(_ net.Addr, l Lookup) { seen <- l }})
	askMiekg(t, "udp", udp, question("Rocket.example.", mdns.TypeMX))
	l := <-seen
	if l.Name != "rocket.example." || l.Type != "MX" || l.RCode != "NOERROR" || l.TTL != 300*time.Second ||
		strings.Join(l.Answers, ",") != "20 mx2.rocket.example.,10 Mx1.rocket.example." {
		t.Errorf("observed %+v", l)
	}
}

func TestTCPPipelined(t *testing.T) {
	_, tcp := serve(t, &Server{Zones: testZones(t), MaxConns: 1})
	conn := dial(t, "tcp", tcp)
	var all []byte
	for id := range 3 {
		all = append(all, frame(t, uint16(id))...)
	}
	if _, err := conn.Write(all); err != nil {
		t.Fatal(err)
	}
	for id := range 3 {
		b, err := readFrame(conn, nil)
		if err != nil || int(b[1]) != id {
			t.Fatalf("reply %d: %v %v", id, b, err)
		}
	}
	second := dial(t, "tcp", tcp)
	if n, err := second.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Error("a second connection was served")
	}
}

// frame is a question as sent by TCP.
func frame(t testing.TB, id uint16) []byte {
	t.Helper()
	m := question("rocket.example.", mdns.TypeNS)
	m.Id = id
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte{0, 0}, b...)
	putLength(out)
	return out
}

// TestSlowTCPClientIsDropped sends a whole question after nine seconds and then
// an octet a second of one that never ends.
func TestSlowTCPClientIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Zones: testZones(t)}
		ours, theirs := net.Pipe()
		ended := make(chan time.Time, 1)
		go func() {
			s.serveConn(t.Context(), theirs, false)
			ended <- time.Now()
		}()
		pause(t.Context(), 9*time.Second)
		if _, err := ours.Write(frame(t, 7)); err != nil {
			t.Fatal(err)
		}
		if b, err := readFrame(ours, nil); err != nil || b[1] != 7 {
			t.Fatalf("reply: %v %v", b, err)
		}
		start := time.Now()
		for _, c := range frame(t, 8) {
			pause(t.Context(), time.Second)
			if _, err := ours.Write([]byte{c}); err != nil {
				break
			}
		}
		if took := (<-ended).Sub(start); took != defaultIdle {
			t.Errorf("dropped after %v, want %v", took, defaultIdle)
		}
	})
}

func dial(t testing.TB, network, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestZonesChangeUnderLoad swaps a zone while it is asked for: each answer comes
// from one of its two states, whole.
func TestZonesChangeUnderLoad(t *testing.T) {
	zs := testZones(t)
	udp, _ := serve(t, &Server{Zones: zs})
	var states [2]*Zone
	for i, host := range []string{"one", "two"} {
		states[i] = mustZone(t, "romashka.example", "@ IN SOA ns h 1 2 3 4 5\n@ IN NS ns\n@ IN MX 1 "+host+"\n"+host+" IN A 192.0.2."+strconv.Itoa(i)+"\n")
	}
	zs.Set(states[0])
	ctx, cancel := context.WithCancel(t.Context())
	var swapper sync.WaitGroup
	defer swapper.Wait()
	defer cancel()
	swapper.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			zs.Set(states[i%2])
		}
	})
	for range 300 {
		in := askMiekg(t, "udp", udp, question("romashka.example.", mdns.TypeMX))
		if len(in.Answer) != 1 || len(in.Extra) != 1 || in.Answer[0].(*mdns.MX).Mx != in.Extra[0].Header().Name {
			t.Errorf("mixed answer: %v", in)
		}
	}
}

// pause waits for d or until ctx is done; here in simulated time.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
