package letter

import "bytes"

// Limits on the structure of a letter. What is nested deeper, or comes when
// there are that many parts already, is told of as one part of unknown type
// which holds all the rest.
const (
	MaxDepth = 100
	MaxParts = 1000
)

// Part is a letter, or a part of one. Header and Body lie in the letter's
// octets, one behind the other. A Part has Parts if it is a multipart, Message
// if it is an embedded letter, and otherwise neither.
type Part struct {
	Header, Body []byte
	Type         MediaType
	Encoding     []byte // Content-Transfer-Encoding; empty if missing
	// More of what a header may say of its body; nil if missing.
	ID, Description, MD5, Disposition, Language, Location []byte

	Parts   []*Part
	Message *Part
}

// Lines is how many line ends the body has.
func (p *Part) Lines() int { return bytes.Count(p.Body, []byte("\n")) }

// Parse reads the structure of a letter. Every octet sequence has one: a
// multipart without its boundary is text.
//
// RFC 2046 §5.1.1, §5.2.1.
func Parse(data []byte) *Part {
	p := parser{data: data}
	root, _ := p.entity(0, defaultType)
	return root
}

// parser goes over the letter once. bounds are the boundaries of the
// multiparts around pos, outermost first.
type parser struct {
	data   []byte
	pos    int
	bounds [][]byte
	parts  int
}

// delimiter is a line that parts the parts of a multipart, or the end of the
// letter.
type delimiter struct {
	at    int  // where the line end before it begins, which belongs to it
	level int  // index in bounds; -1 at the end of the letter
	last  bool // nothing but an epilogue follows
}

// entity reads a header and a body, up to the delimiter that ends them.
func (p *parser) entity(depth int, fallback MediaType) (*Part, delimiter) {
	e := &Part{Type: fallback}
	p.parts++
	var d delimiter
	e.Header, d = p.header()
	e.describe()
	start := p.pos
	if d.at >= 0 { // no body at all
		e.Body = p.data[d.at:d.at]
		if e.Type.multipart() {
			e.Type = defaultType
		}
		if e.Type.message() {
			e.Message = &Part{Header: e.Body, Body: e.Body, Type: defaultType}
		}
		return e, d
	}
	switch {
	case p.parts >= MaxParts:
		p.bounds = p.bounds[:0]
		d = p.skip()
		e.Type = opaqueType
	case depth >= MaxDepth:
		d = p.skip()
		e.Type = opaqueType
	case e.Type.multipart():
		d = p.multipart(e, depth)
	case e.Type.message():
		e.Message, d = p.entity(depth+1, defaultType)
	default:
		d = p.skip()
	}
	d.at = max(start, d.at) // a blank line before it is the header's
	e.Body = p.data[start:d.at]
	return e, d
}

// multipart reads the parts of e and what follows them.
func (p *parser) multipart(e *Part, depth int) delimiter {
	fallback := defaultType
	if equalFold(e.Type.Subtype, "digest") {
		fallback = messageType // RFC 2046 §5.1.5
	}
	boundary := bytes.TrimRight(e.Type.Param("boundary"), " \t")
	level := len(p.bounds)
	if len(boundary) > 0 {
		p.bounds = append(p.bounds, boundary)
	}
	d := p.skip() // the preamble
	for d.level == level && !d.last {
		var part *Part
		part, d = p.entity(depth+1, fallback)
		e.Parts = append(e.Parts, part)
	}
	if len(p.bounds) > level {
		p.bounds = p.bounds[:level]
	}
	if d.level == level {
		d = p.skip() // the epilogue
	}
	if len(e.Parts) == 0 {
		e.Type = defaultType // RFC 2045 §5.2
	}
	return d
}

// header reads up to the blank line, or to a delimiter: then there is no body,
// and d is that delimiter. Otherwise d.at is -1.
func (p *parser) header() (header []byte, d delimiter) {
	start := p.pos
	for p.pos < len(p.data) {
		rest := p.data[p.pos:]
		if n := blankLine(rest); n > 0 {
			p.pos += n
			return p.data[start:p.pos], delimiter{at: -1}
		}
		if d, ok := p.delimiter(); ok {
			d.at = max(start, d.at)
			return p.data[start:d.at], d
		}
		n := bytes.IndexByte(rest, '\n') + 1
		if n == 0 {
			n = len(rest)
		}
		p.pos += n
	}
	return p.data[start:], delimiter{at: len(p.data), level: -1}
}

// skip goes on to the next delimiter and over it.
func (p *parser) skip() delimiter {
	if len(p.bounds) == 0 {
		p.pos = len(p.data)
		return delimiter{at: p.pos, level: -1}
	}
	for p.pos < len(p.data) {
		if d, ok := p.delimiter(); ok {
			return d
		}
		n := bytes.Index(p.data[p.pos:], []byte("\n--"))
		if n < 0 {
			break
		}
		p.pos += n + 1
	}
	p.pos = len(p.data)
	return delimiter{at: p.pos, level: -1}
}

// delimiter reads the line at pos, where a line begins, if it is a delimiter
// of one of the bounds; the innermost one counts.
//
// RFC 2046 §5.1.1.
func (p *parser) delimiter() (d delimiter, ok bool) {
	rest := p.data[p.pos:]
	if len(rest) < 2 || rest[0] != '-' || rest[1] != '-' || len(p.bounds) == 0 {
		return d, false
	}
	line := rest
	next := bytes.IndexByte(rest, '\n') + 1
	if next > 0 {
		line = rest[:next]
	} else {
		next = len(rest)
	}
	line = bytes.TrimRight(line[2:], " \t\r\n")
	for level := len(p.bounds) - 1; level >= 0; level-- {
		tail, ok := bytes.CutPrefix(line, p.bounds[level])
		if !ok || len(tail) > 0 && string(tail) != "--" {
			continue
		}
		d = delimiter{at: p.pos, level: level, last: len(tail) > 0}
		if d.at > 0 && p.data[d.at-1] == '\n' {
			d.at--
		}
		if d.at < p.pos && d.at > 0 && p.data[d.at-1] == '\r' {
			d.at--
		}
		p.pos += next
		return d, true
	}
	return d, false
}

// describe takes what the header says of the body.
func (e *Part) describe() {
	typed := false
	for rest := e.Header; len(rest) > 0; {
		var f field
		f, rest = nextField(rest)
		if len(f.name) < len("content-x") || !equalFold(f.name[:8], "content-") {
			continue
		}
		var to *[]byte
		switch {
		case f.is("content-type"):
			if t, ok := parseMediaType(f.value); ok && !typed {
				e.Type, typed = t, true
			}
		case f.is("content-transfer-encoding"):
			if e.Encoding == nil {
				e.Encoding, _ = cutToken(skipSpace(f.value))
			}
		case f.is("content-id"):
			to = &e.ID
		case f.is("content-description"):
			to = &e.Description
		case f.is("content-md5"):
			to = &e.MD5
		case f.is("content-disposition"):
			to = &e.Disposition
		case f.is("content-language"):
			to = &e.Language
		case f.is("content-location"):
			to = &e.Location
		}
		if to != nil && *to == nil {
			*to = f.value
		}
	}
}
