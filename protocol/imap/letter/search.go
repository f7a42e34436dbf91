package letter

import "bytes"

// InField tells whether a field of that name, in any case, has the pattern in
// its decoded value. Every value has an empty pattern.
//
// RFC 9051 §6.4.4, HEADER.
func (p *Pattern) InField(header []byte, name string) bool {
	for len(header) > 0 {
		var f field
		f, header = nextField(header)
		if len(f.name) == len(name) && len(name) > 0 && bytes.EqualFold(f.name, []byte(name)) && p.inValue(f.value) {
			return true
		}
	}
	return false
}

func (p *Pattern) inValue(value []byte) bool {
	p.value = p.value[:0]
	return p.In(Decoded(value, p.value))
}

// InText tells whether the header of the letter or of a part has the pattern
// in a field, or a body has it.
//
// RFC 9051 §6.4.4, TEXT.
func (p *Pattern) InText(data []byte) bool {
	if header, _ := Split(data); p.inHeader(header) {
		return true
	}
	return p.inPart(Parse(data), true)
}

// InBody tells whether the letter has the pattern in a part that is text, or
// in the header of an embedded letter.
//
// RFC 9051 §6.4.4, BODY.
func (p *Pattern) InBody(data []byte) bool {
	return p.inPart(Parse(data), false)
}

// inHeader looks into each field with its name before it.
func (p *Pattern) inHeader(header []byte) bool {
	for len(header) > 0 {
		var f field
		f, header = nextField(header)
		raw := trimLineEnd(f.raw)
		if plain(raw) && !bytes.Contains(raw, []byte("=?")) {
			if p.In(raw) {
				return true
			}
			continue
		}
		p.value = appendWordsDecoded(p.value[:0], raw)
		if p.In(p.value) {
			return true
		}
	}
	return false
}

// inPart looks into the bodies in a part; with headers, into the headers of
// parts too.
func (p *Pattern) inPart(e *Part, headers bool) bool {
	switch {
	case e.Message != nil:
		return p.inHeader(e.Message.Header) || p.inPart(e.Message, headers)
	case len(e.Parts) > 0:
		for _, part := range e.Parts {
			if headers && p.inHeader(part.Header) || p.inPart(part, headers) {
				return true
			}
		}
		return false
	case !e.Type.IsText() && !equalFold(e.Type.Type, "message"):
		return false
	}
	return p.inLeaf(e)
}

// inLeaf looks into a body of text, decoding it where its octets are not the
// text's.
func (p *Pattern) inLeaf(e *Part) bool {
	text := e.Body
	if t := e.encoding(); t != identity {
		p.decoded = appendDecoded(p.decoded[:0], text, t)
		text = p.decoded
	}
	if charset := e.Type.Param("charset"); charsetOf(charset) != nil {
		p.converted = appendUTF8(p.converted[:0], text, charset)
		text = p.converted
	}
	return p.In(text)
}
