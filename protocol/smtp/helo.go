package smtp

import (
	"strconv"
	"strings"
)

// ehlo answers EHLO with what the server offers, and gives up the open
// transaction.
//
// RFC 5321 §4.1.1.1 and §4.1.4.
func (s *session) ehlo(arg string) Reply {
	if r, ok := s.greet(arg, true); !ok {
		return r
	}
	o := s.srv.Offer
	lines := append(make([]string, 0, 12), s.srv.Hostname)
	add := func(yes bool, line string) {
		if yes {
			lines = append(lines, line)
		}
	}
	add(o.Pipelining, "PIPELINING")
	add(o.Size, "SIZE "+strconv.Itoa(s.maxSize()))
	add(o.EightBitMIME, "8BITMIME")
	add(o.SMTPUTF8, "SMTPUTF8")
	add(o.DSN, "DSN")
	add(o.Chunking, "CHUNKING")
	add(s.canStartTLS() && s.c.TLS() == nil, "STARTTLS") // RFC 3207 §4.2: never again
	auth := s.mechanisms()
	add(len(auth) > 0, "AUTH "+strings.Join(auth, " "))
	add(o.EnhancedCodes, "ENHANCEDSTATUSCODES")
	add(o.VRFY, "VRFY")
	add(o.Help, "HELP")
	return Reply{Code: 250, Lines: lines}
}

// helo answers HELO.
//
// RFC 5321 §4.1.1.1.
func (s *session) helo(arg string) Reply {
	if r, ok := s.greet(arg, false); !ok {
		return r
	}
	return reply(250, "", s.srv.Hostname)
}

// greet takes the client's name. What looks like no name is taken too:
// RFC 5321 §4.1.4 forbids refusing a letter for it.
func (s *session) greet(name string, esmtp bool) (Reply, bool) {
	if name = strings.Trim(name, " "); name == "" || strings.ContainsAny(name, " \t") {
		return reply(501, "5.5.4", "want one domain or address"), false
	}
	s.drop()
	s.env.Helo, s.env.ESMTP = name, esmtp
	s.state = stateReady
	s.back.Greeted(name, esmtp)
	return Reply{}, true
}

func (s *session) maxSize() int { return or(s.srv.MaxSize, DefaultMaxSize) }
