package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	mdns "github.com/miekg/dns"
)

// rig is a resolver beside the test zones' server, with a clock to turn and the
// lookups observed.
type rig struct {
	*Resolver
	zones *Zones
	dials atomic.Int32
	mu    sync.Mutex
	clock time.Duration
	seen  []Lookup
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{zones: testZones(t)}
	udp, tcp := serve(t, &Server{Zones: r.zones})
	var id uint16
	r.Resolver = &Resolver{
		Dial: func(ctx context.Context, network string) (net.Conn, error) {
			r.dials.Add(1)
			var d net.Dialer
			return d.DialContext(ctx, network, map[string]string{"udp": udp, "tcp": tcp}[network])
		},
		Now: func() time.Duration {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.clock
		},
		Observe: func(_ context.Context, l Lookup) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.seen = append(r.seen, l)
		},
		IDs:     func() uint16 { id++; return id },
		Timeout: patience,
	}
	return r
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock += d
}

// observed returns the lookups since it was last called, a line each.
func (r *rig) observed() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, l := range r.seen {
		line := fmt.Sprintf("%s %s %s %v %q", l.Name, l.Type, l.RCode, l.TTL, l.Answers)
		if l.Cached {
			line += " cached"
		}
		if l.Err != nil {
			line += " " + l.Err.Error()
		}
		lines = append(lines, line)
	}
	r.seen = nil
	return strings.Join(lines, "\n")
}

func TestMX(t *testing.T) {
	r := newRig(t)
	got, err := r.MX(t.Context(), "Rocket.Example")
	want := []MX{{10, "Mx1.rocket.example."}, {20, "mx2.rocket.example."}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("MX are %v, %v, want %v", got, err, want)
	}
	if got, want := r.observed(), `rocket.example. MX NOERROR 5m0s ["20 mx2.rocket.example." "10 Mx1.rocket.example."]`; got != want {
		t.Errorf("observed %s\nwant %s", got, want)
	}
	null, err := r.MX(t.Context(), "null.rocket.example")
	if err != nil || len(null) != 1 || !null[0].Null() {
		t.Errorf("null MX is %v, %v", null, err)
	}
}

func TestAddrsTXTPTR(t *testing.T) {
	r := newRig(t)
	addrs, err := r.Addrs(t.Context(), "mx1.rocket.example")
	want := []netip.Addr{netip.MustParseAddr("198.51.100.25"), netip.MustParseAddr("2001:db8:2::25")}
	if err != nil || !reflect.DeepEqual(addrs, want) {
		t.Errorf("addresses are %v, %v", addrs, err)
	}
	addrs, err = r.Addrs(t.Context(), "www.rocket.example.")
	if err != nil || len(addrs) != 1 {
		t.Errorf("addresses by alias are %v, %v", addrs, err)
	}
	if _, err = r.Addrs(t.Context(), "below.rocket.example"); !errors.Is(err, ErrNoData) {
		t.Errorf("no addresses: %v", err)
	}
	r.observed()
	if _, err = r.Addrs(t.Context(), "nobody.rocket.example"); !errors.Is(err, ErrNoName) {
		t.Errorf("no name: %v", err)
	}
	if got, want := r.observed(), `nobody.rocket.example. A NXDOMAIN 1m0s [] no such name
nobody.rocket.example. AAAA NXDOMAIN 1m0s [] cached no such name`; got != want {
		t.Errorf("observed %s\nwant %s", got, want)
	}
	txt, err := r.TXT(t.Context(), "rocket.example")
	if err != nil || !reflect.DeepEqual(txt, []string{"v=spf1 mx -all"}) {
		t.Errorf("texts are %q, %v", txt, err)
	}
	names, err := r.PTR(t.Context(), netip.MustParseAddr("::ffff:198.51.100.25"))
	if err != nil || !reflect.DeepEqual(names, []string{"mx1.rocket.example."}) {
		t.Errorf("names are %q, %v", names, err)
	}
	if _, err = r.PTR(t.Context(), netip.Addr{}); err == nil {
		t.Error("no address has a name")
	}
}

func TestFailures(t *testing.T) {
	r := newRig(t)
	tests := []struct {
		name string
		want error
		text string
	}{
		{"gone.rocket.example", ErrNoName, "look up gone.rocket.example. A: no such name"},
		{"ns.rocket.example.", nil, ""},
		{"null.rocket.example", ErrNoData, "look up null.rocket.example. A: no records of this type"},
		{"away.rocket.example", ErrTemporary, "look up away.rocket.example. A: name service fails for now: server says REFUSED"},
		{"loop1.rocket.example", ErrTemporary, "look up loop1.rocket.example. A: name service fails for now: chain of aliases loops or is too long"},
		{"a..b", ErrNoName, `look up A: no such name: not a domain name: "a..b"`},
	}
	for _, tt := range tests {
		a, err := r.Lookup(t.Context(), tt.name, mdns.TypeA)
		if !errors.Is(err, tt.want) || err != nil && err.Error() != tt.text {
			t.Errorf("%s: %v, %v", tt.name, a, err)
		}
	}
}

