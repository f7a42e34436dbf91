package trace

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"
)

// benchEvents is a recording as lessons and servers make it: commands,
// replies, a letter's text now and then, lookups and queue events.
func benchEvents(n int) Recording {
	rec := Recording{header, New()}
	letter := bytes.Repeat([]byte("A line of a letter, of the usual length of such a line.\r\n"), 12)
	for i := range n {
		e := Event{At: time.Duration(i) * 3 * time.Millisecond, From: "mail.romashka.example", To: "mx1.rocket.example",
			Conn: 1 + i/20, Proto: "smtp", Letter: fmt.Sprintf("L%d", 1+i/20)}
		switch i % 20 {
		case 3:
			e.Body = &Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR",
				Answers: []string{"10 mx1.rocket.example.", "20 mx2.rocket.example."}, TTL: 300 * time.Second}
		case 7:
			e.Body = &Line{Text: string(letter), Role: Data, Bytes: len(letter)}
		case 9:
			e.Body = &Queue{Action: "relayed", ID: "Q1", Sender: "anna@romashka.example",
				Recipients: []string{"ilon@rocket.example"}, NextHop: "mx1.rocket.example", Attempt: 1, Reason: "250 2.0.0 queued as Q1"}
		default:
			if i%2 == 0 {
				e.Body = &Line{Text: "RCPT TO:<ilon@rocket.example>", Role: Command, Bytes: 31}
			} else {
				e.Body = &Line{Text: "250 2.1.5 recipient ok", Role: Reply, Code: "250", Bytes: 24}
			}
		}
		rec.Append(e, nil)
	}
	return rec
}

// BenchmarkAppend has 8 writers and a reader that follows them.
func BenchmarkAppend(b *testing.B) {
	const writers = 8
	tr := New()
	body := &Line{Text: "250 2.1.5 recipient ok", Role: Reply, Code: "250"}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	var read, write sync.WaitGroup
	more, stop := tr.Subscribe()
	defer stop()
	read.Go(func() {
		seq, conns := 1, 0
		for {
			for n := tr.Len(); seq <= n; seq++ {
				conns += tr.At(seq).Conn
			}
			select {
			case <-more:
			case <-done:
				return
			}
		}
	})
	b.ResetTimer()
	for w := range writers {
		write.Go(func() {
			for range b.N / writers {
				tr.Append(Event{From: "mail.romashka.example", To: "mx1.rocket.example", Conn: w, Proto: "smtp", Body: body}, nil)
			}
		})
	}
	write.Wait()
	b.StopTimer()
	close(done)
	read.Wait()
	runtime.ReadMemStats(&after)
	if n := tr.Len(); n >= chunkSize {
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n), "B/event")
	}
	b.ReportMetric(0, "B/op")
}

// BenchmarkWrite compares writing a recording with copying its octets by hand,
// one by one.
func BenchmarkWrite(b *testing.B) {
	const n = 20000
	rec := benchEvents(n)
	text := written(b, rec)
	b.Run("json", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if err := Write(io.Discard, rec); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
	})
	b.Run("copy", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		buf := make([]byte, len(text))
		for b.Loop() {
			//lint:ignore S1001 by hand is what is measured
			for i, c := range text {
				buf[i] = c
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
	})
}

func BenchmarkRead(b *testing.B) {
	const n = 20000
	text := written(b, benchEvents(n))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		rec, err := Read(bytes.NewReader(text), "bench")
		if err != nil || rec.Len() != n {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}
