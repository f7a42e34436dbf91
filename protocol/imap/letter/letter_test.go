package letter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// crlf makes a letter of lines that end in LF.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

// nested is a letter with one of each kind of part.
var nested = crlf(`From: Anna <anna@romashka.example>
To: boris@rocket.example
Subject: all kinds
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="out er"

preamble
--out er
Content-Type: multipart/alternative; boundary=in

--in
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

0J/RgNC40LLQtdGC
--in
Content-Type: text/html; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

<b>=F0=D2=C9=D7=C5=D4</b>=

--in--
epilogue
--out er 
Content-Type: message/rfc822

Subject: inside
Content-Type: multipart/digest; boundary=d

--d

Subject: first of the digest

one
two
--d

Subject: second of the digest

--d--
--out er
Content-Type: application/octet-stream; name="a \"b\".bin"
Content-Disposition: attachment; filename=b.bin; size=3
Content-ID: <3@x>
Content-Language: en, ru
Content-Transfer-Encoding: BASE64

AAEC
--out er--
the end
`)

// outline is a structure in one line.
func outline(p *Part) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s:%d", p.Type.Type, p.Type.Subtype, len(p.Body))
	if p.Message != nil {
		fmt.Fprintf(&b, "<%s>", outline(p.Message))
	}
	for i, c := range p.Parts {
		b.WriteByte("( "[min(i, 1)])
		b.WriteString(outline(c))
	}
	if len(p.Parts) > 0 {
		b.WriteByte(')')
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "text/plain:0"},
		{"no header", "\nbody\n", "text/plain:6"},
		{"no body", "Subject: x\n", "text/plain:0"},
		{"plain", "Subject: x\n\nhello\n", "text/plain:7"},
		{"bad type", "Content-Type: text\n\nhello\n", "text/plain:7"},
		{"first type counts", "Content-Type: a/b\nContent-Type: c/d\n\n", "a/b:0"},
		{"comments", "Content-Type: (a) image (b) / (c) png (d); (e) x=y\n\n", "image/png:0"},
		{"no boundary", "Content-Type: multipart/mixed\n\n--x\n", "text/plain:5"},
		{"boundary never seen", "Content-Type: multipart/mixed; boundary=x\n\nhello\n", "text/plain:7"},
		{"only closed", "Content-Type: multipart/mixed; boundary=x\n\n--x--\n", "text/plain:7"},
		{"not closed", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n", "multipart/mixed:14(text/plain:7)"},
		{"empty part", "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\n--x--\n", "multipart/mixed:19(text/plain:0 text/plain:0)"},
		{"header only part", "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: a/b\n--x--\n", "multipart/mixed:31(a/b:0)"},
		{"multipart without body", "Content-Type: multipart/mixed; boundary=x\n", "text/plain:0"},
		{"message without body", "Content-Type: message/rfc822\n", "message/rfc822:0<text/plain:0>"},
		{"message", "Content-Type: MESSAGE/RFC822\n\nA: b\n\nc", "MESSAGE/RFC822:9<text/plain:1>"},
		{"delivery status", "Content-Type: message/delivery-status\n\nA: b\n\n", "message/delivery-status:8"},
		{"prefix of a boundary", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\n--xy\n--x--\n", "multipart/mixed:20(text/plain:4)"},
		{"outer ends inner", "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\n1\n--o\n\n2\n--o--\n",
			"multipart/mixed:77(multipart/mixed:8(text/plain:1) text/plain:1)"},
	} {
		if got := outline(Parse(crlf(c.in))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	want := "multipart/mixed:754(multipart/alternative:242(text/plain:16 text/html:28) " +
		"message/rfc822:157<multipart/digest:94(message/rfc822:40<text/plain:8> message/rfc822:33<text/plain:0>)> " +
		"application/octet-stream:4)"
	if got := outline(Parse(nested)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestLimits(t *testing.T) {
	var deep bytes.Buffer
	for i := range 3 * MaxDepth {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	depth := 0
	for p := Parse(deep.Bytes()); p != nil; depth++ {
		if len(p.Parts) == 0 {
			if got := string(p.Type.Type); got != "application" {
				t.Errorf("the deepest is %s", got)
			}
			break
		}
		p = p.Parts[0]
	}
	if depth != MaxDepth {
		t.Errorf("%d levels", depth)
	}

	many := append(crlf("Content-Type: multipart/mixed; boundary=x\n\n"), bytes.Repeat([]byte("--x\r\n\r\n"), 3*MaxParts)...)
	p := Parse(many)
	if len(p.Parts) != MaxParts-1 {
		t.Errorf("%d parts", len(p.Parts))
	}
	last := p.Parts[len(p.Parts)-1]
	if end := many[len(many)-len(last.Body):]; &end[0] != &last.Body[0] || outline(last)[:12] != "application/" {
		t.Errorf("the last part does not hold the rest: %s", outline(last))
	}
}

func TestGet(t *testing.T) {
	plain := crlf("Subject: a\nX-Long: b\n c\nTo: d\n\nhello\n")
	bare := crlf("Subject: a\nTo: d\n")
	embedded := crlf("Content-Type: message/rfc822\n\nSubject: in\n\ntext")
	for _, c := range []struct {
		data []byte
		sec  string
		want string // "-" for none
	}{
		{plain, "", string(plain)},
		{plain, "HEADER", "Subject: a\r\nX-Long: b\r\n c\r\nTo: d\r\n\r\n"},
		{plain, "TEXT", "hello\r\n"},
		{plain, "1", "hello\r\n"},
		{plain, "1.MIME", "Subject: a\r\nX-Long: b\r\n c\r\nTo: d\r\n\r\n"},
		{plain, "MIME", "-"},
		{plain, "2", "-"},
		{plain, "0", "-"},
		{plain, "1.1", "-"},
		{plain, "1.TEXT", "-"},
		{plain, "HEADER.FIELDS x-long SUBJECT", "Subject: a\r\nX-Long: b\r\n c\r\n\r\n"},
		{plain, "HEADER.FIELDS nothing", "\r\n"},
		{plain, "HEADER.FIELDS.NOT x-long SUBJECT", "To: d\r\n\r\n"},
		{bare, "HEADER", string(bare)},
		{bare, "TEXT", ""},
		{bare, "HEADER.FIELDS to", "To: d\r\n"},
		{embedded, "1", "Subject: in\r\n\r\ntext"},
		{embedded, "1.HEADER", "Subject: in\r\n\r\n"},
		{embedded, "1.TEXT", "text"},
		{embedded, "1.1", "text"},
		{embedded, "1.1.1", "-"},
		{embedded, "1.HEADER.FIELDS subject", "Subject: in\r\n\r\n"},
		{nested, "1.1", "0J/RgNC40LLQtdGC"},
		{nested, "1.1.MIME", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"},
		{nested, "1.2", "<b>=F0=D2=C9=D7=C5=D4</b>=\r\n"},
		{nested, "2.HEADER.FIELDS.NOT content-type", "Subject: inside\r\n\r\n"},
		{nested, "2.1.TEXT", "one\r\ntwo"},
		{nested, "2.1.1", "one\r\ntwo"},
		{nested, "2.1.MIME", "\r\n"},
		{nested, "2.2.HEADER", "Subject: second of the digest\r\n\r\n"},
		{nested, "2.3", "-"},
		{nested, "3", "AAEC"},
		{nested, "3.1", "-"},
		{nested, "4", "-"},
	} {
		got, ok := Get(c.data, section(c.sec))
		if ok != (c.want != "-") || ok && string(got) != c.want {
			t.Errorf("BODY[%s]: %q, %v, want %q", c.sec, got, ok, c.want)
		}
	}
}

// section reads a section in a short form: its fields come after spaces.
func section(s string) Section {
	var sec Section
	words := strings.Fields(s)
	if len(words) == 0 {
		return sec
	}
	sec.Fields = words[1:]
	spec := words[0]
	for spec != "" && '0' <= spec[0] && spec[0] <= '9' {
		num, rest, _ := strings.Cut(spec, ".")
		n := 0
		fmt.Sscan(num, &n)
		sec.Path, spec = append(sec.Path, n), rest
	}
	sec.What = map[string]What{"": Whole, "HEADER": Header, "HEADER.FIELDS": Fields,
		"HEADER.FIELDS.NOT": FieldsNot, "TEXT": Text, "MIME": MIME}[spec]
	return sec
}

func TestBinary(t *testing.T) {
	for _, c := range []struct {
		path []int
		want string
	}{
		{[]int{1, 1}, "Привет"},
		{[]int{1, 2}, "<b>\xf0\xd2\xc9\xd7\xc5\xd4</b>"},
		{[]int{3}, "\x00\x01\x02"},
		{[]int{2, 1, 1}, "one\r\ntwo"},
	} {
		got, ok, err := Binary(nested, c.path)
		if !ok || err != nil || string(got) != c.want {
			t.Errorf("BINARY%v: %q, %v, %v, want %q", c.path, got, ok, err, c.want)
		}
	}
	if _, ok, err := Binary(nested, []int{4}); ok || err != nil {
		t.Error("there is no part 4")
	}
	if _, _, err := Binary(crlf("Content-Transfer-Encoding: x-uue\n\nx"), []int{1}); err != ErrEncoding {
		t.Error("x-uue:", err)
	}
}

func TestPartial(t *testing.T) {
	for _, c := range []struct {
		origin, count int64
		want          string
	}{
		{0, 3, "abc"}, {3, 2, "de"}, {3, 100, "def"}, {6, 1, ""}, {1 << 62, 1 << 62, ""}, {2, 1<<63 - 1, "cdef"},
	} {
		if got := Partial([]byte("abcdef"), c.origin, c.count); string(got) != c.want {
			t.Errorf("<%d.%d>: %q, want %q", c.origin, c.count, got, c.want)
		}
	}
}
