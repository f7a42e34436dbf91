package imap

import (
	"crypto/tls"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// serveSecured serves ana's mailbox, which nobody opens without TLS, until the
// test ends.
func serveSecured(t *testing.T, first bool) (addr string) {
	t.Helper()
	return serveMemory(t, func(s *Server) {
		s.TLS, s.TLSFirst, s.ClearAuth = testcert.Server(), first, false
		s.SASL = sasl.Options{Secrets: s.Backend.(memory)}
	}).addr
}

// TestClientSecured signs in by each mechanism, after STARTTLS and with TLS
// from the first octet.
func TestClientSecured(t *testing.T) {
	for _, first := range []bool{false, true} {
		addr := serveSecured(t, first)
		for _, mech := range sasl.Mechanisms() {
			nc, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			c := NewClient(nc, wire.Options{Timeout: 10 * time.Second})
			defer c.Close()
			if first {
				err = c.Secure(testcert.Client())
			}
			if _, again := c.Greet(t.Context()); errors.Join(err, again) != nil {
				t.Fatal(err, again)
			}
			if !first {
				if err := c.Login("ana", "secret"); !errors.Is(err, ErrNotOffered) || len(c.Mechanisms()) > 0 {
					t.Errorf("LOGIN in clear: %v", err)
				}
				if err := c.StartTLS(testcert.Client()); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Capability(); err != nil {
					t.Fatal(err)
				}
			}
			if c.Has("STARTTLS") || c.Has("LOGINDISABLED") || len(c.Mechanisms()) != 5 || c.TLS() == nil {
				t.Errorf("under TLS: %q", c.Caps())
			}
			refused, ok := errors.AsType[*ReplyError](c.AuthenticateBy(mech, "ana", "wrong"))
			if !ok || !refused.HasCode("AUTHENTICATIONFAILED") {
				t.Errorf("%s, wrong password: %v", mech, refused)
			}
			if err := c.AuthenticateBy(mech, "ana", "secret"); err != nil {
				t.Errorf("%s: %v", mech, err)
			}
			if box, err := c.Select("INBOX", SelectOptions{}); err != nil || box.Messages != 0 {
				t.Errorf("Select = %v, %v", box, err)
			}
			if err := c.Logout(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestGoIMAPSecured: another's client, both ways.
func TestGoIMAPSecured(t *testing.T) {
	for _, first := range []bool{false, true} {
		dial := imapclient.DialStartTLS
		if first {
			dial = imapclient.DialTLS
		}
		c, err := dial(serveSecured(t, first), &imapclient.Options{TLSConfig: testcert.Client()})
		if err != nil {
			t.Fatal(err)
		}
		must(t, c.Login("ana", "secret").Wait())
		must(t, c.Logout().Wait())
	}
}

// TestIdleUnderTLS: what came and was not read yet is known, so that a client
// that sleeps knows when to wake.
func TestIdleUnderTLS(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	server := wire.NewConn(far, wire.Options{})
	go func() {
		if server.StartTLS(tls.Server, testcert.Server()) == nil {
			server.WriteLine(wire.Reply, "* OK ready")
			server.WriteLine(wire.Reply, "* 1 EXISTS")
			server.Flush()
		}
	}()
	c := NewClient(near, wire.Options{})
	if err := c.Secure(testcert.Client()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Greet(t.Context()); err != nil || !c.Pending() {
		t.Errorf("%v, pending %v", err, c.Pending())
	}
	if _, err := c.read("IDLE"); err != nil || c.Pending() {
		t.Errorf("%v, pending %v", err, c.Pending())
	}
}
