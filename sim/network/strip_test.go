package network

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// sitting is somebody in the middle of a connection of some protocol.
func sitting(t testing.TB, proto string) (*strip, *Network) {
	t.Helper()
	n := New(clockAtNine(), trace.New(), func(from, to string) Link { return Link{} })
	if err := n.Faults.Add(fault.Fault{Type: fault.Strip, Host: "mail.test"}); err != nil {
		t.Fatal(err)
	}
	return &strip{s: &session{n: n, id: 1, client: "anna.test", server: "mail.test", proto: proto, port: 25}}, n
}

func TestStrip(t *testing.T) {
	for _, tt := range []struct {
		name, proto string
		talk        []string // "C: " and "S: ", a line each
		want        []string // as the other end hears it
		lost        []string // lines, as they were said
	}{
		{"in the list", "smtp", []string{"S: 220 mail.test ESMTP", "C: EHLO a", "S: 250-mail.test", "S: 250-STARTTLS", "S: 250 HELP"},
			[]string{"S: 220 mail.test ESMTP", "C: EHLO a", "S: 250-mail.test", "S: 250 HELP"}, []string{"250-STARTTLS"}},
		{"at its end", "smtp", []string{"C: ehlo a", "S: 250-mail.test", "S: 250-SIZE 1", "S: 250 STARTTLS"},
			[]string{"C: ehlo a", "S: 250-mail.test", "S: 250 SIZE 1"}, []string{"250 STARTTLS"}},
		{"all there is", "smtp", []string{"C: EHLO a", "S: 250-mail.test", "S: 250 starttls"},
			[]string{"C: EHLO a", "S: 250 mail.test"}, []string{"250 starttls"}},
		{"said all the same", "smtp", []string{"C: STARTTLS", "S: 500 5.5.2 command not recognized"},
			[]string{"C: XXXXXXXX", "S: 500 5.5.2 command not recognized"}, []string{"STARTTLS"}},
		{"in a letter", "smtp", []string{"C: EHLO a", "S: 250 mail.test", "C: DATA", "S: 354 go", "C: STARTTLS", "C: .", "S: 250 STARTTLS", "C: NOOP", "S: 250 STARTTLS"},
			nil, nil},
		{"a help", "smtp", []string{"C: HELP", "S: 214-STARTTLS", "S: 214 STARTTLS"}, nil, nil},
		{"octets of a chunk", "smtp", []string{"C: BDAT 10 LAST", "C: STARTTLS", "S: 250 ok"}, nil, nil},
		{"pop3", "pop3", []string{"S: +OK ready", "C: CAPA", "S: +OK", "S: TOP", "S: STLS", "S: .", "C: STLS", "S: -ERR unknown command"},
			[]string{"S: +OK ready", "C: CAPA", "S: +OK", "S: TOP", "S: .", "C: XXXX", "S: -ERR unknown command"}, []string{"STLS", "STLS"}},
		{"a letter by pop3", "pop3", []string{"C: CAPA", "S: +OK", "S: .", "C: RETR 1", "S: +OK", "S: STLS", "S: ."}, nil, nil},
		{"imap", "imap", []string{"S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready", "C: a1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 STARTTLS", "S: a1 OK done", "C: a2 starttls", "S: a2 BAD unknown command"},
			[]string{"S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready", "C: a1 CAPABILITY", "S: * CAPABILITY IMAP4rev1", "S: a1 OK done", "C: a2 XXXXXXXX", "S: a2 BAD unknown command"},
			[]string{"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready", "* CAPABILITY IMAP4rev1 STARTTLS", "a2 starttls"}},
		{"at the end of a greeting", "imap", []string{"S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready"},
			[]string{"S: * OK [CAPABILITY IMAP4rev1] ready"}, []string{"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready"}},
		{"something like it", "imap", []string{"S: * CAPABILITY IMAP4rev1 STARTTLS2"}, nil, nil},
		{"a letter by imap", "imap", []string{"C: a1 LOGIN u p", "S: a1 OK done", "C: a2 FETCH 1 BODY[]", "S: * CAPABILITY STARTTLS", "C: a3 STARTTLS"}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = tt.talk
			}
			for _, size := range []int{1, 3, 1000} { // octets that come at a time
				x, n := sitting(t, tt.proto)
				var got strings.Builder
				for _, line := range tt.talk {
					way, b := &x.up, []byte(line[3:]+"\r\n")
					if line[0] == 'S' {
						way = &x.down
					}
					for len(b) > 0 {
						k := min(size, len(b))
						out := x.pass(way, b[:k])
						b = b[k:]
						for text := range strings.Lines(string(out)) {
							if way == &x.up && size > 1 && strings.HasSuffix(text, "\r\n") {
								got.WriteString("C: ")
							} else if size > 1 && strings.HasSuffix(text, "\r\n") {
								got.WriteString("S: ")
							}
							got.WriteString(text)
						}
					}
				}
				want := strings.Join(tt.want, "\r\n") + "\r\n"
				if size < 1000 { // who speaks shows only where lines come whole
					want = strings.NewReplacer("C: ", "", "S: ", "").Replace(want)
				}
				if have := strings.NewReplacer("C: ", "", "S: ", "").Replace(got.String()); size < 1000 && have != want || size == 1000 && got.String() != want {
					t.Errorf("by %d:\n got %q\nwant %q", size, got.String(), want)
				}
				var lost []string
				for seq := 1; seq <= n.Trace.Len(); seq++ {
					lost = append(lost, n.Trace.At(seq).Body.(*trace.Fault).Line)
				}
				if strings.Join(lost, "|") != strings.Join(tt.lost, "|") {
					t.Errorf("by %d: lost %q", size, lost)
				}
			}
		})
	}
}

