package stage

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mailscope/sim/trace"
)

type linkKey struct{ from, to, service string }

type boxKey struct{ host, address, folder string }

// dueKey is a recipient of a letter that waits in a host's queue.
type dueKey struct{ host, id, recipient string }

// world is what a step inherits from all steps before it.
type world struct {
	hosts  map[string]HostState
	boxes  map[boxKey]int           // letters
	due    map[dueKey]time.Duration // simulated time of the next attempt
	faults []Fault                  // that are on, in order
	links  []Link                   // in order of appearance, as Show.links counts them
}

func newWorld(w trace.World) world {
	st := world{hosts: make(map[string]HostState), boxes: make(map[boxKey]int), due: make(map[dueKey]time.Duration)}
	for _, h := range w.Hosts {
		st.hosts[h.Name] = HostState{}
	}
	return st
}

func (w *world) clone() world {
	return world{maps.Clone(w.hosts), maps.Clone(w.boxes), maps.Clone(w.due), slices.Clone(w.faults), slices.Clone(w.links)}
}

// size is how many things it holds.
func (w *world) size() int {
	return len(w.hosts) + len(w.boxes) + len(w.due) + len(w.faults) + len(w.links)
}

// apply takes in the next event. s gives connections and places of links.
func (w *world) apply(s *Show, e *trace.Event) {
	switch b := e.Body.(type) {
	case *trace.Connect:
		w.link(s, Link{From: e.From, To: e.To, Service: plain(b.Service), Port: b.Port, Conn: e.Conn, State: Open})
	case *trace.Refused:
		w.link(s, Link{From: e.From, To: e.To, Service: plain(b.Service), Port: b.Port, Conn: e.Conn, State: RefusedLink})
	case *trace.Lookup:
		if e.To != "" {
			w.link(s, Link{From: e.From, To: e.To, Service: "domain", Port: 53, Conn: e.Conn, State: Past})
		}
	case *trace.Close:
		if l := w.linkOf(s, e); l != nil && l.Conn == e.Conn {
			l.State, l.Broken = Past, e.Body.(*trace.Close).Reason != ""
		}
	case *trace.Queue:
		h := w.hosts[e.From]
		h.Queue = b.Length
		w.hosts[e.From] = h
		w.queue(e.From, b)
	case *trace.Store:
		w.store(e.From, b)
	case *trace.Fault:
		w.fault(e, b)
	case *trace.Device:
		h := w.hosts[e.From]
		h.Kept = b.Count
		w.hosts[e.From] = h
	}
}

// queue takes in when the recipients of a letter are tried next.
func (w *world) queue(host string, b *trace.Queue) {
	for _, r := range b.Recipients {
		k := dueKey{host, b.ID, r}
		if delete(w.due, k); b.Next > 0 {
			w.due[k] = b.Next
		}
	}
	if b.Length == 0 {
		maps.DeleteFunc(w.due, func(k dueKey, _ time.Duration) bool { return k.host == host })
	}
}

// store takes in a change in a mailbox of a host. A folder renamed takes its
// letters along, and the folders in it; INBOX is left behind empty (RFC 9051
// §6.3.6).
func (w *world) store(host string, b *trace.Store) {
	set := func(folder string, n int) {
		k := boxKey{host, b.Mailbox, folder}
		h := w.hosts[host]
		h.Letters += n - w.boxes[k]
		w.hosts[host] = h
		w.boxes[k] = n
	}
	switch b.Action {
	case "subscribe", "unsubscribe":
	case "delete":
		set(b.Folder, 0)
		delete(w.boxes, boxKey{host, b.Mailbox, b.Folder})
	case "rename":
		moved := make(map[string]int)
		for k, n := range w.boxes {
			rest, below := strings.CutPrefix(k.folder, b.Folder)
			if k.host == host && k.address == b.Mailbox && below &&
				(rest == "" || rest[0] == '/' && b.Folder != "INBOX") {
				moved[k.folder] = n
			}
		}
		for name := range moved {
			set(name, 0)
			if name != "INBOX" {
				delete(w.boxes, boxKey{host, b.Mailbox, name})
			}
		}
		for name, n := range moved {
			set(b.To+strings.TrimPrefix(name, b.Folder), n)
		}
	default:
		set(b.Folder, b.Count)
	}
}

// link sets the state of the link between two hosts for a service.
func (w *world) link(s *Show, l Link) {
	k := linkKey{l.From, l.To, l.Service}
	i, ok := s.links[k]
	if !ok {
		i = len(s.links)
		s.links[k] = i
	}
	if i == len(w.links) {
		w.links = append(w.links, l)
		return
	}
	w.links[i] = l
}

// linkOf finds the link that e happens on, nil if it happens on none.
func (w *world) linkOf(s *Show, e *trace.Event) *Link {
	k := linkKey{e.From, e.To, ""}
	switch b := e.Body.(type) {
	case *trace.Lookup:
		k.service = "domain"
	case *trace.Refused:
		k.service = b.Service
	default:
		c := s.byID[e.Conn]
		if c == nil {
			return nil
		}
		k = linkKey{c.From, c.To, c.Service}
	}
	if i, ok := s.links[k]; ok && i < len(w.links) {
		return &w.links[i]
	}
	return nil
}
