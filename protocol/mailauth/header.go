package mailauth

import (
	"bytes"
	"strings"
)

// field is one field of a header as it stands in the letter.
type field struct {
	raw   []byte // all of it, with the final CR LF
	named int    // octets of raw that are its name; 0 for a line that is no field
}

// name is the field's name.
func (f field) name() string { return string(f.raw[:f.named]) }

// is tells whether that is the field's name.
func (f field) is(name string) bool {
	return f.named == len(name) && strings.EqualFold(string(f.raw[:f.named]), name)
}

// body is what follows the colon, folding included.
func (f field) body() []byte {
	_, body, _ := bytes.Cut(f.raw, []byte(":"))
	return body
}

// fields cuts the header into fields; rest is what follows the empty line. A
// line that belongs to no field is one without a name.
func fields(letter []byte) (list []field, rest []byte) {
	list = make([]field, 0, 16)
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
		if i := bytes.IndexByte(f.raw, ':'); i >= 0 && bytes.IndexByte(f.raw[:i], '\n') < 0 {
			f.named = len(bytes.TrimRight(f.raw[:i], " \t")) // space may stand before the colon: RFC 5322 §4.5
		}
		list = append(list, f)
		letter = letter[end:]
	}
	return list, nil
}
