package mailauth

import (
	"bytes"
	"strings"
)

// StripForged removes the fields of a letter that speak in the name of the
// server id, which has not said anything yet: Authentication-Results with its
// authserv-id, or with one that cannot be read, and Received-SPF of its own.
// letter is returned as it is if there are none; removed are their names.
//
// RFC 8601 §5.
func StripForged(letter []byte, id string) (clean []byte, removed []string) {
	list, _ := fields(letter)
	var kept []byte
	at := 0
	for _, f := range list {
		end := at + len(f.raw)
		if forged(f, id) {
			if removed == nil {
				kept = append(make([]byte, 0, len(letter)), letter[:at]...)
			}
			removed = append(removed, f.name())
		} else if removed != nil {
			kept = append(kept, f.raw...)
		}
		at = end
	}
	if removed == nil {
		return letter, nil
	}
	return append(kept, letter[at:]...), removed
}

// FindAuthResults is the topmost Authentication-Results field of the server
// id in a letter; false if there is none that can be read.
func FindAuthResults(letter []byte, id string) (AuthResults, bool) {
	list, _ := fields(letter)
	for _, f := range list {
		if !f.is(AuthResultsName) {
			continue
		}
		if a, err := ParseAuthResults(string(f.body())); err == nil && strings.EqualFold(a.ID, id) {
			return a, true
		}
	}
	return AuthResults{}, false
}

func forged(f field, id string) bool {
	switch {
	case f.is(AuthResultsName):
		p := &resultsParser{s: string(f.body())}
		if !p.cfws() {
			return true
		}
		who, ok := p.value()
		return !ok || strings.EqualFold(strings.TrimSuffix(who, "."), id)
	case f.is("Received-SPF"):
		// RFC 7208 §9.1 has it in the comment, in receiver=, or nowhere.
		return bytes.Contains(bytes.ToLower(f.body()), []byte(strings.ToLower(id)))
	}
	return false
}
