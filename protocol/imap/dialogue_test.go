package imap

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/internal/dialogue"
	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
)

// TestDialogues plays testdata/*.txt. Unless "@ offer NAME …" says otherwise,
// the server offers nothing but IMAP4rev1. The user anna, whose password is
// secret, has one INBOX; "@ letters 3" puts letters from letterNumber into it,
// "@ quota 5 1000" limits it to letters and octets, "@ size 10" limits a
// letter, "@ errors 3" the mistakes.
func TestDialogues(t *testing.T) {
	dialogue.Run(t, 30, func() dialogue.Server {
		m := newMemory("anna")
		return &talker{
			Server: Server{Hostname: "mail.test", Backend: m, Offer: offerOf("IMAP4rev1"), MaxSize: 5000, ClearAuth: true,
				SASL: sasl.Options{Secrets: m, Challenge: func() string { return "<1@mail.test>" }, Nonce: func() string { return "server" }}},
			box: m["anna"],
		}
	})
}

func offerOf(names ...string) Offer {
	o := Offer{}
	for _, n := range names {
		o[strings.ToUpper(n)] = true
	}
	return o
}

// talker is the server of one dialogue.
type talker struct {
	Server
	box *memoryAccount
}

func (s *talker) Serve(ctx context.Context, nc net.Conn) { s.ServeConn(ctx, nc, false) }

func (s *talker) Check() error { return nil }

func (s *talker) SetUp(words []string) error {
	number := func(i int) int {
		n, _ := strconv.Atoi(words[i])
		return n
	}
	switch words[0] {
	case "offer":
		s.Offer = offerOf(words[1:]...)
		if s.Offer["EVERYTHING"] {
			s.Offer = Full()
		}
	case "instead":
		s.Instead = dialogue.Instead(words[1:])
	case "tls":
		s.TLS = testcert.Server()
		first, careful := dialogue.TLSWords(words[1:])
		s.TLSFirst, s.ClearAuth = first, s.ClearAuth && !careful
	case "slow":
		s.Failed = dialogue.Failed
	case "letters":
		for i := range number(1) {
			if _, err := s.box.Append(inbox, letterNumber(i+1), nil, time.Date(2026, 11, 25, 9, 0, i, 0, time.UTC)); err != nil {
				return err
			}
		}
	case "quota":
		s.box.limit = Quota{Max: number(1), MaxSize: int64(number(2))}
	case "size":
		s.MaxSize = number(1)
	case "errors":
		s.MaxErrors = number(1)
	default:
		return fmt.Errorf("no such set-up")
	}
	return nil
}

// letterNumber is the n-th letter of a dialogue; from the third on they have an
// attachment.
func letterNumber(n int) []byte {
	head := fmt.Sprintf("From: Anna <anna@a.test>\nTo: boris@b.test\nSubject: Letter %d\nDate: Wed, 25 Nov 2026 09:00:%02d +0000\nMessage-ID: <%d@a.test>\n", n, n, n)
	body := fmt.Sprintf("\nHello %d\n", n)
	if n > 2 {
		body = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + body +
			"--b\nContent-Type: text/plain; name=a.txt\nContent-Transfer-Encoding: base64\n\nSGkh\n--b--\n"
	}
	return []byte(strings.ReplaceAll(head+body, "\n", "\r\n"))
}
