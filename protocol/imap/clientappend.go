package imap

import (
	"fmt"
	"time"
)

// Append puts a letter into a mailbox. A zero date means now, as the server
// sees it. uid is zero if the server does not tell it.
//
// RFC 9051 §6.3.12; UIDPLUS RFC 4315 §3.
func (c *Client) Append(mailbox string, data []byte, flags []string, date time.Time) (uid UID, err error) {
	if err := checkFlags(flags); err != nil {
		return UID{}, fmt.Errorf("APPEND: %w", err)
	}
	r, err := c.do("APPEND", func(e *encoder) {
		e.octet(' ')
		e.mailbox(mailbox)
		if len(flags) > 0 {
			e.octet(' ')
			e.words(flags)
		}
		if !date.IsZero() {
			e.octet(' ')
			e.dateTime(date)
		}
		e.octet(' ')
		e.literal(data)
	}, nil)
	if err != nil {
		return UID{}, err
	}
	if p := r.codeArgs("APPENDUID"); p != nil {
		got := UID{Validity: p.nzNumber()}
		p.sp()
		got.Number = p.nzNumber()
		if p.err == nil {
			uid = got
		}
	}
	return uid, nil
}

// checkFlags refuses what is no flag, since it would be read as something
// else.
func checkFlags(flags []string) error {
	for _, f := range flags {
		p := newParser([]byte(f))
		p.skip('\\')
		p.atom()
		if p.end(); p.err != nil {
			return fmt.Errorf("flag %q: %w", f, p.err)
		}
	}
	return nil
}
