package trace

import (
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/go-faster/jx"
)

// maxConn bounds the number of a connection in a recording.
const maxConn = math.MaxInt32

// fieldError is a mistake in the value under one key, its path from the
// line's outermost object: "line.bytes".
type fieldError struct {
	path string
	what string
}

func (e *fieldError) Error() string {
	if e.path == "" {
		return e.what
	}
	return e.path + ": " + e.what
}

func want(what string) error { return &fieldError{what: "want " + what} }

// under puts key before the path of a fieldError.
func under(key string, err error) error {
	fe, ok := err.(*fieldError)
	if !ok {
		return err
	}
	path := key
	if fe.path != "" {
		path += "." + fe.path
	}
	return &fieldError{path, fe.what}
}

// decoder reads the lines of a recording. Fields that it does not know are
// passed over, whatever they hold.
type decoder struct {
	d     jx.Decoder
	names map[string]string // short strings seen, so that each is kept once
}

// Limits of the strings that are kept once.
const (
	maxName  = 64   // octets
	maxNames = 4096 // strings
)

// maxSeconds is the longest simulated time, about 292 years.
const maxSeconds = math.MaxInt64 / int64(time.Second)

// object reads an object, telling f each key. It has to read the value.
func (r *decoder) object(f func(key []byte) error) error {
	if r.d.Next() != jx.Object {
		return want("an object")
	}
	it, err := r.d.ObjIter()
	if err != nil {
		return err
	}
	for it.Next() {
		key := it.Key()
		if err := f(key); err != nil {
			return under(string(key), err)
		}
	}
	return it.Err()
}

// text reads a string into s: a JSON string, or {"base64":"…"}.
func (r *decoder) text(s *string) error {
	switch r.d.Next() {
	case jx.String:
		b, err := r.d.StrBytes()
		if err != nil {
			return err
		}
		*s = r.intern(b)
		return nil
	case jx.Object:
		found := false
		err := r.object(func(key []byte) error {
			if string(key) != "base64" {
				return r.d.Skip()
			}
			found = true
			if r.d.Next() != jx.String {
				return want("a string")
			}
			b, err := r.d.StrBytes()
			if err != nil {
				return err
			}
			octets, err := base64.StdEncoding.Strict().DecodeString(string(b))
			if err != nil {
				return want("base64")
			}
			*s = string(octets)
			return nil
		})
		if err == nil && !found {
			return want(`a string or {"base64":"…"}`)
		}
		return err
	}
	return want("a string")
}

