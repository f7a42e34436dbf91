package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/go-faster/jx"
)

// maxFileLine is the longest line of a recording that is read, in octets.
const maxFileLine = 64 << 20

// ErrForeign tells that a file is something else than a recording.
var ErrForeign = errors.New("not a mailscope recording")

// ErrCutOff tells that a recording ends in the middle of a line. What stands
// before that line was read.
var ErrCutOff = errors.New("the recording is cut off in this line")

// Writer writes a recording while it happens: each event is one write, so
// that a crash loses at most the last line.
type Writer struct {
	w   io.Writer
	buf []byte
}

// NewWriter writes h to w and returns a Writer for the events.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	if err := WriteHeader(w, h); err != nil {
		return nil, err
	}
	return &Writer{w: w}, nil
}

// Append writes one event. Events have to come in order of their Seq, from 1.
func (w *Writer) Append(e *Event) error {
	w.buf = appendEvent(w.buf[:0], e)
	_, err := w.w.Write(w.buf)
	return err
}

// WriteHeader writes the first line of a recording.
func WriteHeader(w io.Writer, h Header) error {
	_, err := w.Write(appendHeader(nil, h))
	return err
}

// Write writes a header and the events that the trace holds now.
func Write(w io.Writer, rec Recording) error {
	const full = 64 << 10
	buf := appendHeader(make([]byte, 0, full+full/4), rec.Header)
	for seq := 1; seq <= rec.Len(); seq++ {
		buf = appendEvent(buf, rec.At(seq))
		if len(buf) >= full {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(buf)
	return err
}

// ErrSeveral tells that a file holds several recordings where one was asked
// for.
var ErrSeveral = errors.New("a second recording begins here; one was wanted")

// Read reads a recording. name is that of the file, for errors, which tell
// the line too: "file.jsonl:14: line.bytes: want a number". If the last line
// is cut off, the recording holds the events before it and the error wraps
// ErrCutOff; on any other error it is empty. A file that is something else is
// ErrForeign, and one that holds more than one recording is ErrSeveral.
//
// Fields that are not known are passed over; a kind of event that is not known
// is an error, as is an event whose seq or at does not follow the one before.
func Read(r io.Reader, name string) (Recording, error) {
	recs, err := read(r, name, 1)
	if len(recs) == 0 {
		return Recording{Trace: New()}, err
	}
	return recs[0], err
}

// ReadAll reads a file of one or more recordings, each of which begins with
// its header. Its errors are those of Read; if the last line is cut off, what
// stands before it was read, and on any other error nothing.
func ReadAll(r io.Reader, name string) ([]Recording, error) { return read(r, name, math.MaxInt) }

// read reads at most the given number of recordings, and fails where one more
// begins.
func read(r io.Reader, name string, most int) ([]Recording, error) {
	in := lines{r: bufio.NewReaderSize(r, 256<<10)}
	dec := decoder{names: make(map[string]string)}
	fail := func(err error) error { return fmt.Errorf("%s:%d: %w", name, in.n, err) }

	var recs []Recording
	for {
		line, whole, err := in.next()
		switch {
		case err == io.EOF && recs == nil:
			return nil, fmt.Errorf("%s: %w", name, ErrForeign)
		case err == io.EOF:
			return recs, nil
		case err != nil:
			return nil, fail(err)
		}
		if recs == nil {
			h, err := dec.header(line)
			switch {
			case err == nil:
				recs = []Recording{{h, New()}}
			case errors.Is(err, ErrForeign):
				return nil, fmt.Errorf("%s: %w", name, err)
			case !whole && !jx.Valid(line):
				return nil, fail(ErrCutOff)
			default:
				return nil, fail(readable(line, err))
			}
			continue
		}
		if len(line) == 0 {
			continue
		}
		t := recs[len(recs)-1].Trace
		e, err := dec.event(line)
		if err == nil {
			err = follows(t, &e)
		}
		switch {
		case err == nil:
			t.Append(e, nil)
		case !whole && !jx.Valid(line):
			return recs, fail(ErrCutOff)
		case !claims(line):
			return nil, fail(readable(line, err))
		case len(recs) == most:
			return nil, fail(ErrSeveral)
		default:
			h, err := dec.header(line)
			if err != nil {
				return nil, fail(readable(line, err))
			}
			recs = append(recs, Recording{h, New()})
		}
	}
}

// follows checks that e may stand at the end of t.
func follows(t *Trace, e *Event) error {
	n := t.Len()
	if e.Seq != n+1 {
		return &fieldError{"seq", fmt.Sprintf("want %d", n+1)}
	}
	if n > 0 && e.At < t.At(n).At {
		return &fieldError{"at", "want a time not before that of the event above"}
	}
	if e.Cause >= e.Seq {
		return &fieldError{"cause", "want the seq of an earlier event"}
	}
	return nil
}

// readable replaces the decoder's own words about a line that is no JSON.
func readable(line []byte, err error) error {
	if _, ok := err.(*fieldError); ok {
		return err
	}
	if !jx.Valid(line) {
		return errors.New("want one JSON object")
	}
	return err
}

// lines cuts a file into lines.
type lines struct {
	r    *bufio.Reader
	n    int // of the line last returned, from 1
	long []byte
}

// next returns a line without its end, valid until the next call, and whether
// it had one; io.EOF after the last.
func (l *lines) next() (line []byte, whole bool, err error) {
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if err == nil && len(l.long) == 0 {
			line = part
		} else {
			l.long = append(l.long, part...)
			line = l.long
		}
		switch {
		case err == bufio.ErrBufferFull && len(line) <= maxFileLine:
			continue
		case err == bufio.ErrBufferFull:
			l.n++
			return nil, false, fmt.Errorf("line longer than %d MiB", maxFileLine>>20)
		case err == io.EOF && len(line) == 0:
			return nil, false, io.EOF
		case err != nil && err != io.EOF:
			l.n++
			return nil, false, err
		}
		l.n++
		return bytes.TrimRight(line, "\r\n"), err == nil, nil
	}
}
