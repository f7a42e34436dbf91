package network

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mailscope/protocol/wire"
	"mailscope/sim/trace"
)

// work is the simulated time that a host takes before it answers.
const work = time.Millisecond

// session is one connection, shared by its two ends when both are simulated.
type session struct {
	n              *Network
	id, port       int
	client, server string // host names
	proto          string
	foreign        bool
	link           Link
	ended          chan struct{} // closed when the server's end is
	lost           atomic.Bool   // nothing passes any more

	mu     sync.Mutex
	letter string
	turn   string // who spoke last
	coming int64  // octets on their way to the client: written by the server, not read
	wake   func(context.Context)
	marks  []mark // of the server's stream, where it was not recorded yet
	heard  int64  // octets of the server's stream that were recorded
	told   []told // replies under way that are not the server's own
}

// mark says which letter the server's stream is about from an octet on.
type mark struct {
	at     int64
	letter string
}

// connected records the opening of the connection.
func (s *session) connected(from, to netip.Addr) {
	s.n.Record(trace.Event{From: s.client, To: s.server, Conn: s.id, Proto: s.proto, Body: &trace.Connect{
		Service: Service(s.port), Port: s.port, FromAddr: from.String(), ToAddr: to.String(), Foreign: s.foreign}})
	link, slow := s.cost()
	s.n.spend(nil, 2*link.Latency, slow)
}

// Conn is one end of a connection in the simulated internet.
type Conn struct {
	net.Conn
	l       *Listener // of a server's end
	once    sync.Once
	s       *session
	records bool // this end tells the trace
	client  bool
	closed  sync.Once
	cut     cutting
	strip   *strip         // nil if nobody sits in the middle
	seen    []trace.Record // of the handshake, until it is over
	over    bool
}

// session finds out who is on the other end, once. A simulated client may
// have connected a moment before Dial could say so: wait for dials on their
// way before taking the client for a foreign one.
func (c *Conn) session() *session {
	if c.client {
		return c.s
	}
	c.once.Do(func() {
		n, key := c.l.n, c.RemoteAddr().String()
		n.mu.Lock()
		for n.sessions[key] == nil && n.dials > 0 {
			n.landed.Wait()
		}
		if c.s = n.sessions[key]; c.s != nil {
			delete(n.sessions, key)
			n.mu.Unlock()
			return
		}
		c.s = n.newSession(ForeignHost, c.l.host, int(c.l.at.Port()), true)
		n.mu.Unlock()
		c.records = true
		c.s.connected(ForeignAddr, c.l.at.Addr())
		n.keep(c)
	})
	return c.s
}

// Peer is the host on the other end and its simulated address.
func (c *Conn) Peer() (host string, addr netip.Addr) {
	s := c.session()
	host = s.client
	if c.client {
		host = s.server
	}
	addr, _ = s.n.Addr(host)
	return host, addr
}

// Foreign tells whether a program from outside the simulation connected.
func (c *Conn) Foreign() bool { return c.session().foreign }

// Proto is the protocol that is spoken: "smtp", "pop3", "imap", "dns".
func (c *Conn) Proto() string { return c.session().proto }

// ID is the number of the connection in the trace.
func (c *Conn) ID() int { return c.session().id }

// SetLetter says which letter the lines that follow concern; "" means none.
func (c *Conn) SetLetter(id string) {
	s := c.session()
	s.mu.Lock()
	s.letter = id
	s.mu.Unlock()
}

// Letter is what was last set by either end.
func (c *Conn) Letter() string {
	s := c.session()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.letter
}

// About says which letter this end, a server's, is going to speak about from
// octet at of its stream on; "" means none. The other end may hear it much
// later, when this one is far ahead.
func (c *Conn) About(at int64, letter string) {
	s := c.session()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.marks); n > 0 && s.marks[n-1].at == at {
		s.marks[n-1].letter = letter
		return
	}
	s.marks = append(s.marks, mark{at, letter})
}

