package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

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

// Read reads a recording. name is that of the file, for errors, which tell
// the line too: "file.jsonl:14: line.bytes: want a number". If the last line
// is cut off, the recording holds the events before it and the error wraps
// ErrCutOff; on any other error it is empty. A file that is something else is
// ErrForeign.
//
// Fields that are not known are passed over; a kind of event that is not known
// is an error, as is an event whose seq or at does not follow the one before.
func Read(r io.Reader, name string) (Recording, error) {
	in := lines{r: bufio.NewReaderSize(r, 256<<10)}
	dec := decoder{names: make(map[string]string)}
	fail := func(err error) (Recording, error) {
		return Recording{Trace: New()}, fmt.Errorf("%s:%d: %w", name, in.n, err)
	}

	line, whole, err := in.next()
	if err == io.EOF {
		return Recording{Trace: New()}, fmt.Errorf("%s: %w", name, ErrForeign)
	}
	if err != nil {
		return fail(err)
	}
	header, err := dec.header(line)
	switch {
	case err == nil:
	case errors.Is(err, ErrForeign):
		return Recording{Trace: New()}, fmt.Errorf("%s: %w", name, err)
	case !whole && !jx.Valid(line):
		return fail(ErrCutOff)
	default:
		return fail(readable(line, err))
	}

	rec := Recording{header, New()}
	for {
		line, whole, err := in.next()
		if err == io.EOF {
			return rec, nil
		}
		if err != nil {
			return fail(err)
		}
		if len(line) == 0 {
			continue
		}
		e, err := dec.event(line)
		if err == nil {
			err = follows(rec.Trace, &e)
		}
		if err != nil {
			if !whole && !jx.Valid(line) {
				return rec, fmt.Errorf("%s:%d: %w", name, in.n, ErrCutOff)
			}
			return fail(readable(line, err))
		}
		rec.Append(e, nil)
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
