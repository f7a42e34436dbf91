package explain

import (
	"strings"

	"mailscope/sim/trace"
)

// smtp explains a line of an SMTP dialogue.
func (s *speech) smtp() Explained {
	switch s.line.Role {
	case trace.Reply:
		return s.smtpReply()
	case trace.Data:
		return s.letter()
	}
	return s.smtpCommand()
}

// smtpSections has, for each command, where its standard describes it.
var smtpSections = map[string]string{
	"EHLO": "RFC 5321 §4.1.1.1",
	"HELO": "RFC 5321 §4.1.1.1",
	"MAIL": "RFC 5321 §4.1.1.2",
	"RCPT": "RFC 5321 §4.1.1.3",
	"DATA": "RFC 5321 §4.1.1.4",
	"RSET": "RFC 5321 §4.1.1.5",
	"VRFY": "RFC 5321 §4.1.1.6",
	"HELP": "RFC 5321 §4.1.1.8",
	"NOOP": "RFC 5321 §4.1.1.9",
	"QUIT": "RFC 5321 §4.1.1.10",
}

// smtpCommand explains a command of RFC 5321 or of an extension.
func (s *speech) smtpCommand() Explained {
	text := s.line.Text
	verb, _, _ := strings.Cut(text, " ")
	verb = strings.ToUpper(verb)
	section, ok := smtpSections[verb]
	if !ok {
		return Explained{Sentence: s.t("smtp.unknown")}
	}
	key := "smtp." + strings.ToLower(verb)
	return Explained{
		Sentence: s.t(key),
		Parts:    []Part{s.part(0, len(verb), Verb, key+".verb")},
		RFC:      section,
	}
}
