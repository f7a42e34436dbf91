package mta

import (
	"context"
	"errors"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/smtp"
	"mailscope/sim/mailbox"
)

// DefaultGrace is how long a full mailbox is taken for one whose owner will
// make room.
const DefaultGrace = 24 * time.Hour

// full is a mailbox that had no room when it was last asked.
type full struct {
	since   time.Duration // simulated
	octets  int64         // it held then
	letters int
}

// room refuses a letter of so many octets that does not fit into a mailbox:
// for now, or for good if it never would or the mailbox has been full for too
// long. nil if it fits.
//
// RFC 5321 §4.2.2; enhanced codes RFC 3463 §3.3.
func (s *Server) room(box *mailbox.Box, octets int) *smtp.Reply {
	err := box.Room(int64(octets))
	if err == nil {
		return nil
	}
	if errors.Is(err, imap.ErrLimit) {
		return reply(552, "5.2.3", "letter is larger than the mailbox may hold")
	}
	key, q, now := mailbox.Key(box.Address), box.Quota(), s.net.Clock.Now()
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	f, before := s.disk.full[key]
	if !before || q.Storage < f.octets || q.Messages < f.letters { // its owner has begun to clean up
		f.since = now
	}
	f.octets, f.letters = q.Storage, q.Messages
	s.disk.full[key] = f
	if now-f.since > s.accounts[key].Grace {
		return reply(552, "5.2.2", "mailbox is full")
	}
	return reply(452, "4.2.2", "mailbox is full, try later")
}

// fits is room for a whole letter: a mailbox that takes one is not full.
func (s *Server) fits(box *mailbox.Box, octets int) *smtp.Reply {
	refusal := s.room(box, octets)
	if refusal == nil {
		s.disk.mu.Lock()
		delete(s.disk.full, mailbox.Key(box.Address))
		s.disk.mu.Unlock()
	}
	return refusal
}

// crowded lists the recipients whose mailboxes here a letter does not fit
// into; if there are no others, it is refused.
func (s *Server) crowded(m *mail) (list map[string]bool, refusal *smtp.Reply) {
	for _, r := range m.env.Rcpts {
		box := s.boxOf(r.To)
		if _, aliased := s.aliasOf(r.To); box == nil || aliased {
			continue
		}
		if why := s.fits(box, len(m.stored)); why != nil {
			if list == nil {
				list = map[string]bool{}
			}
			list[r.To] = true
			if refusal == nil || why.Code < refusal.Code { // one who can wait makes all wait
				refusal = why
			}
		}
	}
	for _, r := range m.env.Rcpts {
		if !list[r.To] {
			return list, nil
		}
	}
	return nil, refusal
}

// waiting lists the recipients whose mailboxes here have no room for a letter
// that this server sends on: it cannot be refused any more.
func (s *Server) waiting(m *mail) map[string]bool {
	list, refusal := s.crowded(m)
	if refusal != nil { // nobody has
		list = map[string]bool{}
		for _, r := range m.env.Rcpts {
			list[r.To] = true
		}
	}
	return list
}

// boxOf is the mailbox here of an address as an envelope has it, nil if there
// is none.
func (s *Server) boxOf(address string) *mailbox.Box { return s.store.Box(s.expand(address)) }

// await delivers to a mailbox that was full when the letter came, once it has
// room.
func (s *Server) await(e *entry) {
	s.begin(e)
	box := s.boxOf(e.rcpts[0].To)
	if box == nil {
		s.deliver(e)
		return
	}
	switch r := s.fits(box, len(e.stored)); {
	case r == nil:
		s.deliver(e)
	case r.Code/100 == 4:
		s.postpone(e, "", *deferred(r.Enhanced, r.Lines[0]))
	default:
		s.bounce(e, e.rcpts, *failed(r.Enhanced, r.Lines[0]), "")
	}
}

// rotateAt is the hour of the day at which mailboxes are cleaned.
const rotateAt = 3 * time.Hour

// scheduleRotation has mailboxes cleaned every night, if any is to be.
func (s *Server) scheduleRotation() {
	var boxes []*mailbox.Box
	for _, a := range s.Accounts {
		if len(a.Rotate) > 0 {
			box := s.store.Box(a.Address)
			box.SetRotation(a.Rotate, s.net.Clock.Date)
			boxes = append(boxes, box)
		}
	}
	if boxes == nil {
		return
	}
	const day = 24 * time.Hour
	now := s.net.Clock.Date()
	wait := now.Truncate(day).Add(rotateAt).Sub(now)
	if wait <= 0 {
		wait += day
	}
	var rotate func(context.Context)
	rotate = func(context.Context) {
		for _, b := range boxes {
			b.Rotate()
		}
		s.after(day, rotate)
	}
	s.after(wait, rotate)
}
