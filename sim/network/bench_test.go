package network

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/sasl"
	"mailscope/protocol/smtp"
	"mailscope/protocol/wire"
	"mailscope/sim/clock"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// sink takes every letter and throws it away.
type sink struct{}

func (sink) Open(context.Context, net.Conn) (smtp.Session, error) { return sink{}, nil }
func (sink) Greeted(string, bool)                                 {}
func (sink) Authenticate(string, string) error                    { return nil }
func (sink) Mail(context.Context, smtp.Mail) error                { return nil }
func (sink) Rcpt(context.Context, smtp.Rcpt) error                { return nil }
func (sink) Data(context.Context, smtp.Envelope, []byte) (smtp.Reply, error) {
	return smtp.Reply{}, nil
}
func (sink) Verify(context.Context, string) smtp.Reply { return smtp.Reply{} }
func (sink) Reset()                                    {}
func (sink) Close()                                    {}

// BenchmarkSession is one SMTP session with one letter of 4 KiB on loopback,
// tapped and traced, and the same without a tap.
func BenchmarkSession(b *testing.B) { benchSessions(b, 25, converse) }

// BenchmarkSecureSession is the same with STARTTLS and AUTH, traced in both
// views, that of the ends and that of an eavesdropper.
func BenchmarkSecureSession(b *testing.B) {
	benchSessions(b, 587, func(ctx context.Context, c *smtp.Client, a *pki.Authority) error {
		config, err := a.Client("b.test")
		if err != nil {
			return err
		}
		if err := cmp.Or(c.Greet(ctx), c.Hello(ctx, "a.test"), c.StartTLS(ctx, config), c.Hello(ctx, "a.test"), c.Auth(ctx, sasl.Plain, "x@a.test", "secret")); err != nil {
			return err
		}
		return send(ctx, c)
	})
}

func benchSessions(b *testing.B, port uint16, converse func(context.Context, *smtp.Client, *pki.Authority) error) {
	for _, tapped := range []bool{false, true} {
		name := map[bool]string{false: "untapped", true: "tapped"}[tapped]
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(context.Background())
			c := clock.NewReal(ctx)
			n := New(c, trace.New(), func(string, string) Link { return Link{} })
			authority := pki.New([]string{"b.test"}, c.Date)
			n.Certificates = authority
			to := netip.MustParseAddr("192.0.2.2")
			n.AddHost("a.test", netip.MustParseAddr("192.0.2.1"))
			n.AddHost("b.test", to)
			ln, err := n.Listen("b.test", int(port))
			if err != nil {
				b.Fatal(err)
			}
			s := &smtp.Server{Hostname: "b.test", Offer: smtp.Full(), Backend: sink{}, Timeout: time.Minute,
				Wire: func(nc net.Conn) wire.Options { return nc.(*Conn).Wire() }}
			if port == 587 {
				s.Offer.StartTLS, s.Offer.Auth, s.RequireAuth = true, []string{sasl.Plain}, true
				s.TLS = authority.Server("b.test", pki.Good)
			}
			done := make(chan struct{})
			go func() { s.Serve(ctx, ln); close(done) }()
			defer func() { cancel(); <-done }()
			for b.Loop() {
				conn, err := n.Dial(ctx, "a.test", netip.AddrPortFrom(to, port))
				if err != nil {
					b.Fatal(err)
				}
				o := wire.Options{}
				if tapped {
					o = conn.Wire()
				}
				o.Timeout = time.Minute
				client := smtp.NewClient(conn, o)
				err = converse(ctx, client, authority)
				client.Close()
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func converse(ctx context.Context, c *smtp.Client, _ *pki.Authority) error {
	if err := c.Greet(ctx); err != nil {
		return err
	}
	if err := c.Hello(ctx, "a.test"); err != nil {
		return err
	}
	return send(ctx, c)
}

var benchLetter = []byte("Subject: Load\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 56))

func send(ctx context.Context, c *smtp.Client) error {
	if _, err := c.Send(ctx, smtp.Envelope{Mail: smtp.Mail{From: "x@a.test"}, Rcpts: []smtp.Rcpt{{To: "y@b.test"}}}, benchLetter); err != nil {
		return err
	}
	return c.Quit(ctx)
}
