package mta

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"mailscope/protocol/smtp"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// maxWorkers bounds the sessions that run at a time to one domain.
const maxWorkers = 8

// lane is the entries that wait for a session to one domain.
type lane struct {
	ready   []*entry
	workers int
}

// ready hands an entry to a worker of its domain, and starts one if there are
// not enough.
func (s *Server) ready(e *entry) {
	s.mu.Lock()
	l := s.lanes[e.domain]
	if l == nil {
		l = &lane{}
		s.lanes[e.domain] = l
	}
	l.ready = append(l.ready, e)
	start := l.workers < maxWorkers && (l.workers == 0 || !s.net.Serial)
	if start {
		l.workers++
	}
	s.mu.Unlock()
	if start {
		s.after(0, func(ctx context.Context) { s.work(ctx, e.domain, l) })
	}
}

// take removes the next entry of a lane; nil ends the worker.
func (s *Server) take(domain string, l *lane, working bool) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(l.ready) == 0 {
		if !working {
			l.workers--
			if l.workers == 0 && s.lanes[domain] == l {
				delete(s.lanes, domain)
			}
		}
		return nil
	}
	e := l.ready[0]
	l.ready[0] = nil
	l.ready = l.ready[1:]
	return e
}

// work relays the entries of one lane until none is ready, or the power goes.
func (s *Server) work(ctx context.Context, domain string, l *lane) {
	for {
		e := s.take(domain, l, false)
		if e == nil || s.off.Load() {
			return
		}
		s.attempt(ctx, e, func() *entry { return s.take(domain, l, true) })
	}
}

// attempt tries to relay e, and whatever else next gives, over one session.
func (s *Server) attempt(ctx context.Context, e *entry, next func() *entry) {
	if !s.powered(func() { s.begin(e) }) {
		return
	}
	ctx = withLetter(ctx, e.letter)
	hosts, why := s.route(ctx, e.domain)
	if why != nil {
		s.settle(e, "", everyone(e.rcpts, *why))
		return
	}
	var c *smtp.Client
	var conn *network.Conn
	var host string
	for _, host = range hosts {
		if c, conn, why = s.connect(ctx, e, host); c != nil {
			break
		}
	}
	if c == nil {
		s.settle(e, host, everyone(e.rcpts, *why))
		return
	}
	defer c.Close()
	for {
		conn.SetLetter(e.letter)
		res, alive := s.send(ctx, c, e)
		if !alive {
			s.settle(e, host, res)
			return
		}
		s.settle(e, host, res)
		more := next()
		if more == nil {
			conn.SetLetter("")
			c.Quit(ctx)
			return
		}
		if e = more; !s.powered(func() { s.begin(e) }) {
			return
		}
	}
}

// connect opens a session to one of a domain's servers, up to its greeting
// and ours. If it cannot, the client is nil and why tells the reason.
func (s *Server) connect(ctx context.Context, e *entry, host string) (c *smtp.Client, conn *network.Conn, why *outcome) {
	addrs, why := s.addresses(ctx, host)
	if why != nil {
		return nil, nil, why
	}
	for _, a := range addrs {
		s.record(e.letter, &trace.Queue{Action: "attempt", ID: e.id, Sender: e.env.Mail.From, Recipients: e.addresses(),
			NextHop: host, Attempt: e.attempt, Length: s.disk.length()})
		var err error
		if conn, err = s.net.Dial(ctx, s.Host, netip.AddrPortFrom(a, 25)); err != nil {
			why = deferred("4.4.1", err.Error())
			continue
		}
		conn.SetLetter(e.letter)
		o := conn.Wire()
		o.Timeout = s.Timeout
		c = smtp.NewClient(conn, o)
		if err = c.Greet(ctx); err == nil {
			err = c.Hello(ctx, s.Host)
		}
		if err == nil {
			err = s.secure(ctx, c, host)
		}
		if err == nil {
			return c, conn, nil
		}
		c.Close()
		w := judge(err)
		why = &w
	}
	return nil, nil, why
}

