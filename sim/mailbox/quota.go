package mailbox

import "mailscope/protocol/imap"

// Limit is what a box may keep in all its folders; 0 is no limit.
type Limit struct {
	Octets  int64
	Letters int
}

// SetLimit sets the quota. What is there stays, even above it.
func (b *Box) SetLimit(l Limit) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = l
}

// Quota tells the limits and what is used of them (RFC 9208).
func (b *Box) Quota() imap.Quota {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return imap.Quota{Storage: b.size, MaxSize: b.limit.Octets, Messages: b.letters, Max: b.limit.Letters}
}

// Room tells whether a letter of so many octets fits: ErrOverQuota if not now,
// ErrLimit if it would not even fit into the empty box.
func (b *Box) Room(octets int64) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.limit.Octets > 0 && octets > b.limit.Octets {
		return imap.ErrLimit
	}
	return b.room(1, octets)
}

func (b *Box) room(letters int, octets int64) error {
	if b.limit.Octets > 0 && b.size+octets > b.limit.Octets ||
		b.limit.Letters > 0 && b.letters+letters > b.limit.Letters {
		return imap.ErrOverQuota
	}
	return nil
}
