package explain

import (
	"strconv"
	"strings"

	"mailscope/scenes/imapline"
)

// fetched explains what the server tells of one letter, item by item.
//
// RFC 9051 §7.5.2.
func (r *reader) fetched(number int) (sentence string) {
	told := make(map[string]bool)
	r.list(func(tok token) {
		name, _, section := strings.Cut(r.upper(tok), "[")
		if section {
			name += "[]"
		}
		told[name] = true
		switch {
		case section && name == "BINARY.SIZE[]":
			r.section(tok, "item.binary.size.section")
			r.part(r.take(), Param, "item.size.value")
		case section:
			r.section(tok, "fetched.section")
			r.sectionText("fetched.text")
		case name == "RFC822" || name == "RFC822.HEADER" || name == "RFC822.TEXT":
			r.part(tok, Keyword, "item."+strings.ToLower(name))
			r.sectionText("fetched.text")
		case name == "FLAGS":
			r.part(tok, Keyword, "fetched.flags")
			r.list(r.flag)
		case name == "ENVELOPE":
			r.part(tok, Keyword, "fetched.envelope")
			r.envelope()
		case name == "BODY" || name == "BODYSTRUCTURE":
			r.part(tok, Keyword, "fetched.structure")
			r.structure("", 0)
		default:
			r.pair(tok, "item.", "item.other")
		}
	})
	return r.t(r.fetchedKey(told), "Number", number)
}

// fetchedKey is the text that says what the line is about, all in all. Flags
// that nobody asked for were changed by somebody else.
func (r *reader) fetchedKey(told map[string]bool) string {
	switch {
	case told["BODY[]"] || told["BINARY[]"] || told["RFC822"] || told["RFC822.TEXT"] || told["RFC822.HEADER"]:
		return "fetched.letter"
	case told["ENVELOPE"]:
		return "fetched.header"
	case told["BODYSTRUCTURE"] || told["BODY"]:
		return "fetched.parts"
	case !told["FLAGS"]:
		return "fetched"
	}
	switch imapline.Verb(r.s.ctx.Command) {
	case "STORE":
		return "fetched.stored"
	case "FETCH", "SELECT":
		return "fetched.marks"
	}
	return "fetched.changed"
}

// sectionText explains the text of a section: a literal, a quoted string or NIL.
func (r *reader) sectionText(key string) {
	switch tok := r.peek(); {
	case tok.kind == closing || tok.kind == opening:
	case r.none(tok):
		r.part(r.take(), Param, "nothing")
	default:
		r.part(r.take(), LetterText, key)
	}
}

// envelopeFields are the fields of ENVELOPE in their order; addresses stand in
// those from from to bcc.
//
// RFC 9051 §7.5.2.
var envelopeFields = []string{
	"date", "subject", "from", "sender", "reply-to", "to", "cc", "bcc", "in-reply-to", "message-id",
}

// envelope explains the ten fields of a letter's header.
func (r *reader) envelope() {
	if r.peek().kind != opening {
		r.skip()
		return
	}
	r.take()
	for i, name := range envelopeFields {
		tok := r.peek()
		if tok.kind == closing || tok.kind == ended {
			break
		}
		key := "envelope." + name
		switch {
		case r.none(tok):
			r.add(r.take().start, tok.end, LetterText, r.t(key, "Text", "—"))
		case i >= 2 && i <= 7:
			who, sp := r.addresses()
			r.add(sp.start, sp.end, LetterText, r.t(key, "Text", printable(who)))
		case tok.kind == opening:
			r.skip()
		case tok.kind == literal:
			r.part(r.take(), LetterText, key)
		default:
			r.take()
			r.add(tok.start, tok.end, LetterText, r.t(key, "Text", printable(readable(r.value(tok)))))
		}
	}
	r.leave()
}

