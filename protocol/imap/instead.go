package imap

import (
	"bytes"
	"strings"
)

// instead is the response that the server was told to give to a command,
// without carrying it out. Of a command with literals the first line counts.
func (s *session) instead(command []byte) (r result, ok bool) {
	if s.srv.Instead == nil {
		return result{}, false
	}
	first, _, _ := bytes.Cut(command, []byte("\r\n"))
	line := s.srv.Instead(s.nc, string(first))
	if line == "" {
		return result{}, false
	}
	status, text, _ := strings.Cut(line, " ")
	return result{status: status, text: text}, true
}
