package wire

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"mailscope/protocol/internal/testcert"
)

// hello is the first record of a handshake that a client begins.
func hello(t testing.TB, config *tls.Config) []byte {
	t.Helper()
	near, far := net.Pipe()
	go func() { tls.Client(near, config).Handshake(); near.Close() }()
	head := make([]byte, recordHead)
	if _, err := io.ReadFull(far, head); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, int(head[3])<<8+int(head[4]))
	if _, err := io.ReadFull(far, body); err != nil {
		t.Fatal(err)
	}
	far.Close()
	return append(head, body...)
}

// passed lists what Records tells of octets that pass in one direction, at
// most step at a time.
func passed(in []byte, step int) (list []string, octets int) {
	r := &Records{See: func(rec Record) {
		octets += rec.Bytes
		list = append(list, fmt.Sprintf("%+v", rec))
	}}
	for len(in) > 0 {
		n := min(step, len(in))
		r.Pass(true, in[:n])
		in = in[n:]
	}
	return list, octets
}

func TestServerNameOfAHello(t *testing.T) {
	config := testcert.Client()
	in := hello(t, config)
	r := &Records{}
	var got []Record
	r.See = func(rec Record) { got = append(got, rec) }
	r.Pass(false, in)
	if len(got) != 1 || got[0].Bytes != len(in) || len(got[0].Messages) != 1 || got[0].Messages[0] != (Message{Type: "client_hello", ServerName: "mail.test"}) {
		t.Errorf("%+v", got)
	}
}

// TestNoTLS: what is no TLS is none of its business, however long it goes on.
func TestNoTLS(t *testing.T) {
	for _, in := range []string{"EHLO there\r\n", "\x16\x02\x00\x00\x01x", "\x16\x03\x01\xff\xffx", "\x00\x03\x01\x00\x00"} {
		if list, _ := passed([]byte(in+strings.Repeat("x", 1000)), 7); list != nil {
			t.Errorf("%q: %q", in, list)
		}
	}
}

// TestLongMessage: a handshake message that claims to be huge is not kept.
func TestLongMessage(t *testing.T) {
	in := []byte("\x16\x03\x01\x00\x08\x0b\xff\xff\xff1234")
	for range 100 {
		in = append(in, "\x16\x03\x01\x10\x00"+strings.Repeat("x", 4096)...)
	}
	var list []Record
	r := &Records{See: func(rec Record) { list = append(list, rec) }}
	r.Pass(true, in)
	if len(list) != 101 || list[0].Messages[0].Type != "certificate" || cap(r.ways[1].hello) > 100 {
		t.Errorf("%d records, first %+v; %d octets kept", len(list), list[0], cap(r.ways[1].hello))
	}
}

// FuzzRecords passes any octets. However they are cut, the records are the
// same; they account for no octet that did not pass, and only handshakes have
// messages.
func FuzzRecords(f *testing.F) {
	f.Add(hello(f, testcert.Client()), 1)
	f.Add(hello(f, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}), 3)
	f.Add([]byte("\x16\x03\x03\x00\x04\x0e\x00\x00\x00\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x02xx\x17\x03\x03\x00\x01y"), 2)
	f.Add([]byte("\x16\x03\x03\x00\x02\x02\x00\x16\x03\x03\x00\x02\x00\x00"), 5)
	f.Fuzz(func(t *testing.T, in []byte, step int) {
		if step < 1 {
			return
		}
		whole, octets := passed(in, len(in)+1)
		parts, _ := passed(in, step)
		if strings.Join(whole, "\n") != strings.Join(parts, "\n") {
			t.Errorf("whole %q, in steps of %d %q", whole, step, parts)
		}
		if octets > len(in) {
			t.Errorf("%d octets told of %d", octets, len(in))
		}
		for _, r := range whole {
			if !strings.Contains(r, "Type:handshake ") && !strings.Contains(r, "Messages:[]") {
				t.Errorf("told of what is no handshake: %s", r)
			}
		}
	})
}
