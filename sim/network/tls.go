package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"mailscope/protocol/wire"
	"mailscope/sim/fault"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// Certificates knows what servers show, and checks it.
type Certificates interface {
	// Verify tells what is wrong with the certificates that a host showed.
	Verify(host string, shown []*x509.Certificate) error
	// Certificate is what a host shows, nil if that is not known.
	Certificate(host string) *x509.Certificate
}

// maxSeen is how many records of one handshake are recorded.
const maxSeen = 50

// record takes in a TLS record as an eavesdropper sees it: those of the
// handshake, for the rest follows from what is said.
func (c *Conn) record(r wire.Record) {
	if c.over || len(c.seen) == maxSeen {
		return
	}
	rec := trace.Record{Server: r.Sent != c.client, Type: r.Type.String(), Version: tls.VersionName(r.Version)}
	repeats := r.Type == wire.ChangeCipherSpec || r.Type == wire.Alert
	for _, m := range r.Messages {
		rec.Messages = append(rec.Messages, m.Type)
		repeats = m.Type == "client_hello" || m.Type == "server_hello"
	}
	if repeats { // signatures differ in length
		rec.Bytes = r.Bytes
	}
	c.seen = append(c.seen, rec)
}

// secured records how a handshake ended, and charges its time: there and back,
// and once more before the server may speak first.
func (c *Conn) secured(h wire.Handshake) {
	s := c.session()
	b := &trace.TLS{Mode: "starttls", ServerName: h.State.ServerName, Discarded: h.Discarded, Seen: c.seen}
	c.seen, c.over = nil, true
	link, slow := s.cost()
	s.n.spend(nil, 2*link.Latency+work, slow)
	if Secure(s.port) {
		b.Mode = "tls"
		s.n.spend(nil, link.Latency, slow)
	}
	shown := h.State.PeerCertificates
	if wrong, ok := errors.AsType[*tls.CertificateVerificationError](h.Err); ok {
		shown = wrong.UnverifiedCertificates
	}
	if h.Err == nil {
		b.Version, b.Cipher = tls.VersionName(h.State.Version), tls.CipherSuiteName(h.State.CipherSuite)
	} else {
		b.Reason = reason(h.Err)
	}
	if certs := s.n.Certificates; certs != nil {
		switch {
		case !c.client: // what the client made of it only the client knows
			if own := certs.Certificate(s.server); own != nil && (h.Err == nil || b.Reason == distrusted) {
				shown = []*x509.Certificate{own}
			}
		case h.Err == nil:
			err := certs.Verify(s.server, shown)
			if b.Verified = err == nil; err != nil {
				b.Reason = reason(err)
			}
		}
	}
	if len(shown) > 0 {
		show(b, shown[0])
	}
	s.mu.Lock()
	letter := s.letter
	s.turn = s.server
	s.mu.Unlock()
	if f, ok := s.n.Faults.Find(fault.Certificate, func(f *fault.Fault) bool { return f.Host == s.server }); ok && len(shown) > 0 {
		s.strikes(&f, s.server, s.client, "")
	}
	s.n.Record(trace.Event{From: s.client, To: s.server, Conn: s.id, Proto: s.proto, Letter: letter, Body: b})
}

// show takes in what a certificate says of itself.
func show(b *trace.TLS, cert *x509.Certificate) {
	b.Subject, b.Issuer = cert.Subject.CommonName, cert.Issuer.CommonName
	b.NotBefore, b.NotAfter = cert.NotBefore.UTC(), cert.NotAfter.UTC()
}

// reason says in few words why a certificate is not good, or why a handshake
// failed.
func reason(err error) string {
	if why, ok := pki.Why(err); ok {
		return why
	}
	text := err.Error()
	if _, alert, ok := strings.Cut(text, "remote error: tls: "); ok && strings.Contains(alert, "certificate") {
		return distrusted
	}
	return text
}

// distrusted is what a server learns of a client that refuses its certificate.
const distrusted = "the client does not believe the certificate"
