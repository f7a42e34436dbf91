package world

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// benchLetter is 4 KiB.
var benchLetter = "From: <x@x.test>\r\nTo: <ilon@rocket.example>\r\nSubject: Load\r\nMessage-ID: <1@x.test>\r\n\r\n" +
	strings.Repeat(strings.Repeat("x", 70)+"\r\n", 56) + ".\r\n"

// loader is one connection of the load generator: it speaks to any server,
// one command at a time, and checks each answer.
type loader struct {
	nc net.Conn
	r  *bufio.Reader
}

func dial(addr string) (*loader, error) {
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	l := &loader{nc, bufio.NewReader(nc)}
	if err := l.answer('2'); err != nil {
		return nil, err
	}
	return l, l.say("EHLO x.test\r\n", '2')
}

func (l *loader) say(text string, class byte) error {
	if _, err := io.WriteString(l.nc, text); err != nil {
		return err
	}
	return l.answer(class)
}

func (l *loader) answer(class byte) error {
	for {
		line, err := l.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if line[0] != class {
			return fmt.Errorf("answer %q", line)
		}
		if line[3] == ' ' {
			return nil
		}
	}
}

func (l *loader) letter(from, to string) error {
	for _, s := range []struct {
		text  string
		class byte
	}{{"MAIL FROM:<" + from + ">\r\n", '2'}, {"RCPT TO:<" + to + ">\r\n", '2'}, {"DATA\r\n", '3'}, {benchLetter, '2'}} {
		if err := l.say(s.text, s.class); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) quit() {
	l.say("QUIT\r\n", '2')
	l.nc.Close()
}

// load sends b.N letters over senders connections, each carrying many letters
// or one.
func load(b *testing.B, addr, from, to string, senders int, many bool, prepare func(*loader) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			var l *loader
			var err error
			for left.Add(-1) >= 0 {
				if l == nil {
					if l, err = dial(addr); err == nil && prepare != nil {
						err = prepare(l)
					}
				}
				if err == nil {
					err = l.letter(from, to)
				}
				if err != nil {
					b.Error(err)
					return
				}
				if !many {
					l.quit()
					l = nil
				}
			}
			if l != nil {
				l.quit()
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

type sink struct{}

func (sink) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return sink{}, nil }
func (sink) Mail(string, *gosmtp.MailOptions) error          { return nil }
func (sink) Rcpt(string, *gosmtp.RcptOptions) error          { return nil }
func (sink) Data(r io.Reader) error                          { _, err := io.Copy(io.Discard, r); return err }
func (sink) Reset()                                          {}
func (sink) Logout() error                                   { return nil }

// BenchmarkReceive takes letters on port 25 with tap, trace and mailbox on,
// beside a bare go-smtp server that throws them away. 8 connections.
func BenchmarkReceive(b *testing.B) {
	for _, many := range []bool{false, true} {
		name := map[bool]string{false: "one-a-connection", true: "many-a-connection"}[many]
		b.Run("mailscope/"+name, func(b *testing.B) {
			l := benchWorld(b)
			load(b, l.addrOf("mx1.rocket.example", "smtp"), "x@x.test", "ilon@rocket.example", 8, many, nil)
		})
		b.Run("go-smtp/"+name, func(b *testing.B) {
			s := gosmtp.NewServer(sink{})
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			go s.Serve(ln)
			defer s.Close()
			load(b, ln.Addr().String(), "x@x.test", "ilon@rocket.example", 8, many, nil)
		})
	}
}

// BenchmarkEndToEnd submits letters that are looked up, relayed and stored;
// the clock stops when the last one is in its mailbox.
func BenchmarkEndToEnd(b *testing.B) {
	for _, senders := range []int{1, 8, 32} {
		b.Run(fmt.Sprint("senders-", senders), func(b *testing.B) { endToEnd(b, senders) })
	}
}

// BenchmarkEndToEndSize shows whether a letter costs the same however many
// there are. Compare ns/op of
//
//	go test -run xxx -bench EndToEndSize -benchtime 1000x ./sim/world
//	go test -run xxx -bench EndToEndSize -benchtime 100000x ./sim/world
func BenchmarkEndToEndSize(b *testing.B) { endToEnd(b, 8) }

func endToEnd(b *testing.B, senders int) {
	b.Helper()
	l := benchWorld(b)
	login := func(c *loader) error { // anna's, base64
		return c.say("AUTH PLAIN AGFubmFAcm9tYXNoa2EuZXhhbXBsZQByb21hc2hrYS03\r\n", '2')
	}
	stored := make(chan struct{})
	go func() {
		defer close(stored)
		more, stop := l.Trace.Subscribe()
		defer stop()
		n := 0
		for seq := 1; n < b.N; {
			for ; seq <= l.Trace.Len(); seq++ {
				if l.Trace.At(seq).Kind() == trace.KindStore {
					n++
				}
			}
			if n < b.N {
				<-more
			}
		}
	}()
	load(b, l.addrOf("mail.romashka.example", "submission"), "anna@romashka.example", "ilon@rocket.example", senders, true, login)
	<-stored
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

// benchWorld serves the default world, in clear like what it is compared with.
func benchWorld(b *testing.B) *Live {
	b.Helper()
	spec, f, err := Load("")
	if err != nil {
		b.Fatal(err)
	}
	for i := range spec.Domains {
		for j := range spec.Domains[i].Servers {
			s := &spec.Domains[i].Servers[j]
			s.TLS = nil
			s.Services = slices.DeleteFunc(slices.Clone(s.Services), func(name string) bool { return network.Secure(ports[name]) })
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	l, err := Serve(ctx, spec, f, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cancel()
		l.Wait()
	})
	return l
}

func (l *Live) addrOf(host, service string) string {
	for _, h := range l.Info.Hosts {
		for _, s := range h.Services {
			if h.Name == host && s.Service == service {
				return s.Addr
			}
		}
	}
	return ""
}
