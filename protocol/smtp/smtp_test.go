package smtp

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
)

// office is a backend for tests: it knows ana@ and bob@beta.test, one
// password, and keeps each letter it takes.
type office struct {
	envs    []Envelope
	letters []string
	resets  int
	refuse  error // of Open
	data    error
	block   chan struct{} // Data waits for it
}

func (o *office) Open(context.Context, net.Conn) (Session, error) {
	if o.refuse != nil {
		return nil, o.refuse
	}
	return o, nil
}

func (o *office) Greeted(string, bool) {}

func (o *office) Authenticate(user, password string) error {
	switch {
	case user == "later":
		return &Reply{454, "4.7.0", []string{"try later"}}
	case user == "ana" && password == "secret":
		return nil
	}
	return context.Canceled
}

// Secret is the password, for mechanisms that never send it.
func (o *office) Secret(user string) (string, bool) { return "secret", user == "ana" }

func (o *office) Mail(_ context.Context, m Mail) error {
	if m.From == "spam@alfa.test" {
		return &Reply{550, "5.7.1", []string{"not from you"}}
	}
	return nil
}

func (o *office) Rcpt(_ context.Context, r Rcpt) error {
	switch {
	case strings.HasPrefix(r.To, "nobody@"):
		return &Reply{550, "5.1.1", []string{"no such mailbox here"}}
	case strings.HasPrefix(r.To, "full@"):
		return Reply{452, "4.2.2", []string{"mailbox full"}}
	case strings.HasSuffix(r.To, "@broken.test"):
		return context.DeadlineExceeded
	}
	return nil
}

func (o *office) Data(ctx context.Context, env Envelope, letter []byte) (Reply, error) {
	if o.block != nil {
		select {
		case <-o.block:
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		}
	}
	if o.data != nil {
		return Reply{}, o.data
	}
	o.envs = append(o.envs, env)
	o.letters = append(o.letters, string(letter))
	return Reply{250, "2.0.0", []string{"queued as Q1"}}, nil
}

func (o *office) Verify(_ context.Context, arg string) Reply {
	if arg == "ana" {
		return Reply{250, "2.1.5", []string{"<ana@beta.test>"}}
	}
	return Reply{}
}

func (o *office) Reset() { o.resets++ }
func (o *office) Close() {}

// start serves on loopback until the test ends.
func start(t testing.TB, s *Server) net.Addr {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr()
}

// dial connects a client and greets.
func dial(t testing.TB, addr net.Addr) *Client {
	t.Helper()
	nc, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	c := NewClient(nc, wire.Options{Timeout: 10 * time.Second})
	t.Cleanup(func() { c.Close() })
	if err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

const letter = "Subject: hi\r\n\r\n.dot\r\nfin\r\n"

func TestOwnClientSends(t *testing.T) {
	full := Full()
	full.Auth = []string{"PLAIN", "LOGIN"}
	for name, tt := range map[string]struct {
		offer    Offer
		chunking bool
	}{"full": {full, false}, "chunking": {full, true}, "1982": {Offer{}, false}} {
		t.Run(name, func(t *testing.T) {
			box := &office{}
			c := dial(t, start(t, &Server{Hostname: "mx.beta.test", Offer: tt.offer, ClearAuth: true, Backend: box}))
			c.Chunking = tt.chunking
			ctx := t.Context()
			if err := c.Hello(ctx, "alfa.test"); err != nil {
				t.Fatal(err)
			}
			for _, mech := range tt.offer.Auth[:min(1, len(tt.offer.Auth))] {
				if err := c.Auth(ctx, mech, "ana", "secret"); err != nil {
					t.Fatal(err)
				}
			}
			res, err := c.Send(ctx, Envelope{Mail: Mail{From: "ana@alfa.test"},
				Rcpts: []Rcpt{{To: "bob@beta.test"}, {To: "nobody@beta.test"}, {To: "full@beta.test"}}}, []byte(letter))
			if err != nil || res.Reply.Code != 250 || len(res.Rcpts) != 3 || res.Rcpts[0] != nil ||
				res.Rcpts[1].(*ReplyError).Temporary() || !res.Rcpts[2].(*ReplyError).Temporary() {
				t.Fatalf("Send = %v, %v", res, err)
			}
			if _, err := c.Send(ctx, Envelope{Mail: Mail{}, Rcpts: []Rcpt{{To: "nobody@beta.test"}}}, []byte(letter)); err != ErrNoRcpts {
				t.Errorf("Send to nobody: %v", err)
			}
			if _, err := c.Send(ctx, Envelope{Mail: Mail{From: "spam@alfa.test"}, Rcpts: []Rcpt{{To: "bob@beta.test"}}}, []byte(letter)); err == nil {
				t.Errorf("Send from spam: %v", err)
			}
			if err := c.Quit(ctx); err != nil {
				t.Fatal(err)
			}
			if len(box.letters) != 1 || box.letters[0] != letter || len(box.envs[0].Rcpts) != 1 {
				t.Errorf("took %q, %v", box.letters, box.envs)
			}
		})
	}
}
