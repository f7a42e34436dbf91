package imap

import "strings"

// create answers CREATE: a mailbox, which may have a special use.
//
// RFC 9051 §6.3.4; RFC 6154 §3 (USE).
func (s *session) create(p *parser) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	use := ""
	if s.has("CREATE-SPECIAL-USE") && p.more() {
		p.expect('(')
		p.choose("USE", "USE")
		p.sp()
		p.fullList(func() {
			p.expect('\\')
			if use != "" {
				p.want("one special use")
			}
			use = `\` + p.atom()
		})
		p.expect(')')
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if use != "" {
		known := ""
		for _, u := range specialUses {
			if strings.EqualFold(u, use) {
				known = u
			}
		}
		if known == "" {
			return no("USEATTR", "no such special use") // RFC 6154 §3
		}
		use = known
	}
	if err := s.account.Create(name, use); err != nil {
		return s.failed("create mailbox", err)
	}
	return ok("CREATE completed")
}

// specialUses are those a mailbox can be created with: RFC 6154 §2.
var specialUses = []string{`\All`, `\Archive`, `\Drafts`, `\Flagged`, `\Junk`, `\Sent`, `\Trash`}

// deleteBox answers DELETE.
//
// RFC 9051 §6.3.5.
func (s *session) deleteBox(p *parser) result {
	return s.oneName(p, "DELETE", func(name string) error { return s.account.Delete(name) })
}

// subscribe answers SUBSCRIBE.
//
// RFC 9051 §6.3.7: a name without a mailbox may be subscribed to.
func (s *session) subscribe(p *parser) result {
	return s.oneName(p, "SUBSCRIBE", func(name string) error { return s.account.Subscribe(name, true) })
}

// unsubscribe answers UNSUBSCRIBE.
//
// RFC 9051 §6.3.8.
func (s *session) unsubscribe(p *parser) result {
	return s.oneName(p, "UNSUBSCRIBE", func(name string) error { return s.account.Subscribe(name, false) })
}

// oneName carries out a command whose only argument is a mailbox's name.
func (s *session) oneName(p *parser, verb string, do func(name string) error) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if err := do(name); err != nil {
		return s.failed(strings.ToLower(verb)+" mailbox", err)
	}
	return ok(verb + " completed")
}

// rename answers RENAME.
//
// RFC 9051 §6.3.6.
func (s *session) rename(p *parser) result {
	p.sp()
	from := p.mailbox(s.out.utf8)
	p.sp()
	to := p.mailbox(s.out.utf8)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if err := s.account.Rename(from, to); err != nil {
		return s.failed("rename mailbox", err)
	}
	return ok("RENAME completed")
}

// namespace answers NAMESPACE: everybody has their own mailboxes only.
//
// RFC 9051 §6.3.10.
func (s *session) namespace(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.untagged(`NAMESPACE (("" "%c")) NIL NIL`, Delimiter)
	return ok("NAMESPACE completed")
}
