package imap

import (
	"slices"
	"strings"
)

// listSelect is which mailboxes LIST is to tell of.
//
// RFC 9051 §6.3.9.1.
type listSelect struct {
	subscribed, specialUse bool
	recursive              bool // RECURSIVEMATCH
}

// listReturn is what LIST is to tell of each beyond its name.
//
// RFC 9051 §6.3.9.2.
type listReturn struct {
	subscribed, children, specialUse bool
	status                           []string // items of STATUS; nil for none
	below                            bool     // told only for those below it: CHILDINFO
}

// maxPatterns is how many patterns one LIST may have.
const maxPatterns = 100

// list answers LIST.
//
// RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154.
func (s *session) list(p *parser) result {
	p.sp()
	var sel listSelect
	extended := false
	if s.has("LIST-EXTENDED") && p.peek() == '(' {
		extended = true
		s.listSelect(p, &sel)
		p.sp()
	}
	reference := p.listName(s.out.utf8)
	p.sp()
	var patterns []string
	if s.has("LIST-EXTENDED") && p.peek() == '(' {
		extended = true
		p.fullList(func() {
			if len(patterns) == maxPatterns {
				p.want("fewer patterns")
			}
			patterns = append(patterns, p.listName(s.out.utf8))
		})
	} else {
		patterns = []string{p.listName(s.out.utf8)}
	}
	ret := listReturn{children: s.has("CHILDREN"), specialUse: s.has("SPECIAL-USE")}
	if p.more() {
		p.choose("RETURN", "RETURN")
		p.sp()
		s.listReturn(p, &ret)
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if sel.recursive && !sel.subscribed { // RFC 9051 §6.3.9.1
		return bad("RECURSIVEMATCH needs SUBSCRIBED")
	}
	if !extended && patterns[0] == "" { // it asks for the delimiter
		s.untagged(`LIST (\Noselect) "%c" ""`, Delimiter)
		return ok("LIST completed")
	}
	ret.subscribed = ret.subscribed || sel.subscribed
	for _, info := range s.account.Mailboxes() {
		if s.wanted(&info, reference, patterns, sel, &ret) {
			s.listed(info, ret)
			s.listStatus(info, ret)
		}
	}
	return ok("LIST completed")
}

// listName takes the reference or a pattern of LIST: wildcards need no quotes.
func (p *parser) listName(asUTF8 bool) string {
	at := p.at
	var raw []byte
	if c := p.peek(); c == '"' || c == '{' {
		raw = p.str()
	} else {
		raw = []byte(p.run(&isListChar, "a name or a pattern"))
	}
	if p.err != nil {
		return ""
	}
	if len(raw) > maxPattern {
		p.at = at
		p.want("a shorter pattern")
		return ""
	}
	name, ok := readName(string(raw), asUTF8)
	if !ok { // it matches nothing
		return noName
	}
	return name
}

// maxPattern is the longest pattern, in octets.
const maxPattern = 1000

var isListChar = func() (class [256]bool) {
	for c := ' ' + 1; c < 0x7f; c++ {
		class[c] = !strings.ContainsRune(`(){"\`, c)
	}
	return class
}()

func (s *session) listSelect(p *parser, sel *listSelect) {
	p.list(func() {
		switch name := p.keyword(); {
		case name == "SUBSCRIBED":
			sel.subscribed = true
		case name == "RECURSIVEMATCH":
			sel.recursive = true
		case name == "SPECIAL-USE" && s.has(name):
			sel.specialUse = true
		case name == "REMOTE": // there are none
		default:
			p.want("a selection option of LIST")
		}
	})
}

func (s *session) listReturn(p *parser, ret *listReturn) {
	p.list(func() {
		switch name := p.keyword(); {
		case name == "SUBSCRIBED" && s.has("LIST-EXTENDED"):
			ret.subscribed = true
		case name == "CHILDREN" && s.has("LIST-EXTENDED"):
			ret.children = true
		case name == "SPECIAL-USE" && s.has(name):
			ret.specialUse = true
		case name == "STATUS" && s.has("LIST-STATUS"):
			p.sp()
			ret.status = s.statusItems(p)
		default:
			p.want("a return option of LIST")
		}
	})
}

// wanted tells whether LIST is to tell of a mailbox; ret.below is set if only
// because of those below it.
func (s *session) wanted(info *MailboxInfo, reference string, patterns []string, sel listSelect, ret *listReturn) bool {
	ret.below = false
	match := slices.ContainsFunc(patterns, func(p string) bool { return matchName(reference+p, info.Name) })
	if !match || sel.specialUse && info.Use == "" {
		return false
	}
	if !sel.subscribed {
		return !info.Gone
	}
	if sel.recursive { // RFC 9051 §6.3.9.5, CHILDINFO
		for _, other := range s.account.Mailboxes() {
			below := other.Subscribed && strings.HasPrefix(other.Name, info.Name+string(Delimiter))
			if below && !slices.ContainsFunc(patterns, func(p string) bool { return matchName(reference+p, other.Name) }) {
				ret.below = true
			}
		}
	}
	return info.Subscribed || ret.below
}

// matchName tells whether a name fits a pattern: "*" stands for any octets,
// "%" for any but the delimiter. INBOX fits in any case.
//
// RFC 9051 §6.3.9.
func matchName(pattern, name string) bool {
	if len(pattern) >= len(inbox) && strings.EqualFold(pattern[:len(inbox)], inbox) {
		pattern = inbox + pattern[len(inbox):]
	}
	// at[i] tells whether what was read of the pattern fits name[:i].
	at := make([]bool, len(name)+1)
	at[0] = true
	for i := range len(pattern) {
		switch c := pattern[i]; c {
		case '*', '%':
			for j := range len(name) {
				if at[j] && (c == '*' || name[j] != Delimiter) {
					at[j+1] = true
				}
			}
		default:
			for j := len(name); j > 0; j-- {
				at[j] = at[j-1] && name[j-1] == c
			}
			at[0] = false
		}
	}
	return at[len(name)]
}

// listed tells of one mailbox.
//
// RFC 9051 §7.3.1.
func (s *session) listed(info MailboxInfo, ret listReturn) {
	var attrs []string
	if info.Gone {
		attrs = append(attrs, `\NonExistent`)
	} else if info.NoSelect {
		attrs = append(attrs, `\Noselect`)
	}
	switch {
	case !ret.children:
	case info.Children:
		attrs = append(attrs, `\HasChildren`)
	default:
		attrs = append(attrs, `\HasNoChildren`)
	}
	if ret.subscribed && info.Subscribed {
		attrs = append(attrs, `\Subscribed`)
	}
	if ret.specialUse && info.Use != "" {
		attrs = append(attrs, info.Use)
	}
	s.out.raw("* LIST ")
	s.out.words(attrs)
	s.out.raw(` "` + string(Delimiter) + `" `)
	s.out.mailbox(info.Name)
	if ret.below {
		s.out.raw(` ("CHILDINFO" ("SUBSCRIBED"))`)
	}
	s.out.end()
}

// listStatus tells the status of a mailbox that LIST told of.
//
// RFC 5819 §2.
func (s *session) listStatus(info MailboxInfo, ret listReturn) {
	if ret.status == nil || info.NoSelect || info.Gone {
		return
	}
	if st, err := s.account.Status(info.Name); err == nil {
		s.tellStatus(info.Name, st, ret.status)
	}
}

// lsub answers LSUB: the subscribed names that fit a pattern. Where "%" stops
// at a level of a subscribed name below, that level is told.
//
// RFC 3501 §6.3.9.
func (s *session) lsub(p *parser) result {
	p.sp()
	reference := p.listName(s.out.utf8)
	p.sp()
	pattern := reference + p.listName(s.out.utf8)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	told := map[string]bool{}
	tell := func(attrs, name string) {
		if !told[name] {
			told[name] = true
			s.out.raw("* LSUB (" + attrs + `) "` + string(Delimiter) + `" `)
			s.out.mailbox(name)
			s.out.end()
		}
	}
	infos := s.account.Mailboxes()
	for _, info := range infos {
		if info.Subscribed && matchName(pattern, info.Name) {
			attrs := ""
			if info.NoSelect || info.Gone {
				attrs = `\Noselect`
			}
			tell(attrs, info.Name)
		}
	}
	if strings.HasSuffix(pattern, "%") {
		for _, info := range infos {
			for i := range len(info.Name) {
				if info.Subscribed && info.Name[i] == Delimiter && matchName(pattern, info.Name[:i]) {
					tell(`\Noselect`, info.Name[:i])
				}
			}
		}
	}
	return ok("LSUB completed")
}
