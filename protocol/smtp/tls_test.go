package smtp

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"

	gosasl "github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// secured is a server that lets nobody sign in without TLS.
func secured(box *office, first bool) *Server {
	o := Full()
	o.StartTLS, o.Auth = true, sasl.Mechanisms()
	return &Server{Hostname: "mail.test", Offer: o, RequireAuth: true, Backend: box,
		TLS: testcert.Server(), TLSFirst: first, SASL: sasl.Options{Secrets: box}}
}

// TestOwnClientSecured signs in by each mechanism, after STARTTLS and with TLS
// from the first octet.
func TestOwnClientSecured(t *testing.T) {
	for _, first := range []bool{false, true} {
		box := &office{}
		addr := start(t, secured(box, first))
		ctx := t.Context()
		connect := func() *Client {
			t.Helper()
			nc, err := net.Dial("tcp", addr.String())
			if err != nil {
				t.Fatal(err)
			}
			c := NewClient(nc, wire.Options{})
			t.Cleanup(func() { c.Close() })
			if first {
				err = c.Secure(ctx, testcert.Client())
			}
			if err = errors.Join(err, c.Greet(ctx), c.Hello(ctx, "alfa.test")); err != nil {
				t.Fatal(err)
			}
			if !first {
				if len(c.Mechanisms()) > 0 {
					t.Errorf("%q offered in clear", c.Mechanisms())
				}
				if err := errors.Join(c.StartTLS(ctx, testcert.Client()), c.Hello(ctx, "alfa.test")); err != nil {
					t.Fatal(err)
				}
			}
			if _, again := c.Has("STARTTLS"); again || len(c.Mechanisms()) != 5 || c.TLS() == nil {
				t.Errorf("STARTTLS %v, mechanisms %q", again, c.Mechanisms())
			}
			return c
		}
		for _, mech := range sasl.Mechanisms() {
			c := connect()
			refused, ok := errors.AsType[*ReplyError](c.Auth(ctx, mech, "ana", "wrong"))
			if !ok || refused.Code != 535 {
				t.Errorf("%s, wrong password: %v", mech, refused)
			}
			if err := c.Auth(ctx, mech, "ana", "secret"); err != nil {
				t.Errorf("%s: %v", mech, err)
			}
			if _, err := c.Send(ctx, Envelope{Mail: Mail{From: "ana@alfa.test"}, Rcpts: []Rcpt{{To: "bob@beta.test"}}}, []byte(letter)); err != nil {
				t.Error(err)
			}
			if err := c.Quit(ctx); err != nil {
				t.Error(err)
			}
		}
		if len(box.envs) != 5 || box.envs[0].TLS == nil || box.envs[0].User != "ana" {
			t.Errorf("took %v", box.envs)
		}
	}
}

// TestClientRefusesCertificate: the session is of no use any more.
func TestClientRefusesCertificate(t *testing.T) {
	c := dial(t, start(t, secured(&office{}, false)))
	ctx, config := t.Context(), testcert.Client()
	config.ServerName = "mx.other.test"
	if err := c.Hello(ctx, "alfa.test"); err != nil {
		t.Fatal(err)
	}
	if err := c.StartTLS(ctx, config); err == nil || !strings.Contains(err.Error(), "not mx.other.test") {
		t.Errorf("StartTLS: %v", err)
	}
	if err := c.Hello(ctx, "alfa.test"); err == nil {
		t.Error("the client went on")
	}
}

// TestGoSMTPClientSecured: another's client, both ways.
func TestGoSMTPClientSecured(t *testing.T) {
	for _, first := range []bool{false, true} {
		addr := start(t, secured(&office{}, first)).String()
		dial := gosmtp.DialStartTLS
		if first {
			dial = gosmtp.DialTLS
		}
		c, err := dial(addr, testcert.Client())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Auth(gosasl.NewPlainClient("", "ana", "secret")); err != nil {
			t.Error(err)
		}
		if err := c.Quit(); err != nil {
			t.Error(err)
		}
	}
}

// TestOurClientToGoSMTPSecured: another's server.
func TestOurClientToGoSMTPSecured(t *testing.T) {
	srv := gosmtp.NewServer(&sink{})
	srv.Domain, srv.TLSConfig = "mail.test", testcert.Server()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go srv.Serve(ln)
	t.Cleanup(func() { srv.Close() })
	c, ctx := dial(t, ln.Addr()), t.Context()
	if err := errors.Join(c.Hello(ctx, "a.test"), c.StartTLS(ctx, testcert.Client()), c.Hello(ctx, "a.test"), c.Auth(ctx, "PLAIN", "ana", "secret")); err != nil {
		t.Fatal(err)
	}
	if c.TLS().Version != tls.VersionTLS13 {
		t.Errorf("TLS %+v", c.TLS())
	}
	if err := c.Quit(ctx); err != nil {
		t.Error(err)
	}
}
