package stage

import (
	"sort"
	"strings"
	"time"

	"mailscope/sim/trace"
)

// HeardKind is what an eavesdropper can tell a thing on the wire to be.
type HeardKind int

// What crosses the wire.
const (
	HeardConnect   HeardKind = iota // a connection opened: who with whom, and the port
	HeardRefused                    // or not got
	HeardLine                       // said in clear
	HeardLookup                     // a question to DNS, which nobody encrypts here
	HeardHandshake                  // a record of a handshake in clear
	HeardSealed                     // records that say nothing but how long they are
)

// Heard is one thing that crossed the wire, as an eavesdropper has it.
type Heard struct {
	Step     int // that brought it
	Conn     int // 0 means none
	From, To string
	Service  string // that the port tells
	Port     int
	What     HeardKind
	Text     string // a line as it was said, without the final CR LF; the question; of a handshake the name asked for, or what the server chose; "" of what is sealed
	Answers  []string
	Record   string // of a record: what it says it is; of a handshake in clear its message
	Records  int    // so many of them
	Bytes    int    // on the wire; 0 if that differs from run to run
	User     string // which stands in Text, in clear or in base64
	Password string // the same
}

// Readable tells whether the eavesdropper learns more of it than its length.
func (h *Heard) Readable() bool { return h.What != HeardSealed }

// hears tells whether the eavesdropper of the world can hear what one host
// sends to another; without one the whole wire lies open.
func (s *Show) hears(from, to string) bool {
	v := s.rec.Header.World.Eavesdropper
	return v == nil || s.heard[from] || s.heard[to]
}

// atOnce is how far apart two lines may be that are taken to be said in one
// go.
const atOnce = time.Second

// HeardAt is what crosses the wire in a step where the eavesdropper hears it:
// of an encrypted line the records that carry all that was said at once, in
// the step of its first line.
func (s *Show) HeardAt(step int) []Heard {
	e := s.Event(step)
	if e == nil || e.To == "" || !s.hears(e.From, e.To) {
		return nil
	}
	h := Heard{Step: step, Conn: e.Conn, From: e.From, To: e.To}
	if c := s.laneOf(e); c != nil {
		h.Service, h.Port = c.Service, c.Port
	}
	switch b := e.Body.(type) {
	case *trace.Connect:
		h.What = HeardConnect
	case *trace.Refused:
		h.What = HeardRefused
	case *trace.Lookup:
		h.What, h.Text, h.Answers = HeardLookup, b.Type+" "+b.Name, b.Answers
	case *trace.TLS:
		return handshake(h, b)
	case *trace.Line:
		if b.Encrypted {
			return s.sealed(h)
		}
		h.What, h.Text, h.Bytes = HeardLine, b.Text, b.Bytes
		h.User, h.Password = credentials(e.Proto, b, s.Place(step))
	default:
		return nil
	}
	return []Heard{h}
}

// handshake is its records. In TLS 1.3 all is sealed after the two hellos, the
// certificate too (RFC 8446 §2); the name of the server that is asked for
// stands in the first of them (RFC 6066 §3).
func handshake(h Heard, b *trace.TLS) []Heard {
	var list []Heard
	client, server := h.From, h.To
	for _, r := range b.Seen {
		h.From, h.To = client, server
		if r.Server {
			h.From, h.To = server, client
		}
		h.What, h.Text, h.Record, h.Records, h.Bytes = HeardSealed, "", r.Type, 1, r.Bytes
		if len(r.Messages) > 0 {
			h.What, h.Record = HeardHandshake, strings.Join(r.Messages, ", ")
			switch r.Messages[0] {
			case "client_hello":
				h.Text = b.ServerName
			case "server_hello":
				h.Text = strings.TrimSpace(b.Version + " " + b.Cipher)
			case "certificate":
				h.Text = b.Subject
			}
		}
		list = append(list, h)
	}
	return list
}

// sealed is the records that carry what the sender of an encrypted line says
// at once, none if an earlier line of it brought them.
//
// RFC 8446 §5.1, §5.2.
func (s *Show) sealed(h Heard) []Heard {
	c := s.byID[h.Conn]
	if c == nil {
		return nil
	}
	i := sort.SearchInts(c.Steps, h.Step)
	if i > 0 && s.saidWith(c.Steps[i-1], c.Steps[i]) {
		return nil
	}
	octets := s.Event(c.Steps[i]).Body.(*trace.Line).Bytes
	for i++; i < len(c.Steps) && s.saidWith(c.Steps[i-1], c.Steps[i]); i++ {
		octets += s.Event(c.Steps[i]).Body.(*trace.Line).Bytes
	}
	h.What, h.Record = HeardSealed, "application_data"
	h.Records = max(1, (octets+trace.MaxRecordData-1)/trace.MaxRecordData)
	h.Bytes = octets + h.Records*trace.RecordOverhead
	return []Heard{h}
}

// saidWith tells whether two steps that follow each other on a connection are
// encrypted lines that one side says at once.
func (s *Show) saidWith(step, next int) bool {
	a, b := s.Event(step), s.Event(next)
	la, ok := a.Body.(*trace.Line)
	if !ok || !la.Encrypted || a.From != b.From || b.At-a.At > atOnce {
		return false
	}
	lb, ok := b.Body.(*trace.Line)
	return ok && lb.Encrypted
}

// Overheard is the last things, most of them at most, that the eavesdropper
// has after a step, in order.
func (s *Show) Overheard(step, most int) []Heard {
	type cursor struct {
		steps []int
		left  int
	}
	var lanes []cursor
	for _, c := range s.conns {
		if c.First <= step && (s.hears(c.From, c.To) || c.Service == "domain") { // lookups of one host may go to several
			lanes = append(lanes, cursor{c.Steps, sort.SearchInts(c.Steps, step+1)})
		}
	}
	var steps [][]Heard // latest first
	for n := 0; n < most; {
		last := -1
		for i, l := range lanes {
			if l.left > 0 && (last < 0 || l.steps[l.left-1] > lanes[last].steps[lanes[last].left-1]) {
				last = i
			}
		}
		if last < 0 {
			break
		}
		lanes[last].left--
		if h := s.HeardAt(lanes[last].steps[lanes[last].left]); len(h) > 0 {
			steps = append(steps, h)
			n += len(h)
		}
	}
	var list []Heard
	for i := len(steps) - 1; i >= 0; i-- {
		list = append(list, steps[i]...)
	}
	return list[max(0, len(list)-most):]
}
