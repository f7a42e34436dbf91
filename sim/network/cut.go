package network

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"

	"mailscope/protocol/wire"
	"mailscope/sim/fault"
)

// ErrCut tells that the connection broke where its Cut said.
var ErrCut = errors.New("connection lost")

// Cut is the place at which a connection breaks: the first that is reached.
type Cut struct {
	// After picks a line of the client; the connection breaks once that was
	// answered, when the client is about to say more. nil is none.
	After func(line string) bool
	// Bytes is how many octets come to the client before it breaks; 0 is no
	// limit.
	Bytes int
}

// CutAt has the connection break at a place. It is for a client's end, and is
// called before anything is said.
func (c *Conn) CutAt(place Cut) {
	c.cut.Cut = place
	c.cut.armed.Store(place.After != nil || place.Bytes > 0 || c.cut.armed.Load())
}

// cutting is a connection on its way to the place where it breaks. It stands
// at the end that records.
type cutting struct {
	armed atomic.Bool // one of the places below is set
	done  atomic.Bool // nothing passes any more; the other end notices once this one is closed

	mu sync.Mutex
	Cut
	both   int          // octets of both directions before it breaks; 0 is no limit
	by     *fault.Fault // whose doing it is, nil if none
	stage  stage
	come   int // octets to the client
	passed int // octets of both directions
	told   int // of them in lines that were recorded
}

// stage is how far a line has come after which the connection breaks.
type stage uint8

const (
	unsaid   stage = iota
	said           // it is to be answered
	answered       // the client may say no more
	unheard        // it was said, and its answer does not come
)

// Read reads from the other end, as far as the connection goes, and what
// nobody on the way erased.
func (c *Conn) Read(b []byte) (int, error) {
	if c.strip != nil {
		return c.strip.read(c, b)
	}
	return c.hears(b)
}

// Write writes to the other end, unless the connection broke.
func (c *Conn) Write(b []byte) (int, error) {
	if c.strip != nil {
		return c.strip.write(c, b)
	}
	return c.says(b)
}

func (c *Conn) hears(b []byte) (int, error) {
	if err := c.alive(); err != nil {
		return 0, err
	}
	n, err := c.read(b)
	c.took(n)
	if err != nil && c.alive() != nil { // which of the system's errors it is depends on who was faster
		err = ErrCut
	}
	return n, err
}

func (c *Conn) read(b []byte) (int, error) {
	k := &c.cut
	if !k.armed.Load() {
		n, err := c.Conn.Read(b)
		if err != nil && k.done.Load() {
			err = ErrCut
		}
		return n, err
	}
	k.mu.Lock()
	stage, room := k.stage, k.room(len(b), c.client)
	k.mu.Unlock()
	if room == 0 || stage == answered && !c.client {
		c.breaks(nil)
	}
	if k.done.Load() {
		return 0, ErrCut
	}
	n, err := c.Conn.Read(b[:room])
	if stage == unheard && c.client && n > 0 {
		c.breaks(b[:n])
		return 0, ErrCut
	}
	k.count(n, c.client)
	return n, err
}

func (c *Conn) says(b []byte) (int, error) {
	k := &c.cut
	if k.done.Load() || c.alive() != nil {
		return 0, ErrCut
	}
	all := len(b)
	if k.armed.Load() {
		k.mu.Lock()
		stage, room := k.stage, k.room(len(b), !c.client)
		k.mu.Unlock()
		if stage == unheard && !c.client {
			c.breaks(b)
			return 0, ErrCut
		}
		b = b[:room]
		k.count(room, !c.client)
	}
	wake := c.sends(len(b))
	n, err := c.Conn.Write(b)
	c.rouse(wake)
	if err != nil && c.alive() != nil {
		err = ErrCut
	}
	if err == nil && n < all {
		c.breaks(nil)
		err = ErrCut
	}
	return n, err
}

// room is how many of n octets may still pass. k.mu is held.
func (k *cutting) room(n int, toClient bool) int {
	if k.Bytes > 0 && toClient {
		n = min(n, k.Bytes-k.come)
	}
	if k.both > 0 {
		n = min(n, k.both-k.passed)
	}
	return max(n, 0)
}

func (k *cutting) count(n int, toClient bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.passed += n
	if toClient {
		k.come += n
	}
}

