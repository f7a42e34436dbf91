package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailscope/protocol/wire"
)

// pipeListener accepts the server ends of pipes.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (l *pipeListener) dial() net.Conn {
	a, b := net.Pipe()
	l.conns <- b
	return a
}

// inBubble serves s on pipes in simulated time, and wants Serve to end well.
func inBubble(t *testing.T, s *Server, talk func(t *testing.T, ln *pipeListener, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ln := newPipeListener()
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx, ln) }()
		talk(t, ln, stop)
		stop()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

// expect reads lines and compares them; "" is the end.
func expect(t *testing.T, c *wire.Conn, want ...string) {
	t.Helper()
	for _, w := range want {
		line, err := c.ReadLine(wire.Reply, 512)
		if w == "" && err == io.EOF {
			continue
		}
		if err != nil || string(line) != w {
			t.Fatalf("got %q, %v; want %q", line, err, w)
		}
	}
}

func TestSilenceEndsTheSession(t *testing.T) {
	for name, start := range map[string]string{
		"greeting": "",
		"command":  "NO",
		"letter":   "HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<a@b.test>\r\nDATA\r\nhalf",
		"chunk":    "HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<a@b.test>\r\nBDAT 10 LAST\r\nhalf",
		"login":    "EHLO a\r\nAUTH PLAIN\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			o := Full()
			o.Auth = []string{"PLAIN"}
			box := &office{}
			inBubble(t, &Server{Hostname: "mx.beta.test", Offer: o, ClearAuth: true, Backend: box, Timeout: time.Minute}, func(t *testing.T, ln *pipeListener, _ func()) {
				nc := ln.dial()
				began := time.Now()
				go io.WriteString(nc, start)
				all, err := io.ReadAll(nc)
				if err != nil || !strings.HasSuffix(string(all), "421 4.4.2 mx.beta.test waited too long\r\n") {
					t.Errorf("heard %q, %v", all, err)
				}
				if waited := time.Since(began); waited != time.Minute || len(box.letters) > 0 {
					t.Errorf("waited %v, took %q", waited, box.letters)
				}
			})
		})
	}
}

func TestStopSays421(t *testing.T) {
	inBubble(t, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: &office{}}, func(t *testing.T, ln *pipeListener, stop func()) {
		c := wire.NewConn(ln.dial(), wire.Options{})
		expect(t, c, "220 mx.beta.test ESMTP")
		synctest.Wait()
		stop()
		expect(t, c, "421 4.3.2 mx.beta.test shutting down", "")
	})
}

// TestStopWaitsForNobody stops while a client does not read and while a
// backend works.
func TestStopWaitsForNobody(t *testing.T) {
	box := &office{}
	inBubble(t, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: box}, func(t *testing.T, ln *pipeListener, stop func()) {
		box.block = make(chan struct{}) // of this bubble; nobody closes it
		deaf := ln.dial()
		defer deaf.Close()
		c := NewClient(ln.dial(), wire.Options{})
		ctx := t.Context()
		if err := errors.Join(c.Greet(ctx), c.Hello(ctx, "alfa.test")); err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 1)
		go func() {
			_, err := c.Send(ctx, Envelope{Rcpts: []Rcpt{{To: "bob@beta.test"}}}, []byte("x\r\n"))
			failed <- err
		}()
		synctest.Wait()
		stop()
		if err := <-failed; err == nil {
			t.Error("a letter was accepted that the backend did not take")
		}
	})
}

func TestTooManyConnections(t *testing.T) {
	inBubble(t, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: &office{}, MaxConns: 1}, func(t *testing.T, ln *pipeListener, _ func()) {
		one := wire.NewConn(ln.dial(), wire.Options{})
		expect(t, one, "220 mx.beta.test ESMTP")
		two := NewClient(ln.dial(), wire.Options{})
		err := two.Greet(t.Context())
		if e, ok := errors.AsType[*ReplyError](err); !ok || e.Code != 421 || e.Enhanced != "4.3.2" || !e.Temporary() || e.Host != "mx.beta.test" {
			t.Errorf("second connection: %v", err)
		}
		one.Close()
		synctest.Wait()
		expect(t, wire.NewConn(ln.dial(), wire.Options{}), "220 mx.beta.test ESMTP")
	})
}

// FuzzSession sends any octets. Each reply is well formed, and there is
// exactly one "queued" for each letter that was taken.
func FuzzSession(f *testing.F) {
	f.Add([]byte("EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"))
	f.Add([]byte("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\nBDAT 2\r\nhiBDAT 0 LAST\r\nAUTH PLAIN\r\n*\r\n"))
	f.Add([]byte("EHLO a\r\nAUTH LOGIN YW5h\r\nc2VjcmV0\r\nVRFY \xff\r\nNOOP\n\r\n\x00\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		synctest.Test(t, func(t *testing.T) { anyOctets(t, in) })
	})
}

// anyOctets plays one session in simulated time: if in ends within a letter,
// the server's timeout ends it.
func anyOctets(t *testing.T, in []byte) {
	client, server := net.Pipe()
	defer client.Close()
	box := &office{}
	o := Full()
	o.Auth = []string{"PLAIN", "LOGIN"}
	s := &Server{Hostname: "mx.beta.test", Offer: o, ClearAuth: true, Backend: box, MaxSize: 1000}
	go func() {
		client.Write(in)
		io.WriteString(client, "\r\n.\r\nQUIT\r\n")
	}()
	go s.ServeConn(t.Context(), server, false)
	queued, r := 0, wire.NewConn(client, wire.Options{})
	for {
		line, err := r.ReadLine(wire.Reply, maxReplyLine)
		if err == io.EOF {
			break
		}
		if err == nil {
			_, _, _, _, err = parseReplyLine(string(line))
		}
		if err != nil {
			t.Fatalf("reply %q: %v", line, err)
		}
		if strings.HasSuffix(string(line), "queued as Q1") {
			queued++
		}
	}
	if queued != len(box.letters) {
		t.Errorf("%d letters taken, %d acknowledged", len(box.letters), queued)
	}
}
