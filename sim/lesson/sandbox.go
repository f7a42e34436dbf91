package lesson

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"mailscope/sim/clock"
	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Sandbox is a world without a script: letters go when somebody writes them,
// and settings change when somebody changes them. Its time is simulated and
// stands still in between.
type Sandbox struct {
	world *world.World
	clock *clock.Sim
	rec   trace.Recording

	mu     sync.Mutex    // one thing at a time
	last   *Written      // nil if nobody knows yet what to write
	wrote  int           // letters
	stale  time.Duration // until then somebody may remember old answers of DNS
	looked int           // events that were looked through for letters that came
}

// Written is a letter as somebody writes it by hand.
type Written struct {
	By     string // address of whose device it goes from
	Sender string // that the envelope names; "" is By
	mua.Draft
}

// Errors of a Sandbox.
var (
	ErrNothingWritten = errors.New("nothing was written yet")
	ErrNothingWaits   = errors.New("no letter waits in a queue")
)

// NewSandbox starts a world, which runs until ctx ends or Close. log may be nil.
func NewSandbox(ctx context.Context, spec *world.Spec, f *world.File, log *slog.Logger) (*Sandbox, error) {
	c := clock.NewSim(spec.Start)
	w, err := world.Start(ctx, spec, f, c, true, log)
	if err != nil {
		return nil, err
	}
	return &Sandbox{world: w, clock: c, rec: trace.Recording{
		Header: trace.Header{Start: spec.Start, World: w.Header}, Trace: w.Trace}}, nil
}

// Sandbox starts the lesson's world, its first side if there are two, with the
// letter that the lesson sends first to begin with.
func (l *Lesson) Sandbox(ctx context.Context, log *slog.Logger) (*Sandbox, error) {
	spec := &l.World
	if len(l.Sides) > 0 {
		spec = spec.Receiving(l.Sides[0].Receive)
	}
	s, err := NewSandbox(ctx, spec, l.file, log)
	if err != nil {
		return nil, err
	}
	s.rec.Header.Title = l.Title
	for _, step := range l.Steps {
		if step.Send != nil {
			s.last = &Written{By: s.world.Device(step.Send.Device).Account, Sender: step.Send.Sender, Draft: step.Send.draft()}
			break
		}
	}
	return s, nil
}

// Recording is what has happened so far; it grows with each letter.
func (s *Sandbox) Recording() trace.Recording { return s.rec }

// Spec is the world as it is described now.
func (s *Sandbox) Spec() *world.Spec { return s.world.Present() }

// Change changes a setting. What a domain says of itself is believed by the
// next letter: time passes before it, until nobody remembers anything else.
func (s *Sandbox) Change(c world.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.rec.Len()
	if err := s.world.Change(c); err != nil {
		return err
	}
	if c.Domain != "" && s.rec.Len() > before {
		s.stale = s.clock.Now() + world.TTL
	}
	return nil
}

// Break has something go wrong from now on. A fault of the name server strikes
// the next letter: time passes before it, until all answers are forgotten.
func (s *Sandbox) Break(f fault.Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.world.Break(f); err != nil {
		return err
	}
	if f.Type == fault.DNS {
		s.stale = s.clock.Now() + world.TTL
	}
	return nil
}

// Mend puts a fault right, by its name.
func (s *Sandbox) Mend(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.Mend(name)
}

// Faults are those that are on.
func (s *Sandbox) Faults() []fault.Fault { return s.world.Faults() }

// Write has somebody write and send a letter, lets the world settle, and then
// has the devices of those who got a letter fetch it. An error means that the
// letter could not be written; what servers refuse is in the recording.
func (s *Sandbox) Write(ctx context.Context, w Written) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(ctx, w)
}

// Last is the letter that Again sends; false if there is none.
func (s *Sandbox) Last() (Written, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return Written{}, false
	}
	return *s.last, true
}

