package smtp

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"mailscope/protocol/wire"
)

// BenchmarkLetters has 8 connections send 4 KiB letters as fast as they can,
// one a session or 100.
func BenchmarkLetters(b *testing.B) {
	for name, serve := range map[string]func(*testing.B) net.Addr{
		"ours": func(b *testing.B) net.Addr {
			return start(b, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: idle{}})
		},
		"go-smtp": func(b *testing.B) net.Addr {
			srv := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return drain{}, nil }))
			srv.Domain, srv.EnableSMTPUTF8, srv.EnableDSN = "mx.beta.test", true, true
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			go srv.Serve(ln)
			b.Cleanup(func() { srv.Close() })
			return ln.Addr()
		},
	} {
		for kind, per := range map[string]int{"one": 1, "many": 100} {
			b.Run(name+"/"+kind, func(b *testing.B) { load(b, serve(b), per) })
		}
	}
}

func load(b *testing.B, addr net.Addr, perSession int) {
	text := []byte(strings.Repeat(strings.Repeat("x", 62)+"\r\n", 64))
	b.SetParallelism(4) // 8 on two cores
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var c *Client
		ctx := context.Background()
		for n := 0; pb.Next(); n++ {
			if c == nil {
				nc, err := net.Dial("tcp", addr.String())
				if err != nil {
					b.Error(err)
					return
				}
				c = NewClient(nc, wire.Options{Timeout: time.Minute})
				if err := c.Greet(ctx); err != nil {
					b.Error(err)
				}
				if err := c.Hello(ctx, "alfa.test"); err != nil {
					b.Error(err)
				}
			}
			if _, err := c.Send(ctx, Envelope{Mail: Mail{From: "a@alfa.test"}, Rcpts: []Rcpt{{To: "b@beta.test"}}}, text); err != nil {
				b.Error(err)
				return
			}
			if n%perSession == perSession-1 {
				c.Quit(ctx)
				c = nil
			}
		}
		if c != nil {
			c.Quit(ctx)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

// idle takes everything and keeps nothing, as drain does for go-smtp.
type idle struct{}

func (idle) Open(context.Context, net.Conn) (Session, error)       { return idle{}, nil }
func (idle) Greeted(string, bool)                                  {}
func (idle) Authenticate(string, string) error                     { return nil }
func (idle) Mail(context.Context, Mail) error                      { return nil }
func (idle) Rcpt(context.Context, Rcpt) error                      { return nil }
func (idle) Data(context.Context, Envelope, []byte) (Reply, error) { return Reply{}, nil }
func (idle) Verify(context.Context, string) Reply                  { return Reply{} }
func (idle) Reset()                                                {}
func (idle) Close()                                                {}

type drain struct{}

func (drain) Mail(string, *gosmtp.MailOptions) error { return nil }
func (drain) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (drain) Data(r io.Reader) error                 { _, err := io.Copy(io.Discard, r); return err }
func (drain) Reset()                                 {}
func (drain) Logout() error                          { return nil }

// BenchmarkSession is one session with a 4 KiB letter on loopback.
func BenchmarkSession(b *testing.B) {
	for _, name := range []string{"untapped", "tapped"} {
		b.Run(name, func(b *testing.B) {
			lines := 0
			o := wire.Options{}
			if name == "tapped" {
				o.Tap = func(l wire.Line) { lines += len(string(l.Text)) }
			}
			addr := start(b, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: idle{}})
			text := []byte(strings.Repeat(strings.Repeat("x", 62)+"\r\n", 64))
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				nc, err := net.Dial("tcp", addr.String())
				if err != nil {
					b.Fatal(err)
				}
				c := NewClient(nc, o)
				if err := c.Greet(ctx); err != nil {
					b.Fatal(err)
				}
				if err := c.Hello(ctx, "alfa.test"); err != nil {
					b.Fatal(err)
				}
				if _, err := c.Send(ctx, Envelope{Mail: Mail{From: "a@alfa.test"}, Rcpts: []Rcpt{{To: "b@beta.test"}}}, text); err != nil {
					b.Fatal(err)
				}
				if err := c.Quit(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
