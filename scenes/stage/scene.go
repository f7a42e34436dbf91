package stage

import (
	"sort"
	"time"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// Scene is everything that stands on the stage after Step events.
type Scene struct {
	Step           int
	Event          *trace.Event // nil at step 0
	Story          trace.Words  // what is told of this event; nil if nothing is
	imapline.Place              // where this event's line stands in its conversation, of any protocol
	Hosts          map[string]HostState
	Mailboxes      map[string]int // address → letters in its INBOX
	Links          []Link         // the latest of each pair of hosts and service, in order of appearance
	Session        *Session       // of the event's connection; nil if it has none
	Faults         []Fault        // what is out of order on purpose, in the order in which it came to be
	Struck         *Fault         // the fault that strikes in this step; nil if none does
	Flight         *Flight        // what this step sends; nil if it sends nothing
}

// HostState is what a host holds.
type HostState struct {
	Queue   int           // entries in its queue
	Wait    time.Duration // until the soonest next attempt at one of them; 0 if none is set
	Letters int           // in the mailboxes it keeps
	Kept    int           // on the device itself
	Acting  bool          // it spoke or did something in this step
}

// LinkState is how a link stands.
type LinkState int

// The states of a link.
const (
	Open LinkState = iota
	Past
	RefusedLink
)

// Link is the latest connection from a client to a service of a server. A
// lookup is a link to "domain", past as soon as it is seen.
type Link struct {
	From, To, Service string
	Port, Conn        int
	State             LinkState
	Active            bool // this step happens on it
	Broken            bool // it is past because it broke off
}

// Scene returns the scene after step events, 0 ≤ step ≤ Len; a step outside
// that range is moved into it. The scene belongs to the caller.
func (s *Show) Scene(step int) *Scene {
	step = min(max(step, 0), s.Len())
	kept := s.checks[sort.Search(len(s.checks), func(i int) bool { return s.checks[i].step > step })-1]
	w := kept.state.clone()
	for st := kept.step + 1; st <= step; st++ {
		w.apply(s, s.Event(st))
	}
	sc := &Scene{
		Step:      step,
		Event:     s.Event(step),
		Story:     s.stories[step],
		Hosts:     w.hosts,
		Mailboxes: make(map[string]int),
		Links:     w.links,
		Faults:    w.faults,
	}
	for k, n := range w.boxes {
		if k.folder == "INBOX" {
			sc.Mailboxes[k.address] += n
		}
	}
	for k, due := range w.due {
		h := sc.Hosts[k.host]
		if wait := due - s.Time(step); wait > 0 && (h.Wait == 0 || wait < h.Wait) {
			h.Wait = wait
			sc.Hosts[k.host] = h
		}
	}
	if sc.Event == nil {
		return sc
	}
	if h, ok := sc.Hosts[sc.Event.From]; ok {
		h.Acting = true
		sc.Hosts[sc.Event.From] = h
	}
	if l := w.linkOf(s, sc.Event); l != nil {
		l.Active = true
	}
	if c := s.byID[sc.Event.Conn]; c != nil && c.ID != 0 {
		d := c.at(s, step)
		sc.Place = d.place
		sc.Session = d.session(c)
	}
	sc.Struck = struck(sc.Event)
	sc.Flight = flight(sc.Event, sc.Place)
	return sc
}

// Place is the Place of the scene after a step, without the rest of it.
func (s *Show) Place(step int) imapline.Place {
	e := s.Event(step)
	if e == nil || e.Conn == 0 || s.byID[e.Conn] == nil {
		return imapline.Place{}
	}
	d := s.byID[e.Conn].at(s, step)
	return d.place
}