// hear takes in a line of the server's stream before it is recorded: the
// letter is that of the last mark at or before its first octet.
func (s *session) hear(octets int) {
	n := 0
	for n < len(s.marks) && s.marks[n].at <= s.heard {
		s.letter = s.marks[n].letter
		n++
	}
	s.marks = s.marks[n:]
	s.heard += int64(octets)
}

// Wire gives the options for a wire.Conn on this end. Only one end records:
// the client's if it is simulated, since its order of events is the one that
// repeats; otherwise the server's.
func (c *Conn) Wire() wire.Options {
	c.session()
	if !c.records {
		return wire.Options{Alive: c.alive}
	}
	return wire.Options{Tap: c.tap, Record: c.record, Secured: c.secured, Alive: c.alive}
}

// tap records one line and charges its time: latency when the turn changes,
// and its octets over the bandwidth.
func (c *Conn) tap(l wire.Line) {
	if !c.passes(&l) {
		return
	}
	s := c.s
	from, to := s.client, s.server
	if l.Sent != c.client {
		from, to = to, from
	}
	if c.dies(&l, from, to, false) {
		return
	}
	s.mu.Lock()
	if from == s.server {
		s.hear(l.Bytes)
	}
	letter, turned := s.letter, s.turn != from
	s.turn = from
	struck := s.struckBy(&l, from)
	s.mu.Unlock()
	link, slow := s.cost()
	if turned {
		s.n.spend(nil, link.Latency+work, slow)
	}
	body := &trace.Line{Text: string(l.Text), Role: roles[l.Role], Bytes: l.Bytes, Encrypted: l.Encrypted}
	if l.Role == wire.Reply {
		body.Code = code(s.proto, body.Text)
	}
	if struck != nil {
		s.strikes(struck, from, to, "")
	}
	s.loses(&l, from, to)
	s.n.Record(trace.Event{From: from, To: to, Conn: s.id, Proto: s.proto, Letter: letter, Body: body})
	c.notice(&l)
	if link.Bandwidth > 0 {
		s.n.spend(nil, time.Duration(l.Bytes)*time.Second/time.Duration(link.Bandwidth), slow)
	}
	c.dies(&l, from, to, true)
}

var roles = [...]trace.Role{wire.Command: trace.Command, wire.Reply: trace.Reply, wire.Data: trace.Data}

// code takes the reply code from the front of a reply.
func code(proto, text string) string {
	switch {
	case proto == "smtp" && len(text) >= 3:
		return text[:3]
	case proto == "pop3" && len(text) >= 3 && text[:3] == "+OK":
		return "+OK"
	case proto == "pop3" && len(text) >= 4 && text[:4] == "-ERR":
		return "-ERR"
	case proto == "pop3" && len(text) >= 2 && text[:2] == "+ ": // RFC 5034 §4
		return "+"
	case proto == "imap":
		return imapCode(text)
	}
	return ""
}

// imapCode is the status of a response that has one, tagged or not, and "+" if
// the server asks for more (RFC 9051 §7.1).
func imapCode(text string) string {
	tag, rest, _ := strings.Cut(text, " ")
	if tag == "+" {
		return "+"
	}
	status, _, _ := strings.Cut(rest, " ")
	switch status = strings.ToUpper(status); status {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return status
	}
	return ""
}

// Close ends the connection. In a serial network the client's end returns
// once the server has ended its session too, so that what comes next finds
// everything put away.
func (c *Conn) Close() error {
	err := net.ErrClosed
	c.closed.Do(func() {
		s := c.session()
		s.n.forget(c)
		if c.records {
			from, to := s.client, s.server
			if !c.client {
				from, to = to, from
			}
			s.n.Record(trace.Event{From: from, To: to, Conn: s.id, Proto: s.proto, Body: &trace.Close{Reason: c.broken()}})
		}
		wake := c.sends(0)
		err = c.Conn.Close()
		if !c.client {
			c.rouse(wake)
			close(s.ended)
		} else if s.n.Serial {
			<-s.ended
		}
	})
	return err
}
