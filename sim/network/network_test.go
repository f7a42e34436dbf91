package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
	"mailscope/sim/clock"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

var (
	annas = netip.MustParseAddr("192.0.2.100")
	mails = netip.MustParseAddr("192.0.2.10")
	port  = netip.AddrPortFrom(mails, 25)
)

func clockAtNine() *clock.Sim { return clock.NewSim(time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)) }

// pair is a network of two hosts, 10 ms and 1000 octets a second apart.
func pair(t *testing.T) (*Network, *clock.Sim) {
	t.Helper()
	c := clockAtNine()
	n := New(c, trace.New(), func(from, to string) Link { return Link{Latency: 10 * time.Millisecond, Bandwidth: 1000} })
	for name, a := range map[string]netip.Addr{"anna.test": annas, "mail.test": mails} {
		if err := n.AddHost(name, a); err != nil {
			t.Fatal(err)
		}
	}
	return n, c
}

// listen opens a port of mail.test until the test ends.
func listen(t *testing.T, n *Network, number int) *Listener {
	t.Helper()
	l, err := n.Listen("mail.test", number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// accept takes one connection off a listener, on its own goroutine.
func accept(t *testing.T, l *Listener) <-chan *Conn {
	t.Helper()
	got := make(chan *Conn, 1)
	go func() {
		defer close(got)
		nc, err := l.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		nc.SetDeadline(time.Now().Add(10 * time.Second))
		got <- nc.(*Conn)
	}()
	return got
}

func dial(t *testing.T, n *Network) *Conn {
	t.Helper()
	c, err := n.Dial(t.Context(), "anna.test", port)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// events lists the trace, an event a line.
func events(n *Network) (list []string) {
	for seq := 1; seq <= n.Trace.Len(); seq++ {
		e := n.Trace.At(seq)
		list = append(list, fmt.Sprintf("%s %s>%s %d %+v", e.Kind(), e.From, e.To, e.Conn, e.Body))
	}
	return list
}

func TestHostsAreUnique(t *testing.T) {
	n, _ := pair(t)
	if err := n.AddHost("other.test", mails); err == nil || !strings.Contains(err.Error(), "belongs to mail.test") {
		t.Errorf("address twice: %v", err)
	}
	if err := n.AddHost("mail.test", netip.MustParseAddr("192.0.2.11")); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("name twice: %v", err)
	}
	if _, err := n.Listen("nobody.test", 25); err == nil {
		t.Error("a host that does not exist listens")
	}
	listen(t, n, 25)
	if _, err := n.Listen("mail.test", 25); err == nil || !strings.Contains(err.Error(), "port 25 open already") {
		t.Errorf("port twice: %v", err)
	}
}

func TestRefusedAndNoRoute(t *testing.T) {
	n, c := pair(t)
	l := listen(t, n, 25)
	l.Close()
	_, err := n.Dial(t.Context(), "anna.test", port)
	if !errors.Is(err, ErrRefused) || err.Error() != "connect to mail.test port 25: connection refused" {
		t.Errorf("closed port: %v", err)
	}
	if now := c.Now(); now != 20*time.Millisecond {
		t.Errorf("a refusal took %v, want the way there and back", now)
	}
	_, err = n.Dial(t.Context(), "anna.test", netip.MustParseAddrPort("192.0.2.99:25"))
	if !errors.Is(err, ErrNoRoute) {
		t.Errorf("nobody's address: %v", err)
	}
	if e := n.Trace.At(1); n.Trace.Len() != 2 || e.Kind() != trace.KindRefused || e.To != "mail.test" || e.Proto != "smtp" {
		t.Errorf("events %q", events(n))
	}
	if n.Endpoint("mail.test", 25) != nil {
		t.Error("a closed port has an endpoint")
	}
}

func TestBothEndsKnowEachOther(t *testing.T) {
	n, _ := pair(t)
	got := accept(t, listen(t, n, 25))
	client := dial(t, n)
	server := <-got
	host, addr := server.Peer()
	if host != "anna.test" || addr != annas || server.Foreign() || server.ID() != client.ID() {
		t.Errorf("the server sees %s %v, foreign %v, connection %d", host, addr, server.Foreign(), server.ID())
	}
	if host, addr := client.Peer(); host != "mail.test" || addr != mails {
		t.Errorf("the client sees %s %v", host, addr)
	}
	client.SetLetter("L7")
	if server.Letter() != "L7" {
		t.Errorf("the server's letter is %q", server.Letter())
	}
	if server.Wire().Tap != nil || client.Wire().Tap == nil {
		t.Error("want the client's end alone to record")
	}
	server.Close()
	client.Close()
	if err := client.Close(); err != net.ErrClosed {
		t.Errorf("closed twice: %v", err)
	}
	if list := events(n); len(list) != 2 || !strings.HasPrefix(list[0], "connect anna.test>mail.test 1 ") || !strings.HasPrefix(list[1], "close anna.test>mail.test 1 ") {
		t.Errorf("events %q", list)
	}
}

func TestForeignClientIsRecognised(t *testing.T) {
	n, _ := pair(t)
	l := listen(t, n, 25)
	got := accept(t, l)
	raw, err := net.Dial("tcp", n.Endpoint("mail.test", 25).String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	server := <-got
	defer server.Close()
	if host, addr := server.Peer(); !server.Foreign() || host != ForeignHost || addr != ForeignAddr {
		t.Errorf("the server sees %s %v, foreign %v", host, addr, server.Foreign())
	}
	if server.Wire().Tap == nil {
		t.Error("nobody records what a foreign client says")
	}
	fmt.Fprint(raw, "EHLO x.test\r\n")
	if _, err := wire.NewConn(server, server.Wire()).ReadLine(wire.Command, 512); err != nil {
		t.Fatal(err)
	}
	server.Close()
	list := events(n)
	if len(list) != 3 || !strings.Contains(list[0], "Foreign:true") || !strings.HasPrefix(list[1], "line you.test>mail.test 1 ") ||
		!strings.HasPrefix(list[2], "close mail.test>you.test 1 ") {
		t.Errorf("events %q", list)
	}
}

// While a dial is on its way, a connection may be its: the server waits for
// it to land before it calls the client foreign.
func TestServerWaitsForDialsOnTheirWay(t *testing.T) {
	n, _ := pair(t)
	got := accept(t, listen(t, n, 25))
	n.mu.Lock()
	n.dials++
	n.mu.Unlock()
	raw, err := net.Dial("tcp", n.Endpoint("mail.test", 25).String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	server := <-got
	defer server.Close()
	host := make(chan string)
	go func() { h, _ := server.Peer(); host <- h }()
	n.mu.Lock() // now the dial lands
	n.sessions[raw.LocalAddr().String()] = n.newSession("anna.test", "mail.test", 25, false)
	n.dials--
	n.landed.Broadcast()
	n.mu.Unlock()
	if h := <-host; h != "anna.test" {
		t.Errorf("the server took its client for %s", h)
	}
}

func TestDialThatFailsLeavesNothingOnItsWay(t *testing.T) {
	n, _ := pair(t)
	listen(t, n, 25)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Dial(ctx, "anna.test", port); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled dial: %v", err)
	}
	if n.dials != 0 || len(n.sessions) != 0 {
		t.Errorf("%d dials on their way, %d sessions", n.dials, len(n.sessions))
	}
}

func TestSerialCloseWaitsForTheServer(t *testing.T) {
	n, _ := pair(t)
	n.Serial = true
	got := accept(t, listen(t, n, 25))
	client := dial(t, n)
	server := <-got
	ended := false
	go func() {
		io.Copy(io.Discard, server) // until the client's end is closed
		ended = true
		server.Close()
	}()
	client.Close()
	if !ended {
		t.Error("the client's Close returned before the server had ended its session")
	}
}

func TestTimeIsCharged(t *testing.T) {
	n, c := pair(t)
	got := accept(t, listen(t, n, 25))
	client := dial(t, n)
	defer client.Close()
	server := <-got
	defer server.Close()
	at := func(what string, want time.Duration) {
		t.Helper()
		if now := c.Now(); now != want {
			t.Errorf("%s: %v, want %v", what, now, want)
		}
	}
	at("connected", 20*time.Millisecond) // there and back
	w := wire.NewConn(client, client.Wire())
	w.WriteLine(wire.Command, strings.Repeat("x", 98)) // 100 octets
	at("first line", 20*time.Millisecond+10*time.Millisecond+work+100*time.Millisecond)
	w.WriteLine(wire.Command, strings.Repeat("x", 48))
	at("second line of the same turn", 131*time.Millisecond+50*time.Millisecond)
	w.Flush()
	r := bufio.NewReader(server)
	r.ReadString('\n')
	fmt.Fprintf(server, "250 ok%s\r\n", strings.Repeat(" ", 92))
	if _, err := w.ReadLine(wire.Reply, 512); err != nil {
		t.Fatal(err)
	}
	at("the turn changed", 181*time.Millisecond+10*time.Millisecond+work+100*time.Millisecond)
	last := n.Trace.At(n.Trace.Len())
	if b := last.Body.(*trace.Line); last.From != "mail.test" || b.Code != "250" || b.Role != trace.Reply || b.Bytes != 100 || last.At != 192*time.Millisecond {
		t.Errorf("recorded %+v %+v", last, b)
	}
}

func TestReplyCodes(t *testing.T) {
	for _, tt := range []struct{ proto, text, want string }{
		{"smtp", "250-mx", "250"}, {"smtp", "25", ""}, {"pop3", "+OK", "+OK"}, {"pop3", "-ERR no", "-ERR"}, {"pop3", "+ ", "+"}, {"dns", "250 ok", ""},
	} {
		if got := code(tt.proto, tt.text); got != tt.want {
			t.Errorf("code(%q, %q) = %q, want %q", tt.proto, tt.text, got, tt.want)
		}
	}
}

func TestPackets(t *testing.T) {
	n, _ := pair(t)
	at := netip.AddrPortFrom(mails, 53)
	if _, err := n.DialPacket(t.Context(), "anna.test", at, ""); !errors.Is(err, ErrRefused) {
		t.Errorf("closed port: %v", err)
	}
	pc, l, err := n.ListenBoth("mail.test", 53)
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	defer l.Close()
	if udp, tcp := pc.LocalAddr().(*net.UDPAddr).Port, l.Addr().(*net.TCPAddr).Port; udp != tcp {
		t.Errorf("UDP on %d, TCP on %d", udp, tcp)
	}
	ours, err := n.DialPacket(t.Context(), "anna.test", at, "")
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := net.Dial("udp", pc.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	pc.SetReadDeadline(time.Now().Add(10 * time.Second))
	for _, tt := range []struct {
		from      net.Conn
		simulated bool
	}{{ours, true}, {foreign, false}} {
		fmt.Fprint(tt.from, "?")
		_, from, err := pc.ReadFrom(make([]byte, 10))
		if err != nil || n.Simulated(from) != tt.simulated {
			t.Errorf("simulated %v, %v; want %v", n.Simulated(from), err, tt.simulated)
		}
	}
	addr := ours.LocalAddr()
	ours.Close()
	if n.Simulated(addr) {
		t.Error("a closed socket still counts as simulated")
	}
	pc.Close()
	if _, err := n.DialPacket(t.Context(), "anna.test", at, ""); !errors.Is(err, ErrRefused) {
		t.Errorf("the port was closed: %v", err)
	}
}

// TestForeignHandshakes: of a client from outside the server knows only what
// it says.
func TestForeignHandshakes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		client func(raw net.Conn, a *pki.Authority) error
		want   string
	}{
		{"good", func(raw net.Conn, a *pki.Authority) error {
			config, err := a.Client("mail.test")
			if err != nil {
				return err
			}
			return tls.Client(raw, config).Handshake()
		}, "TLS 1.3 mail.test false "},
		{"does not know the authority", func(raw net.Conn, _ *pki.Authority) error {
			tls.Client(raw, &tls.Config{ServerName: "mail.test", RootCAs: x509.NewCertPool()}).Handshake()
			return nil
		}, " mail.test false the client does not believe the certificate"},
		{"speaks no TLS", func(raw net.Conn, _ *pki.Authority) error {
			fmt.Fprint(raw, "EHLO there\r\n")
			return nil
		}, "  false TLS handshake: tls: first record does not look like a TLS handshake"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, c := pair(t)
			a := pki.New([]string{"mail.test"}, c.Date)
			n.Certificates = a
			got := accept(t, listen(t, n, 993))
			raw, err := net.Dial("tcp", n.Endpoint("mail.test", 993).String())
			if err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
			raw.SetDeadline(time.Now().Add(10 * time.Second))
			server := <-got
			defer server.Close()
			done := make(chan error, 1)
			go func() { done <- tt.client(raw, a) }()
			wire.NewConn(server, server.Wire()).StartTLS(tls.Server, a.Server("mail.test", pki.Good))
			if err := <-done; err != nil {
				t.Error(err)
			}
			b, ok := n.Trace.At(n.Trace.Len()).Body.(*trace.TLS)
			if !ok || b.Mode != "tls" {
				t.Fatalf("events %q", events(n))
			}
			if got := fmt.Sprintf("%s %s %v %s", b.Version, b.Subject, b.Verified, b.Reason); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