// breaks has the connection break here and now; lost is what the server says
// and nobody hears.
func (c *Conn) breaks(lost []byte) {
	k := &c.cut
	if k.done.Swap(true) {
		return
	}
	k.mu.Lock()
	by := k.by
	k.mu.Unlock()
	if by == nil {
		return
	}
	s := c.s
	from, to, line := s.client, s.server, ""
	if lost != nil {
		from, to = to, from
		if text, _, ok := bytes.Cut(lost, []byte("\r\n")); ok && !c.over { // encrypted otherwise
			line = string(text)
		}
	}
	s.strikes(by, from, to, line)
}

// Abandon closes this end without a record of it: the world ends.
func (c *Conn) Abandon() {
	c.closed.Do(func() {
		c.session().n.forget(c)
		c.Conn.Close()
	})
}

// Break has the connection break off: nothing passes any more.
func (c *Conn) Break() error {
	c.cut.done.Store(true)
	return c.Close()
}

// passes tells whether a line still gets through, and shortens it to the part
// that does. What this end hears came before the connection broke.
func (c *Conn) passes(l *wire.Line) bool {
	if l.Sent && c.alive() != nil {
		return false
	}
	k := &c.cut
	if !k.armed.Load() {
		return !l.Sent || !k.done.Load()
	}
	k.mu.Lock()
	stage, room := k.stage, l.Bytes
	if k.both > 0 && !l.Encrypted {
		room = max(k.both-k.told, 0)
		k.told += l.Bytes
	}
	k.mu.Unlock()
	switch {
	case !l.Sent:
		return true
	case room < l.Bytes:
		l.Bytes = room
		l.Text = l.Text[:min(room, len(l.Text))]
		return room > 0
	case stage == answered && c.client:
		c.breaks(nil)
	}
	return !k.done.Load()
}

// notice follows what is said, up to a line after which the connection breaks.
func (c *Conn) notice(l *wire.Line) {
	k := &c.cut
	if !k.armed.Load() && c.s.n.Faults.None() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if l.Sent != c.client { // the server's
		if k.stage == said {
			k.stage = answered
		}
		return
	}
	if k.stage != unsaid {
		return
	}
	text := string(l.Text)
	if k.After != nil && k.After(text) {
		k.stage = said
		return
	}
	if f, ok := c.s.breaking(l, text); ok {
		k.by, k.stage = &f, unheard
		if f.After != "" {
			k.stage = said
		}
		k.armed.Store(true)
	}
}

// breaking finds the fault that breaks the connection after a line of the
// client.
func (s *session) breaking(l *wire.Line, text string) (fault.Fault, bool) {
	switch {
	case l.Role == wire.Command:
	case l.Role == wire.Data && text == "." && s.proto == "smtp":
		text = fault.Letter
	default:
		return fault.Fault{}, false
	}
	return s.n.Faults.Strike(fault.Cut, func(f *fault.Fault) bool {
		return f.Bytes == 0 && s.concerns(f) && fault.LikeFold(f.After+f.Unanswered, text)
	})
}

// concerns tells whether a fault is about the connection.
func (s *session) concerns(f *fault.Fault) bool {
	return s.n.Faults.Between(f, s.client, s.server) && (f.Service == "" || f.Service == Service(s.port))
}

// limited has a new connection break after some octets, if a fault wants it so.
func (c *Conn) limited() {
	f, ok := c.s.n.Faults.Strike(fault.Cut, func(f *fault.Fault) bool { return f.Bytes > 0 && c.s.concerns(f) })
	if ok {
		c.cut.both, c.cut.by = f.Bytes, &f
		c.cut.armed.Store(true)
	}
}

// broken is why the connection ended before its time, "" if it did not.
func (c *Conn) broken() string {
	if !c.cut.done.Load() && c.alive() == nil {
		return ""
	}
	return ErrCut.Error()
}

// Unplug breaks the connections of a host that went down, or lets go of those
// who called it meanwhile and is up again. Where one conversation runs at a
// time, none of them is under way: each end notices when it next speaks.
func (n *Network) Unplug(host string) {
	n.mu.Lock()
	var broken []*Conn
	for c := range n.open {
		if c.s == nil && c.l.host == host || c.s != nil && (c.s.client == host || c.s.server == host) {
			broken = append(broken, c)
		}
	}
	n.mu.Unlock()
	for _, c := range broken {
		c.unplug()
	}
}

func (c *Conn) unplug() {
	c.cut.done.Store(true)
	if c.s == nil || !c.s.n.Serial {
		c.Conn.Close()
	}
}
