package mta

import (
	"bufio"
	"bytes"
	"mime"
	"mime/quotedprintable"
	"strings"

	"github.com/emersion/go-message/textproto"
)

// withFooter puts a line below the text of a letter, if the letter is a plain
// text in a form to which it can be added; otherwise the letter is as it was.
//
// RFC 2045 §6.
func withFooter(letter []byte, footer string) []byte {
	at := bytes.Index(letter, []byte("\r\n\r\n"))
	if at < 0 {
		return letter
	}
	head, body := letter[:at+4], letter[at+4:]
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		return letter
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if h.Has("Content-Type") && (err != nil || kind != "text/plain") {
		return letter
	}
	charset := strings.ToLower(params["charset"])
	if !ascii(footer) && charset != "utf-8" {
		return letter
	}
	var b bytes.Buffer
	switch encoding := strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))); encoding {
	case "", "7bit", "8bit":
		if encoding != "8bit" && !ascii(footer) {
			h.Set("Content-Transfer-Encoding", "8bit")
			textproto.WriteHeader(&b, h)
		} else {
			b.Write(head)
		}
		b.Write(body)
		b.WriteString(footer)
	case "quoted-printable":
		b.Write(head)
		b.Write(body)
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(footer))
		w.Close()
	default:
		return letter
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
