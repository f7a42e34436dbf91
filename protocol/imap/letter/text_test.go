package letter

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestDecoded(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{" plain ", "plain"},
		{"a\r\n b\r\n\tc", "a b\tc"},
		{"=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет"},
		{"=?UTF-8?q?a_b=5Fc?= d", "a b c d"},
		{"=?koi8-r?Q?=F0=D2=C9?= =?koi8-r?Q?=D7=C5=D4?=", "Привет"},
		{"=?windows-1251?b?z/Do4uXy?=", "Привет"},
		{"=?utf-8*ru?q?x?=", "x"},
		{"=?utf-8?B?0J/RgNC4?=\r\n =?utf-8?B?0LLQtdGC?=", "Привет"},
		{"=?utf-8?B?0J8=?= =?utf-8?Q?=D1?= =?utf-8?Q?=80?=", "Пр"},
		{"=?utf-8?q?a?= =?koi8-r?q?=C2?=", "aб"},
		{"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
		{"=?x-none?q?a=20b?=", "a b"},
		{"=?utf-8?x?a?= =?", "=?utf-8?x?a?= =?"},
		{"=?utf-8?q?no end", "=?utf-8?q?no end"},
		{"Привет", "Привет"},
	} {
		if got := string(Decoded([]byte(c.in), nil)); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"a", "", false},
		{"hello", "Say HeLLo!", true},
		{"hello", "hell o", false},
		{"o!", "Say HeLLo!", true},
		{"ПРИВЕТ", "говорю: привет.", true},
		{"привет", "ПрИвЕт", true},
		{"привет", "приве", false},
		{"всё", "ВСЁ", true},
		{"тост", "ТОСТ", true},
		{"straße", "STRAẞE", true},
		{"k", "\u212a", false},
		{"\u212a", "k", false},
		{"σ", "ς", true},
		{"ⱥ", "Ⱥ", true},
		{"xⱥx", "XȺX", true},
		{"мир", "\xd0\xb8\xd1\x80", false},
		{"a b", "A B", true},
		{strings.Repeat("ab", 50) + "C", strings.Repeat("AB", 60) + "c", true},
		{strings.Repeat("аб", 50), strings.Repeat("АБ", 49), false},
	} {
		if got := NewPattern(c.pattern).In([]byte(c.text)); got != c.want {
			t.Errorf("%q in %q: %v", c.pattern, c.text, got)
		}
	}
}

// FuzzPattern: looking for the rare letter finds what folding both finds, and
// every text is in itself.
func FuzzPattern(f *testing.F) {
	f.Add("вет", "Привет")
	f.Add("lo", "HELLO")
	f.Add("ⱥς", "xȺΣ")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		// What is wrong UTF-8 may begin or end in the middle of a letter.
		pattern, text = strings.ToValidUTF8(pattern, ""), strings.ToValidUTF8(text, "")
		p := NewPattern(pattern)
		if !p.In([]byte(pattern)) {
			t.Errorf("%q is not in itself", pattern)
		}
		want := bytes.Contains(appendFolded(nil, []byte(text)), appendFolded(nil, []byte(pattern)))
		if p.In([]byte(text)) != want {
			t.Errorf("%q in %q: %v", pattern, text, !want)
		}
	})
}

func TestSearch(t *testing.T) {
	cyrillic := crlf("Subject: =?koi8-r?B?8NLJ18XU?=\nFrom: =?utf-8?q?=D0=90=D0=BD=D0=BD=D0=B0?=\n <anna@x>\nTo: boris@y\n" +
		"Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: 8bit\n\n\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0!\n")
	attached := crlf("Content-Type: multipart/mixed; boundary=x\n\n--x\n\ntext here\n--x\nContent-Type: image/png; name=cat.png\n\nsecret\n--x--\n")
	for _, c := range []struct {
		data       []byte
		text       string
		body, head bool // in the body, in the body or a header
	}{
		{cyrillic, "ПРИВЕТ", true, true},
		{cyrillic, "мир", true, true},
		{cyrillic, "анна", false, true},
		{cyrillic, "Анна <ANNA@x>", false, true},
		{cyrillic, "to: boris", false, true},
		{cyrillic, "koi8", false, false},
		{cyrillic, "мирр", false, false},
		{nested, "привет", true, true},
		{nested, "<b>Привет", true, true},
		{nested, "SECOND of the digest", true, true},
		{nested, "one\r\ntwo", true, true},
		{nested, "all kinds", false, true},
		{nested, "AAEC", false, false},
		{nested, "b.bin", false, true},
		{attached, "text here", true, true},
		{attached, "cat.PNG", false, true},
		{attached, "secret", false, false},
	} {
		p := NewPattern(c.text)
		if p.InBody(c.data) != c.body || p.InText(c.data) != c.head {
			t.Errorf("%q: BODY %v, TEXT %v, want %v, %v", c.text, p.InBody(c.data), p.InText(c.data), c.body, c.head)
		}
	}
	header, _ := Split(cyrillic)
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"SUBJECT", "привет", true},
		{"subject", "", true},
		{"Cc", "", false},
		{"from", "анна", true},
		{"from", "boris", false},
	} {
		if got := NewPattern(c.text).InField(header, c.name); got != c.want {
			t.Errorf("%s %q: %v", c.name, c.text, got)
		}
	}
}

