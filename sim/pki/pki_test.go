package pki

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 9, 1, 9, 30, 0, 0, time.UTC)

func authority() *Authority {
	return New([]string{"a.example"}, func() time.Time { return start })
}

// shake holds a handshake, and returns what each end says to it.
func shake(a *Authority, flaw Flaw, want string) (client, server error) {
	config, err := a.Client(want)
	if err != nil {
		return err, nil
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err, nil
	}
	defer ln.Close()
	done := make(chan error, 1)
	go func() {
		far, err := ln.Accept()
		if err == nil {
			err = tls.Server(far, a.Server("mail.a.example", flaw)).Handshake()
			far.Close()
		}
		done <- err
	}()
	near, err := net.DialTimeout("tcp", ln.Addr().String(), time.Minute)
	if err != nil {
		return err, nil
	}
	near.SetDeadline(time.Now().Add(10 * time.Second))
	client = tls.Client(near, config).Handshake()
	near.Close()
	return client, <-done
}

func TestCertificates(t *testing.T) {
	for _, tt := range []struct {
		flaw Flaw
		name string
		why  string
	}{
		{Good, "mail.a.example", ""},
		{Good, "localhost", ""},
		{Good, "127.0.0.1", ""},
		{Good, "mail.b.example", "the certificate is for mail.a.example"},
		{Expired, "mail.a.example", "the certificate is not valid at this time"},
		{WrongName, "mail.a.example", "the certificate is for www.other.example"},
		{SelfSigned, "mail.a.example", "the certificate is signed by nobody whom we trust"},
	} {
		a := authority()
		err, _ := shake(a, tt.flaw, tt.name)
		why, about := Why(err)
		if why != tt.why || about != (err != nil) {
			t.Errorf("%s for %s: %v (%s)", tt.flaw, tt.name, err, why)
		}
		again := a.Verify(tt.name, []*x509.Certificate{a.Certificate("mail.a.example")})
		if w, _ := Why(again); w != tt.why {
			t.Errorf("%s for %s, checked again: %v", tt.flaw, tt.name, again)
		}
	}
}

// TestConstraints: the authority is good for no other name, even if somebody
// takes its key.
func TestConstraints(t *testing.T) {
	a := authority()
	root, err := a.own()
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{"mail.a.example": true, "localhost": true, "example.org": false, "b.example": false, "mail.a.example.org": false} {
		p, err := a.sign(&x509.Certificate{DNSNames: []string{name}, NotBefore: start.Add(-time.Hour)}, &root)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Verify(name, []*x509.Certificate{p.cert}); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeyLog: each line is whole and in the NSS form.
func TestKeyLog(t *testing.T) {
	a := authority()
	var log bytes.Buffer
	a.LogKeys(&log)
	if err, _ := shake(a, Good, "localhost"); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(log.String()) {
		f := strings.Fields(line)
		if len(f) != 3 || len(f[1]) != 64 || !strings.HasSuffix(line, "\n") {
			t.Errorf("line %q", line)
		}
	}
	if !strings.Contains(log.String(), "CLIENT_TRAFFIC_SECRET_0 ") {
		t.Errorf("log %q", log.String())
	}
}

func TestPEM(t *testing.T) {
	a := authority()
	text, err := a.PEM()
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(text) {
		t.Errorf("%s, %v", text, err)
	}
}

// BenchmarkAuthority is what a world of ten hosts costs at its start.
func BenchmarkAuthority(b *testing.B) {
	for b.Loop() {
		a := authority()
		for i := range 10 {
			if _, err := a.host(string(rune('a'+i))+".a.example", Good); err != nil {
				b.Fatal(err)
			}
		}
	}
}
