package smtp

import "strings"

// rset answers RSET: the transaction is given up.
//
// RFC 5321 §4.1.1.5.
func (s *session) rset(arg string) Reply {
	if arg != "" {
		return replyNoArgument
	}
	s.drop()
	return replyOK
}

// noop answers NOOP, whatever its argument.
//
// RFC 5321 §4.1.1.9.
func (s *session) noop(string) Reply { return replyOK }

// vrfy answers VRFY as the backend decides; 252 tells nothing.
//
// RFC 5321 §4.1.1.6 and §7.3.
func (s *session) vrfy(arg string) Reply {
	if arg == "" {
		return reply(501, "5.5.4", "want a name or address")
	}
	if r := s.back.Verify(s.ctx, arg); r.Code != 0 {
		return r
	}
	return reply(252, "2.5.0", "cannot verify, but will take letters and try to deliver")
}

// help answers HELP.
//
// RFC 5321 §4.1.1.8.
func (s *session) help(string) Reply {
	words := []string{"HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT"}
	for _, verb := range []string{"EHLO", "STARTTLS", "AUTH", "BDAT", "VRFY", "HELP"} {
		if commands[verb].offered(s) {
			words = append(words, verb)
		}
	}
	return reply(214, "2.0.0", "commands: "+strings.Join(words, " "))
}

// quit answers QUIT, and the connection ends.
//
// RFC 5321 §4.1.1.10.
func (s *session) quit(arg string) Reply {
	if arg != "" {
		return replyNoArgument
	}
	s.closing = true
	return reply(221, "2.0.0", s.srv.Hostname+" closing connection")
}
