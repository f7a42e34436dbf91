package mailauth

import "bytes"

// field is one field of a header as it stands in the letter.
type field struct {
	name string // without the space that may stand before the colon (RFC 5322 §4.5)
	raw  []byte // all of it, with the final CR LF
}

// body is what follows the colon, folding included.
func (f field) body() []byte {
	_, body, _ := bytes.Cut(f.raw, []byte(":"))
	return body
}

// fields cuts the header into fields; rest is what follows the empty line. A
// line that belongs to no field is one without a name.
func fields(letter []byte) (list []field, rest []byte) {
	for len(letter) > 0 {
		if bytes.HasPrefix(letter, []byte("\r\n")) {
			return list, letter[2:]
		}
		end := 0
		for {
			i := bytes.IndexByte(letter[end:], '\n')
			if i < 0 {
				end = len(letter)
				break
			}
			end += i + 1
			if end == len(letter) || letter[end] != ' ' && letter[end] != '\t' {
				break
			}
		}
		f := field{raw: letter[:end]}
		if name, _, ok := bytes.Cut(f.raw, []byte(":")); ok && bytes.IndexByte(name, '\n') < 0 {
			f.name = string(bytes.TrimRight(name, " \t"))
		}
		list = append(list, f)
		letter = letter[end:]
	}
	return list, nil
}
