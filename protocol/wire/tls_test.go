package wire

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailscope/protocol/internal/testcert"
)

// ends notes what an eavesdropper sees and how handshakes ended.
type ends struct {
	seen []string
	told []Handshake
}

func (e *ends) options(tap func(Line)) Options {
	return Options{Tap: tap, Record: func(r Record) {
		way := "<"
		if r.Sent {
			way = ">"
		}
		text := way + r.Type.String()
		for _, m := range r.Messages {
			text = strings.TrimSpace(text + " " + m.Type + " " + m.ServerName)
			if m.Version != 0 {
				text += " " + tls.VersionName(m.Version)
			}
		}
		e.seen = append(e.seen, text)
	}, Secured: func(h Handshake) { e.told = append(e.told, h) }}
}

// pair is both ends of a connection on loopback.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	client, err = net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	client.SetDeadline(deadline)
	server.SetDeadline(deadline)
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// TestStartTLS turns to TLS in mid-session, in each version: what was said in
// clear before is thrown away, what follows is marked, and an eavesdropper
// sees records.
func TestStartTLS(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			near, far := pair(t)
			var e ends
			var lines []string
			done := make(chan error, 1)
			go func() {
				s := NewConn(far, Options{Timeout: 10 * time.Second})
				defer s.Release()
				defer s.Close()
				config := testcert.Server()
				config.MaxVersion = version
				_, err := s.ReadLine(Command, 512)
				if err == nil {
					// In one segment: what follows the reply to STARTTLS was
					// slipped in.
					s.WriteLine(Reply, "220 ready")
					s.WriteLine(Reply, "250 injected")
					err = s.Flush()
				}
				if err == nil {
					err = s.StartTLS(tls.Server, config)
				}
				if err == nil {
					var line []byte
					line, err = s.ReadLine(Command, 512)
					s.WriteLine(Reply, "250 "+string(line))
					s.WriteDot(bytes.Repeat([]byte("0123456789\r\n"), 10_000))
					s.Flush()
				}
				done <- err
			}()
			c := NewConn(near, e.options(func(l Line) { lines = append(lines, fmt.Sprintf("%.20q %v", l.Text, l.Encrypted)) }))
			defer c.Release()
			defer c.Close()
			c.WriteLine(Command, "STARTTLS")
			c.Flush()
			if line, err := c.ReadLine(Reply, 512); string(line) != "220 ready" {
				t.Fatalf("%q, %v", line, err)
			}
			for !c.Buffered() { // loopback may part the segment
				c.r.Peek(1)
			}
			if err := c.StartTLS(tls.Client, testcert.Client()); err != nil {
				t.Fatal(err, <-done)
			}
			c.WriteLine(Command, "NOOP")
			c.Flush()
			read, err := c.ReadLine(Reply, 512)
			line := string(read)
			data, err2 := c.ReadDot(1 << 20)
			if err != nil || line != "250 NOOP" || err2 != nil || len(data) != 120_000 {
				t.Errorf("%q, %v; %d octets, %v", line, err, len(data), err2)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
			want := []string{`"STARTTLS" false`, `"220 ready" false`, `"NOOP" true`, `"250 NOOP" true`, `"0123456789\r\n01234567" true`}
			if len(lines) < 6 || !slices.Equal(lines[:5], want) || lines[len(lines)-1] != `"." true` {
				t.Errorf("lines %q", lines)
			}
			if len(e.told) != 1 || e.told[0].Err != nil || e.told[0].Discarded != len("250 injected\r\n") || c.TLS().Version != version {
				t.Errorf("told %+v", e.told)
			}
			want = []string{">handshake client_hello mail.test", "<handshake server_hello " + tls.VersionName(version)}
			if len(e.seen) < 12 || !slices.Equal(e.seen[:2], want) || e.seen[len(e.seen)-1] != "<application_data" {
				t.Errorf("seen %q", e.seen)
			}
		})
	}
}

