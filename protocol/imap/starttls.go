package imap

import "crypto/tls"

// startTLS answers STARTTLS: the handshake follows the response.
//
// RFC 9051 §6.2.1.
func (s *session) startTLS(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if s.conn.TLS() != nil {
		return bad("TLS is on already")
	}
	s.secure = true
	return ok("begin TLS negotiation now")
}

// handshake turns to TLS. What came in clear behind STARTTLS is not read.
func (s *session) handshake() error {
	s.secure = false
	if err := s.conn.Flush(); err != nil {
		return err
	}
	return s.conn.StartTLS(tls.Server, s.srv.TLS)
}
