package smtp

import "mailscope/protocol/wire"

// rcpt answers RCPT: one more recipient for the open transaction.
//
// RFC 5321 §4.1.1.3; limit §4.5.3.1.10; enhanced codes RFC 3463 §3.
func (s *session) rcpt(arg string) Reply {
	text, ok := cutKeyword(arg, "TO:")
	if !ok {
		return replyRcptSyntax
	}
	p, rest, err := parsePath(text)
	if err == nil && p == (Path{}) {
		err = &wire.SyntaxError{At: 1, Want: "a mailbox"}
	}
	if err != nil {
		return mistakeAt("5.1.3", err)
	}
	r := Rcpt{To: p.Address()}
	if bad := readParams(s, rest, rcptParams, &r); bad.Code != 0 {
		return bad
	}
	if !s.env.Mail.UTF8 && !ascii(r.To) {
		return replyNeedsUTF8
	}
	if len(s.env.Rcpts) >= or(s.srv.MaxRcpts, DefaultMaxRcpts) {
		return replyTooManyRcpts
	}
	if err := s.back.Rcpt(s.ctx, r); err != nil {
		return s.decided(err, "decide on RCPT")
	}
	s.env.Rcpts = append(s.env.Rcpts, r)
	s.state = stateRcpt
	return replyRcptOK
}

var (
	replyRcptSyntax   = reply(501, "5.5.4", "want RCPT TO:<address>")
	replyTooManyRcpts = reply(452, "4.5.3", "too many recipients")
	replyRcptOK       = reply(250, "2.1.5", "recipient ok")
)
