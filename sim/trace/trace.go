package trace

import (
	"slices"
	"sync"
	"sync/atomic"
)

// chunkSize is how many events one block of the log holds. Blocks never move,
// so a reader may keep a pointer into one.
const chunkSize = 1024

type chunk [chunkSize]Event

// Trace is an append-only log of events. Any number of goroutines may append
// and read; readers take no lock and never hold up a writer.
type Trace struct {
	mu     sync.Mutex                      // held by who appends or subscribes
	chunks atomic.Pointer[[]*chunk]        // replaced when it grows; its blocks are shared
	n      atomic.Int64                    // events that readers may see
	subs   atomic.Pointer[[]chan struct{}] // replaced when it changes
}

// New makes an empty trace.
func New() *Trace {
	t := &Trace{}
	t.chunks.Store(&[]*chunk{})
	t.subs.Store(&[]chan struct{}{})
	return t
}

// Append adds e at the end and returns its Seq. It never waits for a reader.
// stamp, if not nil, is called while the trace is locked: what it writes into
// the event (its time) is in the order of the trace.
func (t *Trace) Append(e Event, stamp func(*Event)) int {
	t.mu.Lock()
	n := int(t.n.Load())
	chunks := *t.chunks.Load()
	if n/chunkSize == len(chunks) {
		chunks = t.grow(chunks)
	}
	// Nobody reads this place before n grows.
	at := &chunks[n/chunkSize][n%chunkSize]
	*at = e
	at.Seq = n + 1
	if stamp != nil {
		stamp(at)
	}
	t.n.Store(int64(n + 1))
	t.mu.Unlock()
	for _, ch := range *t.subs.Load() {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	return n + 1
}

// grow adds an empty block. It stands apart so that only the rare event which
// needs a block pays for the list's place on the heap. t.mu is held.
func (t *Trace) grow(chunks []*chunk) []*chunk {
	// Appending within the capacity is safe: readers never look past the
	// length they loaded.
	more := append(chunks, new(chunk))
	t.chunks.Store(&more)
	return more
}

// Len is how many events there are. All of them may be read.
func (t *Trace) Len() int { return int(t.n.Load()) }

// At returns event seq, 1 ≤ seq ≤ Len. The event must not be changed.
func (t *Trace) At(seq int) *Event {
	i := seq - 1
	return &(*t.chunks.Load())[i/chunkSize][i%chunkSize]
}

// Subscribe returns a channel that receives after events were appended, once
// for any number of them, until stop is called.
func (t *Trace) Subscribe() (more <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	t.change(func(subs []chan struct{}) []chan struct{} { return append(subs, ch) })
	return ch, func() {
		t.change(func(subs []chan struct{}) []chan struct{} {
			return slices.DeleteFunc(subs, func(c chan struct{}) bool { return c == ch })
		})
	}
}

// change replaces the list of subscribers by what f makes of a copy.
func (t *Trace) change(f func([]chan struct{}) []chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	subs := f(slices.Clone(*t.subs.Load()))
	t.subs.Store(&subs)
}
