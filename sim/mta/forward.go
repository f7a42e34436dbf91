package mta

import (
	"strings"

	"mailscope/protocol/smtp"
	"mailscope/sim/mailbox"
	"mailscope/sim/trace"
)

// Alias is an address here that stands for others.
//
// RFC 5321 §3.9.
type Alias struct {
	Address string
	To      []string
	// Owner makes it a list: who is told what goes wrong with letters to its
	// members. Of a plain alias it is "", and the sender is told.
	Owner  string
	Footer string // that a list puts below the text; "" for none
}

// aliasOf is the alias here of an address as an envelope has it.
func (s *Server) aliasOf(address string) (a Alias, ok bool) {
	a, ok = s.aliases[mailbox.Key(s.expand(address))]
	return a, ok
}

// redistribute sends a letter on from an alias here to those for whom it
// stands.
//
// RFC 5321 §3.9.1: of an alias only the recipients change. §3.9.2: a list has a
// reverse-path of its own. RFC 3461 §5.2.7: with an alias goes what the sender
// asked to be told of; at a list the letter has arrived. A notification has no
// sender at a list either, so that nobody is told of its fate.
func (s *Server) redistribute(e *entry, r smtp.Rcpt, a Alias) {
	env, data := e.env, e.data
	env.Rcpts = make([]smtp.Rcpt, len(a.To))
	for i, to := range a.To {
		env.Rcpts[i] = smtp.Rcpt{To: to}
		env.Mail.UTF8 = env.Mail.UTF8 || !ascii(to)
		if a.Owner == "" {
			env.Rcpts[i].Notify, env.Rcpts[i].ORcpt = r.Notify, r.ORcpt
		}
	}
	if a.Footer != "" {
		data = withFooter(data, a.Footer)
	}
	if a.Owner != "" {
		env.Mail.Ret, env.Mail.EnvID = "", ""
		if env.Mail.From != "" {
			env.Mail.From = a.Owner
		}
	}
	if s.forward(e, r, env, data) && a.Owner != "" {
		s.notify(e, asking([]smtp.Rcpt{r}, "SUCCESS"), outcome{action: "delivered", status: "2.1.5", text: "delivered to the list"})
	}
}

// forward sends a letter on that has come for one recipient here, in another
// envelope: as a letter of its own in this queue. Nothing is put on top of
// data. A letter that goes in a circle is returned, like one that does so
// between servers (RFC 5321 §6.3).
func (s *Server) forward(e *entry, r smtp.Rcpt, env smtp.Envelope, data []byte) bool {
	if s.circles(e) {
		s.bounce(e, []smtp.Rcpt{r}, *failed("5.4.6", tooManyHops), "")
		return false
	}
	s.record(e.letter, &trace.Queue{Action: "forwarded", ID: e.id, Sender: e.env.Mail.From, Recipients: []string{r.To},
		Reason: strings.Join(addresses(env.Rcpts), ", "), Length: s.crossOut(e, []smtp.Rcpt{r})})
	m := &mail{id: s.nextID(), letter: e.letter, env: env, junk: e.junk, forwards: e.forwards + 1}
	m.fill(data)
	s.accept(m, s.waiting(m))
	return true
}

// circles tells whether a letter has been sent on too often, to be sent on once
// more.
func (s *Server) circles(e *entry) bool {
	return inspect(e.data).received+e.forwards > s.MaxHops // this hop is among them
}

const tooManyHops = "too many hops: this letter loops"

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 }
