package explain

// pop3 explains a line of a POP3 dialogue.
func (s *speech) pop3() Explained {
	return Explained{Sentence: s.t("pop3.line"), RFC: "RFC 1939"}
}
