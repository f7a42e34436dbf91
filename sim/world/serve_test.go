package world

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
	"testing"
	"time"

	gosasl "github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	mdns "github.com/miekg/dns"

	"mailscope/sim/trace"
)

// serving starts the world of the default, a careful one, for foreign clients.
func serving(t *testing.T) *Live {
	t.Helper()
	spec, f, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	live, err := Serve(ctx, spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := live.Wait(); err != nil {
			t.Error(err)
		}
	})
	return live
}

// trusting believes the served world's authority, as a foreign client does that
// was given its file.
func trusting(t *testing.T, l *Live) *tls.Config {
	t.Helper()
	text, err := os.ReadFile(l.Info.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

// await waits for an event of the trace.
func await(t *testing.T, l *Live, what string, found func(*trace.Event) bool) {
	t.Helper()
	more, stop := l.Trace.Subscribe()
	defer stop()
	deadline := time.After(10 * time.Second)
	for seq := 1; ; {
		for ; seq <= l.Trace.Len(); seq++ {
			if found(l.Trace.At(seq)) {
				return
			}
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("never came: %s", what)
		}
	}
}

const letter = "From: <anna@romashka.example>\r\nTo: <ilon@rocket.example>\r\nSubject: Foreign\r\n\r\nA line\r\n.dotted\r\n"

func TestForeignClientsSendAndFetch(t *testing.T) {
	l := serving(t)
	c, err := gosmtp.DialStartTLS(l.addrOf("mail.romashka.example", "submission"), trusting(t, l))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(gosasl.NewPlainClient("", "anna@romashka.example", "romashka-7")); err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail("anna@romashka.example", []string{"ilon@rocket.example"}, strings.NewReader(letter)); err != nil {
		t.Fatal(err)
	}
	c.Quit()
	await(t, l, "the letter in its mailbox", func(e *trace.Event) bool {
		s, ok := e.Body.(*trace.Store)
		return ok && s.Mailbox == "ilon@rocket.example" && e.From == "mx1.rocket.example"
	})

	nc, err := tls.Dial("tcp", l.addrOf("mx1.rocket.example", "pop3s"), trusting(t, l))
	if err != nil {
		t.Fatal(err)
	}
	p := textproto.NewConn(nc)
	defer p.Close()
	for _, cmd := range []string{"", "USER ilon@rocket.example", "PASS mars-2029", "RETR 1"} {
		if cmd != "" {
			fmt.Fprintf(nc, "%s\r\n", cmd)
		}
		if line, err := p.ReadLine(); err != nil || !strings.HasPrefix(line, "+OK") {
			t.Fatalf("%s: %q, %v", cmd, line, err)
		}
	}
	got, err := p.ReadDotBytes()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(letter, "\r\n", "\n"); !strings.HasSuffix(string(got), want) {
		t.Errorf("fetched\n%s\nwant it to end in\n%s", got, want)
	}
	await(t, l, "the foreign client's POP3 line", func(e *trace.Event) bool {
		b, ok := e.Body.(*trace.Line)
		return ok && e.From == "you.test" && b.Text == "RETR 1" && e.Conn > 0
	})
	seen := map[string]bool{}
	for seq := 1; seq <= l.Trace.Len(); seq++ {
		if c, ok := l.Trace.At(seq).Body.(*trace.Connect); ok {
			seen[fmt.Sprint(l.Trace.At(seq).From, " ", c.Service, " ", c.Foreign)] = true
		}
	}
	for _, want := range []string{"you.test submission true", "mail.romashka.example smtp false", "you.test pop3s true"} {
		if !seen[want] {
			t.Errorf("no connection %q in %v", want, seen)
		}
	}
}

func TestNoOpenRelay(t *testing.T) {
	l := serving(t)
	for _, tt := range []struct {
		service, user, from, want string
	}{
		{"smtp", "", "x@spam.test", "550 5.7.1"},
		{"submission", "", "anna@romashka.example", "530 5.7.0"},
		{"submissions", "", "anna@romashka.example", "530 5.7.0"},
		{"submission", "anna@romashka.example", "boris@romashka.example", "553 5.7.1"},
		{"submission", "ANNA@romashka.example", "anna@ROMASHKA.example", ""},
		{"submission", "anna@romashka.example", "", ""},
	} {
		dial := gosmtp.DialStartTLS
		if tt.service == "submissions" {
			dial = gosmtp.DialTLS
		}
		c, err := dial(l.addrOf("mail.romashka.example", tt.service), trusting(t, l))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if tt.user != "" {
			err = c.Auth(gosasl.NewPlainClient("", tt.user, "romashka-7"))
		}
		if err == nil {
			err = c.SendMail(tt.from, []string{"ilon@rocket.example"}, strings.NewReader(letter))
		}
		got := ""
		if e, ok := errors.AsType[*gosmtp.SMTPError](err); ok {
			got = fmt.Sprintf("%d %d.%d.%d", e.Code, e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2])
		}
		if got != tt.want || tt.want == "" && err != nil {
			t.Errorf("%s as %q from %q: %v, want %s", tt.service, tt.user, tt.from, err, tt.want)
		}
	}
}

// A program from outside that claims to be somebody else is found out, by the
// policy of whom it claims to be.
func TestForeignSpoof(t *testing.T) {
	l := serving(t)
	spoof := func(from string) error {
		text := "From: <" + from + ">\r\nTo: <anna@romashka.example>\r\nSubject: Your free rocket\r\n\r\nA line\r\n"
		c, err := gosmtp.Dial(l.addrOf("mail.romashka.example", "smtp"))
		if err != nil {
			return err
		}
		defer c.Close()
		return c.SendMail(from, []string{"anna@romashka.example"}, strings.NewReader(text))
	}
	refused, ok := errors.AsType[*gosmtp.SMTPError](spoof("ilon@rocket.example"))
	if !ok || refused.Code != 550 || refused.EnhancedCode != (gosmtp.EnhancedCode{5, 7, 26}) {
		t.Errorf("as Ilon: %v", refused)
	}
	if err := spoof("boris@romashka.example"); err != nil {
		t.Errorf("as Boris: %v", err)
	}
	if err := spoof("petr@kollegi.example"); err != nil {
		t.Errorf("as Petr: %v", err)
	}
	for _, folder := range []string{"Junk", "INBOX"} {
		await(t, l, "a letter in "+folder, func(e *trace.Event) bool {
			s, ok := e.Body.(*trace.Store)
			return ok && s.Action == "add" && s.Mailbox == "anna@romashka.example" && s.Folder == folder
		})
	}
	box := l.Home("anna@romashka.example").Store().Box("anna@romashka.example")
	f, err := box.Open("Junk")
	if err != nil {
		t.Fatal(err)
	}
	uids, _ := f.UIDs()
	if len(uids) != 1 {
		t.Fatalf("%d letters in Junk", len(uids))
	}
	const fields = "Authentication-Results: mail.romashka.example;\r\n\tspf=fail smtp.mailfrom=romashka.example;\r\n\tdkim=none;\r\n\tdmarc=fail (p=quarantine) header.from=romashka.example;\r\n"
	if got := string(f.Message(uids[0]).Data); !strings.Contains(got, fields) {
		t.Errorf("in Junk: %s", got)
	}
}

func TestForeignResolverIsAnsweredAndSeen(t *testing.T) {
	l := serving(t)
	for _, network := range []string{"udp", "tcp"} {
		m := new(mdns.Msg).SetQuestion("rocket.example.", mdns.TypeMX)
		in, _, err := (&mdns.Client{Net: network}).Exchange(m, l.Info.DNS)
		if err != nil || len(in.Answer) != 2 || !in.Authoritative {
			t.Errorf("%s: %v, %v", network, in, err)
		}
	}
	await(t, l, "the question", func(e *trace.Event) bool {
		b, ok := e.Body.(*trace.Lookup)
		return ok && e.From == "you.test" && b.Type == "MX"
	})
}

func TestStalledClientHoldsUpNobody(t *testing.T) {
	l := serving(t)
	nc, err := net.Dial("tcp", l.addrOf("mx1.rocket.example", "smtp"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	fmt.Fprint(nc, "EHLO x.test\r\nMAIL FROM:<x@x.test>\r\nRCPT TO:<ilon@rocket.example>\r\nDATA\r\nhalf a let")
	bufio.NewReader(nc).ReadString('\n')
	c, err := gosmtp.Dial(l.addrOf("mx1.rocket.example", "smtp"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail("y@y.test", []string{"ilon@rocket.example"}, strings.NewReader(letter)); err != nil {
		t.Error(err)
	}
}
