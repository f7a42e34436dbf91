package letter

import "bytes"

// MessageIDs are the ids in the value of a Message-ID, References or
// In-Reply-To field, without brackets and quoting, at most limit of them: the
// last ones. They lie in value, or else are new.
//
// RFC 5256 §3 (normalised), RFC 5322 §3.6.4.
func MessageIDs(value []byte, limit int) [][]byte {
	var ids [][]byte
	for s := skipSpace(value); len(s) > 0; s = skipSpace(s) {
		if s[0] != '<' {
			s = s[token(s):]
			continue
		}
		end := 1
		for end < len(s) && s[end] != '>' {
			end += token(s[end:])
		}
		id := s[1:min(end, len(s))]
		if end < len(s) && bytes.IndexByte(id, '@') > 0 {
			if bytes.ContainsAny(id, "\" \t\r\n\\(") {
				id, _ = appendWords(nil, id, false)
			}
			ids = append(ids, id)
		}
		s = s[min(end+1, len(s)):]
	}
	return ids[max(0, len(ids)-limit):]
}
