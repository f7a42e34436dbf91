// Package pki is the certificate authority of one run: made in memory, good
// for the simulated hosts and this machine's loopback and for nothing else.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"sync"
	"time"
)

// Flaw is what is wrong with a certificate, on purpose.
type Flaw string

// The flaws of certificates.
const (
	Good       Flaw = "good"
	Expired    Flaw = "expired"
	WrongName  Flaw = "wrong_name"
	SelfSigned Flaw = "self_signed"
)

// Flaws lists them.
func Flaws() []Flaw { return []Flaw{Good, Expired, WrongName, SelfSigned} }

// otherName is what a certificate of a wrong name is for.
const otherName = "www.other.example"

// How long certificates are good for, seen from the start.
const (
	before = 24 * time.Hour
	after  = 397 * 24 * time.Hour // as long as programs of today believe one
	late   = 30 * 24 * time.Hour  // since an expired one has
)

// Authority makes certificates when they are first asked for. Its methods may
// be called from many goroutines.
type Authority struct {
	domains []string
	now     func() time.Time
	start   time.Time
	own     func() (pair, error)

	mu    sync.Mutex
	made  map[kind]pair
	shown map[string]*x509.Certificate // by host name: the last one
	log   io.Writer                    // of keys
}

// kind is which of a host's certificates one is.
type kind struct {
	host string
	flaw Flaw
}

// pair is a certificate and its key.
type pair struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// New is an authority for hosts of some domains. now is the time that
// certificates go by.
func New(domains []string, now func() time.Time) *Authority {
	a := &Authority{domains: domains, now: now, start: now().UTC().Truncate(time.Hour), made: map[kind]pair{}, shown: map[string]*x509.Certificate{}}
	a.own = sync.OnceValues(a.root)
	return a
}

// root makes the authority's own certificate. Whoever installs it trusts it
// for no name but those of the simulation and of this machine.
//
// RFC 5280 §4.2.1.10.
func (a *Authority) root() (pair, error) {
	return a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "mailscope, this run only"}, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage:                    x509.KeyUsageCertSign,
		NotBefore:                   a.start.Add(-late - after),
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         append([]string{"localhost", otherName}, a.domains...),
		PermittedIPRanges:           []*net.IPNet{{IP: net.IPv4(127, 0, 0, 1).To4(), Mask: net.CIDRMask(32, 32)}},
	}, nil)
}

// sign makes a key and a certificate of it, signed by an issuer; nil signs
// itself.
func (a *Authority) sign(c *x509.Certificate, issuer *pair) (pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, err
	}
	if c.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return pair{}, err
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = a.start.Add(after)
	}
	if issuer == nil {
		issuer = &pair{c, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer.cert, key.Public(), issuer.key)
	if err != nil {
		return pair{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return pair{cert, key}, err
}

// host is a certificate of a host, made if there is none, and about to be
// shown.
func (a *Authority) host(name string, flaw Flaw) (pair, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p, ok := a.made[kind{name, flaw}]; ok {
		a.shown[name] = p.cert
		return p, nil
	}
	root, err := a.own()
	if err != nil {
		return pair{}, err
	}
	issuer := &root
	c := &x509.Certificate{Subject: pkix.Name{CommonName: name}, DNSNames: []string{name, "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, NotBefore: a.start.Add(-before)}
	switch flaw {
	case Expired:
		c.NotBefore, c.NotAfter = a.start.Add(-late-after), a.start.Add(-late)
	case WrongName:
		c.Subject.CommonName, c.DNSNames, c.IPAddresses = otherName, []string{otherName}, nil
	case SelfSigned:
		issuer = nil
	}
	p, err := a.sign(c, issuer)
	if err == nil {
		a.made[kind{name, flaw}], a.shown[name] = p, p.cert
	}
	return p, err
}

// Server is the configuration of a host that has a certificate.
func (a *Authority) Server(host string, flaw Flaw) *tls.Config {
	return a.ServerBy(host, func() Flaw { return flaw })
}

// ServerBy is Server for a host that may show one certificate now and another
// one later.
func (a *Authority) ServerBy(host string, flaw func() Flaw) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, // RFC 8997
		Time:       a.now,
		// Without tickets each session is whole, and says nothing that another
		// one did not.
		SessionTicketsDisabled: true,
		KeyLogWriter:           keyLog{a},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			p, err := a.host(host, flaw())
			if err != nil {
				return nil, err
			}
			return &tls.Certificate{Certificate: [][]byte{p.cert.Raw}, PrivateKey: p.key, Leaf: p.cert}, nil
		},
	}
}

// Client is the configuration of a client that wants to speak to a host and to
// nobody else.
func (a *Authority) Client(host string) (*tls.Config, error) {
	root, err := a.own()
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	return &tls.Config{MinVersion: tls.VersionTLS12, Time: a.now, RootCAs: pool, ServerName: host}, nil
}

// Verify tells what is wrong with the certificates that a host showed.
func (a *Authority) Verify(host string, shown []*x509.Certificate) error {
	if len(shown) == 0 {
		return errors.New("no certificate")
	}
	config, err := a.Client(host)
	if err != nil {
		return err
	}
	_, err = shown[0].Verify(x509.VerifyOptions{Roots: config.RootCAs, DNSName: host, CurrentTime: a.now()})
	return err
}

// Certificate is what a host showed last, nil before it first did.
func (a *Authority) Certificate(host string) *x509.Certificate {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.shown[host]
}

// PEM is the authority's own certificate, for programs that shall trust it.
func (a *Authority) PEM() ([]byte, error) {
	root, err := a.own()
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.cert.Raw}), nil
}

// LogKeys has the secrets of every session from now on written to w, in the
// form that programs which show captures read (NSS key log).
func (a *Authority) LogKeys(w io.Writer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = w
}

type keyLog struct{ a *Authority }

// Write passes a whole line on. That it cannot be written is no reason to end
// a session.
func (k keyLog) Write(line []byte) (int, error) {
	k.a.mu.Lock()
	defer k.a.mu.Unlock()
	if k.a.log != nil {
		k.a.log.Write(line)
	}
	return len(line), nil
}

// Why says in few words what is wrong with a certificate, given the error of
// checking it; ok is false if err is about something else.
func Why(err error) (why string, ok bool) {
	if name, found := errors.AsType[x509.HostnameError](err); found {
		return fmt.Sprintf("the certificate is for %s", list(name.Certificate.DNSNames)), true
	}
	if _, found := errors.AsType[x509.UnknownAuthorityError](err); found {
		return "the certificate is signed by nobody whom we trust", true
	}
	if bad, found := errors.AsType[x509.CertificateInvalidError](err); found {
		if bad.Reason == x509.Expired {
			return "the certificate is not valid at this time", true
		}
		return bad.Error(), true
	}
	return "", false
}

// list names names, without those of every host.
func list(names []string) string {
	text := ""
	for _, n := range slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "localhost" }) {
		if text != "" {
			text += ", "
		}
		text += n
	}
	return text
}
