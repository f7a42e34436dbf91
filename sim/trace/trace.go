package trace

import (
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
	mu     sync.Mutex
	chunks atomic.Pointer[[]*chunk] // replaced when it grows; its blocks are shared
	n      atomic.Int64             // events that readers may see
	subs   map[chan struct{}]struct{}
}

// New makes an empty trace.
func New() *Trace {
	t := &Trace{subs: make(map[chan struct{}]struct{})}
	t.chunks.Store(&[]*chunk{})
	return t
}

// Append adds e at the end and returns its Seq. It never waits for a reader.
// stamp, if not nil, is called while the trace is locked: what it writes into
// the event (its time) is in the order of the trace.
func (t *Trace) Append(e Event, stamp func(*Event)) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := int(t.n.Load())
	chunks := *t.chunks.Load()
	if n/chunkSize == len(chunks) {
		// Appending within the capacity is safe: readers never look past
		// the length they loaded.
		chunks = append(chunks, new(chunk))
		t.chunks.Store(&chunks)
	}
	e.Seq = n + 1
	if stamp != nil {
		stamp(&e)
	}
	chunks[n/chunkSize][n%chunkSize] = e
	t.n.Store(int64(n + 1))
	for ch := range t.subs {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	return e.Seq
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
	t.mu.Lock()
	t.subs[ch] = struct{}{}
	t.mu.Unlock()
	return ch, func() {
		t.mu.Lock()
		delete(t.subs, ch)
		t.mu.Unlock()
	}
}
