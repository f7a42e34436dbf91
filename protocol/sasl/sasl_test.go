package sasl

import (
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"

	"mailscope/protocol/internal/testcert"
)

type secrets map[string]string

func (s secrets) Secret(user string) (string, bool) { p, ok := s[user]; return p, ok }

var known = secrets{"anna": "secret", "сергей@x.test": "востокЁ", "two words": "p"}

// tied is both ends of a TLS connection.
func tied(t *testing.T, version uint16) (client, server *tls.ConnectionState) {
	t.Helper()
	near, far := net.Pipe()
	config := testcert.Client()
	config.MinVersion, config.MaxVersion = version, version
	c, s := tls.Client(near, config), tls.Server(far, testcert.Server())
	done := make(chan error)
	go func() { done <- s.Handshake() }()
	if err := errors.Join(c.Handshake(), <-done); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	cs, ss := c.ConnectionState(), s.ConnectionState()
	return &cs, &ss
}

// talk holds an exchange to its end, as each protocol does. early says that
// the first response comes with the command.
func talk(c sasl.Client, s sasl.Server, early bool) error {
	_, response, err := c.Start()
	if err != nil {
		return err
	}
	first := response
	if !early {
		response = nil
	}
	for range 10 {
		challenge, done, err := s.Next(response)
		if err != nil {
			return err
		}
		if done {
			return Finished(c)
		}
		if response == nil && first != nil && !early {
			response, first = first, nil
			continue
		}
		if response, err = c.Next(challenge); err != nil {
			return err
		}
		if response == nil {
			response = []byte{}
		}
	}
	return errors.New("no end")
}

func TestMechanisms(t *testing.T) {
	client12, server12 := tied(t, tls.VersionTLS12)
	client13, server13 := tied(t, tls.VersionTLS13)
	_, other := tied(t, tls.VersionTLS13)
	for _, tt := range []struct {
		name           string
		client, server *tls.ConnectionState
		want           []string
	}{
		{"clear", nil, nil, []string{SCRAM, CRAM, Plain, Login}},
		{"TLS 1.2", client12, server12, Mechanisms()},
		{"TLS 1.3", client13, server13, Mechanisms()},
	} {
		o := Options{Secrets: known, TLS: tt.server}
		offered := o.Offered(Mechanisms())
		if !slices.Equal(offered, tt.want) || Strongest(offered, tt.client) != tt.want[0] {
			t.Errorf("%s: offered %q", tt.name, offered)
		}
		for _, mech := range offered {
			for user, password := range known {
				for _, early := range []bool{false, true} {
					e, err := NewExchange(mech, offered, o)
					if err != nil {
						t.Fatal(err)
					}
					c, err := Client(mech, Identity{User: user, Password: password, TLS: tt.client, Offered: offered})
					if err != nil {
						t.Fatal(err)
					}
					if err := talk(c, e, early && mech != CRAM); err != nil {
						t.Errorf("%s, %s, %s: %v", tt.name, mech, user, err)
					}
					gotUser, gotPassword := e.Credentials()
					if gotUser != user || gotPassword != password {
						t.Errorf("%s, %s: came to %q, %q", tt.name, mech, gotUser, gotPassword)
					}
				}
			}
			for user, password := range map[string]string{"anna": "wrong", "nobody": "secret", "": ""} {
				e, _ := NewExchange(mech, offered, o)
				c, _ := Client(mech, Identity{User: user, Password: password, TLS: tt.client})
				err := talk(c, e, false)
				if mech == Plain || mech == Login { // the server checks
					continue
				}
				if !errors.Is(err, ErrAuth) {
					t.Errorf("%s, %s, %q: %v", tt.name, mech, user, err)
				}
				if u, p := e.Credentials(); u+p != "" {
					t.Errorf("%s, %s: came to %q, %q", tt.name, mech, u, p)
				}
			}
		}
	}
	// Somebody in the middle has two connections, whose names differ.
	e, _ := NewExchange(SCRAMPlus, Mechanisms(), Options{Secrets: known, TLS: other})
	c, _ := Client(SCRAMPlus, Identity{User: "anna", Password: "secret", TLS: client13})
	if err := talk(c, e, true); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "channel") {
		t.Errorf("bound to another connection: %v", err)
	}
	// And may take PLUS off the list, which the client's "y" tells of.
	e, _ = NewExchange(SCRAM, Mechanisms(), Options{Secrets: known, TLS: server13})
	c, _ = Client(SCRAM, Identity{User: "anna", Password: "secret", TLS: client13, Offered: []string{SCRAM, Plain}})
	if err := talk(c, e, true); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "downgrade") {
		t.Errorf("PLUS was taken off the list: %v", err)
	}
}

