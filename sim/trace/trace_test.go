package trace

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Many append and many read at once: whatever Len tells of is whole, in order,
// and never changes.
func TestConcurrent(t *testing.T) {
	const writers, each = 8, 3 * chunkSize
	tr := New()
	var now time.Duration
	stamp := func(e *Event) { now++; e.At = now }
	var write, read sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		read.Go(func() {
			seq := 1
			for {
				select {
				case <-done:
					if seq > writers*each {
						return
					}
				default:
				}
				for n := tr.Len(); seq <= n; seq++ {
					e := tr.At(seq)
					if e.Seq != seq || e.At != time.Duration(seq) || e.Body == nil {
						t.Errorf("event %d: %+v", seq, e)
						return
					}
				}
				runtime.Gosched()
			}
		})
	}
	for w := range writers {
		write.Go(func() {
			last := 0
			for i := range each {
				seq := tr.Append(Event{Conn: w, Body: &Line{Bytes: i}}, stamp)
				if seq <= last {
					t.Errorf("seq %d after %d", seq, last)
				}
				last = seq
			}
		})
	}
	write.Wait()
	close(done)
	read.Wait()
	next := make([]int, writers)
	for seq := 1; seq <= tr.Len(); seq++ {
		e := tr.At(seq)
		if got := e.Body.(*Line).Bytes; got != next[e.Conn] {
			t.Fatalf("writer %d: event %d where %d should be", e.Conn, got, next[e.Conn])
		}
		next[e.Conn]++
	}
}

func TestSubscribe(t *testing.T) {
	tr := New()
	more, stop := tr.Subscribe()
	other, stopOther := tr.Subscribe()
	defer stopOther()
	for range 3 {
		tr.Append(Event{Body: &Close{}}, nil)
	}
	<-more
	<-other
	select {
	case <-more:
		t.Error("told twice of the same events")
	default:
	}
	tr.Append(Event{Body: &Close{}}, nil)
	<-more
	stop()
	tr.Append(Event{Body: &Close{}}, nil)
	select {
	case <-more:
		t.Error("told after stop")
	default:
	}
}

func ExampleTrace() {
	tr := New()
	tr.Append(Event{From: "a.example", To: "b.example", Body: &Line{Text: "HELO a.example"}}, nil)
	for seq := 1; seq <= tr.Len(); seq++ {
		e := tr.At(seq)
		fmt.Println(e.Seq, e.Kind(), e.From, "→", e.To)
	}
	// Output: 1 line a.example → b.example
}

// Only a new block takes memory: an append within one takes none.
func TestAppendAllocates(t *testing.T) {
	tr, body := New(), &Line{Text: "QUIT", Role: Command}
	tr.Append(Event{Body: body}, nil)
	if n := testing.AllocsPerRun(chunkSize/2, func() { tr.Append(Event{Body: body}, nil) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
