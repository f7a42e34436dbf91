package mta

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/network"
)

// smtpBackend takes letters on port 25 or, with submission, on ports 587 and
// 465.
type smtpBackend struct {
	s          *Server
	set        *Settings
	submission bool
}

func (b smtpBackend) Open(_ context.Context, nc net.Conn) (smtp.Session, error) {
	return &receiver{s: b.s, set: b.set, submission: b.submission, conn: nc.(*network.Conn)}, nil
}

// receiver is the mail server's side of one SMTP session.
type receiver struct {
	s          *Server
	set        *Settings // of this session
	submission bool
	conn       *network.Conn
	user       string // who signed in, "" if nobody
	size       int    // octets of the letter, as its sender declared; 0 if not
	helo       string // as the client greeted
	screening         // of the open transaction
}

func (r *receiver) Greeted(helo string, _ bool) { r.helo = helo }

func (r *receiver) Close() {}

func (r *receiver) Reset() {
	if r.conn.Foreign() {
		r.conn.SetLetter("")
	}
}

func (r *receiver) Authenticate(user, password string) error {
	if !r.s.authenticate(r.conn, user, password) {
		return errors.New("unknown user or wrong password")
	}
	r.user = user
	return nil
}

// Mail refuses who signed in and writes in the name of somebody else; a letter
// without a sender, such as a receipt, is nobody's.
//
// RFC 6409 §6.1.
func (r *receiver) Mail(_ context.Context, m smtp.Mail) error {
	if r.user != "" && m.From != "" && !r.set.LaxSender && !r.s.own(r.user, m.From) {
		return reply(553, "5.7.1", "this is not your own address")
	}
	r.size, r.screening = m.Size, screening{from: m.From}
	if r.conn.Foreign() {
		r.conn.SetLetter(r.s.net.NewLetter())
	}
	return nil
}

// Rcpt accepts recipients of this server's own whose mailboxes have room, of
// the domains that it backs up, and any other from those who may submit them
// or whose smarthost it is.
//
// RFC 5321 §3.3 and §7.1 (relaying); enhanced codes RFC 3463.
func (r *receiver) Rcpt(ctx context.Context, to smtp.Rcpt) error {
	domain := domainOf(to.To)
	switch {
	case domain == "", r.s.here(domain):
		if _, ok := r.s.aliasOf(to.To); ok {
			break
		}
		box := r.s.boxOf(to.To)
		if box == nil {
			return reply(550, "5.1.1", "no such mailbox here")
		}
		if refusal := r.s.room(box, max(r.size, 1)); refusal != nil { // RFC 1870 §6.1
			return refusal
		}
	case r.submission, r.user != "", r.set.OpenRelay, r.s.backup[strings.ToLower(domain)], r.client():
	default:
		return reply(550, "5.7.1", "relaying denied")
	}
	if r.outside() {
		if refusal := r.screen(ctx, to.To); refusal != nil {
			return refusal
		}
	}
	return nil
}

// client tells whether this server is the smarthost of who connected.
func (r *receiver) client() bool {
	peer, _ := r.conn.Peer()
	return r.s.clients[strings.ToLower(peer)]
}

// Verify says no more than it must (RFC 5321 §7.3).
func (r *receiver) Verify(context.Context, string) smtp.Reply {
	return *reply(252, "2.1.5", "cannot verify, but will accept a letter and try")
}

// Data takes responsibility for a letter: it is on the disk before anybody
// hears 250 (RFC 5321 §6.1).
func (r *receiver) Data(ctx context.Context, env smtp.Envelope, letter []byte) (smtp.Reply, error) {
	h := inspect(letter)
	if h.received >= r.s.MaxHops {
		return smtp.Reply{}, reply(554, "5.4.6", tooManyHops)
	}
	if refusal := r.entitled(letter); refusal != nil {
		return smtp.Reply{}, refusal
	}
	id := r.conn.Letter()
	if id == "" {
		id = r.s.net.NewLetter()
	}
	v := r.judge(ctx, id, env, letter)
	if v.refusal != nil {
		return smtp.Reply{}, v.refusal
	}
	queueID := r.s.nextID()
	head := r.received(append(make([]byte, 0, 1024), v.fields...), env, queueID)
	var made []byte // fields that the sender's program left out
	if r.submission && h.sound {
		made = r.s.complete(nil, h)
	}
	if r.submission || r.user != "" {
		head = append(head, r.s.sign(made, v.letter)...)
	}
	m := &mail{id: queueID, letter: id, env: env, junk: v.junk}
	m.fill(head, made, v.letter)
	crowded, refusal := r.s.crowded(m)
	if refusal != nil {
		return smtp.Reply{}, refusal
	}
	if !r.s.powered(func() { r.s.accept(m, crowded) }) {
		return smtp.Reply{}, reply(421, "4.3.2", "no power") // which nobody hears
	}
	return *reply(250, "2.0.0", "queued as "+queueID), nil
}

// received appends the trace field of this hop (RFC 5321 §4.4).
func (r *receiver) received(b []byte, env smtp.Envelope, id string) []byte {
	peer, addr := r.conn.Peer()
	with := "SMTP"
	if env.ESMTP {
		with = "ESMTP"
	}
	if env.Mail.UTF8 {
		with = "UTF8SMTP" // RFC 6531 §4.3
	}
	if env.TLS != nil { // RFC 3848
		with += "S"
	}
	if r.user != "" {
		with += "A"
	}
	b = add(b, "Received: from ", env.Helo, " (", peer, " [")
	b = addr.AppendTo(b)
	b = add(b, "])\r\n\tby ", r.s.Host, " with ", with, " id ", id)
	if len(env.Rcpts) == 1 {
		b = add(b, "\r\n\tfor <", env.Rcpts[0].To, ">")
	}
	b = add(b, ";\r\n\t")
	b = r.s.net.Clock.Date().AppendFormat(b, time.RFC1123Z)
	return add(b, "\r\n")
}

// complete appends the fields that a submitted letter must not lack
// (RFC 6409 §8).
func (s *Server) complete(b []byte, h header) []byte {
	if !h.date {
		b = add(b, "Date: ")
		b = s.net.Clock.Date().AppendFormat(b, time.RFC1123Z)
		b = add(b, "\r\n")
	}
	if !h.messageID {
		b = add(b, "Message-ID: <", s.messageID(), ">\r\n")
	}
	return b
}

// add appends texts.
func add(b []byte, texts ...string) []byte {
	for _, t := range texts {
		b = append(b, t...)
	}
	return b
}

// messageID makes an identifier that this server gives once.
func (s *Server) messageID() string {
	return fmt.Sprintf("%d.%d@%s", s.disk.next(&s.disk.lastMID), s.net.Clock.Date().Unix(), s.Host)
}

// expand completes the bare Postmaster with this server's first domain.
func (s *Server) expand(address string) string {
	if domainOf(address) == "" && len(s.Domains) > 0 {
		return address + "@" + s.Domains[0]
	}
	return address
}

func reply(code int, enhanced, text string) *smtp.Reply {
	return &smtp.Reply{Code: code, Enhanced: enhanced, Lines: []string{text}}
}
