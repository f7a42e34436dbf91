package mta

import (
	"strings"
	"testing"
)

func TestFooter(t *testing.T) {
	const foot = "—— список"
	for _, tt := range []struct{ letter, footer, want string }{
		{"Subject: x\r\n\r\nHi\r\n", "-- list", "Subject: x\r\n\r\nHi\r\n-- list\r\n"},
		{"Subject: x\r\n\r\nHi\r\n", foot, ""},
		{"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nПривет\r\n", foot,
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nПривет\r\n" + foot + "\r\n"},
		{"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\nSubject: x\r\n\r\nHi\r\n", foot,
			"Content-Transfer-Encoding: 8bit\r\nContent-Type: text/plain; charset=utf-8\r\nSubject: x\r\n\r\nHi\r\n" + foot + "\r\n"},
		{"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=D0=AF\r\n", "Я = я",
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=D0=AF\r\n=D0=AF =3D =D1=8F\r\n"},
		{"Content-Type: text/plain; charset=koi8-r\r\n\r\nHi\r\n", foot, ""},
		{"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n", "x", ""},
		{"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n", "x", ""},
		{"Content-Type: ?\r\n\r\nHi\r\n", "x", ""},
		{"no header", "x", ""},
	} {
		want := tt.want
		if want == "" {
			want = tt.letter
		}
		if got := string(withFooter([]byte(tt.letter), tt.footer)); got != want {
			t.Errorf("%q and %q: %q", tt.letter, tt.footer, got)
		}
	}
}

// FuzzFooter wants a letter's text to stay where it was, with the footer below
// it or without.
func FuzzFooter(f *testing.F) {
	f.Add("Subject: x\r\n\r\nHi\r\n", "-- list")
	f.Add("Content-Transfer-Encoding: quoted-printable\r\n\r\nHi\r\n", "=")
	f.Fuzz(func(t *testing.T, letter, footer string) {
		if strings.ContainsAny(footer, "\r\n") {
			return
		}
		got := string(withFooter([]byte(letter), footer))
		if got == letter {
			return
		}
		_, body, _ := strings.Cut(letter, "\r\n\r\n")
		_, now, ok := strings.Cut(got, "\r\n\r\n")
		if !ok || !strings.HasPrefix(now, body) || !strings.HasSuffix(now, "\r\n") {
			t.Errorf("%q became %q", letter, got)
		}
	})
}
