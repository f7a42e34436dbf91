package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailscope/protocol/wire"
)

// scripted is a client whose server says the given things, one at each read
// of commands, and keeps what it heard.
func scripted(t *testing.T, says ...string) (*Client, func() string) {
	t.Helper()
	a, b := net.Pipe()
	a.SetDeadline(time.Now().Add(10 * time.Second))
	heard := make(chan string, 1)
	go func() {
		defer b.Close()
		var all strings.Builder
		buf := make([]byte, 64<<10)
		for i, s := range says {
			if i > 0 {
				n, _ := b.Read(buf)
				all.Write(buf[:n])
			}
			io.WriteString(b, s)
		}
		heard <- all.String()
	}()
	t.Cleanup(func() { a.Close() })
	return NewClient(a, wire.Options{}), func() string { return <-heard }
}

func TestGarbageFromServer(t *testing.T) {
	for name, greeting := range map[string]string{
		"no code":      "hello\r\n",
		"code changes": "220-mx\r\n221 mx\r\n",
		"separator":    "220+mx\r\n",
		"long line":    "220 " + strings.Repeat("x", 600) + "\r\n",
		"many lines":   strings.Repeat("220-mx\r\n", maxReplyLines+1),
		"cut short":    "220-mx\r\n",
		"bad class":    "720 mx\r\n",
	} {
		c, _ := scripted(t, greeting)
		err := c.Greet(t.Context())
		if _, refused := errors.AsType[*ReplyError](err); err == nil || refused {
			t.Errorf("%s: %v", name, err)
		}
		if again := c.Noop(t.Context()); again == nil {
			t.Errorf("%s: the client goes on", name)
		}
	}
}

func TestFallsBackToHELO(t *testing.T) {
	c, heard := scripted(t, "220 mx\r\n", "500 what\r\n", "250 mx\r\n")
	if err := errors.Join(c.Greet(t.Context()), c.Hello(t.Context(), "alfa.test")); err != nil {
		t.Fatal(err)
	}
	if got := heard(); got != "EHLO alfa.test\r\nHELO alfa.test\r\n" {
		t.Errorf("said %q", got)
	}
}

func TestServerLeavesWith421(t *testing.T) {
	c, _ := scripted(t, "220 mx\r\n", "421 4.3.2 bye\r\n")
	if err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if e, ok := errors.AsType[*ReplyError](c.Noop(t.Context())); !ok || e.Code != 421 || e.Enhanced != "4.3.2" {
			t.Errorf("NOOP: %v", e)
		}
	}
}

// TestPipelinedDataWithoutRcpts: a server that says 354 all the same gets a
// lone dot (RFC 2920 §3.1).
func TestPipelinedDataWithoutRcpts(t *testing.T) {
	c, heard := scripted(t, "220 mx\r\n", "250-mx\r\n250 PIPELINING\r\n", "250 ok\r\n550 5.1.1 no\r\n354 go\r\n", "554 nobody\r\n")
	ctx := t.Context()
	if err := errors.Join(c.Greet(ctx), c.Hello(ctx, "alfa.test")); err != nil {
		t.Fatal(err)
	}
	res, err := c.Send(ctx, Envelope{Rcpts: []Rcpt{{To: "a@b.test"}}}, []byte("secret\r\n"))
	if err != ErrNoRcpts || len(res.Rcpts) != 1 {
		t.Errorf("Send = %v, %v", res, err)
	}
	if got := heard(); got != "EHLO alfa.test\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\n.\r\n" {
		t.Errorf("said %q", got)
	}
}

func TestWhatTheServerCannotTake(t *testing.T) {
	for name, tt := range map[string]struct {
		env      Envelope
		letter   string
		enhanced string
	}{
		"8 bits":    {Envelope{}, "Привет\r\n", "5.6.3"},
		"sender":    {Envelope{Mail: Mail{From: "анна@a.test"}}, "x\r\n", "5.6.7"},
		"recipient": {Envelope{Rcpts: []Rcpt{{To: "анна@a.test"}}}, "x\r\n", "5.6.7"},
		"bare LF":   {Envelope{}, "x\ny\r\n", "5.6.11"},
	} {
		c := dial(t, start(t, &Server{Hostname: "mx.beta.test", Offer: Offer{EHLO: true}, Backend: &office{}}))
		if err := c.Hello(t.Context(), "alfa.test"); err != nil {
			t.Fatal(err)
		}
		_, err := c.Send(t.Context(), tt.env, []byte(tt.letter))
		if e, ok := errors.AsType[*ReplyError](err); !ok || e.Enhanced != tt.enhanced || e.Temporary() {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Noop(t.Context()); err != nil { // nothing was sent
			t.Errorf("%s: then %v", name, err)
		}
	}
}

func TestClientKeepsCommandsWhole(t *testing.T) {
	c := dial(t, start(t, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: &office{}}))
	ctx := t.Context()
	if err := c.Hello(ctx, "alfa.test\r\nQUIT"); err == nil {
		t.Error("a name with CR LF was sent")
	}
	if err := c.Hello(ctx, "alfa.test"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(ctx, Envelope{Rcpts: []Rcpt{{To: "a@b.test>\r\nDATA"}}}, nil); err == nil {
		t.Error("a recipient with CR LF was sent")
	}
}

func TestManyRecipients(t *testing.T) {
	box := &office{}
	c := dial(t, start(t, &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: box, MaxRcpts: 120}))
	if err := c.Hello(t.Context(), "alfa.test"); err != nil {
		t.Fatal(err)
	}
	env := Envelope{Rcpts: make([]Rcpt, 130)}
	for i := range env.Rcpts {
		env.Rcpts[i].To = "bob@beta.test"
	}
	res, err := c.Send(t.Context(), env, []byte("x\r\n"))
	if err != nil || len(res.Rcpts) != 130 || res.Rcpts[119] != nil || res.Rcpts[120] == nil || len(box.envs[0].Rcpts) != 120 {
		t.Errorf("Send: %v, %d answers", err, len(res.Rcpts))
	}
}

func TestClientTimeoutAndCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		defer b.Close()
		c := NewClient(a, wire.Options{Timeout: time.Minute})
		began := time.Now()
		if err := c.Greet(t.Context()); !wire.IsTimeout(err) || time.Since(began) != time.Minute {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		a, d := net.Pipe()
		defer d.Close()
		c = NewClient(a, wire.Options{Timeout: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Greet(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
