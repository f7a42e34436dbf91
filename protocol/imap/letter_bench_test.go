package imap

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-message/textproto"

	"mailscope/protocol/imap/letter"
)

// benchLetters is n letters of about 2 KiB, of the kinds that a mailbox has.
func benchLetters(n int) [][]byte {
	const russian = "Привет! Завтра собираемся у Бориса, захвати чертежи и билеты. "
	const english = "Hello! Tomorrow we meet at the harbour, please bring the drawings. "
	var letters [][]byte
	for i := range n {
		var qp bytes.Buffer
		w := quotedprintable.NewWriter(&qp)
		fmt.Fprint(w, strings.Repeat(russian+"\r\n", 5))
		w.Close()
		plain := strings.Repeat(english+"\r\n", 24)
		bodies := []string{
			"Content-Type: text/plain; charset=us-ascii\n\n" + plain,
			"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + strings.Repeat(russian+"\r\n", 15),
			"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + qp.String(),
			"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
				base64.StdEncoding.EncodeToString([]byte(strings.Repeat(russian, 12))),
			"Content-Type: multipart/alternative; boundary=b42\n\n--b42\nContent-Type: text/plain; charset=utf-8\n\n" + plain +
				"\n--b42\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + qp.String() + "\n--b42--\n",
		}
		l := fmt.Sprintf("Return-Path: <anna@romashka.example>\nReceived: from mail.romashka.example (mail.romashka.example [192.0.2.10])\n"+
			"\tby mx1.rocket.example with ESMTP id %d;\n\tTue, 24 Nov 2026 02:12:48 +0000\nDate: Tue, 24 Nov 2026 02:12:48 +0000\n"+
			"From: =?utf-8?b?0JDQvdC90LA=?= <anna@romashka.example>\nTo: \"Boris B.\" <boris@rocket.example>, carol@rocket.example\n"+
			"Subject: =?utf-8?b?0J/RgNC40LLQtdGC?= %d\nMessage-ID: <%d@romashka.example>\nIn-Reply-To: <%d@rocket.example>\nMIME-Version: 1.0\n%s",
			i, i, i, i-1, bodies[i%len(bodies)])
		l = strings.ReplaceAll(l, "\r\n", "\n")
		letters = append(letters, []byte(strings.ReplaceAll(l, "\n", "\r\n")))
	}
	return letters
}

func BenchmarkEnvelope(b *testing.B) {
	letters := benchLetters(10000)
	b.Run("mailscope", func(b *testing.B) {
		b.ReportAllocs()
		var out textBuffer
		w := newItemWriter(&out)
		for b.Loop() {
			for _, l := range letters {
				out.out = out.out[:0]
				header, _ := letter.Split(l)
				w.envelope(header)
			}
		}
	})
	b.Run("go-imap", func(b *testing.B) { // without writing it
		b.ReportAllocs()
		for b.Loop() {
			for _, l := range letters {
				h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(l)))
				if err != nil {
					b.Fatal(err)
				}
				imapserver.ExtractEnvelope(h)
			}
		}
	})
}

func BenchmarkStructure(b *testing.B) {
	letters := benchLetters(1000)
	b.Run("mailscope", func(b *testing.B) {
		b.ReportAllocs()
		var out textBuffer
		w := newItemWriter(&out)
		for b.Loop() {
			for _, l := range letters {
				out.out = out.out[:0]
				w.structure(letter.Parse(l), true)
			}
		}
	})
	b.Run("go-imap", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, l := range letters {
				imapserver.ExtractBodyStructure(bytes.NewReader(l))
			}
		}
	})
}

func BenchmarkSearchBody(b *testing.B) {
	letters := benchLetters(10000)
	user := imapmemserver.NewUser("u", "p")
	if err := user.Create("INBOX", nil); err != nil {
		b.Fatal(err)
	}
	for _, l := range letters {
		if _, err := user.Append("INBOX", literal{bytes.NewReader(l)}, &goimap.AppendOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	theirs := imapmemserver.NewUserSession(user)
	if _, err := theirs.Select("INBOX", &goimap.SelectOptions{}); err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"harbour", "чертежи", "nowhere at all", "отсутствует"} {
		b.Run(text+"/mailscope", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p := letter.NewPattern(text)
				for _, l := range letters {
					p.InBody(l)
				}
			}
		})
		b.Run(text+"/imapmemserver", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := theirs.Search(imapserver.NumKindUID, &goimap.SearchCriteria{Body: []string{text}}, &goimap.SearchOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }
