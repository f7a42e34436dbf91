package pop3

import (
	"bytes"
	"fmt"
)

// retr answers RETR: a whole letter.
//
// RFC 1939 §5.
//
// Deviates: a letter whose header holds UTF-8 goes as it is to a client that
// did not say UTF8 (RFC 6856 §4 asks for a substitute, or for a refusal). A
// refused letter would block most programs at every fetch.
func (s *session) retr(arg string) reply {
	i, r, found := s.find(arg)
	if !found {
		return r
	}
	letter, r, found := s.letter(i)
	if !found {
		return r
	}
	return reply{ok: true, text: fmt.Sprintf("%d octets", len(letter)), letter: letter, shape: letterLines}
}

// top answers TOP: the header of a letter, the empty line, and the first lines
// of its body.
//
// RFC 1939 §7.
func (s *session) top(arg string) reply {
	n, lines, err := parseTop(arg)
	if err != nil {
		return syntaxReply(err)
	}
	i, r, found := s.at(n)
	if !found {
		return r
	}
	letter, r, found := s.letter(i)
	if !found {
		return r
	}
	return reply{ok: true, text: "top of message follows", letter: cutTop(letter, lines), shape: letterLines}
}

// letter reads the i-th letter, from 0, with each line ended by CR LF. If that
// fails, r is the answer.
func (s *session) letter(i int) (letter []byte, r reply, found bool) {
	letter, err := s.drop.Letter(i)
	if err != nil {
		s.log.Error("read letter", "letter", i, "uid", s.letters[i].UID, "err", err)
		return nil, fail(codeTemporary, "message cannot be read now"), false
	}
	return wholeLines(letter), reply{}, true
}

// wholeLines returns letter with each line ended by CR LF, the last one too. A
// lone CR or LF becomes CR LF: on the wire it would be a line end to some
// clients and none to others. letter itself is not changed.
func wholeLines(letter []byte) []byte {
	if len(letter) == 0 || wellEnded(letter) {
		return letter
	}
	out := make([]byte, 0, len(letter)+len(letter)/32+2)
	for i, c := range letter {
		switch {
		case c == '\n' && i > 0 && letter[i-1] == '\r':
		case c == '\n' || c == '\r':
			out = append(out, '\r', '\n')
		default:
			out = append(out, c)
		}
	}
	if !bytes.HasSuffix(out, crlf) {
		out = append(out, crlf...)
	}
	return out
}

// wellEnded tells whether CR and LF only come in pairs, and last.
func wellEnded(letter []byte) bool {
	pairs := bytes.Count(letter, crlf)
	return bytes.HasSuffix(letter, crlf) && bytes.Count(letter, crlf[:1]) == pairs && bytes.Count(letter, crlf[1:]) == pairs
}

var crlf = []byte("\r\n")

// cutTop returns the header of letter, the empty line after it, and at most
// lines lines of the body.
func cutTop(letter []byte, lines int) []byte {
	end, body := 0, false
	for end < len(letter) {
		if body && lines == 0 {
			break
		}
		size := bytes.Index(letter[end:], crlf) + len(crlf)
		if size < len(crlf) {
			return letter
		}
		if body {
			lines--
		} else {
			body = size == len(crlf)
		}
		end += size
	}
	return letter[:end]
}
