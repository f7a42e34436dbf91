package console

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
)

// paper is a connection on which all is written already that the server says.
type paper struct {
	net.Conn // nil
	says     *strings.Reader
	heard    bytes.Buffer
}

func (p *paper) Read(b []byte) (int, error)       { return p.says.Read(b) }
func (p *paper) Write(b []byte) (int, error)      { return p.heard.Write(b) }
func (p *paper) Close() error                     { return nil }
func (p *paper) SetWriteDeadline(time.Time) error { return nil }
func (p *paper) SetReadDeadline(time.Time) error  { return nil }

// open begins a session with a server that says so much.
func open(t *testing.T, proto, says string) (*Console, *paper) {
	t.Helper()
	p := &paper{says: strings.NewReader(says)}
	c, err := New(p, wire.Options{}, proto)
	if err != nil {
		t.Fatal(err)
	}
	return c, p
}

// rest is what the server said and the console did not read.
func rest(c *Console) string {
	var b strings.Builder
	for {
		line, err := c.conn.ReadLine(wire.Reply, MaxLine)
		if err != nil {
			return b.String()
		}
		b.Write(line)
		b.WriteByte('|')
	}
}

// crlf writes lines that are divided by | as they cross the wire.
func crlf(lines string) string { return strings.ReplaceAll(lines, "|", "\r\n") }

// TestAnswersAreReadWhole, and no further: what a server said, what was typed,
// and what goes out if that differs.
func TestAnswersAreReadWhole(t *testing.T) {
	for _, tt := range []struct{ proto, says, types, sends string }{
		{"smtp", "250-one|250-two|250 three|", "EHLO x", ""},
		{"smtp", "250|", "NOOP", ""},
		{"smtp", "what?|", "NOOP", ""},
		{"smtp", "334 VXNlcg==|334 UGFzcw==|535 5.7.8 no|", "AUTH LOGIN|dQ==|cA==", ""},
		{"smtp", "354 go on|250 taken|221 bye|", "DATA|Subject: x||.hidden|.|QUIT", "DATA|Subject: x||..hidden|.|QUIT|"},
		{"smtp", "503 MAIL first|221 bye|", "DATA|Subject: x||text|.|QUIT", "DATA|QUIT|"},
		{"smtp", "503 MAIL first|221 bye|", "DATA|QUIT", ""},
		{"smtp", "503 MAIL first|354 go on|250 taken|", "DATA|DATA|x|.", ""},
		{"smtp", "250 7 octets|250 taken|", "BDAT 7|ab|c|BDAT 0 LAST", ""},
		{"smtp", "501 no|", "BDAT many", ""},
		{"pop3", "+OK 1 3|+OK|1 3|.|-ERR none|+OK 1 3|", "STAT|LIST|LIST 7|LIST 1", ""},
		{"pop3", "+OK|..dot|text|.|-ERR gone|+OK|", "RETR 1|RETR 1|NOOP", ""},
		{"pop3", "+OK|PLAIN|.|+ |-ERR [AUTH] no|", "AUTH|AUTH PLAIN|CAPA", ""},
		{"pop3", "+OK|TOP|UIDL|.|+OK|1 a|.|", "CAPA|UIDL", ""},
		{"imap", "* 1 EXISTS|a1 OK done|a2 BAD what|", "a1 SELECT x|a2 DANCE", ""},
		{"imap", "* 1 FETCH (BODY[] {7}|a1 OK|)|a1 OK done|", "a1 FETCH 1 BODY[]", ""},
		{"imap", "* OK so {7}|a1 OK done {9}|", "a1 NOOP", ""},
		{"imap", "+ go on|+ go on|a1 OK in|", "a1 LOGIN {4}|anna {6}|secret", ""},
		{"imap", "a1 OK in|", "a1 LOGIN {4+}|anna {0+}|", "a1 LOGIN {4+}|anna {0+}||"},
		{"imap", "+ go on|a1 OK stored|", "a1 APPEND INBOX {9}|A: b||c", ""},
		{"imap", "+ go on|a1 OK stored|", "a1 APPEND INBOX {11}|A: b||c|", ""},
		{"imap", "a1 NO [OVERQUOTA] full|a2 OK|", "a1 APPEND INBOX {9}|A: b||c|a2 NOOP", "a1 APPEND INBOX {9}|a2 NOOP|"},
		{"imap", "+ idling|* 2 EXISTS|a1 OK done|", "a1 IDLE|DONE", ""},
		{"imap", "* BAD want a tag|a1 OK|", "|a1 NOOP", ""},
		{"imap", "+ |a1 OK in|", "a1 AUTHENTICATE PLAIN|AGEAYg==", ""},
	} {
		c, p := open(t, tt.proto, crlf(tt.says))
		if err := c.Play(strings.Split(tt.types, "|")); err != nil {
			t.Errorf("%s: %v", tt.types, err)
		}
		if left := rest(c); left != "" {
			t.Errorf("%s: it did not read %q", tt.types, left)
		}
		if tt.sends == "" {
			tt.sends = tt.types + "|"
		}
		if p.heard.String() != crlf(tt.sends) {
			t.Errorf("%s: it sent %q", tt.types, p.heard.String())
		}
	}
}

