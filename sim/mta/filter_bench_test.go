package mta

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"

	"mailscope/protocol/dns"
	"mailscope/protocol/mailauth"
	"mailscope/protocol/sieve"
	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/mailbox"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// libraryResolver is a resolver as the libraries want it, with nothing noted.
type libraryResolver struct{ *dns.Resolver }

func netErr(name string, err error) error {
	if err == nil {
		return nil
	}
	return &net.DNSError{Name: name, IsNotFound: !errors.Is(err, dns.ErrTemporary)}
}

func (r libraryResolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	texts, err := r.TXT(ctx, name)
	return texts, netErr(name, err)
}

func (r libraryResolver) LookupMX(ctx context.Context, name string) (out []*net.MX, err error) {
	list, err := r.MX(ctx, name)
	for _, mx := range list {
		out = append(out, &net.MX{Host: mx.Host, Pref: mx.Pref})
	}
	return out, netErr(name, err)
}

func (r libraryResolver) LookupIPAddr(ctx context.Context, host string) (out []net.IPAddr, err error) {
	list, err := r.A(ctx, host)
	for _, a := range list {
		out = append(out, net.IPAddr{IP: a.AsSlice()})
	}
	return out, netErr(host, err)
}

func (r libraryResolver) LookupAddr(context.Context, string) ([]string, error) { return nil, nil }

// rules is a script such as people have: of its rules the last one matches. It
// discards the letter, since what the store takes to keep one is no check.
const rules = `require ["fileinto", "imap4flags", "envelope", "body"];
if anyof (header :contains "list-id" "kettles", header :matches "subject" "[kettles] *") {
    fileinto "Archive";
} elsif address :domain "from" ["kollegi.example", "soft.example"] {
    fileinto :flags "\\Seen" "Archive";
} elsif header :contains ["x-spam-flag", "x-spam"] "yes" {
    fileinto "Junk";
} elsif size :over 1M {
    fileinto "Archive";
} elsif allof (envelope :domain "from" "rocket.example", header :contains "subject" "seat") {
    discard;
}
`

// BenchmarkFilter puts a signed letter of 4 KiB through the whole filter and
// then through its owner's script, and through the libraries alone, whose
// questions are answered from the same cache. No library knows Sieve: all of
// that is counted as ours.
func BenchmarkFilter(b *testing.B) {
	const from, host = "ilon@rocket.example", "mail.romashka.example"
	by := mailauth.Signer{Domain: "rocket.example", Selector: "s1", Key: mailauth.SeedKey("bench")}
	record, err := by.Record()
	if err != nil {
		b.Fatal(err)
	}
	zones := &dns.Zones{}
	zone, err := dns.ParseZone("example", strings.NewReader(`$TTL 3600
@ IN SOA ns postmaster 1 7200 900 1209600 300
@ IN NS ns
ns IN A 203.0.113.53
rocket IN MX 10 mx1.rocket
rocket IN TXT "v=spf1 mx -all"
mx1.rocket IN A 198.51.100.10
_dmarc.rocket IN TXT "v=DMARC1; p=reject"
s1._domainkey.rocket IN TXT "`+record+`"
`), "bench")
	if err != nil {
		b.Fatal(err)
	}
	zones.Set(zone)
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- (&dns.Server{Zones: zones}).ServePacket(ctx, pc) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			b.Error(err)
		}
	}()
	resolver := &dns.Resolver{Dial: func(ctx context.Context, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", pc.LocalAddr().String())
	}}

	letter := []byte("From: Ilon <" + from + ">\r\nTo: anna@romashka.example\r\nSubject: A seat\r\nDate: Tue, 01 Sep 2026 09:00:00 +0000\r\n" +
		"Message-ID: <1@rocket.example>\r\n\r\n" + strings.Repeat("Is there a seat by the window, and does it go to Mars in the spring?\r\n", 57))
	field, err := by.Sign(letter, time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	letter = append([]byte(field), letter...)

	// A server holds letters; a heap of next to nothing would be swept every
	// hundredth time.
	held := make([]byte, 64<<20)
	defer runtime.KeepAlive(held)

	b.Run("libraries", func(b *testing.B) {
		lib := libraryResolver{resolver}
		text := func(name string) ([]string, error) { return lib.LookupTXT(b.Context(), name) }
		for b.Loop() {
			got, err := spf.CheckHostWithSender(net.IPv4(198, 51, 100, 10), "mx1.rocket.example", from, spf.WithContext(b.Context()), spf.WithResolver(lib))
			if got != spf.Pass {
				b.Fatal(got, err)
			}
			signed, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{LookupTXT: text})
			if err != nil || len(signed) != 1 || signed[0].Err != nil {
				b.Fatal(signed, err)
			}
			policy, err := dmarc.LookupWithOptions("rocket.example", &dmarc.LookupOptions{LookupTXT: text})
			if err != nil || policy.Policy != dmarc.PolicyReject {
				b.Fatal(policy, err)
			}
		}
	})
	b.Run("mailscope", func(b *testing.B) {
		r := benchReceiver(b, host, resolver)
		env := smtp.Envelope{Helo: "mx1.rocket.example", Mail: smtp.Mail{From: from}, Rcpts: []smtp.Rcpt{{To: "anna@romashka.example"}}}
		script, err := sieve.Parse(rules)
		if err != nil {
			b.Fatal(err)
		}
		m := &mail{letter: "L1", env: env}
		m.fill(letter)
		var box *mailbox.Box
		for n := 0; b.Loop(); n++ {
			if n%1000 == 0 { // what recordings and mailboxes cost as they grow is measured elsewhere
				r.s.net.Trace = trace.New()
				box = mailbox.NewStore().Create("anna@romashka.example", 1)
				r.s.disk.scripts["anna@romashka.example"] = script
			}
			r.screening = screening{from: from}
			if refusal := r.screen(b.Context(), "anna@romashka.example"); refusal != nil {
				b.Fatal(refusal)
			}
			if j := r.judge(b.Context(), "L1", env, letter); j.refusal != nil || j.junk {
				b.Fatal(j.why)
			}
			var f fates
			r.s.sort(&entry{mail: m}, env.Rcpts[0], box, &f)
			if len(f.discarded) != 1 {
				b.Fatal(f)
			}
		}
	})
}

// benchReceiver is a session that a server of the simulated internet opened
// with one that filters.
func benchReceiver(b *testing.B, host string, resolver *dns.Resolver) *receiver {
	b.Helper()
	n := network.New(clock.NewSim(time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)), trace.New(), func(string, string) network.Link { return network.Link{} })
	at := netip.MustParseAddrPort("192.0.2.10:25")
	if err := errors.Join(n.AddHost(host, at.Addr()), n.AddHost("mx1.rocket.example", netip.MustParseAddr("198.51.100.10"))); err != nil {
		b.Fatal(err)
	}
	l, err := n.Listen(host, 25)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	client, err := n.Dial(b.Context(), "mx1.rocket.example", at)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { client.Close() })
	nc, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { nc.Close() })
	s := New(Config{Host: host, Domains: []string{"romashka.example"},
		Settings: Settings{Filter: &Filter{DNSBL: "bl.example", SPF: true, Greylist: time.Nanosecond, DKIM: true, DMARC: true, Content: true}}}, n, resolver, nil)
	r := &receiver{s: s, set: s.settings(), conn: nc.(*network.Conn), helo: "mx1.rocket.example"}
	r.screening = screening{from: "ilon@rocket.example"}
	r.screen(b.Context(), "anna@romashka.example") // seen before
	n.Clock.Spend(time.Second)
	return r
}
