package mta

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// mail is one letter that this server is responsible for.
type mail struct {
	id     string // in this queue
	letter string // in the trace
	env    smtp.Envelope
	junk   bool // comes into mailboxes here out of sight
	// forwards is how often it was sent on from here without a hop, which
	// leaves no Received field.
	forwards int
	stored   []byte // as it comes into mailboxes here: data below its Return-Path
	data     []byte // with this hop's trace field; shared by its entries
}

// fill sets the letter from its parts; env must be set.
func (m *mail) fill(parts ...[]byte) {
	size := len(returnPath) + len(m.env.Mail.From) + 3
	for _, p := range parts {
		size += len(p)
	}
	b := add(make([]byte, 0, size), returnPath, m.env.Mail.From, ">\r\n")
	path := len(b)
	for _, p := range parts {
		b = append(b, p...)
	}
	m.stored, m.data = b, b[path:]
}

const returnPath = "Return-Path: <" // RFC 5321 §4.4

// entry is the part of a mail that goes one way: to one domain, or with all
// others to the smarthost.
type entry struct {
	*mail
	number  int           // on the disk
	rcpts   []smtp.Rcpt   // who are to get it yet
	domain  string        // lower case; the smarthost's name stands for all elsewhere
	arrived time.Duration // simulated
	attempt int           // made so far
	next    time.Duration // simulated, of the next attempt; what is past means at once
	warned  bool          // the sender was told of the delay
	crowded bool          // for one mailbox here, which had no room
}

func (e *entry) addresses() []string { return addresses(e.rcpts) }

func addresses(rcpts []smtp.Rcpt) []string {
	list := make([]string, len(rcpts))
	for i, r := range rcpts {
		list[i] = r.To
	}
	return list
}

// nextID names the next letter of the queue.
func (s *Server) nextID() string {
	return fmt.Sprint("Q", s.disk.next(&s.disk.letters))
}

// accept puts a letter into the queue, one entry for each way and for each
// recipient whose mailbox is crowded, and has them run at once.
func (s *Server) accept(m *mail, crowded map[string]bool) {
	var entries []*entry
	byDomain := map[string]*entry{}
	for _, r := range m.env.Rcpts {
		domain := s.way(r.To)
		e := byDomain[domain]
		if e == nil || crowded[r.To] {
			e = &entry{mail: m, number: s.disk.next(&s.disk.numbers), domain: domain, arrived: s.net.Clock.Now(), crowded: crowded[r.To]}
			entries = append(entries, e)
		}
		if !e.crowded {
			byDomain[domain] = e
		}
		e.rcpts = append(e.rcpts, r)
	}
	for _, e := range entries {
		s.disk.write(e)
	}
	s.record(m.letter, &trace.Queue{Action: "accepted", ID: m.id, Sender: m.env.Mail.From,
		Recipients: addresses(m.env.Rcpts), Length: s.disk.length()})
	for _, e := range entries {
		if e.crowded || s.here(e.domain) {
			s.after(0, func(context.Context) { s.run(e) })
		} else {
			s.ready(e)
		}
	}
}

// way is the domain of an address, or the smarthost if that is elsewhere.
func (s *Server) way(address string) string {
	domain := strings.ToLower(domainOf(s.expand(address)))
	if s.Smarthost != "" && !s.here(domain) {
		return strings.ToLower(s.Smarthost)
	}
	return domain
}

// run makes the next attempt at an entry, or has a worker make it.
func (s *Server) run(e *entry) {
	switch {
	case e.crowded:
		s.powered(func() { s.await(e) })
	case s.here(e.domain):
		s.powered(func() { s.deliver(e) })
	default:
		s.ready(e)
	}
}

// begin counts an attempt.
func (s *Server) begin(e *entry) {
	e.attempt++
	s.disk.write(e)
}

// crossOut takes recipients off an entry: they have the letter, or never will.
// It returns the length of the queue.
func (s *Server) crossOut(e *entry, gone []smtp.Rcpt) int {
	e.rcpts = slices.DeleteFunc(slices.Clone(e.rcpts), func(r smtp.Rcpt) bool {
		return slices.ContainsFunc(gone, func(g smtp.Rcpt) bool { return g.To == r.To })
	})
	s.disk.write(e)
	return s.disk.length()
}

