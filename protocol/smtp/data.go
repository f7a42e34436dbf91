package smtp

import (
	"errors"

	"mailscope/protocol/wire"
)

// data answers DATA: the letter comes next.
//
// RFC 5321 §4.1.1.4.
func (s *session) data(arg string) Reply {
	if arg != "" {
		return replyNoArgument
	}
	s.next = (*session).letter
	return replyGoAhead
}

// letter reads the letter up to its dot and answers for it.
func (s *session) letter() Reply {
	letter, err := s.c.ReadDot(s.maxSize())
	switch {
	case errors.Is(err, wire.ErrTooBig):
		s.drop()
		return replyTooBig
	case errors.Is(err, wire.ErrBareNewline): // RFC 5321 §2.3.8: no smuggling
		s.drop()
		return replyBareInData
	case err != nil:
		return s.lost(err)
	}
	return s.deliver(letter)
}

// deliver hands the whole letter to the backend; the transaction is over.
func (s *session) deliver(letter []byte) Reply {
	env := s.env
	s.clear()
	r, err := s.back.Data(s.ctx, env, letter)
	if err != nil {
		return s.decided(err, "take letter")
	}
	if r.Code == 0 {
		return replyOK
	}
	return r
}

var (
	replyGoAhead    = reply(354, "", "end data with <CR><LF>.<CR><LF>")
	replyBareInData = reply(554, "5.6.11", "bare CR or LF in letter, letter refused")
)
