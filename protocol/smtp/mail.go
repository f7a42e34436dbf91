package smtp

import "strings"

// mail answers MAIL: a transaction opens.
//
// RFC 5321 §4.1.1.2; SIZE RFC 1870 §6.
func (s *session) mail(arg string) Reply {
	if most := s.srv.MaxTransactions; most > 0 && s.transactions >= most {
		return reply(421, "4.7.0", s.srv.Hostname+" too many letters in one connection")
	}
	text, ok := cutKeyword(arg, "FROM:")
	if !ok {
		return replyMailSyntax
	}
	p, rest, err := parsePath(text)
	if err != nil {
		return mistakeAt("5.1.7", err)
	}
	m := Mail{From: p.Address()}
	if r := readParams(s, rest, mailParams, &m); r.Code != 0 {
		return r
	}
	if !m.UTF8 && !ascii(m.From) {
		return replyNeedsUTF8
	}
	if m.Size > s.maxSize() {
		return replyTooBig
	}
	if err := s.back.Mail(s.ctx, m); err != nil {
		return s.decided(err, "decide on MAIL")
	}
	s.transactions++
	s.env.Mail = m
	s.state = stateMail
	return replySenderOK
}

// cutKeyword takes "FROM:" or "TO:" from the front of an argument.
//
// Deviates: spaces may follow it, as old clients write them; RFC 5321 §3.3
// allows none.
func cutKeyword(arg, word string) (rest string, ok bool) {
	if len(arg) < len(word) || !strings.EqualFold(arg[:len(word)], word) {
		return arg, false
	}
	return strings.TrimLeft(arg[len(word):], " "), true
}

var (
	replyMailSyntax = reply(501, "5.5.4", "want MAIL FROM:<address>")
	replySenderOK   = reply(250, "2.1.0", "sender ok")
	replyNeedsUTF8  = reply(553, "5.6.7", "address needs SMTPUTF8") // RFC 6531 §3.5
	replyTooBig     = reply(552, "5.3.4", "letter too big")
)
