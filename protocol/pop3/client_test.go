package pop3

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailscope/protocol/wire"
)

func login(t testing.TB, nc net.Conn, user, password string) *Client {
	t.Helper()
	c := NewClient(nc, wire.Options{})
	if err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Login(user, password); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClientSession(t *testing.T) {
	st := newStore()
	c := login(t, connect(t, listen(t, newServer(st, everything))), "anna", "secret")
	caps, err := c.Capa()
	if params, found := caps.Get("utf8"); err != nil || !found || !reflect.DeepEqual(params, []string{"USER"}) || caps.Has("SASL") {
		t.Errorf("Capa = %q, %v", caps, err)
	}
	if n, size, err := c.Stat(); n != 3 || size != 87 || err != nil {
		t.Errorf("Stat = %d, %d, %v", n, size, err)
	}
	if err := errors.Join(c.Dele(1), c.Rset(), c.Dele(2), c.Noop()); err != nil {
		t.Error(err)
	}
	if got, err := c.List(); err != nil || !reflect.DeepEqual(got, []Listed{{1, 23}, {3, 33}}) {
		t.Errorf("List = %v, %v", got, err)
	}
	if got, err := c.UIDL(); err != nil || !reflect.DeepEqual(got, []Unique{{1, "uid-1"}, {3, "uid-3"}}) {
		t.Errorf("UIDL = %v, %v", got, err)
	}
	if got, err := c.Retr(3); err != nil || string(got) != string(testLetters[2]) {
		t.Errorf("Retr = %q, %v", got, err)
	}
	if got, err := c.Top(1, 0); err != nil || string(got) != "Subject: one\r\n\r\n" {
		t.Errorf("Top = %q, %v", got, err)
	}
	var refused *ReplyError
	if _, err := c.Retr(2); !errors.As(err, &refused) || refused.Command != "RETR" || refused.Temporary() {
		t.Errorf("Retr of a marked letter: %v", err)
	}
	if err := c.Quit(); err != nil {
		t.Error(err)
	}
	if err := removed(st, "1"); err != nil {
		t.Error(err)
	}
}

func TestClientAPOP(t *testing.T) {
	addr := listen(t, newServer(newStore(), Offer{APOP: true, RespCodes: true}))
	c := NewClient(connect(t, addr), wire.Options{})
	if err := c.Greet(t.Context()); err != nil || c.Stamp() != testStamp {
		t.Fatalf("Greet: %v, stamp %q", err, c.Stamp())
	}
	var refused *ReplyError
	if err := c.APOP("mrose", "wrong"); !errors.As(err, &refused) || refused.Code != "[AUTH]" {
		t.Errorf("wrong secret: %v", err)
	}
	if err := c.APOP("mrose", "tanstaaf"); err != nil {
		t.Error(err)
	}
}

func TestClientSeesInUse(t *testing.T) {
	addr := listen(t, newServer(newStore(), everything))
	login(t, connect(t, addr), "anna", "secret")
	second := NewClient(connect(t, addr), wire.Options{})
	if err := second.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	var refused *ReplyError
	if err := second.Login("anna", "secret"); !errors.As(err, &refused) || refused.Code != "[IN-USE]" || !refused.Temporary() {
		t.Errorf("second login: %v", err)
	}
}

// TestClientSendsOneLine tries to smuggle a command in an argument.
func TestClientSendsOneLine(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	c := NewClient(a, wire.Options{})
	for _, user := range []string{"", "two words", "an\r\nQUIT", "nul\x00", "\xff", strings.Repeat("x", 249)} {
		if err := c.Login(user, "secret"); err == nil {
			t.Errorf("user %q was sent", user)
		}
	}
}

// scripted returns a Client of a server that says its answers one by one: the
// first is the greeting.
func scripted(t *testing.T, answers ...string) *Client {
	t.Helper()
	ours, theirs := net.Pipe()
	ours.SetDeadline(time.Now().Add(10 * time.Second))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer theirs.Close()
		r := bufio.NewReader(theirs)
		for i, answer := range answers {
			if i > 0 {
				if _, err := r.ReadString('\n'); err != nil {
					return
				}
			}
			if _, err := io.WriteString(theirs, answer); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { ours.Close(); <-ended })
	c := NewClient(ours, wire.Options{})
	if err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClientOfABadServer(t *testing.T) {
	for _, tt := range []struct {
		name, answer, want string
		do                 func(*Client) error
	}{
		{"other protocol", "250 ok\r\n", `read reply to NOOP: want "+OK" or "-ERR" at octet 0`, (*Client).Noop},
		{"cut", "+OK", "read reply to NOOP: unexpected EOF", (*Client).Noop},
		{"gone", "", "read reply to NOOP: unexpected EOF", (*Client).Noop},
		{"endless line", "+OK " + strings.Repeat("x", 600) + "\r\n", "read reply to NOOP: line too long", (*Client).Noop},
		{"stat", "+OK many\r\n", "read reply to STAT: want a digit at octet 0", func(c *Client) error { _, _, err := c.Stat(); return err }},
		{"stat size", "+OK 1 -2\r\n", "read reply to STAT: want a digit at octet 2", func(c *Client) error { _, _, err := c.Stat(); return err }},
		{"list", "+OK\r\n1 2\r\nx\r\n.\r\n", "read reply to LIST: line 2: want a digit at octet 0", func(c *Client) error { _, err := c.List(); return err }},
		{"long list", "+OK\r\n1 2\r\n2 2\r\n3 3\r\n", "read reply to LIST: list too long", func(c *Client) error { _, err := c.List(); return err }},
		{"cut list", "+OK\r\n1 2\r\n", "read reply to LIST: unexpected EOF", func(c *Client) error { _, err := c.List(); return err }},
		{"uid", "+OK\r\n1 \x01\r\n.\r\n", "read reply to UIDL: line 1: want a unique id of 1 to 70 characters at octet 2", func(c *Client) error { _, err := c.UIDL(); return err }},
		{"big letter", "+OK\r\n" + strings.Repeat("x", 60) + "\r\n.\r\n", "read reply to RETR 1: data too big", func(c *Client) error { _, err := c.Retr(1); return err }},
		{"cut letter", "+OK\r\nSubject: x\r\n", "read reply to RETR 1: unexpected EOF", func(c *Client) error { _, err := c.Retr(1); return err }},
		{"refusal", "-ERR [SYS/TEMP] later\r\n", "RETR refused: [SYS/TEMP] later", func(c *Client) error { _, err := c.Retr(1); return err }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := scripted(t, "+OK\r\n", tt.answer)
			c.MaxLetter, c.MaxList = 50, 2
			if err := tt.do(c); err == nil || err.Error() != tt.want {
				t.Errorf("got %v; want %s", err, tt.want)
			}
		})
	}
}

func TestAPOPNeedsAStamp(t *testing.T) {
	if err := scripted(t, "+OK ready\r\n").APOP("anna", "secret"); err != ErrNoStamp {
		t.Errorf("got %v", err)
	}
}

func TestContextEndsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		defer b.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := NewClient(a, wire.Options{}).Greet(ctx); err == nil {
			t.Error("a silent server greeted")
		}
	})
}