// deliver puts a letter into the mailboxes of its recipients here, full or not:
// it was accepted. Their scripts may want something else, and from an alias it
// goes on.
func (s *Server) deliver(e *entry) {
	var f fates
	for _, r := range e.rcpts {
		if a, ok := s.aliasOf(r.To); ok {
			f.onward = append(f.onward, onward{r, a, false})
		} else if box := s.boxOf(r.To); box != nil {
			s.sort(e, r, box, &f)
		} else { // a notification to nobody, or closed since it was accepted
			f.add(r, *failed("5.1.1", "no such mailbox here"))
		}
	}
	if len(f.stored) > 0 {
		s.record(e.letter, &trace.Queue{Action: "delivered", ID: e.id, Sender: e.env.Mail.From,
			Recipients: addresses(f.stored), Length: s.crossOut(e, f.stored)})
		s.notify(e, asking(f.stored, "SUCCESS"), outcome{action: "delivered", status: "2.1.5", text: "delivered"})
	}
	if len(f.discarded) > 0 {
		s.record(e.letter, &trace.Queue{Action: "discarded", ID: e.id, Sender: e.env.Mail.From,
			Recipients: addresses(f.discarded), Reason: "the recipient's script discards it", Length: s.crossOut(e, f.discarded)})
	}
	for _, refused := range f.failed {
		s.bounce(e, refused.rcpts, refused.outcome, "")
	}
	for _, o := range f.onward {
		s.redistribute(e, o.Rcpt, o.Alias)
	}
}

// settle ends one attempt at an entry: recipients are relayed, refused for
// good, or wait for the next attempt. hop is the server that was tried last.
// Only here, once the other server's 250 was heard, is a recipient crossed out:
// if the power goes before, the letter is sent again and arrives twice (RFC 1047
// tells of it), which is better than not at all.
func (s *Server) settle(e *entry, hop string, res results) {
	s.powered(func() { s.finish(e, hop, res) })
}

func (s *Server) finish(e *entry, hop string, res results) {
	if len(res.relayed) > 0 {
		s.record(e.letter, &trace.Queue{Action: "relayed", ID: e.id, Sender: e.env.Mail.From, Recipients: addresses(res.relayed),
			NextHop: hop, Attempt: e.attempt, Reason: res.reply, Length: s.crossOut(e, res.relayed)})
		if !res.dsn { // RFC 3461 §5.2.2
			s.notify(e, asking(res.relayed, "SUCCESS"), outcome{action: "relayed", status: "2.0.0", text: res.reply, host: hop})
		}
	}
	for _, f := range res.failed {
		s.bounce(e, f.rcpts, f.outcome, hop)
	}
	if len(res.deferred) > 0 {
		e.rcpts = res.deferred
		s.postpone(e, hop, res.why)
	}
}

// postpone schedules the next attempt, or gives up when the letter is too old
// (RFC 5321 §4.5.4.1).
func (s *Server) postpone(e *entry, hop string, why outcome) {
	now := s.net.Clock.Now()
	set := s.settings()
	wait := set.Retry[min(e.attempt-1, len(set.Retry)-1)]
	if now+wait-e.arrived > set.Expire {
		why.action, why.status = "failed", "4.4.7" // RFC 3463 §3.5: delivery time expired
		s.bounce(e, e.rcpts, why, hop)
		return
	}
	e.next = now + wait
	s.disk.write(e)
	s.record(e.letter, &trace.Queue{Action: "deferred", ID: e.id, Sender: e.env.Mail.From, Recipients: e.addresses(),
		NextHop: hop, Attempt: e.attempt, Next: e.next, Reason: why.text, Length: s.disk.length()})
	s.warn(e, hop, why)
	s.after(wait, func(context.Context) { s.run(e) })
}

// warn tells the sender once that a letter is still on its way, if he asked
// to be told: without NOTIFY nobody is.
//
// RFC 3461 §4.1 leaves that to us; form RFC 3464 §2.3.9.
func (s *Server) warn(e *entry, hop string, why outcome) {
	if e.warned || s.net.Clock.Now()-e.arrived < s.settings().Warn {
		return
	}
	e.warned = true
	s.disk.write(e)
	why.action, why.host = "delayed", hop
	s.notify(e, asking(e.rcpts, "DELAY"), why)
}

// bounce ends the delivery to some recipients and tells the sender, but never
// of a notification (RFC 5321 §6.1).
func (s *Server) bounce(e *entry, rcpts []smtp.Rcpt, why outcome, hop string) {
	action := "bounced"
	if e.env.Mail.From == "" {
		action = "discarded"
	}
	s.record(e.letter, &trace.Queue{Action: action, ID: e.id, Sender: e.env.Mail.From, Recipients: addresses(rcpts),
		NextHop: hop, Attempt: e.attempt, Reason: why.text, Length: s.crossOut(e, rcpts)})
	why.host = hop
	s.notify(e, asking(rcpts, "FAILURE"), why)
}
