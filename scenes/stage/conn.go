package stage

import (
	"sort"

	"mailscope/sim/trace"
)

// Conn is a lane of the timeline: a connection; or, with ID 0, all the lookups
// of one asker or all the refused attempts of one host at a service of another.
type Conn struct {
	ID          int
	Service     string // registered name, of a port with TLS from the first octet that of the one without
	Port        int
	From, To    string // client and server
	First, Last int    // steps
	Steps       []int  // ascending
	Foreign     bool

	shook  []int      // those of Steps that are handshakes
	talk   dialogue   // after all of Steps
	kept   []keptTalk // earlier ones
	phases phaseSet   // phases that the whole connection has
}

// keptTalk is the dialogue after the first n of a connection's steps.
type keptTalk struct {
	n    int
	talk dialogue
}

// Conns returns the lanes in order of their first step. The slice must not be
// changed.
func (s *Show) Conns() []*Conn { return s.conns }

// Lane is the lane that a step belongs to, nil if it belongs to none.
func (s *Show) Lane(step int) *Conn {
	if e := s.Event(step); e != nil {
		return s.laneOf(e)
	}
	return nil
}

func (s *Show) laneOf(e *trace.Event) *Conn {
	switch b := e.Body.(type) {
	case *trace.Lookup:
		return s.shared[linkKey{e.From, "", "domain"}]
	case *trace.Refused:
		if e.Conn == 0 {
			return s.shared[linkKey{e.From, e.To, plain(b.Service)}]
		}
	}
	return s.byID[e.Conn]
}

// lane files a step under its lane, opening it if need be.
func (s *Show) lane(step int, e *trace.Event) {
	c := s.laneOf(e)
	if c == nil {
		if c = s.open(step, e); c == nil {
			return
		}
	}
	if b, ok := e.Body.(*trace.Connect); ok {
		c.Service, c.Port, c.From, c.To, c.Foreign = plain(b.Service), b.Port, e.From, e.To, b.Foreign
	}
	if c.To == "" {
		c.To = e.To // the first lookup may have been answered from the cache
	}
	c.Last = step
	c.Steps = append(c.Steps, step)
	if _, ok := e.Body.(*trace.TLS); ok {
		c.shook = append(c.shook, step)
	}
	if c.ID == 0 {
		return
	}
	c.talk.apply(c, e)
	c.phases |= c.talk.seen
	last := 0
	if len(c.kept) > 0 {
		last = c.kept[len(c.kept)-1].n
	}
	if len(c.Steps)-last >= max(checkEvery, c.talk.size()) {
		c.kept = append(c.kept, keptTalk{len(c.Steps), c.talk.clone()})
	}
}

func (s *Show) open(step int, e *trace.Event) *Conn {
	c := &Conn{First: step, From: e.From, To: e.To}
	switch b := e.Body.(type) {
	case *trace.Lookup:
		c.Service, c.Port = "domain", 53
		s.shared[linkKey{e.From, "", "domain"}] = c
	case *trace.Refused:
		c.Service, c.Port, c.ID = plain(b.Service), b.Port, e.Conn
		if e.Conn == 0 {
			s.shared[linkKey{e.From, e.To, plain(b.Service)}] = c
		}
	default:
		if e.Conn == 0 {
			return nil
		}
		c.ID, c.Service = e.Conn, e.Proto
		if l, ok := b.(*trace.Line); ok && l.Role == trace.Reply {
			c.From, c.To = e.To, e.From // a server speaks first
		}
	}
	if c.ID != 0 {
		s.byID[c.ID] = c
	}
	s.conns = append(s.conns, c)
	return c
}

// at returns the dialogue of c after the given step of the show.
func (c *Conn) at(s *Show, step int) dialogue {
	n := sort.SearchInts(c.Steps, step+1)
	var d dialogue
	from := 0
	if k := sort.Search(len(c.kept), func(i int) bool { return c.kept[i].n > n }); k > 0 {
		d, from = c.kept[k-1].talk.clone(), c.kept[k-1].n
	}
	for _, st := range c.Steps[from:n] {
		d.apply(c, s.Event(st))
	}
	return d
}
