package mta

import (
	"strings"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// forward sends a letter on to other addresses, for a recipient who has it
// there instead of here, or too. It stays the same letter, in the trace as
// well; its reverse-path stays, so that who wrote it hears of a failure, and
// nobody does if it is null; and what the sender wants to be told of goes along
// (RFC 3461 §5.2.7). On top stands a trace field of this server's, by which
// letters are found out that go round and round: ask loops before. grow is how
// the queue's length changes as the recipient leaves it.
//
// RFC 5321 §3.9.1.
func (s *Server) forward(e *entry, r smtp.Rcpt, to []string, grow int) {
	env := e.env
	env.Rcpts = nil
	for _, address := range to {
		onward := r
		onward.To = address
		env.Rcpts = append(env.Rcpts, onward)
	}
	m := &mail{id: s.nextID(), letter: e.letter, env: env, junk: e.junk}
	b := add(nil, "Received: by ", s.Host, " id ", m.id, "\r\n\tfor <", r.To, ">;\r\n\t") // §4.4
	b = s.net.Clock.Date().AppendFormat(b, time.RFC1123Z)
	m.fill(add(b, "\r\n"), e.data)
	s.record(e.letter, &trace.Queue{Action: "forwarded", ID: e.id, Sender: env.Mail.From,
		Recipients: []string{r.To}, NextHop: strings.Join(to, ", "), Length: s.grow(grow)})
	crowded, _ := s.crowded(m) // room is waited for: nobody is there to be told 452
	s.accept(m, crowded)
}

// loops tells whether a letter has passed too many servers, this one again and
// again perhaps, to be sent on.
//
// RFC 5321 §6.3.
func (s *Server) loops(e *entry) bool { return inspect(e.data).received >= s.MaxHops }
