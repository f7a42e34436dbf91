package imap

import "fmt"

// status answers STATUS: what a mailbox holds, without opening it.
//
// RFC 9051 §6.3.11.
func (s *session) status(p *parser) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	p.sp()
	items := s.statusItems(p)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	st, err := s.account.Status(name)
	if err != nil {
		return s.failed("status of mailbox", err)
	}
	s.tellStatus(name, st, items)
	return ok("STATUS completed")
}

// statusItems takes the items in parentheses.
func (s *session) statusItems(p *parser) []string {
	items := []string{}
	p.fullList(func() {
		at := p.at
		name := p.keyword()
		needs, known := statusNeeds[name]
		if p.err == nil && (!known || needs != "" && !s.has(needs) || len(items) > len(statusNeeds)) {
			p.at = at
			p.want("an item of STATUS")
		}
		if name == "HIGHESTMODSEQ" {
			s.condstore = true // RFC 7162 §3.1
		}
		items = append(items, name)
	})
	return items
}

// statusNeeds has the items, and what the server must offer for each.
var statusNeeds = map[string]string{
	"MESSAGES": "", "UIDNEXT": "", "UIDVALIDITY": "", "UNSEEN": "",
	"RECENT":          "IMAP4REV1",
	"DELETED":         "", // RFC 9051 §6.3.11, RFC 9208 §4.1.4
	"SIZE":            "STATUS=SIZE",
	"HIGHESTMODSEQ":   "CONDSTORE",
	"APPENDLIMIT":     "APPENDLIMIT",
	"DELETED-STORAGE": "QUOTA=RES-STORAGE",
}

// tellStatus tells the items that were asked for.
//
// RFC 9051 §7.3.4.
func (s *session) tellStatus(name string, st Status, items []string) {
	s.out.raw("* STATUS ")
	s.out.mailbox(name)
	values := make([]string, len(items))
	for i, item := range items {
		var v any
		switch item {
		case "MESSAGES":
			v = st.Messages
		case "RECENT":
			v = st.Recent
		case "UIDNEXT":
			v = st.UIDNext
		case "UIDVALIDITY":
			v = st.UIDValidity
		case "UNSEEN":
			v = st.Unseen
		case "DELETED":
			v = st.Deleted
		case "DELETED-STORAGE":
			v = st.DeletedSize
		case "SIZE":
			v = st.Size
		case "HIGHESTMODSEQ":
			v = st.HighestModSeq
		case "APPENDLIMIT":
			v = s.srv.MaxSize
		}
		values[i] = fmt.Sprint(item, " ", v)
	}
	s.out.octet(' ')
	s.out.words(values)
	s.out.end()
}
