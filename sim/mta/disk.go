package mta

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"mailscope/protocol/sieve"
	"mailscope/sim/mailbox"
)

// Disk is what a server keeps without power: its settings, its queue, its
// mailboxes and their scripts, its greylist, and the numbers that it must not
// give twice. It outlives the Server that writes to it, and is all that the
// next one begins with. Whatever else a server knows is in its memory:
// sessions, locks, workers, timers.
type Disk struct {
	store   *mailbox.Store
	present atomic.Pointer[Settings] // nil if no server was ever started from it

	mu      sync.Mutex
	queue   map[int]entry // by number; as it was last written
	numbers int           // given to entries so far
	letters int           // accepted so far, for their queue ids
	lastMID int
	stamps  int
	nonces  int
	full    map[string]full          // by the key of the address
	scripts map[string]*sieve.Script // likewise; nil is none
	grey    greylist
}

// NewDisk makes an empty disk.
func NewDisk() *Disk {
	return &Disk{store: mailbox.NewStore(), queue: map[int]entry{}, full: map[string]full{}, scripts: map[string]*sieve.Script{}}
}

// next counts one of the disk's numbers up.
func (d *Disk) next(number *int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	*number++
	return *number
}

// write puts an entry on the disk, or its new state in place of the old one.
// Without recipients it leaves the queue.
func (d *Disk) write(e *entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(e.rcpts) == 0 {
		delete(d.queue, e.number)
		return
	}
	d.queue[e.number] = *e
}

// length is how many entries there are.
func (d *Disk) length() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.queue)
}

// waiting lists the queue, the oldest entry first.
func (d *Disk) waiting() []*entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]*entry, 0, len(d.queue))
	for e := range maps.Values(d.queue) {
		list = append(list, &e)
	}
	slices.SortFunc(list, func(x, y *entry) int { return cmp.Compare(x.number, y.number) })
	return list
}

// Queue is how many entries wait in the server's queue.
func (s *Server) Queue() int { return s.disk.length() }
