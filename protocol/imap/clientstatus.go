package imap

// Status asks about a mailbox that need not be open. Items are "MESSAGES",
// "UNSEEN", "SIZE" and so on; what was not asked for is 0.
//
// RFC 9051 §6.3.11; DELETED there, SIZE RFC 8438, HIGHESTMODSEQ RFC 7162 §3.1.7.
func (c *Client) Status(name string, items ...string) (Status, error) {
	var st Status
	_, err := c.do("STATUS", func(e *encoder) {
		e.octet(' ')
		e.mailbox(name)
		e.octet(' ')
		e.words(items)
	}, func(r *response) bool {
		got, ok := r.data.(namedStatus)
		if ok && got.name == name {
			st = got.status
		}
		return ok
	})
	return st, err
}

// namedStatus is what a STATUS response tells.
type namedStatus struct {
	name   string
	status Status
}

// mailboxStatus takes what follows STATUS.
//
// RFC 9051 §7.3.4, §9 (status-att-list).
func (p *parser) mailboxStatus(asUTF8 bool) namedStatus {
	s := namedStatus{name: p.boxName(asUTF8)}
	p.sp()
	p.list(func() {
		name := p.keyword()
		p.sp()
		switch name {
		case "MESSAGES":
			s.status.Messages = int(p.number())
		case "UNSEEN":
			s.status.Unseen = int(p.number())
		case "DELETED":
			s.status.Deleted = int(p.number())
		case "SIZE":
			s.status.Size = int64(p.number64())
		case "UIDNEXT":
			s.status.UIDNext = p.number()
		case "UIDVALIDITY":
			s.status.UIDValidity = p.number()
		case "HIGHESTMODSEQ":
			s.status.HighestModSeq = p.number64()
		default:
			p.value()
		}
	})
	return s
}
