package world

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"mailscope/protocol/sasl"
	"mailscope/protocol/smtp"
	"mailscope/protocol/wire"
	"mailscope/sim/clock"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// taker lets anybody in who knows the password, and throws letters away.
type taker struct{}

func (taker) Open(context.Context, net.Conn) (smtp.Session, error) { return taker{}, nil }
func (taker) Greeted(string, bool)                                 {}
func (taker) Authenticate(_, password string) error {
	if password != "secret" {
		return errors.New("wrong")
	}
	return nil
}
func (taker) Mail(context.Context, smtp.Mail) error { return nil }
func (taker) Rcpt(context.Context, smtp.Rcpt) error { return nil }
func (taker) Data(context.Context, smtp.Envelope, []byte) (smtp.Reply, error) {
	return smtp.Reply{}, nil
}
func (taker) Verify(context.Context, string) smtp.Reply { return smtp.Reply{} }
func (taker) Reset()                                    {}
func (taker) Close()                                    {}

// BenchmarkSecureSession is one SMTP session on loopback with STARTTLS, AUTH
// and a letter of 4 KiB: tapped and traced in both views, the ends' and the
// eavesdropper's, and the same without a tap.
func BenchmarkSecureSession(b *testing.B) {
	for _, tapped := range []bool{false, true} {
		name := map[bool]string{false: "untapped", true: "tapped"}[tapped]
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(context.Background())
			c := clock.NewReal(ctx)
			n := network.New(c, trace.New(), func(string, string) network.Link { return network.Link{} })
			authority := pki.New([]string{"b.test"}, c.Date)
			n.Certificates = authority
			to := netip.MustParseAddr("192.0.2.2")
			n.AddHost("a.test", netip.MustParseAddr("192.0.2.1"))
			n.AddHost("b.test", to)
			ln, err := n.Listen("b.test", 587)
			if err != nil {
				b.Fatal(err)
			}
			offer := smtp.Full()
			offer.StartTLS, offer.Auth = true, []string{sasl.Plain}
			s := &smtp.Server{Hostname: "b.test", Offer: offer, RequireAuth: true, Backend: taker{}, Timeout: time.Minute,
				TLS: authority.Server("b.test", pki.Good), Wire: func(nc net.Conn) wire.Options { return nc.(*network.Conn).Wire() }}
			done := make(chan struct{})
			go func() { s.Serve(ctx, ln); close(done) }()
			defer func() { cancel(); <-done }()
			for b.Loop() {
				conn, err := n.Dial(ctx, "a.test", netip.AddrPortFrom(to, 587))
				if err != nil {
					b.Fatal(err)
				}
				o := wire.Options{}
				if tapped {
					o = conn.Wire()
				}
				o.Timeout = time.Minute
				if err := submit(ctx, smtp.NewClient(conn, o), authority); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// submit hands one letter in.
func submit(ctx context.Context, c *smtp.Client, a *pki.Authority) error {
	defer c.Close()
	config, err := a.Client("b.test")
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return c.Greet(ctx) },
		func() error { return c.Hello(ctx, "a.test") },
		func() error { return c.StartTLS(ctx, config) },
		func() error { return c.Hello(ctx, "a.test") },
		func() error { return c.Auth(ctx, sasl.Plain, "x@a.test", "secret") },
		func() error {
			_, err := c.Send(ctx, smtp.Envelope{Mail: smtp.Mail{From: "x@a.test"}, Rcpts: []smtp.Rcpt{{To: "y@b.test"}}}, []byte(benchLetter))
			return err
		},
		func() error { return c.Quit(ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
