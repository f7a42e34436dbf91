package mta

import (
	"bufio"
	"bytes"
	"slices"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	"mailscope/protocol/smtp"
	"mailscope/sim/mailbox"
)

// own tells whether an address is one of a user's: that of the account, or an
// alias that leads to it.
func (s *Server) own(user, address string) bool {
	if mailbox.Key(address) == mailbox.Key(user) {
		return true
	}
	a, ok := s.aliasOf(address)
	return ok && a.Owner == "" && slices.ContainsFunc(a.To, func(to string) bool { return mailbox.Key(to) == mailbox.Key(user) })
}

// entitled refuses a letter of somebody who signed in and whom its header does
// not name: one of the authors in From is the user, and who sent it in Sender,
// if that is there. A letter without From claims nothing.
//
// RFC 6409 §6.1 speaks of MAIL FROM; the reason is as good for what readers
// see. Several authors, and Sender: RFC 5322 §3.6.2. Deviates: that section has
// a secretary send for somebody who alone is in From, which nobody can tell
// from a forgery.
func (r *receiver) entitled(letter []byte) *smtp.Reply {
	if r.user == "" || r.set.LaxSender {
		return nil
	}
	fields, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(letter)))
	if err != nil {
		return nil // without a header nobody is named
	}
	h := gomail.Header{Header: message.Header{Header: fields}}
	for _, name := range []string{"From", "Sender"} {
		switch n := fields.FieldsByKey(name).Len(); {
		case n == 0:
			continue
		case n > 1:
			return reply(550, "5.7.1", "more than one "+name+" field")
		}
		list, err := h.AddressList(name)
		if err != nil || !slices.ContainsFunc(list, func(a *gomail.Address) bool { return r.s.own(r.user, a.Address) }) {
			return reply(550, "5.7.1", "the "+name+" field does not name you")
		}
	}
	return nil
}
