package imap

import "strings"

// Structure is the parts of a letter as BODYSTRUCTURE or BODY tells them.
// Types, encoding and names of parameters are in small letters.
//
// RFC 9051 §7.5.2.
type Structure struct {
	Type, Subtype string
	Params        []Param
	Parts         []*Structure // of a multipart

	ID, Description string
	Encoding        string
	Size            uint32 // octets, as encoded
	Lines           uint32 // of a text and of a letter
	MD5             string

	Envelope *Envelope  // of a letter
	Message  *Structure // of a letter

	Disposition       string // "attachment", "inline"; "" if not told
	DispositionParams []Param
	Language          []string
	Location          string
}

// Param is one parameter of a type.
type Param struct{ Name, Value string }

// Filename is the name under which a part wants to be kept, decoded; "" if it
// has none.
func (s *Structure) Filename() string {
	for _, params := range [][]Param{s.DispositionParams, s.Params} {
		for _, p := range params {
			if p.Name == "filename" || p.Name == "name" {
				return Text(p.Value)
			}
		}
	}
	return ""
}

// MediaType is "text/plain" and the like.
func (s *Structure) MediaType() string { return s.Type + "/" + s.Subtype }

// Walk calls f for each part with the path by which it is fetched; what is in
// a letter that is part of the letter comes too. A letter that is no multipart
// is its own part 1.
//
// RFC 9051 §6.4.5.1.
func (s *Structure) Walk(f func(path []int, part *Structure)) {
	if len(s.Parts) == 0 {
		s.walk([]int{1}, f)
		return
	}
	s.walk(nil, f)
}

func (s *Structure) walk(path []int, f func(path []int, part *Structure)) {
	f(path, s)
	for i, part := range s.Parts {
		part.walk(below(path, i+1), f)
	}
	if m := s.Message; m != nil {
		if len(m.Parts) == 0 {
			m.walk(below(path, 1), f)
			return
		}
		for i, part := range m.Parts {
			part.walk(below(path, i+1), f)
		}
	}
}

func below(path []int, n int) []int { return append(path[:len(path):len(path)], n) }

// structure takes a structure, extended or not.
//
// RFC 9051 §9 (body).
func (p *parser) structure() *Structure {
	if p.nested++; p.nested > maxNesting {
		p.want("less nesting")
	}
	defer func() { p.nested-- }()
	s := &Structure{}
	p.expect('(')
	if p.peek() == '(' {
		p.multipart(s)
	} else {
		p.singlePart(s)
	}
	for p.more() { // extensions to come
		p.value()
	}
	p.expect(')')
	return s
}

func (p *parser) multipart(s *Structure) {
	s.Type = "multipart"
	for p.peek() == '(' && p.err == nil {
		s.Parts = append(s.Parts, p.structure())
		if rest := p.rest(); len(rest) > 1 && rest[0] == ' ' && rest[1] == '(' { // which some servers put there
			p.more()
		}
	}
	p.sp()
	s.Subtype = p.lower()
	if p.more() {
		s.Params = p.params()
		p.extension(s)
	}
}

func (p *parser) singlePart(s *Structure) {
	s.Type = p.lower()
	p.sp()
	s.Subtype = p.lower()
	p.sp()
	s.Params = p.params()
	p.sp()
	s.ID = p.text()
	p.sp()
	s.Description = p.text()
	p.sp()
	s.Encoding = p.lower()
	p.sp()
	s.Size = p.number()
	if !p.more() {
		return
	}
	if p.peek() == '(' {
		s.Envelope = p.envelope()
		p.sp()
		s.Message = p.structure()
		p.sp()
	}
	if c := p.peek(); c >= '0' && c <= '9' || s.Message != nil {
		s.Lines = p.number()
		if !p.more() {
			return
		}
	}
	s.MD5 = p.text()
	p.extension(s)
}

// extension takes what both kinds of parts may end with.
//
// RFC 9051 §9 (body-fld-dsp, body-fld-lang, body-fld-loc).
func (p *parser) extension(s *Structure) {
	if !p.more() {
		return
	}
	if !p.word("NIL") {
		p.expect('(')
		s.Disposition = p.lower()
		p.sp()
		s.DispositionParams = p.params()
		p.expect(')')
	}
	if !p.more() {
		return
	}
	if p.peek() == '(' {
		p.list(func() { s.Language = append(s.Language, p.text()) })
	} else if tag := p.text(); tag != "" {
		s.Language = []string{tag}
	}
	if p.more() {
		s.Location = p.text()
	}
}

// lower takes a string or NIL, in small letters.
func (p *parser) lower() string { return strings.ToLower(p.text()) }

// maxParams is how many parameters one type may have.
const maxParams = 1000

// params takes parameters in parentheses, or NIL.
func (p *parser) params() []Param {
	if p.word("NIL") {
		return nil
	}
	var list []Param
	p.list(func() {
		if len(list) == maxParams {
			p.want("fewer parameters")
		}
		name := p.lower()
		p.sp()
		list = append(list, Param{name, p.text()})
	})
	return list
}

// TextPart finds the part that a person reads first: the first plain text that
// is no attachment, or else the first text. part is nil if there is none.
func (s *Structure) TextPart() (path []int, part *Structure) {
	s.Walk(func(at []int, p *Structure) {
		if p.Type != "text" || p.Disposition == "attachment" {
			return
		}
		if part == nil || part.Subtype != "plain" && p.Subtype == "plain" {
			path, part = at, p
		}
	})
	return path, part
}
