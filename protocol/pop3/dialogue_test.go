package pop3

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"mailscope/protocol/internal/dialogue"
	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
)

const testStamp = "<1896.697170952@dbc.mtview.ca.us>" // RFC 1939 §7

// everything is what a test server offers unless its dialogue says otherwise;
// APOP would change the greeting.
var everything = Offer{Capa: true, Top: true, UIDL: true, User: true, Pipelining: true, RespCodes: true, UTF8: true}

func newServer(st *store, offer Offer) *Server {
	return &Server{Hostname: "mail.test", Offer: offer, Backend: st, Stamp: func() string { return testStamp }, ClearAuth: true,
		SASL: sasl.Options{Secrets: st, Challenge: func() string { return testStamp }, Nonce: func() string { return "server" }}}
}

// TestDialogues plays testdata/*.txt; "@ offer Top UIDL" says what the server
// offers, and "@ removed 0 2" which letters must be gone in the end, counted
// from 0: see [removed].
func TestDialogues(t *testing.T) {
	dialogue.Run(t, 30, func() dialogue.Server {
		st := newStore()
		return &talker{Server: newServer(st, everything), st: st}
	})
}

// talker is the server of one dialogue.
type talker struct {
	*Server
	st      *store
	removed string // "" if the dialogue does not say
}

func (s *talker) Serve(ctx context.Context, nc net.Conn) { s.ServeConn(ctx, nc, false) }

func (s *talker) SetUp(words []string) error {
	switch words[0] {
	case "offer":
		s.Offer = Offer{}
		for _, name := range words[1:] {
			if mechs, ok := strings.CutPrefix(name, "Auth="); ok {
				s.Offer.Auth = strings.Split(mechs, ",")
				continue
			}
			reflect.ValueOf(&s.Offer).Elem().FieldByName(name).SetBool(true)
		}
	case "instead":
		s.Instead = dialogue.Instead(words[1:])
	case "tls":
		s.TLS, s.Offer.STLS = testcert.Server(), true
		first, careful := dialogue.TLSWords(words[1:])
		s.TLSFirst, s.ClearAuth = first, s.ClearAuth && !careful
	case "slow":
		s.Failed = dialogue.Failed
	case "errors":
		s.MaxErrors, _ = strconv.Atoi(words[1])
	case "removed":
		s.removed = strings.Join(words[1:], " ")
	default:
		return fmt.Errorf("no such set-up")
	}
	return nil
}

func (s *talker) Check() error {
	if n := s.st.left(); n != 0 {
		return fmt.Errorf("%d maildrops left open", n)
	}
	if s.removed == "" {
		return nil
	}
	return removed(s.st, s.removed)
}

// removed compares what was committed with want: "nothing" is no commit at
// all, "none marked" one of no letters.
func removed(st *store, want string) error {
	all := st.commits()
	got := "nothing"
	if len(all) == 1 {
		got = strings.Trim(fmt.Sprint(all[0]), "[]")
		if got == "" {
			got = "none marked"
		}
	}
	if got != want || len(all) > 1 {
		return fmt.Errorf("removed %v", all)
	}
	return nil
}
