// Package mailbox keeps the letters of a mail server's accounts: the one store
// under every protocol that reads mail.
package mailbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
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
	mu    sync.RWMutex
	boxes map[string]*Box
}

// NewStore makes a store without mailboxes.
func NewStore() *Store { return &Store{boxes: map[string]*Box{}} }

// Key is the form of an address under which its mailbox is found: our servers
// do not tell capital letters apart.
func Key(address string) string { return strings.ToLower(address) }

// Create opens a mailbox for an address, or returns the one that is there.
// validity becomes the UIDVALIDITY of its folders.
func (s *Store) Create(address string, validity uint32) *Box {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := Key(address)
	if b := s.boxes[key]; b != nil {
		return b
	}
	b := &Box{Address: address, inbox: folder{name: Inbox, validity: validity, next: 1}}
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

// Box is the mailbox of one address.
type Box struct {
	Address string

	mu    sync.Mutex
	inbox folder
	drop  bool // a POP3 session holds the maildrop
}

type folder struct {
	name     string
	validity uint32
	next     uint32
	messages []Message
}

// Deliver puts a letter into the inbox. m's UID is set here. It returns the
// letter as it is stored and how many there are now.
func (b *Box) Deliver(m Message) (stored Message, count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m.UID = b.inbox.next
	b.inbox.next++
	b.inbox.messages = append(b.inbox.messages, m)
	return m, len(b.inbox.messages)
}

// Messages lists the inbox, oldest first.
func (b *Box) Messages() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.inbox.messages)
}

// Unique is the name of a message that is never given to another one, for as
// long as the mailbox exists (RFC 1939 §7, UIDL).
func (b *Box) Unique(m Message) string { return fmt.Sprintf("%d.%d", b.inbox.validity, m.UID) }

// Remove takes messages out of the inbox by their UIDs; those that are gone
// already are passed over. It returns the removed ones and how many are left.
func (b *Box) Remove(uids []uint32) (removed []Message, count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wanted := make(map[uint32]bool, len(uids))
	for _, u := range uids {
		wanted[u] = true
	}
	kept := make([]Message, 0, len(b.inbox.messages))
	for _, m := range b.inbox.messages {
		if wanted[m.UID] {
			removed = append(removed, m)
		} else {
			kept = append(kept, m)
		}
	}
	b.inbox.messages = kept
	return removed, len(kept)
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
