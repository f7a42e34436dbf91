// Package mailbox keeps the letters of a mail server's accounts: the one store
// under every protocol that reads mail.
package mailbox

import (
	"errors"
	"strings"
	"sync"
	"time"

	"mailscope/protocol/imap"
)

// Errors of a store.
var (
	ErrNoBox  = errors.New("no such mailbox")
	ErrLocked = errors.New("maildrop is locked by another session")
)

// Message is one letter in a folder. It never changes.
type Message struct {
	UID    uint32 // in its folder, rising (RFC 3501 §2.3.1.1)
	Letter string // its id in the trace
	Date   time.Time
	Data   []byte // as delivered, lines ending in CR LF; not to be changed
}

// Store is the mailboxes of one server. Its methods may be called from many
// goroutines.
type Store struct {
	mu      sync.RWMutex
	boxes   map[string]*Box
	observe func(Change)
}

// NewStore makes a store without mailboxes.
func NewStore() *Store { return &Store{boxes: map[string]*Box{}} }

// Key is the form of an address under which its mailbox is found: our servers
// do not tell capital letters apart.
func Key(address string) string { return strings.ToLower(address) }

// Create opens a mailbox for an address, or returns the one that is there.
// It has a folder for each special use; all are subscribed, and nobody is told
// of their making. validity becomes the UIDVALIDITY of its inbox; the others,
// and folders made later, have higher ones.
func (s *Store) Create(address string, validity uint32) *Box {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := Key(address)
	if b := s.boxes[key]; b != nil {
		return b
	}
	b := newBox(address, validity)
	b.observe = s.observe
	s.boxes[key] = b
	return b
}

// Box finds the mailbox of an address; nil if there is none.
func (s *Store) Box(address string) *Box {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.boxes[Key(address)]
}

// Inbox is the folder that every mailbox has.
const Inbox = "INBOX"

// Box is the mailbox of one address: its folders, which IMAP sessions share,
// and the maildrop of POP3, which is the inbox. It is an imap.Account.
type Box struct {
	Address string

	mu       sync.RWMutex
	folders  map[string]*Folder // nil is a name without a folder, for those below it
	subs     map[string]bool
	validity uint32 // of the next folder
	retired  uint32 // the highest UIDVALIDITY that a name had which is free again
	limit    Limit
	size     int64 // octets in all folders
	passing  int64 // octets of letters that are on their way from one folder to another, and counted twice
	letters  int
	rotation []Rotation
	now      func() time.Time // nil if the box does not rotate
	observe  func(Change)     // nil is nobody
	drop     bool             // a POP3 session holds the maildrop
}

func newBox(address string, validity uint32) *Box {
	b := &Box{Address: address, folders: map[string]*Folder{}, subs: map[string]bool{}, validity: validity}
	for _, f := range atFirst {
		b.make(f.name, f.use)
		b.subs[f.name] = true
	}
	return b
}

// atFirst are the folders of a new box: those that a mail program would
// otherwise make, each under a name of its own (RFC 6154 §1). The inbox has
// the lowest UIDVALIDITY.
var atFirst = []struct{ name, use string }{
	{Inbox, ""}, {"Drafts", `\Drafts`}, {"Sent", `\Sent`}, {"Junk", `\Junk`}, {"Trash", `\Trash`}, {"Archive", `\Archive`},
}

func (b *Box) inbox() *Folder { return b.folders[Inbox] }

// Deliver puts a letter into the inbox, whatever the quota: what a server has
// accepted is not lost. m's UID is set here. It returns the letter as it is
// stored and how many there are now.
func (b *Box) Deliver(m Message) (stored Message, count int) {
	return b.DeliverInto(Inbox, nil, m)
}

// DeliverInto is Deliver into a folder, with flags; into the inbox if there is
// no such folder, and without flags that it cannot have.
func (b *Box) DeliverInto(folder string, flags []string, m Message) (stored Message, count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := b.folder(folder)
	if err != nil {
		f = b.inbox()
	}
	flags, _ = f.keywords.spelled(flags, true)
	m.UID = f.add(imap.Message{Flags: flags, Date: m.Date, Data: m.Data, Ref: m.Letter}).UID
	f.changed()
	return m, len(f.uids)
}

// Find tells whether there is a folder of that name, and how it is spelled; a
// name without a folder stays as it is.
func (b *Box) Find(name string) (folder string, ok bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f, err := b.folder(name)
	if err != nil {
		return name, false
	}
	return f.name, true
}

// FolderFor is the folder for a special use, such as \\Junk (RFC 6154 §2); the
// inbox if there is none.
func (b *Box) FolderFor(use string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.inUse(use).name
}

// inUse is the folder for a special use, the first by name of several; the
// inbox if there is none.
func (b *Box) inUse(use string) *Folder {
	best := b.inbox()
	for _, f := range b.folders {
		if use != "" && f != nil && f.use == use && (best.use == "" || f.name < best.name) {
			best = f
		}
	}
	return best
}

// Messages lists the inbox, oldest first.
func (b *Box) Messages() []Message {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return plain(b.inbox().messages)
}

func plain(messages []*imap.Message) []Message {
	out := make([]Message, len(messages))
	for i, m := range messages {
		out[i] = Message{UID: m.UID, Letter: m.Ref, Date: m.Date, Data: m.Data}
	}
	return out
}

// Unique is the name of a message that is never given to another one, for as
// long as the mailbox exists (RFC 1939 §7, UIDL).
func (b *Box) Unique(m Message) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.inbox().unique(m.UID)
}

// Remove takes messages out of the inbox by their UIDs; those that are gone
// already are passed over. It returns the removed ones and how many are left.
func (b *Box) Remove(uids []uint32) (removed []Message, count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, wanted := b.inbox(), among(uids)
	gone := f.drop(func(m *imap.Message) bool { return wanted[m.UID] })
	if gone != nil {
		f.changed()
	}
	return plain(gone), len(f.uids)
}

// LockDrop takes the exclusive lock that a POP3 session needs, ErrLocked if
// another one has it (RFC 1939 §3).
func (b *Box) LockDrop() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drop {
		return ErrLocked
	}
	b.drop = true
	return nil
}

// UnlockDrop gives the lock back.
func (b *Box) UnlockDrop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop = false
}
