package smtp

import "strconv"

// What Server.Instead is asked about besides commands.
var (
	greets  = []byte("greeting")
	letters = []byte("letter")
)

// instead is the reply that the server was told to give to a command, without
// carrying it out.
func (s *session) instead(command []byte) (r Reply, ok bool) {
	if s.srv.Instead == nil {
		return Reply{}, false
	}
	line := s.srv.Instead(s.nc, string(command))
	if line == "" {
		return Reply{}, false
	}
	code, _, enhanced, text, err := parseReplyLine(line)
	if err != nil {
		s.srv.log("say "+strconv.Quote(line)+" instead", err)
		return Reply{}, false
	}
	return reply(code, enhanced, text), true
}
