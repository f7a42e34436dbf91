package fault

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// maxOn is how many faults may be on at a time.
const maxOn = 100

// Errors of a Set.
var (
	ErrNone  = errors.New("no such fault is on")
	ErrTwice = errors.New("a fault of that name is on already")
)

// Set is the faults that are on. Its methods may be called from many
// goroutines; its zero value has none.
type Set struct {
	// Home is the domain of a host, "" if it is in none. It is set before use.
	Home func(host string) string

	n  atomic.Int32 // that are on
	mu sync.Mutex
	on []*counting // in the order in which they were switched on
}

// counting is a fault and how often it could have struck so far.
type counting struct {
	Fault
	met   int
	spent bool // that it has struck for the last time is known
}

// over tells whether the fault strikes no more. A host that lost its power has
// still to get it back.
func (o *counting) over() bool { return o.Times == Once && o.met > 0 && o.Type != Power }

// Spent tells, once, that a fault has struck for the last time.
func (s *Set) Spent(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.on {
		if o.Called() == name && o.over() && !o.spent {
			o.spent = true
			return true
		}
	}
	return false
}

// Add switches a fault on, which was checked before.
func (s *Set) Add(f Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.on {
		if o.Called() == f.Called() && o.over() {
			s.on = append(s.on[:i:i], s.on[i+1:]...)
			break
		}
		if o.Called() == f.Called() {
			return fmt.Errorf("%w: %q", ErrTwice, f.Called())
		}
	}
	if len(s.on) == maxOn {
		return fmt.Errorf("%d faults are on, at most %d", len(s.on), maxOn)
	}
	s.on = append(s.on, &counting{Fault: f})
	s.n.Store(int32(len(s.on)))
	return nil
}

// Remove switches a fault off. over tells that it had struck for the last time
// anyway.
func (s *Set) Remove(name string) (f Fault, over bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.on {
		if o.Called() == name {
			s.on = append(s.on[:i:i], s.on[i+1:]...)
			s.n.Store(int32(len(s.on)))
			return o.Fault, o.spent, nil
		}
	}
	return f, false, fmt.Errorf("%w: %q", ErrNone, name)
}

// All lists the faults that are on and can still strike, in the order in which
// they were switched on.
func (s *Set) All() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.on))
	for _, o := range s.on {
		if !o.over() {
			list = append(list, o.Fault)
		}
	}
	return list
}

// None tells that no fault is on.
func (s *Set) None() bool { return s.n.Load() == 0 }

// Find gives the first fault of a type that is on and about this, without
// counting. about must not call the set's methods but Between.
func (s *Set) Find(typ string, about func(*Fault) bool) (Fault, bool) {
	return s.first(typ, about, func(*counting) bool { return true })
}

// Strike is Find for faults that count: each that is about this has met it,
// and the first for which it is time strikes.
func (s *Set) Strike(typ string, about func(*Fault) bool) (Fault, bool) {
	return s.first(typ, about, (*counting).due)
}

func (s *Set) first(typ string, about func(*Fault) bool, due func(*counting) bool) (f Fault, found bool) {
	if s.None() {
		return f, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.on {
		if o.Type == typ && about(&o.Fault) && due(o) && !found {
			f, found = o.Fault, true
		}
	}
	return f, found
}

// due counts that the fault has met what it is about, and tells whether it
// strikes.
func (o *counting) due() bool {
	o.met++
	switch {
	case o.Every > 1:
		return o.met%o.Every == 0
	case o.Times == Once:
		return o.met == 1
	}
	return true
}

// Between tells whether a fault is about what passes between two hosts,
// whoever of them speaks.
func (s *Set) Between(f *Fault, a, b string) bool {
	switch {
	case f.To != "":
		return s.at(f.From, a) && s.at(f.To, b) || s.at(f.From, b) && s.at(f.To, a)
	case f.Host != "":
		return (f.Host == a || f.Host == b) && (f.From == "" || s.at(f.From, a) || s.at(f.From, b))
	}
	return f.From == "" || s.at(f.From, a)
}

// Serves tells whether a fault of a server is about a client's service.
func (s *Set) Serves(f *Fault, server, client, service string) bool {
	return f.Host == server && (f.From == "" || s.at(f.From, client)) && (f.Service == "" || f.Service == service)
}

// at tells whether a host is at a place: it, or its domain.
func (s *Set) at(place, host string) bool {
	return strings.EqualFold(place, host) || s.Home != nil && strings.EqualFold(place, s.Home(host))
}
