// Package testcert has a certificate for the tests of protocol: made once, for
// mail.test, localhost and 127.0.0.1.
package testcert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

var made = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		DNSNames: []string{"mail.test", "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err == nil {
		c, err = x509.ParseCertificate(der)
	}
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: c}
})

// Server is the configuration of a server that has the certificate.
func Server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{made()}, MinVersion: tls.VersionTLS12, SessionTicketsDisabled: true}
}

// Client is the configuration of a client that believes it.
func Client() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(made().Leaf)
	return &tls.Config{RootCAs: roots, ServerName: "mail.test", MinVersion: tls.VersionTLS12}
}