// Again writes the same letter once more. The error is ErrNothingWritten if
// there is none.
func (s *Sandbox) Again(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return ErrNothingWritten
	}
	return s.write(ctx, *s.last)
}

func (s *Sandbox) write(ctx context.Context, w Written) error {
	devices := s.world.DevicesOf(w.By)
	if len(devices) == 0 {
		return fmt.Errorf("%s has no device to write on", w.By)
	}
	s.wrote++
	s.say(trace.Note{Chapter: true, Text: numbered(s.wrote)})
	if s.clock.Now() < s.stale {
		s.say(trace.Note{Text: forgotten})
		if err := s.clock.Run(ctx, s.stale); err != nil {
			return err
		}
	}
	letter, err := devices[0].Compose(w.Draft)
	if err != nil {
		return err
	}
	s.last = &w
	letter.From = cmp.Or(w.Sender, letter.From)
	devices[0].Send(ctx, letter)
	return s.settle(ctx)
}

// Waiting is the simulated time at which the next letter that waits in a queue
// is tried again; 0 if none waits.
func (s *Sandbox) Waiting() (next time.Duration) {
	now := s.clock.Now()
	for seq := 1; seq <= s.rec.Len(); seq++ {
		if q, ok := s.rec.At(seq).Body.(*trace.Queue); ok && q.Action == "deferred" && q.Next > now && (next == 0 || q.Next < next) {
			next = q.Next // not tried since, because the time has not come
		}
	}
	return next
}

// Forgets tells whether time will pass before the next letter, so that nobody
// remembers old answers of DNS.
func (s *Sandbox) Forgets() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now() < s.stale
}

// Now is the simulated time since the start.
func (s *Sandbox) Now() time.Duration { return s.clock.Now() }

// Wait lets time pass until the next letter that waits in a queue has been
// tried again. The error is ErrNothingWaits if there is none.
func (s *Sandbox) Wait(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.Waiting()
	if next == 0 {
		return ErrNothingWaits
	}
	s.say(trace.Note{Chapter: true, Text: tried})
	if err := s.clock.Run(ctx, next); err != nil {
		return err
	}
	return s.settle(ctx)
}

// settle has the world come to rest, and whoever got a letter fetch it.
func (s *Sandbox) settle(ctx context.Context) error {
	if err := s.clock.Settle(ctx, horizon); err != nil {
		return err
	}
	for _, address := range s.came() {
		for _, v := range s.world.DevicesOf(address) {
			s.clock.Spend(pause)
			v.Poll(ctx)
		}
	}
	s.clock.Spend(pause)
	return ctx.Err()
}

// came lists the mailboxes into which letters were delivered since it was last
// asked, in that order.
func (s *Sandbox) came() (addresses []string) {
	seen := map[string]bool{}
	for end := s.rec.Len(); s.looked < end; {
		s.looked++
		q, ok := s.rec.At(s.looked).Body.(*trace.Queue)
		if !ok || q.Action != "delivered" {
			continue
		}
		for _, r := range q.Recipients {
			if !seen[r] {
				seen[r] = true
				addresses = append(addresses, r)
			}
		}
	}
	return addresses
}

func (s *Sandbox) say(n trace.Note) { s.world.Net.Record(trace.Event{Body: &n}) }

// What is said in a sandbox.
var (
	forgotten = trace.Words{
		"ru": "В DNS кое-что изменилось, а ответы там помнят час. Подождали: теперь старое забыто, и все спросят заново.",
		"en": "Something changed in DNS, where answers are remembered for an hour. We waited: the old ones are forgotten, and everybody will ask anew.",
	}
	tried = trace.Words{"ru": "Новая попытка", "en": "Tried again"}
)

func numbered(n int) trace.Words {
	return trace.Words{"ru": "Письмо " + strconv.Itoa(n), "en": "Letter " + strconv.Itoa(n)}
}

// Close ends the world.
func (s *Sandbox) Close() error { return s.world.Close() }
