package imap

// SelectOptions say how a mailbox is opened.
type SelectOptions struct {
	ReadOnly  bool    // EXAMINE
	CondStore bool    // have mod-sequences told: RFC 7162 §3.1.8
	Resync    *Resync // have told what changed since then
}

// Resync is what a client knows of a mailbox from an earlier session. The
// server passes it over if UIDValidity is another one now.
//
// RFC 7162 §3.2.5; QRESYNC must be enabled.
type Resync struct {
	UIDValidity uint32
	ModSeq      uint64
	Known       NumSet // UIDs; empty means all
}

// Select opens a mailbox. What Resync brings comes through OnUpdate.
//
// RFC 9051 §6.3.2, §6.3.3.
func (c *Client) Select(name string, o SelectOptions) (*Selected, error) {
	verb := "SELECT"
	if o.ReadOnly {
		verb = "EXAMINE"
	}
	c.box = &Selected{Name: name, ReadOnly: o.ReadOnly}
	_, err := c.do(verb, func(e *encoder) {
		e.octet(' ')
		e.mailbox(name)
		e.selectParams(o)
	}, func(r *response) bool {
		switch r.name {
		case "EXISTS", "RECENT", "FLAGS", "OK", "LIST":
			return true
		}
		return false
	})
	if err != nil { // RFC 9051 §6.3.2: the one before is closed as well
		c.box = nil
		return nil, err
	}
	return c.box, nil
}

func (e *encoder) selectParams(o SelectOptions) {
	switch {
	case o.Resync != nil:
		e.raw(" (QRESYNC (")
		e.number32(o.Resync.UIDValidity)
		e.octet(' ')
		e.number64(o.Resync.ModSeq)
		if len(o.Resync.Known.Ranges) > 0 {
			e.octet(' ')
			e.buf = appendSet(e.buf, o.Resync.Known)
		}
		e.raw("))")
	case o.CondStore:
		e.raw(" (CONDSTORE)")
	}
}

// Check asks the server to put the mailbox in order.
//
// RFC 3501 §6.4.1; RFC 9051 has NOOP instead.
func (c *Client) Check() error {
	_, err := c.do("CHECK", nil, nil)
	return err
}

// CloseMailbox closes the mailbox and removes the messages that have \Deleted.
//
// RFC 9051 §6.4.1.
func (c *Client) CloseMailbox() error { return c.leave("CLOSE") }

// Unselect closes the mailbox and removes nothing.
//
// RFC 9051 §6.4.2, RFC 3691.
func (c *Client) Unselect() error { return c.leave("UNSELECT") }

func (c *Client) leave(verb string) error {
	_, err := c.do(verb, nil, nil)
	if err == nil {
		c.box = nil
	}
	return err
}

// Expunge removes the messages that have \Deleted: those of some UIDs, or all
// if uids is empty. Each is told of through OnUpdate.
//
// RFC 9051 §6.4.3; by UIDs §6.4.9, RFC 4315 §2.1.
func (c *Client) Expunge(uids NumSet) error {
	if len(uids.Ranges) == 0 && !uids.Result {
		_, err := c.do("EXPUNGE", nil, nil)
		return err
	}
	_, err := c.do("UID EXPUNGE", func(e *encoder) { e.set(uids) }, nil)
	return err
}

// set writes a space and a set.
func (e *encoder) set(s NumSet) { e.buf = appendSet(append(e.buf, ' '), s) }
