package pop3

import "crypto/tls"

// stls answers STLS: the handshake follows the reply.
//
// RFC 2595 §4.
func (s *session) stls(string) reply {
	if s.conn.TLS() != nil {
		return mistake("TLS is on already")
	}
	r := ok("ready to start TLS")
	r.secure = true
	return r
}

func (s *Server) hasSTLS() bool { return s.Offer.STLS && s.TLS != nil }

// secure turns to TLS. Of what was said in clear nothing counts any more: it
// was no more than a name.
func (s *session) secure() error {
	if err := s.conn.Flush(); err != nil {
		return err
	}
	s.forgetName()
	return s.conn.StartTLS(tls.Server, s.srv.TLS)
}