func TestTTLAges(t *testing.T) {
	r := newRig(t)
	look := func(name string) string {
		_, _ = r.Lookup(t.Context(), name, mdns.TypeA)
		return r.observed()
	}
	steps := []struct {
		wait time.Duration
		name string
		want string
	}{
		{0, "www.romashka.example", `www.romashka.example. A NOERROR 1m0s ["192.0.2.80"]`},
		{59 * time.Second, "WWW.romashka.example.", `www.romashka.example. A NOERROR 1s ["192.0.2.80"] cached`},
		{time.Second, "www.romashka.example", `www.romashka.example. A NOERROR 1m0s ["192.0.2.80"]`},
		{0, "out.rocket.example", `out.rocket.example. A NOERROR 1m0s ["www.romashka.example." "192.0.2.80"]`},
		{0, "x.romashka.example", `x.romashka.example. A NXDOMAIN 5m0s [] no such name`},
		{299 * time.Second, "x.romashka.example", `x.romashka.example. A NXDOMAIN 1s [] cached no such name`},
		{time.Second, "x.romashka.example", `x.romashka.example. A NXDOMAIN 5m0s [] no such name`},
		{0, "zero.rocket.example", `zero.rocket.example. A NOERROR 0s ["198.51.100.78"]`},
		{0, "zero.rocket.example", `zero.rocket.example. A NOERROR 0s ["198.51.100.78"]`},
		{0, "null.rocket.example", `null.rocket.example. A NOERROR 1m0s [] no records of this type`},
		{time.Second, "null.rocket.example", `null.rocket.example. A NOERROR 59s [] cached no records of this type`},
	}
	for i, s := range steps {
		r.wait(s.wait)
		if got := look(s.name); got != s.want {
			t.Errorf("step %d: %s\nwant %s", i, got, s.want)
		}
	}
	r.Forget()
	if got := look("null.rocket.example"); strings.Contains(got, "cached") {
		t.Errorf("not forgotten: %s", got)
	}
}

func TestTruncatedReplyIsAskedByTCP(t *testing.T) {
	r := newRig(t)
	text := rocketText + "big IN TXT" + strings.Repeat(" \""+strings.Repeat("x", 250)+"\"", 12) + "\n"
	r.zones.Set(mustZone(t, "rocket.example", text))
	txt, err := r.TXT(t.Context(), "big.rocket.example")
	if err != nil || len(txt) != 1 || len(txt[0]) != 3000 {
		t.Errorf("text is %q, %v", txt, err)
	}
	if n := r.dials.Load(); n != 2 {
		t.Errorf("%d connections, want one by udp, one by tcp", n)
	}
}

func TestOldestUnusedEntryGoes(t *testing.T) {
	r := newRig(t)
	r.Entries = 2
	for _, name := range []string{"mx1", "mx2", "mx1", "ns", "mx1", "mx2"} {
		if _, err := r.Lookup(t.Context(), name+".rocket.example", mdns.TypeA); err != nil {
			t.Fatal(err)
		}
	}
	var cached []bool
	for _, l := range r.seen {
		cached = append(cached, l.Cached)
	}
	if want := []bool{false, false, true, false, true, false}; !reflect.DeepEqual(cached, want) {
		t.Errorf("cached: %v, want %v", cached, want)
	}
}

// answering dials a name server that answers each packet by UDP with what reply
// makes of it, in order; nil is silence.
func answering(t *testing.T, reply func(try int, q *mdns.Msg) [][]byte) func(context.Context, string) (net.Conn, error) {
	t.Helper()
	var tries atomic.Int32
	return func(context.Context, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		try := int(tries.Add(1))
		go func() {
			defer theirs.Close()
			buf := make([]byte, 512)
			n, err := theirs.Read(buf)
			if err != nil {
				return
			}
			q := new(mdns.Msg)
			if q.Unpack(buf[:n]) != nil {
				return
			}
			for _, b := range reply(try, q) {
				if _, err := theirs.Write(b); err != nil {
					return
				}
			}
			_, _ = theirs.Read(buf) // until the asker hangs up
		}()
		return ours, nil
	}
}

