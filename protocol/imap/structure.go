package imap

import "mailscope/protocol/imap/letter"

// structure writes the structure of a part: that of BODYSTRUCTURE if extended,
// and otherwise that of BODY.
//
// RFC 3501 §7.4.2, RFC 9051 §7.5.2.
func (w *itemWriter) structure(p *letter.Part, extended bool) {
	w.raw("(")
	switch {
	case len(p.Parts) > 0:
		for _, part := range p.Parts {
			w.structure(part, extended)
		}
		w.raw(" ")
		w.string(p.Type.Subtype)
		if extended {
			w.raw(" ")
			w.params(p.Type.Params())
		}
	default:
		w.leaf(p, extended)
	}
	if extended {
		w.raw(" ")
		w.disposition(p.Disposition)
		w.raw(" ")
		w.languages(p.Language)
		w.raw(" ")
		w.field(p.Location)
	}
	w.raw(")")
}

// leaf writes what is told of a part that is no multipart: body-type-1part.
func (w *itemWriter) leaf(p *letter.Part, extended bool) {
	w.string(p.Type.Type)
	w.raw(" ")
	w.string(p.Type.Subtype)
	w.raw(" ")
	w.params(p.Type.Params())
	w.raw(" ")
	w.field(p.ID)
	w.raw(" ")
	w.field(p.Description)
	w.raw(" ")
	if len(p.Encoding) == 0 {
		w.raw(`"7bit"`)
	} else {
		w.value = appendLower(w.value[:0], p.Encoding) // some clients know no other
		w.string(w.value)
	}
	w.raw(" ")
	w.number(int64(len(p.Body)))
	if p.Message != nil {
		w.raw(" ")
		w.envelope(p.Message.Header)
		w.raw(" ")
		w.structure(p.Message, extended)
	}
	if p.Message != nil || p.Type.IsText() {
		w.raw(" ")
		w.number(int64(p.Lines()))
	}
	if extended {
		w.raw(" ")
		w.field(p.MD5)
	}
}

// params writes parameters in parentheses, NIL if there are none.
func (w *itemWriter) params(r letter.ParamReader) {
	before := "("
	for {
		name, value, ok := r.Next(w.value)
		if !ok {
			break
		}
		w.raw(before)
		w.string(name)
		w.raw(" ")
		w.string(value)
		before = " "
	}
	if before == "(" {
		w.raw("NIL")
		return
	}
	w.raw(")")
}

// disposition writes the value of a Content-Disposition field: body-fld-dsp.
func (w *itemWriter) disposition(field []byte) {
	value, params := letter.Disposition(field)
	if len(value) == 0 {
		w.raw("NIL")
		return
	}
	w.raw("(")
	w.string(value)
	w.raw(" ")
	w.params(params)
	w.raw(")")
}

// languages writes the value of a Content-Language field: body-fld-lang.
func (w *itemWriter) languages(field []byte) {
	before := "("
	for r := letter.Languages(field); ; {
		tag, ok := r.Next()
		if !ok {
			break
		}
		w.raw(before)
		w.string(tag)
		before = " "
	}
	if before == "(" {
		w.raw("NIL")
		return
	}
	w.raw(")")
}

func appendLower(dst, s []byte) []byte {
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