// TestTLSFromTheFirstOctet: nothing is said in clear.
func TestTLSFromTheFirstOctet(t *testing.T) {
	near, far := pair(t)
	done := make(chan error, 1)
	go func() {
		s := NewConn(far, Options{})
		err := s.StartTLS(tls.Server, testcert.Server())
		s.WriteLine(Reply, "+OK ready")
		s.WriteLine(Reply, "+OK more")
		err = errors.Join(err, s.Flush())
		s.Close()
		done <- err
	}()
	var e ends
	c := NewConn(near, e.options(nil))
	defer c.Close()
	if err := c.StartTLS(tls.Client, testcert.Client()); err != nil {
		t.Fatal(err)
	}
	line, err := c.ReadLine(Reply, 512)
	if err != nil || string(line) != "+OK ready" || !c.Buffered() || !c.Pending() {
		t.Errorf("%q, %v, buffered %v", line, err, c.Buffered())
	}
	c.ReadLine(Reply, 512)
	if _, err := c.ReadLine(Reply, 512); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	if err := <-done; err != nil || c.NetConn() != near {
		t.Error(err)
	}
}

// TestHandshakeFails ends the session with an error that says why.
func TestHandshakeFails(t *testing.T) {
	for _, tt := range []struct{ name, says, want string }{
		{"no TLS", "EHLO there\r\n", "TLS handshake: tls: first record does not look like a TLS handshake"},
		{"a request of the web", "GET / HTTP/1.0\r\n\r\n", "TLS handshake: tls: first record does not look like a TLS handshake"},
		{"half a record", "\x16\x03\x01\x02", "TLS handshake: unexpected EOF"},
		{"nothing", "", "TLS handshake: unexpected EOF"},
		{"an empty hello", "\x16\x03\x01\x00\x04\x01\x00\x00\x00", "TLS handshake: local error: tls: error decoding message"},
		{"another message", "\x16\x03\x01\x00\x04\x0e\x00\x00\x00", "TLS handshake: tls: received unexpected handshake message"},
		{"an alert", "\x15\x03\x01\x00\x02\x02\x30", "TLS handshake: remote error: tls: unknown certificate authority"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			near, far := pair(t)
			go func() {
				io.WriteString(near, tt.says)
				near.(*net.TCPConn).CloseWrite()
			}()
			var e ends
			c := NewConn(far, e.options(nil))
			err := c.StartTLS(tls.Server, testcert.Server())
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || c.TLS() != nil {
				t.Errorf("%v, want %s", err, tt.want)
			}
			if len(e.told) != 1 || e.told[0].Err != err {
				t.Errorf("told %+v", e.told)
			}
		})
	}
}

// TestSilentHandshake: a peer that says nothing, or stops in the middle.
func TestSilentHandshake(t *testing.T) {
	for _, says := range []string{"", "\x16", "\x16\x03\x01\x00\x40\x01"} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			defer near.Close()
			go io.WriteString(near, says)
			c, began := NewConn(far, Options{}), time.Now()
			err := c.StartTLS(tls.Server, testcert.Server())
			if waited := time.Since(began); !IsTimeout(err) || waited < handshakeTime || waited > handshakeTime+10*time.Second {
				t.Errorf("%v after %v", err, waited)
			}
			far.Close()
		})
	}
}

// TestWrongCertificate: the client refuses, and both ends learn why.
func TestWrongCertificate(t *testing.T) {
	near, far := pair(t)
	done := make(chan error, 1)
	go func() { done <- NewConn(far, Options{}).StartTLS(tls.Server, testcert.Server()) }()
	config := testcert.Client()
	config.ServerName = "other.test"
	err := NewConn(near, Options{}).StartTLS(tls.Client, config)
	if err == nil || !strings.Contains(err.Error(), "not other.test") {
		t.Errorf("the client says %v", err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "remote error: tls: bad certificate") {
		t.Errorf("the server says %v", err)
	}
}
