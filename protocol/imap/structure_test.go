package imap

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"mailscope/protocol/imap/letter"
)

// textBuffer is a textWriter into memory.
type textBuffer struct{ out []byte }

func (b *textBuffer) raw(s string)   { b.out = append(b.out, s...) }
func (b *textBuffer) number(n int64) { b.out = strconv.AppendInt(b.out, n, 10) }
func (b *textBuffer) string(s []byte) {
	start := len(b.out)
	b.raw(`"`)
	for _, c := range s {
		switch {
		case c < ' ' || c >= 0x7f:
			b.out = append(fmt.Appendf(b.out[:start], "{%d}\r\n", len(s)), s...)
			return
		case c == '\\' || c == '"':
			b.raw(`\`)
		}
		b.out = append(b.out, c)
	}
	b.raw(`"`)
}

func envelopeOf(header string) string {
	var b textBuffer
	newItemWriter(&b).envelope([]byte(strings.ReplaceAll(header, "\n", "\r\n")))
	return string(b.out)
}

func structureOf(data []byte, extended bool) string {
	var b textBuffer
	newItemWriter(&b).structure(letter.Parse(data), extended)
	return string(b.out)
}

func TestEnvelope(t *testing.T) {
	const anna = `((NIL NIL "anna" "x.test"))`
	for _, c := range []struct{ header, want string }{
		{"", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"},
		{"Date:\nSubject: \nIn-Reply-To:\nMessage-ID:\nTo:\nCc: (nobody)\n", `("" "" NIL NIL NIL NIL NIL NIL "" "")`},
		{"From: anna@x.test\n", "(NIL NIL " + anna + " " + anna + " " + anna + " NIL NIL NIL NIL NIL)"},
		{"From: anna@x.test\nSender: \nReply-To: Boris <b@y>\n", "(NIL NIL " + anna + " " + anna + ` (("Boris" NIL "b" "y")) NIL NIL NIL NIL NIL)`},
		{"Date: Tue, 24 Nov 2026\n 02:12:48 +0000\nSubject: a \"b\"\n\tc\\\nTo: A: b@c, d;, <@r:e>\nMessage-ID: <1@x>\n",
			`("Tue, 24 Nov 2026 02:12:48 +0000" ` + "{8}\r\na \"b\"\tc\\" + ` NIL NIL NIL ((NIL NIL "A" NIL)(NIL NIL "b" "c")(NIL NIL "d" "")(NIL NIL NIL NIL)(NIL "@r" "e" "")) NIL NIL NIL "<1@x>")`},
		{"Subject: Привет\nBcc: Анна <a@x>\n", "(NIL {12}\r\nПривет NIL NIL NIL NIL NIL (({8}\r\nАнна NIL \"a\" \"x\")) NIL NIL)"},
	} {
		if got := envelopeOf(c.header); got != c.want {
			t.Errorf("%q: %s\nwant %s", c.header, got, c.want)
		}
	}
}

func TestStructure(t *testing.T) {
	const text = `"text" "plain" ("charset" "us-ascii") NIL NIL "7bit"`
	for _, c := range []struct{ data, body, extended string }{
		{"Subject: a\n\nhello\n", "(" + text + " 7 1)", "(" + text + " 7 1 NIL NIL NIL NIL)"},
		{"Content-Type: Text/HTML\nContent-ID: <a@b>\nContent-Description: a\n b\nContent-Transfer-Encoding: BASE64\n" +
			"Content-MD5: Q2hlY2s=\nContent-Disposition: inline\nContent-Language: en, ru\nContent-Location: http://x/\n\nx",
			`("Text" "HTML" NIL "<a@b>" "a b" "base64" 1 0)`,
			`("Text" "HTML" NIL "<a@b>" "a b" "base64" 1 0 "Q2hlY2s=" ("inline" NIL) ("en" "ru") "http://x/")`},
		{"Content-Type: multipart/mixed; boundary=\"b\"\nContent-Language: de\n\n--b\n\na\n--b\nContent-Type: image/png; name*0*=utf-8''x\n" +
			"Content-Disposition: attachment; filename=\"a \\\"b\"\n\nb\n--b--\n",
			"((" + text + ` 1 0)("image" "png" ("name*0*" "utf-8''x") NIL NIL "7bit" 1) "mixed")`,
			"((" + text + ` 1 0 NIL NIL NIL NIL)("image" "png" ("name*0*" "utf-8''x") NIL NIL "7bit" 1 NIL ("attachment" ("filename" "a \"b")) NIL NIL)` +
				` "mixed" ("boundary" "b") NIL ("de") NIL)`},
		{"Content-Type: message/rfc822\n\nSubject: in\n\na\nb\n",
			`("message" "rfc822" NIL NIL NIL "7bit" 21 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) (` + text + " 6 2) 4)",
			`("message" "rfc822" NIL NIL NIL "7bit" 21 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) (` + text + " 6 2 NIL NIL NIL NIL) 4 NIL NIL NIL NIL)"},
	} {
		data := []byte(strings.ReplaceAll(c.data, "\n", "\r\n"))
		if got := structureOf(data, false); got != c.body {
			t.Errorf("BODY: %s\nwant %s", got, c.body)
		}
		if got := structureOf(data, true); got != c.extended {
			t.Errorf("BODYSTRUCTURE: %s\nwant %s", got, c.extended)
		}
	}
}

// FuzzStructure: what is written of any letter follows the grammar of
// RFC 9051 §9.
func FuzzStructure(f *testing.F) {
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: a:b;\r\n\r\nx\r\n--b--\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, extended := range []bool{false, true} {
			g := grammar{rest: structureOf(data, extended)}
			out := g.rest
			if g.body(extended); g.err != nil || g.rest != "" {
				t.Errorf("%v: %q before %q", g.err, out, g.rest)
			}
		}
		header, _ := letter.Split(data)
		g := grammar{rest: envelopeOf(string(header))}
		if g.envelope(); g.err != nil || g.rest != "" {
			t.Errorf("envelope: %v before %q", g.err, g.rest)
		}
	})
}

// grammar reads ENVELOPE and BODYSTRUCTURE strictly.
type grammar struct {
	rest string
	err  error
}

func (g *grammar) want(s string) {
	if !g.try(s) && g.err == nil {
		g.err = errors.New("want " + s)
	}
}

func (g *grammar) try(s string) bool {
	rest, ok := strings.CutPrefix(g.rest, s)
	if ok && g.err == nil {
		g.rest = rest
	}
	return ok && g.err == nil
}

func (g *grammar) nstring() {
	if !g.try("NIL") {
		g.string()
	}
}

func (g *grammar) string() {
	if g.try("{") {
		num, rest, _ := strings.Cut(g.rest, "}\r\n")
		n, err := strconv.Atoi(num)
		if err != nil || n > len(rest) || strings.Contains(rest[:n], "\x00") {
			g.err = errors.New("bad literal")
			return
		}
		g.rest = rest[n:]
		return
	}
	g.want(`"`)
	for !g.try(`"`) && g.err == nil {
		if g.try(`\`) && g.rest[0] != '"' && g.rest[0] != '\\' || g.rest == "" || g.rest[0] < ' ' || g.rest[0] > '~' {
			g.err = errors.New("bad quoted string")
			return
		}
		g.rest = g.rest[1:]
	}
}

func (g *grammar) number() {
	n := 0
	for n < len(g.rest) && '0' <= g.rest[n] && g.rest[n] <= '9' {
		n++
	}
	if n == 0 && g.err == nil {
		g.err = errors.New("want a number")
	}
	g.rest = g.rest[n:]
}

// list reads one or more of item in parentheses, or NIL.
func (g *grammar) list(item func()) {
	if g.try("NIL") {
		return
	}
	g.want("(")
	for item(); g.err == nil && !g.try(")"); {
		item()
	}
}

func (g *grammar) params() {
	first := true
	g.list(func() {
		if !first {
			g.want(" ")
		}
		first = false
		g.string()
		g.want(" ")
		g.string()
	})
}

func (g *grammar) envelope() {
	g.want("(")
	for i := range 10 {
		if i > 0 {
			g.want(" ")
		}
		if i < 2 || i > 7 {
			g.nstring()
			continue
		}
		g.list(func() {
			g.want("(")
			g.nstring()
			for range 3 {
				g.want(" ")
				g.nstring()
			}
			g.want(")")
		})
	}
	g.want(")")
}

func (g *grammar) body(extended bool) {
	g.want("(")
	if strings.HasPrefix(g.rest, "(") {
		for strings.HasPrefix(g.rest, "(") && g.err == nil {
			g.body(extended)
		}
		g.want(" ")
		g.string()
		if extended {
			g.want(" ")
			g.params()
		}
	} else {
		start := g.rest
		g.string()
		g.want(" ")
		g.string()
		media := strings.ToLower(start[:len(start)-len(g.rest)])
		g.want(" ")
		g.params()
		g.want(" ")
		g.nstring()
		g.want(" ")
		g.nstring()
		g.want(" ")
		g.string()
		g.want(" ")
		g.number()
		message := media == `"message" "rfc822"` || media == `"message" "global"`
		if message {
			g.want(" ")
			g.envelope()
			g.want(" ")
			g.body(extended)
		}
		if message || strings.HasPrefix(media, `"text" `) {
			g.want(" ")
			g.number()
		}
		if extended {
			g.want(" ")
			g.nstring()
		}
	}
	if extended {
		g.want(" ")
		if !g.try("NIL") {
			g.want("(")
			g.string()
			g.want(" ")
			g.params()
			g.want(")")
		}
		g.want(" ")
		first := true
		g.list(func() {
			if !first {
				g.want(" ")
			}
			first = false
			g.string()
		})
		g.want(" ")
		g.nstring()
	}
	g.want(")")
}
