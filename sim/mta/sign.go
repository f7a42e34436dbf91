package mta

import (
	"slices"

	"mailscope/protocol/mailauth"
)

// sign makes the signature of a letter that a user of this server sends, or
// the server itself: in the name of the domain that its From field names, if
// the server has that domain's key. A letter without a signature is no worse
// than one from elsewhere, so a failure is no refusal.
func (s *Server) sign(parts ...[]byte) []byte {
	signers := s.settings().Signers
	if len(signers) == 0 {
		return nil
	}
	letter := slices.Concat(parts...)
	for _, by := range signers {
		if !mailauth.From(letter, by.Domain) {
			continue
		}
		field, err := by.Sign(letter, s.net.Clock.Date())
		if err != nil {
			s.log.Error("sign letter", "domain", by.Domain, "err", err)
			continue
		}
		return []byte(field)
	}
	return nil
}
