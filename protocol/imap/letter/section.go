package letter

import (
	"bytes"
	"errors"
)

// Section names octets of a letter, as between the brackets of BODY[].
//
// RFC 3501 §6.4.5, RFC 9051 §6.4.5.1.
type Section struct {
	Path   []int // part numbers from 1; empty for the letter itself
	What   What
	Fields []string // names, in any case, for Fields and FieldsNot
}

// What is which octets of a part a Section names.
type What uint8

// What Section can name. For a letter or an embedded one, Header, Fields,
// FieldsNot and Text are meant; MIME needs a Path.
const (
	Whole     What = iota // a part's body; header too if it is the letter itself
	Header                // with its blank line
	Fields                // the named fields, and the blank line
	FieldsNot             // all but the named ones, and the blank line
	Text                  // the body
	MIME                  // the header of a part
)

// Get is the octets that a section names: a slice of data, except for Fields
// and FieldsNot. ok is false if the letter has no such section.
func Get(data []byte, s Section) (octets []byte, ok bool) {
	var header, body []byte
	if len(s.Path) == 0 {
		switch s.What {
		case Whole:
			return data, true
		case MIME:
			return nil, false
		}
		header, body = Split(data)
	} else {
		part := Parse(data).at(s.Path)
		switch {
		case part == nil:
			return nil, false
		case s.What == Whole:
			return part.Body, true
		case s.What == MIME:
			return part.Header, true
		case part.Message == nil:
			return nil, false
		}
		header, body = part.Message.Header, part.Message.Body
	}
	switch s.What {
	case Header:
		return header, true
	case Text:
		return body, true
	}
	return pick(header, s.Fields, s.What == Fields), true
}

// at is the part with that path of numbers, nil if there is none. A letter
// that is no multipart is its own part 1.
//
// RFC 3501 §6.4.5.
func (p *Part) at(path []int) *Part {
	letter := p
	for i, n := range path {
		if i > 0 {
			letter = p.Message
		}
		switch {
		case letter != nil && len(letter.Parts) > 0:
			p = letter
		case letter != nil && n == 1:
			p = letter
			continue
		}
		if n < 1 || n > len(p.Parts) {
			return nil
		}
		p = p.Parts[n-1]
	}
	return p
}

// pick is the fields of a header that are named, or those that are not, and
// the blank line, if the header has one.
func pick(header []byte, names []string, named bool) []byte {
	out := make([]byte, 0, min(len(header), 512))
	for len(header) > 0 {
		var f field
		f, header = nextField(header)
		blank := len(header) == 0 && blankLine(f.raw) == len(f.raw)
		if blank || f.in(names) == named && (len(f.name) > 0 || !named) {
			out = append(out, f.raw...)
		}
	}
	return out
}

func (f field) in(names []string) bool {
	for _, n := range names {
		if len(n) == len(f.name) && bytes.EqualFold([]byte(n), f.name) {
			return true
		}
	}
	return false
}

// Partial is count octets of a section from origin on: fewer if it ends
// before.
//
// RFC 3501 §6.4.5.
func Partial(octets []byte, origin, count int64) []byte {
	from := min(max(origin, 0), int64(len(octets)))
	return octets[from:][:min(max(count, 0), int64(len(octets))-from)]
}

// ErrEncoding tells that a part's transfer encoding is not known: the response
// code UNKNOWN-CTE (RFC 3516 §4.3).
var ErrEncoding = errors.New("unknown transfer encoding")

// Binary is the body of a part without its transfer encoding; with an empty
// path the letter itself, as it is. ok is false if there is no such part.
//
// RFC 3516 §4.2, RFC 9051 §6.4.5.2.
func Binary(data []byte, path []int) (octets []byte, ok bool, err error) {
	if len(path) == 0 {
		return data, true, nil
	}
	part := Parse(data).at(path)
	if part == nil {
		return nil, false, nil
	}
	switch e := part.encoding(); e {
	case identity:
		return part.Body, true, nil
	case unknown:
		return nil, true, ErrEncoding
	default:
		return appendDecoded(nil, part.Body, e), true, nil
	}
}