func TestSentDate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Tue, 24 Nov 2026 02:12:48 +0300", "2026-11-24T02:12:48+03:00"},
		{" 1 Jan 2026 00:00 GMT", "2026-01-01T00:00:00Z"},
		{"Thu, 1 Jan 26 01:02:03 EST (east)", "2026-01-01T01:02:03-05:00"},
		{"1 Jan 99 01:02:03 PDT", "1999-01-01T01:02:03-07:00"},
		{"Tue (x), 24\r\n Nov 2026", "2026-11-24T00:00:00Z"},
		{"24-Nov-2026 10:00:00 -0930", "2026-11-24T10:00:00-09:30"},
		{"24 November 2026 10:00", "2026-11-24T10:00:00Z"},
		{"31 Feb 2026 10:00:00 +0000", ""},
		{"1 Jan 2026 25:00:00 +0000", ""},
		{"Nov 24 2026", ""},
		{"", ""},
		{"99999999999999999999", ""},
	} {
		got, ok := SentDate([]byte(c.in))
		if ok != (c.want != "") || ok && got.Format(time.RFC3339) != c.want {
			t.Errorf("%q: %v, %v, want %s", c.in, got.Format(time.RFC3339), ok, c.want)
		}
	}
	if day, ok := SentDay([]byte("Tue, 24 Nov 2026 23:12:48 -0800")); !ok || day.Format(time.DateOnly) != "2026-11-24" {
		t.Error("the day is the sender's:", day)
	}
}

func TestBaseSubject(t *testing.T) {
	for _, c := range []struct {
		in, want string
		reply    bool
	}{
		{"Hello", "Hello", false},
		{"Re: Hello", "Hello", true},
		{"RE [2] : fwd:\r\n Re:  Hello   there (fwd) (FWD) ", "Hello there", true},
		{"[list] Re: [list] Hello", "Hello", true},
		{"[list] Hello", "Hello", false},
		{"[only]", "[only]", false},
		{"Re: [only]", "[only]", true},
		{"[Fwd: Re: Hello]", "Hello", true},
		{"[fwd: [a] [fwd: b (fwd)]]", "b", true},
		{"[a [b] Re: c", "[a [b] Re: c", false},
		{"=?utf-8?b?UmU6INCf0YDQuNCy0LXRgg==?=", "Привет", true},
		{"Reply: x", "Reply: x", false},
		{"", "", false},
		{"Re:", "", true},
	} {
		base, reply := BaseSubject([]byte(c.in))
		if base != c.want || reply != c.reply {
			t.Errorf("%q: %q, %v, want %q, %v", c.in, base, reply, c.want, c.reply)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"<a@b>", 9, "a@b"},
		{" <a@b>\r\n <c@d> (x) text <e@f>", 9, "a@b c@d e@f"},
		{"<a@b><c@d><e@f>", 2, "c@d e@f"},
		{`<"a.b"@c> <a . b@c>`, 9, "a.b@c a.b@c"},
		{"<none> <open@x", 9, ""},
	} {
		if got := string(bytes.Join(MessageIDs([]byte(c.in), c.limit), []byte(" "))); got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestCollationKey(t *testing.T) {
	for _, c := range []struct{ less, more string }{
		{"anna", "BORIS"}, {"Анна", "борис"}, {"ёж", "жук"}, {"", "a"}, {"zz", "Я"},
	} {
		if CollationKey(c.less) >= CollationKey(c.more) {
			t.Errorf("%q does not come before %q", c.less, c.more)
		}
	}
	if CollationKey("Привет") != CollationKey("ПРИВЕТ") || CollationKey("\u0439") != CollationKey("\u0438\u0306") {
		t.Error("keys differ by case or composition")
	}
}
