package smtp

import (
	"io"
	"net"
	netsmtp "net/smtp"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

func TestNetSMTPClient(t *testing.T) {
	box := &office{}
	o := Full()
	o.Auth = []string{"PLAIN", "LOGIN"}
	addr := start(t, &Server{Hostname: "mx.beta.test", Offer: o, RequireAuth: true, ClearAuth: true, Backend: box})
	err := netsmtp.SendMail(addr.String(), netsmtp.PlainAuth("", "ana", "secret", "127.0.0.1"),
		"ana@alfa.test", []string{"bob@beta.test"}, []byte(letter))
	if err != nil || len(box.letters) != 1 || box.letters[0] != letter || box.envs[0].User != "ana" {
		t.Errorf("SendMail: %v; took %q, %v", err, box.letters, box.envs)
	}
	err = netsmtp.SendMail(addr.String(), netsmtp.PlainAuth("", "ana", "secret", "127.0.0.1"),
		"ana@alfa.test", []string{"nobody@beta.test"}, []byte(letter))
	if err == nil || !strings.Contains(err.Error(), "5.1.1 no such mailbox") {
		t.Errorf("SendMail to nobody: %v", err)
	}
}

func TestGoSMTPClient(t *testing.T) {
	box := &office{}
	o := Full()
	o.Auth = []string{"PLAIN", "LOGIN"}
	addr := start(t, &Server{Hostname: "mx.beta.test", Offer: o, ClearAuth: true, Backend: box})
	c, err := gosmtp.Dial(addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	steps := []func() error{
		func() error { return c.Hello("alfa.test") },
		func() error { return c.Auth(sasl.NewLoginClient("ana", "secret")) },
		func() error {
			return c.Mail("анна@alfa.test", &gosmtp.MailOptions{UTF8: true, Size: 100, Return: gosmtp.DSNReturnHeaders, EnvelopeID: "a+b=c"})
		},
		func() error {
			return c.Rcpt("bob@beta.test", &gosmtp.RcptOptions{Notify: []gosmtp.DSNNotify{"SUCCESS", "DELAY"},
				OriginalRecipientType: gosmtp.DSNAddressTypeRFC822, OriginalRecipient: "bob+x@beta.test"})
		},
		func() error {
			w, err := c.Data()
			if err == nil {
				io.WriteString(w, letter)
				err = w.Close()
			}
			return err
		},
		c.Noop, c.Reset, c.Quit,
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if len(box.letters) != 1 || box.letters[0] != letter {
		t.Fatalf("took %q", box.letters)
	}
	e := box.envs[0]
	if m := e.Mail; m.From != "анна@alfa.test" || !m.UTF8 || m.Size != 100 || m.Ret != "HDRS" || m.EnvID != "a+b=c" {
		t.Errorf("mail %+v", m)
	}
	if r := e.Rcpts[0]; !slices.Equal(r.Notify, []string{"SUCCESS", "DELAY"}) || r.ORcpt != "RFC822;bob+x@beta.test" {
		t.Errorf("rcpt %+v", r)
	}
}

// sink is a go-smtp backend that reads letters and keeps the last.
type sink struct{ from, rcpt, letter string }

func (s *sink) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return s, nil }
func (s *sink) AuthMechanisms() []string                        { return []string{"PLAIN"} }
func (s *sink) Mail(from string, _ *gosmtp.MailOptions) error   { s.from = from; return nil }
func (s *sink) Rcpt(to string, _ *gosmtp.RcptOptions) error     { s.rcpt = to; return nil }
func (s *sink) Reset()                                          {}
func (s *sink) Logout() error                                   { return nil }
func (s *sink) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user == "ana" && password == "secret" {
			return nil
		}
		return gosmtp.ErrAuthFailed
	}), nil
}

func (s *sink) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.letter = string(b)
	return err
}

func TestOurClientToGoSMTPServer(t *testing.T) {
	for _, chunking := range []bool{false, true} {
		back := &sink{}
		srv := gosmtp.NewServer(back)
		srv.Domain, srv.AllowInsecureAuth, srv.EnableSMTPUTF8, srv.EnableDSN = "mx.beta.test", true, true, true
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go srv.Serve(ln)
		t.Cleanup(func() { srv.Close() })
		c, ctx := dial(t, ln.Addr()), t.Context()
		c.Chunking = chunking
		if err := c.Hello(ctx, "alfa.test"); err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(ctx, "PLAIN", "ana", "wrong"); err == nil {
			t.Error("wrong password taken")
		}
		if err := c.Auth(ctx, "PLAIN", "ana", "secret"); err != nil {
			t.Fatal(err)
		}
		_, err = c.Send(ctx, Envelope{Mail: Mail{From: "анна@alfa.test", Ret: "FULL", EnvID: "x+y"},
			Rcpts: []Rcpt{{To: "bob@beta.test", Notify: []string{"FAILURE"}, ORcpt: "rfc822;b@beta.test"}}}, []byte("Subject: hi\r\n\r\n.Привет\r\n"))
		if err != nil || back.letter != "Subject: hi\r\n\r\n.Привет\r\n" || back.from != "анна@alfa.test" {
			t.Errorf("chunking %v: %v, %+v", chunking, err, back)
		}
		if err := c.Quit(ctx); err != nil {
			t.Error(err)
		}
	}
}