func packed1(t *testing.T, m *mdns.Msg) []byte {
	t.Helper()
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func replyTo(q *mdns.Msg, rcode int, records ...string) *mdns.Msg {
	m := new(mdns.Msg).SetRcode(q, rcode)
	for _, s := range records {
		rr, _ := mdns.NewRR(s)
		m.Answer = append(m.Answer, rr)
	}
	return m
}

func TestForgedRepliesArePassedOver(t *testing.T) {
	r := &Resolver{Timeout: patience, Dial: answering(t, func(_ int, q *mdns.Msg) [][]byte {
		good := replyTo(q, 0, "stranger.test. 60 IN A 203.0.113.66", "a.test. 60 IN A 192.0.2.1", "a.test. 60 CH TXT x")
		id := good.Copy()
		id.Id++
		other := replyTo(q, 0, "a.test. 60 IN A 203.0.113.66")
		other.Question[0].Name = "b.test."
		query := replyTo(q, 0, "a.test. 60 IN A 203.0.113.66")
		query.Response = false
		bare := replyTo(q, 0)
		bare.Question = nil
		b := packed1(t, good)
		return [][]byte{{}, b[:5], b[:len(b)-3], packed1(t, id), packed1(t, other), packed1(t, query), packed1(t, bare), b}
	})}
	a, err := r.Lookup(t.Context(), "a.test", mdns.TypeA)
	if err != nil || len(a.Records) != 1 || a.Records[0].(*mdns.A).A.String() != "192.0.2.1" {
		t.Errorf("answer is %v, %v", a.Records, err)
	}
}

func TestRetryAndGivingUp(t *testing.T) {
	tests := []struct {
		name  string
		reply func(try int, q *mdns.Msg) [][]byte
		want  error
		rcode string
		took  time.Duration
	}{
		{"second try", func(try int, q *mdns.Msg) [][]byte {
			if try == 1 {
				return nil
			}
			return [][]byte{packed1(t, replyTo(q, 0, "a.test. 60 IN A 192.0.2.1"))}
		}, nil, "NOERROR", defaultTimeout},
		{"no EDNS", func(_ int, q *mdns.Msg) [][]byte {
			if q.IsEdns0() != nil {
				m := replyTo(q, mdns.RcodeFormatError)
				m.Question = nil
				return [][]byte{packed1(t, m)}
			}
			return [][]byte{packed1(t, replyTo(q, 0, "a.test. 60 IN A 192.0.2.1"))}
		}, nil, "NOERROR", 0},
		{"silence", func(int, *mdns.Msg) [][]byte { return nil }, ErrTemporary, "", 2 * defaultTimeout},
		{"servfail", func(_ int, q *mdns.Msg) [][]byte {
			return [][]byte{packed1(t, replyTo(q, mdns.RcodeServerFailure))}
		}, ErrTemporary, "SERVFAIL", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				r := &Resolver{Dial: answering(t, tt.reply)}
				a, err := r.Lookup(t.Context(), "a.test", mdns.TypeA)
				if !errors.Is(err, tt.want) || a.RCode != tt.rcode {
					t.Errorf("%v, %v", a, err)
				}
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
			})
		})
	}
}

func TestCancelledLookupEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &Resolver{Timeout: patience, Dial: answering(t, func(int, *mdns.Msg) [][]byte { cancel(); return nil })}
	_, err := r.Lookup(ctx, "a.test", mdns.TypeA)
	if !errors.Is(err, ErrTemporary) || !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestSameQuestionSharesAFlight(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	r := &Resolver{Timeout: patience, Dial: answering(t, func(try int, q *mdns.Msg) [][]byte {
		if try > 1 {
			t.Error("asked twice")
		}
		close(asked)
		<-answer
		return [][]byte{packed1(t, replyTo(q, 0, "a.test. 0 IN A 192.0.2.1"))}
	})}
	var wg sync.WaitGroup
	look := func() {
		if a, err := r.Lookup(t.Context(), "a.test", mdns.TypeA); err != nil || len(a.Records) != 1 {
			t.Errorf("%v, %v", a, err)
		}
	}
	wg.Go(look)
	<-asked
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Lookup(done, "a.test", mdns.TypeA); !errors.Is(err, ErrTemporary) { // waits for the flight, not for its end
		t.Errorf("error is %v", err)
	}
	close(answer)
	wg.Wait()
}

func TestRawText(t *testing.T) {
	if got := rawText([]string{`a\"b\\`, `\200\010c\`}); got != "a\"b\\\xc8\nc" {
		t.Errorf("got %q", got)
	}
}
