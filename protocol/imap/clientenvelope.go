package imap

import (
	"time"

	"mailscope/protocol/imap/letter"
)

// Envelope is a letter's head as ENVELOPE tells it. Texts are as they stand in
// the letter; Text decodes them.
//
// RFC 9051 §7.5.2.
type Envelope struct {
	Date, Subject                      string
	From, Sender, ReplyTo, To, Cc, Bcc []Address
	InReplyTo, MessageID               string
}

// Address is one address of an envelope. Of a group, the start has a Mailbox,
// which is the group's name, and the end has none.
type Address struct {
	Name    string // as it stands in the letter
	Route   string
	Mailbox string
	Host    string
	Group   bool // a group starts or ends here
}

// Addr is the address alone: "anna@romashka.example".
func (a Address) Addr() string {
	if a.Host == "" {
		return a.Mailbox
	}
	return a.Mailbox + "@" + a.Host
}

// Text is a field's value as a person reads it: encoded words decoded.
//
// RFC 2047.
func Text(value string) string { return string(letter.Decoded([]byte(value), nil)) }

// Sent is when the letter was sent, as its author says; ok is false if that
// cannot be read.
func (e *Envelope) Sent() (t time.Time, ok bool) { return letter.SentDate([]byte(e.Date)) }

// envelope takes an envelope.
//
// RFC 9051 §9 (envelope).
func (p *parser) envelope() *Envelope {
	e := &Envelope{}
	p.expect('(')
	e.Date = p.text()
	p.sp()
	e.Subject = p.text()
	for _, to := range []*[]Address{&e.From, &e.Sender, &e.ReplyTo, &e.To, &e.Cc, &e.Bcc} {
		p.sp()
		*to = p.addresses()
	}
	p.sp()
	e.InReplyTo = p.text()
	p.sp()
	e.MessageID = p.text()
	p.expect(')')
	return e
}

// addresses takes addresses in parentheses, or NIL.
func (p *parser) addresses() []Address {
	if p.word("NIL") {
		return nil
	}
	var list []Address
	p.expect('(')
	for p.peek() == '(' {
		list = append(list, p.address())
		if p.peek() == ' ' { // which some servers put there
			p.more()
		}
	}
	p.expect(')')
	return list
}

func (p *parser) address() Address {
	var a Address
	p.expect('(')
	a.Name = p.text()
	p.sp()
	a.Route = p.text()
	p.sp()
	a.Mailbox = p.text()
	p.sp()
	host, ok := p.nstring()
	a.Host, a.Group = string(host), !ok
	p.expect(')')
	return a
}
