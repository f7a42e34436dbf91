package sasl

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"
)

// iterations is how often SCRAM hashes a password: RFC 7677 §4 wants at least
// 4096.
const iterations = 4096

// binds tells whether PLUS can be had on a connection.
func binds(state *tls.ConnectionState) bool { return len(bindings(state)) > 0 }

// bindings are what names a connection, the preferred one first: of TLS 1.3
// tls-exporter; before it tls-unique, and tls-exporter only with an extended
// master secret, without which Go refuses it.
//
// RFC 9266 §3 and §4.2; RFC 5929 §3.
func bindings(state *tls.ConnectionState) (list []scram.ChannelBinding) {
	if state == nil || !state.HandshakeComplete {
		return nil
	}
	if len(state.TLSUnique) > 0 {
		list = append(list, scram.NewTLSUniqueBinding(state.TLSUnique))
	}
	if b, err := scram.NewTLSExporterBinding(state); err == nil {
		list = append(list, b)
	}
	return list
}

// stored are the keys made of passwords, which take a moment to make. A key is
// the password itself: what is kept here is no more secret than that.
var stored = struct {
	sync.Mutex
	keys map[string]scram.StoredCredentials
}{keys: map[string]scram.StoredCredentials{}}

const maxStored = 10_000

// credentials makes the keys of a password. An account's salt is always the
// same, so that a recorded lesson repeats. keep is false for a user that does
// not exist.
func credentials(user, password string, keep bool) (scram.StoredCredentials, error) {
	id := user + "\x00" + password
	stored.Lock()
	defer stored.Unlock()
	if c, ok := stored.keys[id]; ok {
		return c, nil
	}
	client, err := scram.SHA256.NewClient(user, password, "")
	if err != nil {
		return scram.StoredCredentials{}, err
	}
	salt := sha256.Sum256([]byte("salt\x00" + user))
	c, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt[:16]), Iters: iterations})
	if err == nil && keep && len(stored.keys) < maxStored {
		stored.keys[id] = c
	}
	return c, err
}

// scram makes e the server's side of SCRAM-SHA-256.
//
// RFC 5802, RFC 7677.
func (e *Exchange) scram(mech string, plus bool, o Options) error {
	s := &scramServer{Exchange: e, mech: mech, plus: plus && binds(o.TLS), bindings: bindings(o.TLS)}
	srv, err := scram.SHA256.NewServer(func(user string) (scram.StoredCredentials, error) {
		if s.secret, s.known = o.Secrets.Secret(user); !s.known {
			s.secret = unknown // nobody learns who has a mailbox here
		}
		return credentials(user, s.secret, s.known)
	})
	if err != nil {
		return err
	}
	if o.Nonce != nil {
		srv = srv.WithNonceGenerator(o.Nonce)
	}
	s.srv, e.Server = srv, s
	return nil
}

// unknown is the password of users that do not exist, which nobody can say:
// it is made anew in each run.
var unknown = rand.Text()

type scramServer struct {
	*Exchange
	srv      *scram.Server
	mech     string
	plus     bool // was offered: a client that missed it is told of somebody in the middle
	bindings []scram.ChannelBinding

	conv   *scram.ServerConversation // nil before the first message
	known  bool                      // the user exists
	secret string
	proved bool // the client has; what is left to say is nothing
}

// Next takes the client's messages: SCRAM begins with one, and after the
// server's proof comes an empty one, as in all three protocols.
func (s *scramServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && s.conv == nil:
		return []byte{}, false, nil
	case s.proved && len(response) > 0:
		return nil, false, ErrMalformed
	case s.proved:
		s.user, s.password = s.conv.Username(), s.secret
		return nil, true, nil
	}
	if s.conv == nil {
		s.conv = s.begin(string(response))
	}
	answer, err := s.conv.Step(string(response))
	s.claimed = s.conv.Username()
	identity := s.conv.AuthzID()
	switch {
	case answer == scram.ErrInvalidProof, answer == scram.ErrUnknownUser, identity != "" && identity != s.conv.Username():
		return nil, false, ErrAuth
	case err != nil:
		return nil, false, fmt.Errorf("%w: %w", ErrMalformed, err)
	case s.conv.Done() && !(s.conv.Valid() && s.known):
		return nil, false, ErrAuth
	}
	s.proved = s.conv.Done()
	return []byte(answer), false, nil
}

// begin opens the conversation that the client's first message asks for: it
// says to what it binds itself.
//
// RFC 5802 §6.
func (s *scramServer) begin(first string) *scram.ServerConversation {
	if !s.plus {
		return s.srv.NewConversation()
	}
	binding := s.bindings[0]
	for _, b := range s.bindings {
		if strings.HasPrefix(first, "p="+string(b.Type)+",") {
			binding = b
		}
	}
	if s.mech == SCRAMPlus {
		return s.srv.NewConversationWithChannelBindingRequired(binding)
	}
	return s.srv.NewConversationWithChannelBinding(binding)
}

// scramClient is the client's side.
type scramClient struct {
	mech string
	conv *scram.ClientConversation
}

func newSCRAMClient(mech string, id Identity) (sasl.Client, error) {
	client, err := scram.SHA256.NewClient(id.User, id.Password, "")
	if err != nil {
		return nil, err
	}
	if id.Nonce != nil {
		client = client.WithNonceGenerator(id.Nonce)
	}
	list := bindings(id.TLS)
	switch {
	case mech == SCRAMPlus && len(list) == 0:
		return nil, ErrMechanism
	case mech == SCRAMPlus:
		return &scramClient{mech, client.NewConversationWithChannelBinding(list[0])}, nil
	case len(list) > 0 && id.Offered != nil && !slices.Contains(id.Offered, SCRAMPlus):
		return &scramClient{mech, client.NewConversationAdvertisingChannelBinding()}, nil // RFC 5802 §6: "y"
	}
	return &scramClient{mech, client.NewConversation()}, nil
}

func (c *scramClient) Start() (mech string, initial []byte, err error) {
	first, err := c.conv.Step("")
	return c.mech, []byte(first), err
}

// errFalse tells that the server did not prove that it knows the password.
var errFalse = errors.New("the server could not prove that it knows the password")

func (c *scramClient) Next(challenge []byte) ([]byte, error) {
	if c.conv.Done() {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	response, err := c.conv.Step(string(challenge))
	switch {
	case err != nil:
		return nil, err
	case c.conv.Done() && !c.conv.Valid():
		return nil, errFalse
	}
	return []byte(response), nil
}

// Finished tells whether the exchange came to its end: a server that says yes
// before it proved itself is not to be believed.
func (c *scramClient) Finished() bool { return c.conv.Done() && c.conv.Valid() }

// Finished tells whether a server's yes can be believed: a mechanism by which
// the server proves itself has to have come to its end.
func Finished(c sasl.Client) error {
	if m, ok := c.(interface{ Finished() bool }); ok && !m.Finished() {
		return errFalse
	}
	return nil
}
