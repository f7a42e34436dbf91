package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	mdns "github.com/miekg/dns"
)

// How a lookup fails, for errors.Is.
var (
	ErrNoName    = errors.New("no such name")               // NXDOMAIN (RFC 1035 §4.1.1)
	ErrNoData    = errors.New("no records of this type")    // the name exists (RFC 2308 §2.2)
	ErrTemporary = errors.New("name service fails for now") // no reply, or SERVFAIL, REFUSED, …
	errChain     = errors.New("chain of aliases loops or is too long")
)

const (
	defaultTimeout = 2 * time.Second
	defaultEntries = 10_000
	tries          = 2 // one and a retry

	// failureTime is how long a failure is remembered: RFC 9520 §3.2 has
	// 5 s for the first, RFC 2308 §7 no more than 5 min.
	failureTime = 5 * time.Second
)

// Resolver asks one name server on behalf of a host, and remembers.
//
// It sends one question at a time over a socket of its own, never asks what it
// already knows, and checks that a reply is to its question. Set the fields
// before use; methods may then be called from any goroutine, and call the functions
// given from there. Times are those of Now, except Timeout.
type Resolver struct {
	// Dial connects to the name server. The network is "udp", or "tcp" after a
	// truncated reply.
	Dial func(ctx context.Context, network string) (net.Conn, error)

	Now func() time.Duration // simulated time since the start; entries age by it. nil: they never do
	// Observe is told each question once, with its asker's context, before
	// Lookup returns. nil: nobody is.
	Observe func(context.Context, Lookup)
	IDs     func() uint16 // ids of queries; nil: random ones

	Timeout time.Duration // real time for one try; 0 means 2 s
	Entries int           // how many answers are remembered; 0 means 10,000

	mu      sync.Mutex
	cache   cache
	flights map[cacheKey]*flight
}

// flight is a question that is being asked; others who want the same answer
// wait for it.
type flight struct {
	done   chan struct{}
	answer Answer
	err    error
	gaveUp bool // its asker's context ended first
}

// Answer is what is known about a question. Its slice is shared with the cache
// and must not be changed.
type Answer struct {
	Name      string        // the question's: absolute, in lower case
	Type      uint16        // the question's
	Canonical string        // the name at the end of the aliases; Name without any
	Records   []mdns.RR     // those of Canonical after the aliases that lead there, in the order received
	TTL       time.Duration // how long it may be kept from now on
	RCode     string        // "NOERROR", "NXDOMAIN", …; empty without a reply
	Cached    bool          // nothing was asked

	err error // ErrNoName, ErrNoData or ErrTemporary, as kept in the cache
}

// Lookup answers the question for records of qtype at name, an ASCII name in
// zone-file form.
//
// Errors are ErrNoName, ErrNoData or ErrTemporary under [errors.Is], the last
// one together with its cause; the Answer then has no records of qtype. Aliases
// are followed, by further questions where the server did not.
//
// RFC 1034 §5.3.1; negative answers are kept by RFC 2308 §5.
func (r *Resolver) Lookup(ctx context.Context, name string, qtype uint16) (Answer, error) {
	at, err := parseName(name)
	if err != nil {
		return Answer{Name: name, Type: qtype}, fmt.Errorf("look up %s: %w: %w", typeName(qtype), ErrNoName, err)
	}
	first, err := r.question(ctx, at, qtype)
	whole := first
	seen := map[wireName]bool{at: true}
	for err == nil && whole.pending() {
		next, _ := parseName(whole.Canonical)
		if seen[next] || len(seen) > maxChain {
			return whole, r.failed(first, fmt.Errorf("%w: %w", ErrTemporary, errChain))
		}
		seen[next] = true
		var more Answer
		more, err = r.question(ctx, next, qtype)
		whole = whole.then(more)
	}
	if err != nil {
		return whole, r.failed(first, err)
	}
	return whole, nil
}

