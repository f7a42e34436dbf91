package mailbox

import (
	"fmt"

	"mailscope/protocol/imap"
)

// Action is what happened to a letter or to a folder.
type Action string

// The actions. A letter that is moved is added in one folder and then removed
// from the other.
const (
	Added        Action = "add"
	Removed      Action = "remove"
	Flagged      Action = "flags"
	Created      Action = "create"
	Deleted      Action = "delete"
	Renamed      Action = "rename"
	Subscribed   Action = "subscribe"
	Unsubscribed Action = "unsubscribe"
)

// Change is one thing that changed in a box, whoever changed it.
type Change struct {
	Action  Action
	Address string
	Folder  string
	To      string   // new name of a Renamed folder
	UID     string   // of the letter, as Unique gives it; "" for a folder
	Letter  string   // its id in the trace
	Octets  int      // of the letter
	Flags   []string // of the letter afterwards; not to be changed
	Count   int      // letters in the folder afterwards
	Total   int64    // octets in all folders afterwards
	Limit   int64    // octets that the box may hold; 0 is no limit
}

// Observe has f told of every change from now on, in the order in which they
// happen in each box. f is called under the box's lock: it must neither wait
// nor call the box.
func (s *Store) Observe(f func(Change)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observe = f
	for _, b := range s.boxes {
		b.mu.Lock()
		b.observe = f
		b.mu.Unlock()
	}
}

// tell passes a change on, with the sums of the box.
func (b *Box) tell(c Change) {
	c.Address, c.Total, c.Limit = b.Address, b.size-b.passing, b.limit.Octets
	b.observe(c)
}

// tell passes on what happened to a letter; count letters are in the folder now.
func (f *Folder) tell(a Action, m *imap.Message, count int) {
	if f.box.observe == nil {
		return
	}
	c := Change{Action: a, Folder: f.name, UID: f.unique(m.UID), Letter: m.Ref, Octets: len(m.Data), Count: count}
	if a != Removed {
		c.Flags = m.Flags
	}
	f.box.tell(c)
}

// tellOf passes on what happened to the folder of a name, if there is one.
func (b *Box) tellOf(a Action, name, to string) {
	if b.observe == nil {
		return
	}
	c := Change{Action: a, Folder: name, To: to}
	if to != "" {
		name = to
	}
	if f := b.folders[name]; f != nil {
		c.Count = len(f.uids)
	}
	b.tell(c)
}

// unique is the name of a letter that no other one ever gets.
func (f *Folder) unique(uid uint32) string { return fmt.Sprintf("%d.%d", f.validity, uid) }