// TestExporterBefore13: a client of TLS 1.2 may bind itself either way.
func TestExporterBefore13(t *testing.T) {
	client, server := tied(t, tls.VersionTLS12)
	e, _ := NewExchange(SCRAMPlus, Mechanisms(), Options{Secrets: known, TLS: server})
	maker, err := scram.SHA256.NewClient("anna", "secret", "")
	if err != nil {
		t.Fatal(err)
	}
	binding, err := scram.NewTLSExporterBinding(client)
	if err != nil {
		t.Fatal(err)
	}
	if err := talk(&scramClient{SCRAMPlus, maker.NewConversationWithChannelBinding(binding)}, e, true); err != nil {
		t.Error(err)
	}
}

// TestCRAMExample is the one of RFC 2195 §2.
func TestCRAMExample(t *testing.T) {
	o := Options{Secrets: secrets{"tim": "tanstaaftanstaaf"}, Challenge: func() string { return "<1896.697170952@postoffice.reston.mci.net>" }}
	e, err := NewExchange(CRAM, Mechanisms(), o)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := Client(CRAM, Identity{User: "tim", Password: "tanstaaftanstaaf"})
	challenge, _, _ := e.Next(nil)
	response, _ := c.Next(challenge)
	if string(response) != "tim b913a602c7eda7a495b4e6e7334d3890" {
		t.Errorf("digest %s", response)
	}
	if _, done, err := e.Next(response); !done || err != nil {
		t.Errorf("%v, %v", done, err)
	}
}

func TestRefusedExchanges(t *testing.T) {
	o := Options{Secrets: known}
	if _, err := NewExchange(Plain, []string{SCRAM}, o); err != ErrMechanism {
		t.Errorf("not offered: %v", err)
	}
	if _, err := NewExchange("GSSAPI", []string{"GSSAPI"}, o); err != ErrMechanism {
		t.Errorf("not known: %v", err)
	}
	if _, err := NewExchange(CRAM, []string{CRAM}, Options{}); err != ErrMechanism {
		t.Errorf("without secrets: %v", err)
	}
	if _, err := Client(SCRAMPlus, Identity{User: "anna", Password: "x"}); err != ErrMechanism {
		t.Errorf("PLUS in clear: %v", err)
	}
	for mech, tries := range map[string][]string{
		Plain: {"", "anna", "anna\x00secret"},
		CRAM:  {"", "anna"},
		SCRAM: {"", "anna", "n,,n=anna", "p=tls-unique,,n=anna,r=x", "n,a=boris,n=anna,r=x", "n,,n=an=na,r=x"},
	} {
		for _, try := range tries {
			e, err := NewExchange(mech, []string{mech}, o)
			if err != nil {
				t.Fatal(err)
			}
			if mech == CRAM {
				e.Next(nil)
			}
			if _, done, err := e.Next([]byte(try)); done || !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrAuth) {
				t.Errorf("%s, %q: %v, %v", mech, try, done, err)
			}
		}
	}
	e, _ := NewExchange(Plain, []string{Plain}, o)
	if _, _, err := e.Next([]byte("boris\x00anna\x00secret")); !errors.Is(err, ErrAuth) {
		t.Errorf("acts for another: %v", err)
	}
}

// A server that says yes without a proof of its own is not believed.
func TestFalseServer(t *testing.T) {
	c, _ := Client(SCRAM, Identity{User: "anna", Password: "secret"})
	if err := Finished(c); err == nil {
		t.Error("believed at once")
	}
	_, first, _ := c.Start()
	e, _ := NewExchange(SCRAM, []string{SCRAM}, Options{Secrets: secrets{"anna": "other"}})
	challenge, _, err := e.Next(first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next(challenge); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next([]byte("v=AAAA")); err == nil || Finished(c) == nil {
		t.Error("believed a wrong proof")
	}
}

// FuzzExchange answers a server anything: it never lets a client in that did
// not prove itself.
func FuzzExchange(f *testing.F) {
	f.Add(SCRAM, "n,,n=anna,r=x", "c=biws,r=x,p=AAAA")
	f.Add(CRAM, "anna 00", "")
	f.Fuzz(func(t *testing.T, mech, one, two string) {
		e, err := NewExchange(mech, []string{SCRAM, CRAM}, Options{Secrets: known, Challenge: func() string { return "<1@x>" }, Nonce: func() string { return "n" }})
		if err != nil {
			return
		}
		for _, response := range [][]byte{nil, []byte(one), []byte(two), {}} {
			_, done, err := e.Next(response)
			if u, p := e.Credentials(); (done || u+p != "") && !slices.Contains([]string{one, two}, "anna "+cramDigest("<1@x>", "secret")) {
				t.Errorf("let in by %q, %q", one, two)
			}
			if err != nil || done {
				return
			}
		}
	})
}