// Programs from outside are in between, too.
func TestStripOfForeignPrograms(t *testing.T) {
	n, _ := pair(t)
	if err := n.Faults.Add(fault.Fault{Type: fault.Strip, Host: "mail.test"}); err != nil {
		t.Fatal(err)
	}
	l := listen(t, n, 25)
	got := accept(t, l)
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	s := <-got
	s.Wire()
	io.WriteString(c, "EHLO me\r\nSTART")
	buf := make([]byte, 100)
	k, err := s.Read(buf)
	if err != nil || string(buf[:k]) != "EHLO me\r\n" {
		t.Errorf("the server hears %q, %v", buf[:k], err)
	}
	io.WriteString(s, "250-mail.test\r\n250 STARTTLS\r\n")
	io.WriteString(c, "TLS\r\nQU")
	c.(*net.TCPConn).CloseWrite()
	rest, err := io.ReadAll(s)
	if err != nil || string(rest) != "XXXXXXXX\r\nQU" {
		t.Errorf("the server hears %q, %v", rest, err)
	}
	s.Close()
	heard, err := io.ReadAll(c)
	if err != nil || string(heard) != "250 mail.test\r\n" {
		t.Errorf("the program hears %q, %v", heard, err)
	}
}

// Nothing but STARTTLS is changed, in whatever pieces it comes; and nothing is
// kept back once the stream ends.
func FuzzStrip(f *testing.F) {
	f.Add("EHLO a\r\nDATA\r\n.\r\n", "250-a\r\n250-STARTTLS\r\n250 b\r\n", byte(0), byte(3))
	f.Add("a LOGIN b c\r\n", "* CAPABILITY STARTTLS\r\na OK\r\n", byte(2), byte(1))
	f.Fuzz(func(t *testing.T, client, server string, proto, piece byte) {
		if len(client)+len(server) > 4096 {
			return
		}
		run := func(size int) (out string, struck int) {
			x, n := sitting(t, []string{"smtp", "pop3", "imap"}[proto%3])
			for _, d := range []struct {
				way  *flow
				text string
			}{{&x.up, client}, {&x.down, server}} {
				b := []byte(d.text)
				for len(b) > 0 {
					k := min(size, len(b))
					out += string(x.pass(d.way, b[:k]))
					b = b[k:]
				}
				out += string(x.leave(d.way)) + "|"
			}
			return out, n.Trace.Len()
		}
		whole, struck := run(1 << 20)
		if pieces, _ := run(int(piece) + 1); pieces != whole {
			t.Errorf("in pieces %q, whole %q", pieces, whole)
		}
		if struck == 0 && whole != client+"|"+server+"|" {
			t.Errorf("%q and %q became %q", client, server, whole)
		}
		if struck > 0 && !bytes.Contains(bytes.ToUpper([]byte(client+server)), []byte("ST")) {
			t.Error("something else was erased")
		}
	})
}
