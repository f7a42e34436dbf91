package smtp

import (
	"bytes"
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
	if r, ok := unfit(letter); ok {
		return r
	}
	if r, ok := s.instead(letters); ok {
		s.back.Reset()
		return r
	}
	r, err := s.back.Data(s.ctx, env, letter)
	if err != nil {
		return s.decided(err, "take letter")
	}
	if r.Code == 0 {
		return replyOK
	}
	return r
}

// unfit refuses a letter that could not be given out as it is: with a NUL,
// which neither MIME nor IMAP can carry (RFC 2045 §2.8, RFC 3501 §9), or with
// a line over maxText.
func unfit(letter []byte) (Reply, bool) {
	if bytes.IndexByte(letter, 0) >= 0 {
		return replyNULInData, true
	}
	for len(letter) > maxText {
		end := bytes.LastIndexByte(letter[:maxText], '\n')
		if end < 0 {
			return replyLongInData, true
		}
		letter = letter[end+1:]
	}
	return Reply{}, false
}

// maxText is the longest line of a letter, CR LF included: far more than the
// 1000 octets that RFC 5321 §4.5.3.1.6 asks for, and what the tap takes as one.
const maxText = wire.MaxBlock

var (
	replyNULInData  = reply(554, "5.6.0", "NUL in letter, letter refused")
	replyLongInData = reply(554, "5.6.0", "line too long in letter, letter refused")
	replyGoAhead    = reply(354, "", "end data with <CR><LF>.<CR><LF>")
	replyBareInData = reply(554, "5.6.11", "bare CR or LF in letter, letter refused")
)
