package imap

// Copied tells which UID each message has in the other mailbox: that of the
// first of From is the first of To. All is zero if the server does not tell.
//
// RFC 4315 §3 (COPYUID).
type Copied struct {
	UIDValidity uint32
	From, To    []uint32
}

// maxCopied is how many messages a COPYUID is read of.
const maxCopied = 1_000_000

// Copy copies messages to the end of another mailbox, all or none.
//
// RFC 9051 §6.4.7, §6.4.9.
func (c *Client) Copy(uids NumSet, mailbox string) (Copied, error) {
	return c.transfer("UID COPY", uids, mailbox)
}

// Move moves messages to another mailbox. Where the server cannot, they are
// copied and then removed; if it has no UID EXPUNGE either, everything that
// has \Deleted is removed.
//
// RFC 6851 §3.1, §3.3 (the same by other commands).
func (c *Client) Move(uids NumSet, mailbox string) (Copied, error) {
	if c.Has("MOVE") || c.Has("IMAP4rev2") {
		return c.transfer("UID MOVE", uids, mailbox)
	}
	to, err := c.Copy(uids, mailbox)
	if err != nil {
		return to, err
	}
	if _, err := c.Store(uids, AddFlags, []string{Deleted}, StoreOptions{Silent: true}); err != nil {
		return to, err
	}
	if !c.Has("UIDPLUS") {
		uids = NumSet{}
	}
	return to, c.Expunge(uids)
}

func (c *Client) transfer(verb string, uids NumSet, mailbox string) (to Copied, err error) {
	read := func(r *response) bool {
		p := r.codeArgs("COPYUID")
		if p == nil {
			return false
		}
		if got, ok := p.copied(); ok {
			to = got
		}
		return true
	}
	r, err := c.do(verb, func(e *encoder) {
		e.set(uids)
		e.octet(' ')
		e.mailbox(mailbox)
	}, read) // of MOVE it comes before the messages go: RFC 6851 §4.3
	if err != nil {
		return Copied{}, err
	}
	read(r)
	return to, nil
}

func (p *parser) copied() (to Copied, ok bool) {
	to.UIDValidity = p.nzNumber()
	p.sp()
	from := p.set()
	p.sp()
	dest := p.set()
	if p.err != nil || from.Result || dest.Result {
		return Copied{}, false
	}
	to.From, to.To = from.numbers(maxCopied), dest.numbers(maxCopied)
	if len(to.From) != len(to.To) {
		return Copied{}, false
	}
	return to, true
}

// numbers lists the numbers of a set in the order in which it is written, nil
// if they are too many or "*" is among them.
func (s NumSet) numbers(limit uint64) []uint32 {
	if s.count() > limit {
		return nil
	}
	var list []uint32
	for _, r := range s.Ranges {
		first, last := min(r.First, r.Last), max(r.First, r.Last)
		if first == Star || uint64(len(list))+uint64(last-first) >= limit {
			return nil
		}
		for n := first; n <= last && n >= first; n++ {
			list = append(list, n)
		}
	}
	return list
}
