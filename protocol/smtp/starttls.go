package smtp

import (
	"crypto/tls"
)

// starttls answers STARTTLS: the handshake follows the reply. The session
// begins anew then: nothing that was said in clear counts.
//
// RFC 3207 §4, §4.2.
func (s *session) starttls(arg string) Reply {
	switch {
	case arg != "":
		return replyNoArgument
	case s.c.TLS() != nil:
		return reply(503, "5.5.1", "TLS is on already")
	case s.env.User != "":
		return reply(503, "5.5.1", "too late after a login")
	}
	s.next = (*session).handshake
	return reply(220, "2.0.0", "ready to start TLS")
}

// handshake turns to TLS. If that fails there is nobody to say so to.
func (s *session) handshake() Reply {
	if err := s.c.StartTLS(tls.Server, s.srv.TLS); err != nil {
		s.srv.note("TLS", err)
		s.closing = true
		return Reply{}
	}
	s.drop()
	s.state, s.env = stateNew, Envelope{TLS: s.c.TLS()}
	return Reply{}
}

// canStartTLS tells whether STARTTLS is known to this server.
func (s *session) canStartTLS() bool { return s.srv.TLS != nil && s.srv.Offer.StartTLS }