// secure turns to TLS where both servers can; whose certificate it is does not
// matter, for nobody to refuse would have the letter go in clear. A server that
// offers it and then cannot is spoken to in clear.
//
// RFC 3207 §4.1, RFC 7435 §3.
func (s *Server) secure(ctx context.Context, c *smtp.Client, host string) error {
	ours := s.settings().TLS
	if _, offered := c.Has("STARTTLS"); !offered || ours == nil {
		return nil
	}
	config, err := ours.Client(host)
	if err != nil {
		return err
	}
	config.InsecureSkipVerify = true
	var refused *smtp.ReplyError
	if err := c.StartTLS(ctx, config); errors.As(err, &refused) && refused.Code != 421 {
		return nil
	} else if err != nil {
		return err
	}
	return c.Hello(ctx, s.Host)
}

// send carries one entry over an open session. alive tells whether the
// session can carry another.
func (s *Server) send(ctx context.Context, c *smtp.Client, e *entry) (res results, alive bool) {
	m := e.env.Mail
	m.Size = len(e.data)
	sent, err := c.Send(ctx, smtp.Envelope{Mail: m, Rcpts: e.rcpts}, e.data)
	_, res.dsn = c.Has("DSN")
	var refusal *smtp.ReplyError
	switch {
	case err == nil:
		alive = true
		res.reply = sent.Reply.String()
	case errors.Is(err, smtp.ErrNoRcpts):
		alive = true
	default:
		alive = errors.As(err, &refusal) && refusal.Code != 421
	}
	for i, r := range e.rcpts {
		verdict := err
		if i < len(sent.Rcpts) && sent.Rcpts[i] != nil {
			verdict = sent.Rcpts[i]
		}
		if verdict == nil {
			res.relayed = append(res.relayed, r)
			continue
		}
		res.add(r, judge(verdict))
	}
	return res, alive
}

// outcome is why recipients did not get a letter, or how they did.
type outcome struct {
	temporary bool
	action    string // of the notification, RFC 3464 §2.3.3
	status    string // RFC 3463
	text      string // what the other server said, or what went wrong
	host      string // who said so; "" for ourselves
	remote    bool   // text is a reply
}

func failed(status, text string) *outcome {
	return &outcome{action: "failed", status: status, text: text}
}

func deferred(status, text string) *outcome {
	return &outcome{action: "failed", status: status, text: text, temporary: true}
}

// judge reads a client's error: a refusal with a 5xx code is for good, all
// else may pass (RFC 5321 §4.2.1).
func judge(err error) outcome {
	var r *smtp.ReplyError
	if !errors.As(err, &r) {
		return *deferred("4.4.2", err.Error())
	}
	o := outcome{action: "failed", status: r.Enhanced, text: r.Reply.String(), temporary: r.Code/100 != 5, remote: !r.Local}
	switch {
	case r.Code/100 < 4: // out of place: RFC 3463 §3.6
		o.status = "4.5.0"
	case o.status == "":
		o.status = fmt.Sprintf("%d.0.0", r.Code/100)
	}
	return o
}

// results is what one attempt brought, recipient by recipient.
type results struct {
	relayed  []smtp.Rcpt
	reply    string // to the letter
	dsn      bool   // the next server sends notifications itself
	failed   []failure
	deferred []smtp.Rcpt
	why      outcome // of the deferred
}

// failure is the recipients that were refused for one reason.
type failure struct {
	outcome
	rcpts []smtp.Rcpt
}

func everyone(rcpts []smtp.Rcpt, why outcome) results {
	var res results
	for _, r := range rcpts {
		res.add(r, why)
	}
	return res
}

// add counts one recipient that did not get the letter.
func (res *results) add(r smtp.Rcpt, why outcome) {
	if why.temporary {
		res.deferred, res.why = append(res.deferred, r), why
		return
	}
	for i := range res.failed {
		if res.failed[i].outcome == why {
			res.failed[i].rcpts = append(res.failed[i].rcpts, r)
			return
		}
	}
	res.failed = append(res.failed, failure{why, []smtp.Rcpt{r}})
}

type letterKey struct{}

// withLetter says which letter a question to DNS is about.
func withLetter(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, letterKey{}, id)
}

// LetterOf is the letter that ctx was made for; "" if none.
func LetterOf(ctx context.Context) string {
	id, _ := ctx.Value(letterKey{}).(string)
	return id
}
