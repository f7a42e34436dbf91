package imap

import "strings"

// capability answers CAPABILITY.
//
// RFC 9051 §6.1.1.
func (s *session) capability(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.untagged("CAPABILITY %s", s.capabilityList())
	return ok("CAPABILITY completed")
}

// noop answers NOOP: sync does what there is to do.
//
// RFC 9051 §6.1.2.
func (s *session) noop(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	return ok("NOOP completed")
}

// check answers CHECK: everything is on disk already.
//
// RFC 3501 §6.4.1.
func (s *session) check(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	return ok("CHECK completed")
}

// logout answers LOGOUT.
//
// RFC 9051 §6.1.3.
func (s *session) logout(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.bye("goodbye")
	return ok("LOGOUT completed")
}

// maxIDFields is how many fields ID may have: RFC 2971 §3.3.
const maxIDFields = 30

// id answers ID. What the client calls itself changes nothing.
//
// RFC 2971 §3.1.
func (s *session) id(p *parser) result {
	p.sp()
	if !p.word("NIL") {
		fields := 0
		p.list(func() {
			if fields++; fields > maxIDFields {
				p.want("fewer fields")
			}
			p.str()
			p.sp()
			p.nstring()
		})
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.out.raw("* ID ")
	s.out.pairs([][2]string{{"name", "mailscope"}, {"vendor", "mailscope"}})
	s.out.end()
	return ok("ID completed")
}

// enable answers ENABLE. What is not known is passed over.
//
// RFC 5161 §3.1.
func (s *session) enable(p *parser) result {
	var names []string
	for p.more() {
		names = append(names, p.keyword())
	}
	if len(names) == 0 {
		p.sp()
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	enabled := ""
	for _, name := range names {
		if s.has(name) && s.enableOne(name) {
			enabled += " " + name
		}
	}
	s.untagged("ENABLED%s", strings.Replace(enabled, "IMAP4REV2", "IMAP4rev2", 1))
	return ok("ENABLE completed")
}

// enableOne tells whether a capability changes anything when it is enabled.
func (s *session) enableOne(name string) bool {
	switch name {
	case "IMAP4REV2": // RFC 9051 §6.3.1
		s.speakRev2()
	case "UTF8=ACCEPT": // RFC 6855 §3
		s.out.utf8 = true
	case "CONDSTORE":
		s.condstore = true
	case "QRESYNC": // RFC 7162 §3.2.3
		s.condstore, s.qresync = true, true
	default:
		return false
	}
	return true
}

// speakRev2 turns to IMAP4rev2, in which texts are in UTF-8.
func (s *session) speakRev2() { s.rev2, s.out.utf8 = true, true }
