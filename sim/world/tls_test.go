package world

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
)

// safe is a world whose certificates, mechanisms and securities are filled in.
const safe = `start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: romashka.example
    servers:
      - {name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, submissions, pop3, pop3s, imap, imaps], tls: {certificate: CERTIFICATE}, SERVER}
    mx: [{host: mail.romashka.example, preference: 10}]
    people:
      - {name: anna, password: romashka-7, devices: [{kind: laptop, DEVICE}]}
  - name: rocket.example
    servers: [{name: mx1.rocket.example, address: 198.51.100.10, services: [smtp], tls: {certificate: OTHER}}]
    mx: [{host: mx1.rocket.example, preference: 10}]
    people: [{name: ilon}]
`

// play has anna send a letter to a server far away and herself, and fetch it.
// It returns the recording, and what her device said went wrong.
func play(t *testing.T, certificate, server, device, other string) (w *World, recording []byte, failed error) {
	t.Helper()
	text := strings.NewReplacer("CERTIFICATE", certificate, "SERVER", server, "DEVICE", device, "OTHER", other).Replace(safe)
	spec := &Spec{}
	f, err := Decode("safe.yaml", []byte(text), spec)
	if err == nil {
		err = spec.Check(f, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewSim(spec.Start)
	if w, err = Start(t.Context(), spec, f, c, true, nil); err != nil {
		t.Fatal(err)
	}
	d := w.Device("anna-laptop.romashka.example")
	l, err := d.Compose(mua.Draft{To: []string{"ilon@rocket.example", "anna@romashka.example"}, Subject: "Secret", Text: "for your eyes only"})
	if err != nil {
		t.Fatal(err)
	}
	failed = d.Send(t.Context(), l)
	if err := c.Settle(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if failed == nil {
		if n, err := d.Poll(t.Context()); n != 1 || err != nil {
			t.Errorf("%d letters came, %v", n, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	var b bytes.Buffer
	if err := trace.Write(&b, trace.Recording{Trace: w.Trace}); err != nil {
		t.Fatal(err)
	}
	return w, b.Bytes(), failed
}

// handshakes lists those of a trace.
func handshakes(w *World) (list []string) {
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if b, ok := e.Body.(*trace.TLS); ok {
			list = append(list, fmt.Sprintf("%s to %s: %s %s %v %s", b.Mode, b.ServerName, b.Version, b.Subject, b.Verified, b.Reason))
		}
	}
	return list
}

// TestTwoRunsUnderTLS are alike, however a device protects itself and signs
// in; and nothing of the letter or the password is said in clear.
func TestTwoRunsUnderTLS(t *testing.T) {
	for _, device := range []string{
		"security: starttls", "security: tls", "security: tls, auth: LOGIN", "security: starttls, auth: CRAM-MD5", "security: tls, auth: SCRAM-SHA-256",
		"security: starttls, receive: imap", "security: tls, receive: imap, auth: CRAM-MD5", "security: starttls, receive: imap, auth: SCRAM-SHA-256",
	} {
		t.Run(device, func(t *testing.T) {
			const auth = "auth: [SCRAM-SHA-256, CRAM-MD5, PLAIN, LOGIN]"
			w, one, err := play(t, "good", auth, device, "good")
			_, two, _ := play(t, "good", auth, device, "good")
			if err != nil || !bytes.Equal(one, two) {
				t.Errorf("%v; two runs are alike: %v", err, bytes.Equal(one, two))
			}
			if list := handshakes(w); len(list) != 3 {
				t.Errorf("handshakes %q", list)
			}
			for seq := 1; seq <= w.Trace.Len(); seq++ {
				e := w.Trace.At(seq)
				switch b := e.Body.(type) {
				case *trace.Line:
					if !b.Encrypted && (strings.Contains(b.Text, "romashka-7") || strings.Contains(b.Text, "eyes") || strings.Contains(b.Text, "AUTH ") || strings.Contains(b.Text, "MAIL FROM")) {
						t.Errorf("in clear: %q", b.Text)
					}
				case *trace.TLS:
					if len(b.Seen) < 6 || b.Seen[0].Messages[0] != "client_hello" || b.Seen[1].Messages[0] != "server_hello" || !b.Seen[1].Server || b.Seen[3].Bytes != 0 {
						t.Errorf("seen %+v", b.Seen)
					}
				}
			}
		})
	}
}

// TestFlaws: a device refuses and says why; a relay goes on, but knows.
func TestFlaws(t *testing.T) {
	for certificate, why := range map[string]string{
		"expired":     "the certificate is not valid at this time",
		"wrong_name":  "the certificate is for www.other.example",
		"self_signed": "the certificate is signed by nobody whom we trust",
	} {
		for _, device := range []string{"security: starttls", "security: tls"} {
			w, recording, err := play(t, certificate, "max_size: 100000", device, "good")
			if err == nil {
				t.Errorf("%s: the letter was sent", certificate)
			}
			if list := handshakes(w); len(list) != 1 || !strings.HasSuffix(list[0], " false "+why) {
				t.Errorf("handshakes %q", list)
			}
			if bytes.Contains(recording, []byte("AUTH PLAIN")) {
				t.Error("the password was said all the same")
			}
		}
		w, _, err := play(t, "good", "max_size: 100000", "security: tls", certificate)
		if err != nil {
			t.Error(err)
		}
		if list := handshakes(w); len(list) != 3 || !strings.HasSuffix(list[1], " false "+why) || !strings.HasPrefix(list[1], "starttls to mx1.rocket.example: TLS 1.3") {
			t.Errorf("handshakes %q", list)
		}
	}
}

// TestCarefulDevice says nothing to a server that does not offer STARTTLS; a
// careless one does, and a careful server does not listen.
func TestCarefulDevice(t *testing.T) {
	for _, tt := range []struct{ server, device, want string }{
		{"starttls: false", "security: starttls", "does not offer STARTTLS"},
		{"starttls: true", "security: none", "538 5.7.11"},
		{"cleartext_auth: true", "security: none", ""},
		{"cleartext_auth: true, starttls: false", "security: if_offered", ""},
		{"cleartext_auth: true, starttls: false", "security: if_offered, receive: imap", ""},
		{"starttls: false", "security: if_offered", "538 5.7.11"},
	} {
		w, _, err := play(t, "good", tt.server, tt.device, "good")
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s, %s: %v", tt.server, tt.device, err)
		}
		if list := handshakes(w); tt.want != "" && len(list) > 0 {
			t.Errorf("handshakes %q", list)
		}
	}
}

// TestEveryPortIsServed with the security that it is listed with, to whoever
// believes the file; the keys are logged; the file is gone at the end.
func TestEveryPortIsServed(t *testing.T) {
	var keys bytes.Buffer
	file := ""
	t.Run("served", func(t *testing.T) {
		l := serving(t)
		file = l.Info.CA
		l.Authority.LogKeys(&keys)
		ports := map[string]int{}
		for _, h := range l.Info.Hosts {
			for _, s := range h.Services {
				ports[s.Service+" "+s.Security]++
				if s.Security == "none" {
					continue
				}
				for _, name := range []string{"127.0.0.1", "localhost", h.Name} {
					greet(t, l, s, name)
				}
			}
		}
		want := map[string]int{"smtp none": 2, "submission none": 2, "pop3 none": 2, "imap none": 2, "smtp starttls": 3, "submission starttls": 2,
			"submissions tls": 2, "pop3 starttls": 2, "pop3s tls": 2, "imap starttls": 2, "imaps tls": 2}
		if fmt.Sprint(ports) != fmt.Sprint(want) {
			t.Errorf("served %v, want %v", ports, want)
		}
	})
	if !strings.HasPrefix(keys.String(), "CLIENT_HANDSHAKE_TRAFFIC_SECRET ") {
		t.Errorf("keys %.100q", keys.String())
	}
	if _, err := os.Stat(file); file == "" || !os.IsNotExist(err) {
		t.Errorf("the file %s is still there: %v", file, err)
	}
}

// greet turns to TLS on a served port, as a client that wants a name.
func greet(t *testing.T, l *Live, s ServiceInfo, name string) {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	c := wire.NewConn(nc, wire.Options{})
	if s.Security == "starttls" {
		c.ReadLine(wire.Reply, 1000)
		word := map[string]string{"pop3": "STLS", "imap": "a STARTTLS"}[s.Service]
		if word == "" {
			word = "STARTTLS"
		}
		c.WriteLine(wire.Command, word)
		c.Flush()
		if line, err := c.ReadLine(wire.Reply, 1000); err != nil || !strings.Contains(string(line), "TLS") {
			t.Fatalf("%s: %q, %v", word, line, err)
		}
	}
	config := trusting(t, l)
	config.ServerName = name
	if err := c.StartTLS(tls.Client, config); err != nil {
		t.Errorf("%s as %s: %v", s.Service, name, err)
	}
}
