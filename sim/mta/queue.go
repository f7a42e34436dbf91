package mta

import (
	"context"
	"fmt"
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

// entry is the part of a mail that goes one way: to one domain.
type entry struct {
	*mail
	rcpts   []smtp.Rcpt
	domain  string        // lower case
	arrived time.Duration // simulated
	attempt int           // made so far
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued++
	return fmt.Sprint("Q", s.queued)
}

// accept puts a letter into the queue, one entry for each domain and for each
// recipient whose mailbox is crowded, and has them run at once.
func (s *Server) accept(m *mail, crowded map[string]bool) {
	var entries []*entry
	byDomain := map[string]*entry{}
	for _, r := range m.env.Rcpts {
		domain := strings.ToLower(domainOf(s.expand(r.To)))
		e := byDomain[domain]
		if e == nil || crowded[r.To] {
			e = &entry{mail: m, domain: domain, arrived: s.net.Clock.Now(), crowded: crowded[r.To]}
			entries = append(entries, e)
		}
		if !e.crowded {
			byDomain[domain] = e
		}
		e.rcpts = append(e.rcpts, r)
	}
	s.record(m.letter, &trace.Queue{Action: "accepted", ID: m.id, Sender: m.env.Mail.From,
		Recipients: addresses(m.env.Rcpts), Length: s.grow(len(entries))})
	for _, e := range entries {
		switch {
		case e.crowded:
			s.net.Clock.After(0, func(context.Context) { s.await(e) })
		case s.here(e.domain):
			s.net.Clock.After(0, func(context.Context) { s.deliver(e) })
		default:
			s.ready(e)
		}
	}
}

// grow changes the length of the queue and returns it.
func (s *Server) grow(by int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.length += by
	return s.length
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
	left := len(e.rcpts)
	leave := func(n int) (grow int) { left -= n; return -b2i(n > 0 && left == 0) }
	if len(f.stored) > 0 {
		s.record(e.letter, &trace.Queue{Action: "delivered", ID: e.id, Sender: e.env.Mail.From,
			Recipients: addresses(f.stored), Length: s.grow(leave(len(f.stored)))})
		s.notify(e, asking(f.stored, "SUCCESS"), outcome{action: "delivered", status: "2.1.5", text: "delivered"})
	}
	if len(f.discarded) > 0 {
		s.record(e.letter, &trace.Queue{Action: "discarded", ID: e.id, Sender: e.env.Mail.From,
			Recipients: addresses(f.discarded), Reason: "the recipient's script discards it", Length: s.grow(leave(len(f.discarded)))})
	}
	for _, refused := range f.failed {
		part := *e
		part.rcpts = refused.rcpts
		s.bounce(&part, refused.outcome, "", leave(len(refused.rcpts)))
	}
	for _, o := range f.onward {
		s.redistribute(e, o.Rcpt, o.Alias, leave(b2i(!o.stored)))
	}
}

// settle ends one attempt at an entry: recipients are relayed, refused for
// good, or wait for the next attempt. hop is the server that was tried last.
func (s *Server) settle(e *entry, hop string, res results) {
	if len(res.relayed) > 0 {
		part := *e
		part.rcpts = res.relayed
		s.record(e.letter, &trace.Queue{Action: "relayed", ID: e.id, Sender: e.env.Mail.From, Recipients: part.addresses(),
			NextHop: hop, Attempt: e.attempt, Reason: res.reply, Length: s.grow(-b2i(len(res.deferred)+len(res.failed) == 0))})
		if !res.dsn { // RFC 3461 §5.2.2
			s.notify(e, asking(res.relayed, "SUCCESS"), outcome{action: "relayed", status: "2.0.0", text: res.reply, host: hop})
		}
	}
	for i, f := range res.failed {
		part := *e
		part.rcpts = f.rcpts
		last := len(res.deferred) == 0 && i == len(res.failed)-1
		s.bounce(&part, f.outcome, hop, -b2i(last))
	}
	if len(res.deferred) > 0 {
		e.rcpts = res.deferred
		s.postpone(e, hop, res.why)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// postpone schedules the next attempt, or gives up when the letter is too old
// (RFC 5321 §4.5.4.1).
func (s *Server) postpone(e *entry, hop string, why outcome) {
	now := s.net.Clock.Now()
	set := s.settings()
	wait := set.Retry[min(e.attempt-1, len(set.Retry)-1)]
	if now+wait-e.arrived > set.Expire {
		why.action, why.status = "failed", "4.4.7" // RFC 3463 §3.5: delivery time expired
		s.bounce(e, why, hop, -1)
		return
	}
	s.record(e.letter, &trace.Queue{Action: "deferred", ID: e.id, Sender: e.env.Mail.From, Recipients: e.addresses(),
		NextHop: hop, Attempt: e.attempt, Next: now + wait, Reason: why.text, Length: s.grow(0)})
	s.warn(e, hop, why)
	s.net.Clock.After(wait, func(context.Context) {
		if e.crowded {
			s.await(e)
		} else {
			s.ready(e)
		}
	})
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
	why.action, why.host = "delayed", hop
	s.notify(e, asking(e.rcpts, "DELAY"), why)
}

// bounce ends the delivery to some recipients and tells the sender, but never
// of a notification (RFC 5321 §6.1). grow is how the queue's length changes.
func (s *Server) bounce(e *entry, why outcome, hop string, grow int) {
	action := "bounced"
	if e.env.Mail.From == "" {
		action = "discarded"
	}
	s.record(e.letter, &trace.Queue{Action: action, ID: e.id, Sender: e.env.Mail.From, Recipients: e.addresses(),
		NextHop: hop, Attempt: e.attempt, Reason: why.text, Length: s.grow(grow)})
	why.host = hop
	s.notify(e, asking(e.rcpts, "FAILURE"), why)
}
