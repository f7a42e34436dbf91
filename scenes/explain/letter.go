package explain

// letter explains a block of a letter's text.
func (s *speech) letter() Explained {
	if s.line.Text == "." {
		return Explained{
			Sentence: s.t("letter.dot"),
			Parts:    []Part{s.part(0, 1, Verb, "letter.dot.part")},
			RFC:      "RFC 5321 §4.1.1.4",
		}
	}
	return Explained{Sentence: s.t("letter.block"), RFC: "RFC 5322 §2.1"}
}