func (r *Resolver) failed(a Answer, err error) error {
	return fmt.Errorf("look up %s %s: %w", a.Name, typeName(a.Type), err)
}

// pending reports whether a is but aliases whose target is still to be asked.
func (a Answer) pending() bool {
	if a.err != nil || len(a.Records) == 0 || a.Type == mdns.TypeCNAME || a.Type == mdns.TypeANY {
		return false
	}
	return a.Records[len(a.Records)-1].Header().Rrtype == mdns.TypeCNAME
}

// then joins an alias's answer with that about its target.
func (a Answer) then(more Answer) Answer {
	a.Canonical = more.Canonical
	a.Records = append(a.Records[:len(a.Records):len(a.Records)], more.Records...)
	a.TTL = min(a.TTL, more.TTL)
	a.RCode = more.RCode
	a.Cached = a.Cached && more.Cached
	return a
}

// Forget empties the cache.
func (r *Resolver) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cache.clear()
}

// question answers one question: from the cache, by waiting for another who
// asks it already, or by asking.
func (r *Resolver) question(ctx context.Context, name wireName, qtype uint16) (Answer, error) {
	key := cacheKey{name, qtype}
	for {
		r.mu.Lock()
		if a, ok := r.cache.get(name, qtype, r.now()); ok {
			r.mu.Unlock()
			a.Name, a.Type = name.String(), qtype // an NXDOMAIN may come from another type
			return r.tell(ctx, a, a.err)
		}
		if f := r.flights[key]; f != nil {
			r.mu.Unlock()
			a, err, ok := f.wait(ctx, Answer{Name: name.String(), Type: qtype})
			if !ok {
				continue
			}
			return r.tell(ctx, a, err)
		}
		f := &flight{done: make(chan struct{})}
		if r.flights == nil {
			r.flights = map[cacheKey]*flight{}
		}
		r.flights[key] = f
		r.mu.Unlock()

		f.answer, f.err = r.ask(ctx, name, qtype)
		f.gaveUp = f.err != nil && ctx.Err() != nil
		r.mu.Lock()
		kept := f.answer
		if errors.Is(f.err, ErrTemporary) && !f.gaveUp && r.Now != nil {
			kept.err, kept.TTL = f.err, failureTime
		}
		r.keep(name, kept)
		delete(r.flights, key)
		r.mu.Unlock()
		close(f.done)
		return r.tell(ctx, f.answer, f.err)
	}
}

// wait returns the flight's outcome, or none's if ctx is done first. ok is false
// if the flight failed because its own asker gave up: then ask again.
func (f *flight) wait(ctx context.Context, none Answer) (a Answer, err error, ok bool) {
	select {
	case <-f.done:
	case <-ctx.Done():
		return none, fmt.Errorf("%w: %w", ErrTemporary, ctx.Err()), true
	}
	if f.gaveUp {
		return none, nil, false
	}
	a = f.answer
	a.Cached = true
	return a, f.err, true
}

// keep remembers an answer that may be; r.mu is held.
func (r *Resolver) keep(name wireName, a Answer) {
	r.cache.max = r.Entries
	if r.Entries <= 0 {
		r.cache.max = defaultEntries
	}
	key := cacheKey{name, a.Type}
	if errors.Is(a.err, ErrNoName) && len(a.Records) == 0 {
		key.qtype = 0
	}
	r.cache.put(key, a, r.now())
}

// tell passes an outcome on to the observer and the caller.
func (r *Resolver) tell(ctx context.Context, a Answer, err error) (Answer, error) {
	if r.Observe != nil {
		r.Observe(ctx, Lookup{
			Name: a.Name, Type: typeName(a.Type), Answers: dataText(a.Records),
			TTL: a.TTL, RCode: a.RCode, Cached: a.Cached, Err: err,
		})
	}
	return a, err
}

func (r *Resolver) now() time.Duration {
	if r.Now == nil {
		return 0
	}
	return r.Now()
}
