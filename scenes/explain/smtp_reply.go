package explain

import "strings"

// smtpReply explains one line of a reply: the first digit of its code, the
// other two, the enhanced code, and the text, which is for people only.
//
// RFC 5321 §4.2.1, RFC 3463.
func (s *speech) smtpReply() Explained {
	line := s.line.Text
	if !isCode(line) {
		return Explained{Sentence: s.t("smtp.reply.unknown"), RFC: "RFC 5321 §4.2"}
	}
	code := line[:3]
	verb, _ := verbOf(s.ctx.Command)
	if verb == "EHLO" && code == "250" {
		return s.ability()
	}
	ex := Explained{
		Sentence: s.replySentence(verb, code),
		Parts:    s.codeParts(code),
		RFC:      "RFC 5321 §4.2.1",
	}
	if len(line) <= 4 {
		return ex
	}
	if code == "334" {
		ex.Parts = append(ex.Parts, s.challenge(4)...)
		if key := proofKey(line[4:]); key != "" {
			ex.Sentence = s.t(key)
		}
		ex.RFC = "RFC 4954 §4"
		return ex
	}
	at := 4
	if end := enhancedEnd(line, at); end > at {
		ex.Parts = append(ex.Parts, s.enhanced(at, end))
		ex.RFC = "RFC 3463 §3"
		for at = end; at < len(line) && line[at] == ' '; at++ {
		}
	}
	if at < len(line) {
		ex.Parts = append(ex.Parts, s.part(at, len(line), Plain, "smtp.text"))
	}
	return ex
}

// isCode tells whether line begins with a reply code of SMTP.
func isCode(line string) bool {
	return len(line) >= 3 && line[0] >= '2' && line[0] <= '5' &&
		line[1] >= '0' && line[1] <= '9' && line[2] >= '0' && line[2] <= '9' &&
		(len(line) == 3 || line[3] == ' ' || line[3] == '-')
}

// replySentence says what the reply means to the one who asked.
func (s *speech) replySentence(verb, code string) string {
	if s.signedInto(verb) {
		verb = "AUTH"
	}
	key := "smtp.reply." + strings.ToLower(verb) + "."
	if verb == "MAIL" && code == "250" && s.submitted() {
		code += ".submitted"
	}
	if code[1] != '5' && verb != "EHLO" { // about the form or the connection, not the letter
		return s.t(s.first(key+code, "smtp.reply."+code, "smtp.class."+code[:1]))
	}
	return s.t(s.first(key+code, key+code[:1], "smtp.reply."+code, "smtp.class."+code[:1]))
}

// signedInto tells whether the last command was the client's answer within
// AUTH, which is no command of its own.
func (s *speech) signedInto(verb string) bool {
	if _, known := smtpSections[verb]; known || verb == "" {
		return false
	}
	_, ok := unbase64(s.ctx.Command)
	return ok
}

// codeParts explains a code: its first digit, then the other two and, in
// full, what the code stands for.
func (s *speech) codeParts(code string) []Part {
	return []Part{
		s.part(0, 1, Code, "smtp.class."+code[:1]+".code"),
		s.part(1, 3, Code, s.first("smtp.code."+code, "smtp.digit."+code[1:2], "smtp.digit.other")),
	}
}