func (r *decoder) intern(b []byte) string {
	if len(b) > maxName {
		return string(b)
	}
	if s, ok := r.names[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(r.names) < maxNames {
		r.names[s] = s
	}
	return s
}

// count reads a whole number that is not negative.
func (r *decoder) count(n *int) error {
	if r.d.Next() != jx.Number {
		return want("a number")
	}
	digits, err := r.d.Num()
	if err != nil {
		return err
	}
	v := 0
	for _, c := range digits {
		if c < '0' || c > '9' || v > math.MaxInt/10-1 {
			return want("a whole number from 0")
		}
		v = v*10 + int(c-'0')
	}
	*n = v
	return nil
}

func (r *decoder) flag(v *bool) error {
	if r.d.Next() != jx.Bool {
		return want("true or false")
	}
	b, err := r.d.Bool()
	*v = b
	return err
}

// seconds reads a simulated time that is not negative.
func (r *decoder) seconds(d *time.Duration) error {
	if r.d.Next() != jx.Number {
		return want("a number")
	}
	n, err := r.d.Num()
	if err != nil {
		return err
	}
	v, ok := parseSeconds(n)
	if !ok {
		return want("seconds from 0 up to 9223372036")
	}
	*d = v
	return nil
}

// date reads a date and time, in UTC.
func (r *decoder) date(d *time.Time) error {
	var text string
	if err := r.text(&text); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if *d = t.UTC(); err != nil || d.Year() < 1 || d.Year() > 9999 {
		return want("a date and time: 2026-03-02T09:00:00Z")
	}
	return nil
}

// parseSeconds reads a JSON number of seconds. Digits under a nanosecond are
// dropped.
func parseSeconds(num []byte) (time.Duration, bool) {
	var whole, frac int64
	point, unit := false, int64(time.Second) // the point was seen; unit of the next digit behind it
	for _, c := range num {
		switch {
		case c == '.':
			point, unit = true, unit/10
		case c < '0' || c > '9': // a sign or an exponent
			f, err := strconv.ParseFloat(string(num), 64)
			if err != nil || f < 0 || f >= float64(maxSeconds) {
				return 0, false
			}
			return time.Duration(math.Round(f * 1e9)), true
		case point:
			frac += int64(c-'0') * unit
			unit /= 10
		default:
			if whole = whole*10 + int64(c-'0'); whole >= maxSeconds {
				return 0, false
			}
		}
	}
	return time.Duration(whole)*time.Second + time.Duration(frac), true
}

// list reads an array, calling item for each of its values.
func (r *decoder) list(item func() error) error {
	if r.d.Next() != jx.Array {
		return want("an array")
	}
	it, err := r.d.ArrIter()
	if err != nil {
		return err
	}
	for i := 0; it.Next(); i++ {
		if err := item(); err != nil {
			return under(strconv.Itoa(i), err)
		}
	}
	return it.Err()
}

func (r *decoder) texts(list *[]string) error {
	return r.list(func() error {
		var s string
		err := r.text(&s)
		*list = append(*list, s)
		return err
	})
}

func (r *decoder) words(w *Words) error {
	*w = nil
	return r.object(func(key []byte) error {
		if *w == nil {
			*w = make(Words)
		}
		var s string
		err := r.text(&s)
		(*w)[string(key)] = s
		return err
	})
}

// event reads one event's line.
func (r *decoder) event(line []byte) (Event, error) {
	var (
		e    Event
		kind string
	)
	r.d.ResetBytes(line)
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "seq":
			return r.count(&e.Seq)
		case "at":
			return r.seconds(&e.At)
		case "kind":
			return r.text(&kind)
		case "conn":
			return r.count(&e.Conn)
		case "from":
			return r.text(&e.From)
		case "to":
			return r.text(&e.To)
		case "proto":
			return r.text(&e.Proto)
		case "letter":
			return r.text(&e.Letter)
		case "cause":
			return r.count(&e.Cause)
		}
		body := newPayload(Kind(key))
		if body == nil {
			return r.d.Skip()
		}
		if e.Body != nil {
			return &fieldError{what: "a second payload, after " + string(e.Kind())}
		}
		e.Body = body
		return r.object(func(key []byte) error { return body.decodeField(r, key) })
	})
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return e, err
	}
	switch {
	case kind == "":
		return e, want("a kind")
	case newPayload(Kind(kind)) == nil:
		return e, &fieldError{"kind", fmt.Sprintf("unknown kind %q", kind)}
	case e.Body == nil || e.Kind() != Kind(kind):
		return e, &fieldError{what: "want what happened under the key " + strconv.Quote(kind)}
	case e.Conn > maxConn:
		return e, &fieldError{"conn", fmt.Sprintf("want at most %d", maxConn)}
	}
	return e, nil
}

// end refuses anything after the line's value.
func (r *decoder) end() error {
	if err := r.d.Skip(); err != io.EOF {
		return want("the end of the line after its object")
	}
	return nil
}

// newPayload makes an empty payload, nil for an unknown kind.
func newPayload(kind Kind) Payload {
	switch kind {
	case KindConnect:
		return new(Connect)
	case KindClose:
		return new(Close)
	case KindRefused:
		return new(Refused)
	case KindLine:
		return new(Line)
	case KindTLS:
		return new(TLS)
	case KindLookup:
		return new(Lookup)
	case KindQueue:
		return new(Queue)
	case KindStore:
		return new(Store)
	case KindDevice:
		return new(Device)
	case KindVerdict:
		return new(Verdict)
	case KindChange:
		return new(Change)
	case KindFault:
		return new(Fault)
	case KindNote:
		return new(Note)
	}
	return nil
}