// TestPipeline: lines go out up to the end of their group before the first
// answer is read.
func TestPipeline(t *testing.T) {
	p := &paper{says: strings.NewReader(crlf("250 hello|250 sender|550 no|250 recipient|354 go on|250 taken|221 bye|"))}
	var flights []string
	seen := wire.Options{Tap: func(l wire.Line) {
		if l.Sent {
			flights = append(flights, string(l.Text))
		} else if n := len(flights); n > 0 && flights[n-1] != "<" {
			flights = append(flights, "<")
		}
	}}
	c, err := New(p, seen, "smtp")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Pipeline(strings.Split("EHLO x|MAIL FROM:<a@b>|RCPT TO:<c@d>|RCPT TO:<e@f>|DATA|Hi|.|QUIT", "|")); err != nil {
		t.Fatal(err)
	}
	const want = "EHLO x < MAIL FROM:<a@b> RCPT TO:<c@d> RCPT TO:<e@f> DATA < Hi . < QUIT <"
	if got := strings.Join(flights, " "); got != want {
		t.Errorf("it went %s", got)
	}
}

func TestWhatCannotBeTyped(t *testing.T) {
	for _, tt := range []struct {
		proto, says, line string
		want              error
	}{
		{"smtp", "", "NOOP\r\nQUIT", ErrCharacter},
		{"smtp", "", strings.Repeat("x", MaxLine), wire.ErrLineTooLong},
		{"smtp", "", "NOOP", io.EOF},
		{"smtp", crlf("250-half|"), "NOOP", io.EOF},
		{"smtp", strings.Repeat("250-more\r\n", maxLines), "NOOP", ErrTooLong},
		{"pop3", "+OK\r\n" + strings.Repeat("1 1\r\n", maxLines), "LIST", ErrTooLong},
		{"imap", strings.Repeat("* 1 EXISTS\r\n", maxLines), "a NOOP", ErrTooLong},
		{"imap", crlf("* 1 FETCH (BODY[] {8388608}|x|)|"), "a FETCH 1 BODY[]", wire.ErrTooBig},
	} {
		c, _ := open(t, tt.proto, tt.says)
		if err := c.Type(tt.line); !errors.Is(err, tt.want) {
			t.Errorf("%s %.20q: %v", tt.proto, tt.line, err)
		}
	}
	if _, err := New(&paper{}, wire.Options{}, "dns"); err != ErrProtocol {
		t.Errorf("dns: %v", err)
	}
}

// FuzzAnswer wants an answer to end where it ends: what was read of it is
// enough, and one octet less is not.
func FuzzAnswer(f *testing.F) {
	f.Add("smtp", "EHLO x", crlf("250-a|250 b|250 c|"))
	f.Add("pop3", "RETR 1", crlf("+OK|..a|.|+OK|"))
	f.Add("pop3", "LIST", crlf("+OK|1 2|.|"))
	f.Add("imap", "a FETCH 1 BODY[]", crlf("* 1 FETCH (BODY[] {3}|a|)|a OK|"))
	f.Fuzz(func(t *testing.T, proto, line, says string) {
		read := func(says string) (used int, err error) {
			p := &paper{says: strings.NewReader(says)}
			c, err := New(p, wire.Options{}, proto)
			if err != nil {
				return 0, err
			}
			if _, err := c.proto.hear(line); err != nil {
				return 0, err
			}
			unread, _ := io.ReadAll(io.MultiReader(readable{c.conn}, p.says))
			return len(says) - len(unread), nil
		}
		used, err := read(says)
		if err != nil {
			return
		}
		if again, err := read(says[:used]); err != nil || again != used {
			t.Errorf("%s: of %q %d octets are the answer, and then %d, %v", line, says, used, again, err)
		}
		if used > 0 {
			if less, err := read(says[:used-1]); err == nil {
				t.Errorf("%s: of %q %d octets are enough, too", line, says, less)
			}
		}
	})
}

// readable reads what a wire.Conn has received and nobody has read.
type readable struct{ *wire.Conn }

func (r readable) Read(b []byte) (int, error) {
	if !r.Buffered() {
		return 0, io.EOF
	}
	data, err := r.ReadN(1, 1)
	return copy(b, data), err
}
