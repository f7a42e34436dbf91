// Package sasl is the ways to sign in that SMTP, POP3 and IMAP share: both
// ends of PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, on
// go-sasl's interfaces.
//
// RFC 4422; how each protocol carries an exchange is its own business:
// RFC 4954, RFC 5034, RFC 9051 §6.2.2.
package sasl

import (
	"crypto/tls"
	"errors"
	"slices"

	"github.com/emersion/go-sasl"
)

// The mechanisms by their registered names.
const (
	Plain     = "PLAIN"              // RFC 4616
	Login     = "LOGIN"              // draft-murchison-sasl-login
	CRAM      = "CRAM-MD5"           // RFC 2195
	SCRAM     = "SCRAM-SHA-256"      // RFC 7677
	SCRAMPlus = "SCRAM-SHA-256-PLUS" // the same, bound to its TLS connection
)

// Mechanisms are all that both ends know, the strongest first.
func Mechanisms() []string { return []string{SCRAMPlus, SCRAM, CRAM, Plain, Login} }

// Known tells whether mech is among Mechanisms.
func Known(mech string) bool { return slices.Contains(Mechanisms(), mech) }

// Errors of both ends.
var (
	// ErrAuth tells that the user or the proof is wrong.
	ErrAuth = errors.New("user or password is wrong")
	// ErrMalformed tells that the other end said what the mechanism has no
	// place for.
	ErrMalformed = errors.New("the response is malformed")
	// ErrMechanism tells that a mechanism is not known, or cannot be had on
	// this connection.
	ErrMechanism = errors.New("mechanism not known")
)

// Secrets is what a server has to know for mechanisms that never send a
// password. A backend that has it can offer them.
type Secrets interface {
	// Secret is the password of user; ok is false if there is no such user.
	Secret(user string) (secret string, ok bool)
}

// Options are a server's side of all mechanisms.
type Options struct {
	// Secrets is nil if the server does not know passwords: then only PLAIN
	// and LOGIN can be had.
	Secrets Secrets
	// Challenge makes what CRAM-MD5 has the client digest: a message id with
	// its angle brackets, which never repeats. nil means a random one.
	Challenge func() string
	// Nonce makes the server's part of SCRAM's nonce; nil means a random one.
	Nonce func() string
	// TLS is what the connection's ends agreed on, nil if it is in clear.
	TLS *tls.ConnectionState
}

// Offered are those of mechs that can be had with these options, in their
// order.
func (o Options) Offered(mechs []string) []string {
	var list []string
	for _, m := range mechs {
		if o.can(m) {
			list = append(list, m)
		}
	}
	return list
}

func (o Options) can(mech string) bool {
	switch mech {
	case Plain, Login:
		return true
	case CRAM, SCRAM:
		return o.Secrets != nil
	case SCRAMPlus:
		return o.Secrets != nil && binds(o.TLS)
	}
	return false
}

// Exchange is one client signing in, seen by the server. When it is done, the
// user and the password are known: as the client sent them, or as they are
// known here and the client proved that it knows them too. Whether they fit is
// for the server to check.
type Exchange struct {
	sasl.Server
	user, password string
	claimed        string // by CRAM or SCRAM, whether it was proved or not
}

// Claimed is who the client of an exchange that failed said that it is, "" if
// it did not come to that.
func (e *Exchange) Claimed() string { return e.claimed }

// Credentials are what a finished exchange came to.
func (e *Exchange) Credentials() (user, password string) { return e.user, e.password }

// NewExchange begins an exchange. offered are the mechanisms that the client
// was told of; the error is ErrMechanism if mech is none of them.
func NewExchange(mech string, offered []string, o Options) (*Exchange, error) {
	if !slices.Contains(offered, mech) || !o.can(mech) {
		return nil, ErrMechanism
	}
	e := &Exchange{}
	switch mech {
	case Plain:
		e.Server = e.plain()
	case Login:
		e.Server = &loginServer{Exchange: e}
	case CRAM:
		e.Server = newCRAM(e, o)
	default:
		return e, e.scram(mech, slices.Contains(offered, SCRAMPlus), o)
	}
	return e, nil
}

// plain is the server's side of PLAIN.
func (e *Exchange) plain() sasl.Server {
	return plainServer{sasl.NewPlainServer(func(identity, user, password string) error {
		if identity != "" && identity != user {
			return ErrAuth // nobody may act for another
		}
		e.user, e.password = user, password
		return nil
	})}
}

// plainServer tells bad syntax from a refusal.
type plainServer struct{ sasl.Server }

func (s plainServer) Next(response []byte) (challenge []byte, done bool, err error) {
	challenge, done, err = s.Server.Next(response)
	if err != nil && !errors.Is(err, ErrAuth) {
		err = ErrMalformed
	}
	return challenge, done, err
}

// loginServer is the server's side of LOGIN, which the library has for
// clients only.
//
// draft-murchison-sasl-login.
type loginServer struct {
	*Exchange
	asked int
}

// Next asks for the name, then for the password. A first response is the name.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && l.asked == 0:
		return []byte("Username:"), false, nil
	case l.asked == 0:
		l.asked, l.user = 1, string(response)
		return []byte("Password:"), false, nil
	case l.asked == 1:
		l.asked, l.password = 2, string(response)
		return nil, true, nil
	}
	return nil, false, ErrMalformed
}

// Identity is who signs in, and over what.
type Identity struct {
	User, Password string
	TLS            *tls.ConnectionState // of the connection, nil if it is in clear
	Offered        []string             // what the server offers; nil if that is not known
	// Nonce makes the client's part of SCRAM's nonce; nil means a random one.
	Nonce func() string
}

// Client gives the client's side of a mechanism.
func Client(mech string, id Identity) (sasl.Client, error) {
	switch mech {
	case Plain:
		return sasl.NewPlainClient("", id.User, id.Password), nil
	case Login:
		return sasl.NewLoginClient(id.User, id.Password), nil
	case CRAM:
		return &cramClient{id.User, id.Password}, nil
	case SCRAM, SCRAMPlus:
		return newSCRAMClient(mech, id)
	}
	return nil, ErrMechanism
}

// Strongest picks the mechanism that tells an eavesdropper and a false server
// least, of those that the server offers; "" if none is known here. PLUS is
// only taken on a connection that it can be bound to.
func Strongest(offered []string, state *tls.ConnectionState) string {
	for _, m := range Mechanisms() {
		if slices.Contains(offered, m) && (m != SCRAMPlus || binds(state)) {
			return m
		}
	}
	return ""
}
