package smtp

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"mailscope/protocol/internal/dialogue"
	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
)

// TestDialogues plays testdata/*.txt; "@ letters 2" promises how many letters
// the server takes.
func TestDialogues(t *testing.T) {
	dialogue.Run(t, 50, func() dialogue.Server {
		box := &office{}
		return &talker{Server: &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: box, ClearAuth: true,
			SASL: sasl.Options{Secrets: box, Challenge: func() string { return "<1@beta.test>" }, Nonce: func() string { return "server" }}}, box: box}
	})
}

// talker is the server of one dialogue.
type talker struct {
	*Server
	box     *office
	letters int
}

func (s *talker) Serve(ctx context.Context, nc net.Conn) { s.ServeConn(ctx, nc, false) }

func (s *talker) Check() error {
	if len(s.box.letters) != s.letters {
		return fmt.Errorf("%d letters accepted, want %d: %q", len(s.box.letters), s.letters, s.box.letters)
	}
	return nil
}

func (s *talker) SetUp(words []string) error {
	n := 0
	if len(words) > 1 {
		n, _ = strconv.Atoi(words[1])
	}
	switch words[0] {
	case "letters":
		s.letters = n
	case "1982":
		s.Offer = Offer{}
	case "plain":
		s.Offer = Offer{EHLO: true}
	case "auth":
		s.Offer.Auth = words[1:]
	case "instead":
		s.Instead = dialogue.Instead(words[1:])
	case "tls":
		s.TLS, s.Offer.StartTLS = testcert.Server(), true
		first, careful := dialogue.TLSWords(words[1:])
		s.TLSFirst, s.ClearAuth = first, s.ClearAuth && !careful
	case "slow":
		s.Failed = dialogue.Failed
	case "require":
		s.RequireAuth = true
	case "maxsize":
		s.MaxSize = n
	case "maxrcpts":
		s.MaxRcpts = n
	case "maxerrors":
		s.MaxErrors = n
	case "maxtransactions":
		s.MaxTransactions = n
	case "refuse":
		s.box.refuse = &Reply{n, words[2], []string{strings.Join(words[3:], " ")}}
	case "refuseletter":
		s.box.data = fmt.Errorf("keep: %w", &Reply{n, words[2], []string{strings.Join(words[3:], " ")}})
	case "failopen":
		s.box.refuse = io.ErrShortWrite
	default:
		return fmt.Errorf("no such set-up")
	}
	return nil
}