// addresses reads a list of addresses as people write them: name, a route of
// long ago, mailbox and domain of each.
func (r *reader) addresses() (who string, sp span) {
	tok := r.take()
	sp = tok.span
	if tok.kind != opening {
		return r.of(tok), sp
	}
	var all []string
	for r.peek().kind == opening {
		var field [4]string
		n := 0
		r.list(func(tok token) {
			if n < len(field) && !r.none(tok) && tok.kind != literal {
				field[n] = r.value(tok)
			} else if n < len(field) && tok.kind == literal {
				field[n] = "…"
			}
			n++
		})
		address := field[2]
		if field[3] != "" {
			address += "@" + field[3]
		}
		if name := readable(field[0]); name != "" {
			address = name + " <" + address + ">"
		}
		all = append(all, address)
	}
	r.leave()
	sp.end = r.at
	return list(all), sp
}

// structure explains how a letter is made of parts. section is the number of
// the part, "" for the letter as a whole.
//
// RFC 9051 §7.5.2, BODYSTRUCTURE.
func (r *reader) structure(section string, depth int) {
	if r.peek().kind != opening || depth > maxDepth {
		r.skip()
		return
	}
	r.take()
	defer r.leave()
	if r.peek().kind == opening {
		for n := 1; r.peek().kind == opening; n++ {
			r.structure(join(section, n), depth+1)
		}
		if kind := r.take(); kind.kind != ended && kind.kind != closing {
			r.add(kind.start, kind.end, Keyword, r.t(r.first("structure.multipart."+strings.ToLower(r.value(kind)), "structure.multipart"),
				"Text", printable(strings.ToLower(r.value(kind)))))
			r.params()
			r.extension()
		}
		return
	}
	if section == "" || strings.HasSuffix(section, ".") {
		section = join(section, 1)
	}
	kind, sub := r.take(), r.take()
	if sub.kind == ended || sub.kind == closing || sub.kind == opening {
		return
	}
	media := strings.ToLower(r.value(kind) + "/" + r.value(sub))
	r.run(kind.start, sub, Keyword, "structure.part", "Section", section, "Media", printable(media))
	r.params()
	r.known("structure.id")
	r.known("structure.description")
	if tok := r.peek(); tok.kind == quoted || tok.kind == atom {
		r.part(r.take(), Param, r.first("structure.encoding."+strings.ToLower(r.value(tok)), "structure.encoding"))
	}
	r.known("structure.size")
	switch {
	case media == "message/rfc822" || media == "message/global":
		r.whole(Param, "structure.letter")
		r.structure(section+".", depth+1)
		r.known("structure.lines")
	case strings.HasPrefix(media, "text/"):
		r.known("structure.lines")
	}
	r.known("structure.md5")
	r.extension()
}

// join is the number of part n of a section. Behind a dot there may be the
// parts of a letter within the letter.
func join(section string, n int) string {
	if section == "" || strings.HasSuffix(section, ".") {
		return section + strconv.Itoa(n)
	}
	return section + "." + strconv.Itoa(n)
}

// known explains one value, unless there is none.
func (r *reader) known(key string) {
	switch tok := r.peek(); tok.kind {
	case atom, quoted, literal:
		if r.take(); !r.none(tok) {
			r.part(tok, Param, key)
		}
	case opening:
		r.whole(Param, key)
	}
}

// params explains the parameters of a part's type.
func (r *reader) params() {
	if r.peek().kind != opening {
		r.known("arg.other")
		return
	}
	r.list(func(tok token) {
		key := r.first("structure.param."+strings.ToLower(r.value(tok)), "structure.param")
		value := r.take()
		if value.kind == literal || value.kind == ended {
			r.run(tok.start, value, Param, key, "Name", printable(r.value(tok)))
			return
		}
		r.add(tok.start, value.end, Param, r.t(key, "Name", printable(strings.ToLower(r.value(tok))), "Text", printable(readable(r.value(value)))))
	})
}

// extension explains what may stand at the end of a part: whether it is shown
// or kept, its language, and where it lies.
func (r *reader) extension() {
	if tok := r.peek(); tok.kind == opening {
		r.take()
		how := r.take()
		if how.kind == quoted || how.kind == atom {
			key := "structure.disposition"
			switch name := strings.ToLower(r.value(how)); name {
			case "attachment", "inline":
				key = "structure." + name
			}
			r.part(how, Keyword, key)
			r.params()
		}
		r.leave()
	} else {
		r.known("structure.disposition")
	}
	r.known("structure.language")
	r.known("structure.location")
}
