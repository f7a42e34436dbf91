package explain

// smtpReply explains a reply by its code.
func (s *speech) smtpReply() Explained {
	text := s.line.Text
	if len(text) < 3 || text[0] < '2' || text[0] > '5' {
		return Explained{Sentence: s.t("smtp.reply.unknown")}
	}
	key := "smtp.class." + text[:1]
	return Explained{
		Sentence: s.t(key),
		Parts:    []Part{s.part(0, 3, Code, key+".code")},
		RFC:      "RFC 5321 §4.2.1",
	}
}
