package imap

import "fmt"

// StoreOptions say how flags are changed.
type StoreOptions struct {
	Seq            bool    // the set holds sequence numbers
	Silent         bool    // do not tell the flags that come of it
	UnchangedSince *uint64 // leave messages alone that changed later: RFC 7162 §3.1.3
}

// Store changes flags of messages. Their new flags come through OnUpdate.
// modified are the messages that UnchangedSince left alone.
//
// RFC 9051 §6.4.6, §6.4.9.
func (c *Client) Store(set NumSet, op FlagOp, flags []string, o StoreOptions) (modified NumSet, err error) {
	if err := checkFlags(flags); err != nil {
		return NumSet{}, fmt.Errorf("STORE: %w", err)
	}
	r, err := c.do(verbOf("STORE", o.Seq), func(e *encoder) {
		e.set(set)
		if o.UnchangedSince != nil {
			e.raw(" (UNCHANGEDSINCE ")
			e.number64(*o.UnchangedSince)
			e.octet(')')
		}
		e.raw([...]string{SetFlags: " FLAGS", AddFlags: " +FLAGS", RemoveFlags: " -FLAGS"}[op])
		if o.Silent {
			e.raw(".SILENT")
		}
		e.octet(' ')
		e.words(flags)
	}, nil)
	if r != nil { // with NO as well: RFC 7162 §3.1.3
		if p := r.codeArgs("MODIFIED"); p != nil {
			modified = p.set()
		}
	}
	return modified, err
}

// verbOf is a command for UIDs or for sequence numbers.
func verbOf(verb string, seq bool) string {
	if seq {
		return verb
	}
	return "UID " + verb
}
