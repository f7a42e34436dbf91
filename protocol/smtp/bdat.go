package smtp

import (
	"bytes"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// bdat answers BDAT: one chunk of the letter follows at once. Whatever the
// answer, its octets are read, so that no part of a letter is taken for a
// command.
//
// RFC 3030 §2.
func (s *session) bdat(arg string) Reply {
	size, last, err := parseBdat(arg)
	if err != nil {
		s.closing = true // what follows cannot be told from commands
		return reply(501, "5.5.4", "syntax error: want BDAT size [LAST]")
	}
	room := 0
	if s.state == stateRcpt || s.state == stateBdat {
		room = s.maxSize() - len(s.chunks)
	}
	chunk, err := s.c.ReadN(size, room)
	switch {
	case err != nil && err != wire.ErrTooBig:
		return s.lost(err)
	case s.state != stateRcpt && s.state != stateBdat:
		return s.outOfOrder("BDAT")
	case err != nil:
		s.drop()
		return replyTooBig
	}
	if r, ok := s.instead([]byte("BDAT " + arg)); ok {
		s.drop()
		return r
	}
	if s.chunks == nil {
		s.chunks = chunk
	} else {
		s.chunks = append(s.chunks, chunk...)
	}
	s.state = stateBdat
	if !last {
		return reply(250, "2.0.0", strconv.Itoa(size)+" octets received")
	}
	letter := s.chunks
	if hasBare(letter) { // only BINARYMIME would allow it
		s.drop()
		return replyBareInData
	}
	if len(letter) > 0 && letter[len(letter)-1] != '\n' {
		letter = append(letter, "\r\n"...)
	}
	return s.deliver(letter)
}

// hasBare tells whether a CR or LF stands alone in letter.
func hasBare(letter []byte) bool {
	for i := 0; ; {
		n := bytes.IndexByte(letter[i:], '\n')
		line := letter[i:]
		if n >= 0 {
			line = letter[i : i+n]
			if n == 0 || line[n-1] != '\r' {
				return true
			}
			line = line[:n-1]
		}
		if bytes.IndexByte(line, '\r') >= 0 {
			return true
		}
		if n < 0 {
			return false
		}
		i += n + 1
	}
}

// chunking tells whether BDAT may be used.
func (s *session) chunking() bool { return s.srv.Offer.Chunking && s.srv.Offer.EHLO }

// parseBdat reads "1000" or "86 LAST".
func parseBdat(arg string) (size int, last bool, err error) {
	number, word, more := strings.Cut(arg, " ")
	if more && !strings.EqualFold(word, "LAST") {
		return 0, false, &wire.SyntaxError{At: len(number) + 1, Want: "LAST"}
	}
	n, err := strconv.ParseUint(number, 10, 62)
	if err != nil {
		return 0, false, &wire.SyntaxError{At: 0, Want: "a size"}
	}
	return int(n), more, nil
}
