package pop3

import (
	"errors"
	"testing"

	"mailscope/protocol/internal/testcert"
	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// TestClientSecured signs in by each mechanism, after STLS and with TLS from
// the first octet.
func TestClientSecured(t *testing.T) {
	for _, first := range []bool{false, true} {
		offer := everything
		offer.STLS, offer.Auth = true, sasl.Mechanisms()
		srv := newServer(newStore(), offer)
		srv.TLS, srv.TLSFirst, srv.ClearAuth = testcert.Server(), first, false
		addr := listen(t, srv)
		for _, mech := range sasl.Mechanisms() {
			c := NewClient(connect(t, addr), wire.Options{})
			var err error
			if first {
				err = c.Secure(testcert.Client())
			}
			if err = errors.Join(err, c.Greet(t.Context())); err != nil {
				t.Fatal(err)
			}
			if !first {
				if caps, err := c.Capa(); err != nil || caps.Has("USER") || caps.Has("SASL") || !caps.Has("STLS") {
					t.Errorf("in clear: %q, %v", caps, err)
				}
				if err := c.StartTLS(testcert.Client()); err != nil {
					t.Fatal(err)
				}
			}
			caps, err := c.Capa()
			offered, _ := caps.Get("SASL")
			if err != nil || caps.Has("STLS") || !caps.Has("USER") || len(offered) != 5 {
				t.Errorf("under TLS: %q, %v", caps, err)
			}
			refused, ok := errors.AsType[*ReplyError](c.Auth(mech, "anna", "wrong", offered, nil))
			if !ok || refused.Code != "[AUTH]" {
				t.Errorf("%s, wrong password: %v", mech, refused)
			}
			if err := c.Auth(mech, "anna", "secret", offered, nil); err != nil {
				t.Errorf("%s: %v", mech, err)
			}
			if data, err := c.Retr(1); err != nil || string(data) != string(testLetters[0]) {
				t.Errorf("Retr = %q, %v", data, err)
			}
			if err := c.Quit(); err != nil {
				t.Error(err)
			}
		}
	}
}
