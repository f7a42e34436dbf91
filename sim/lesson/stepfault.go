package lesson

import (
	"context"

	"mailscope/sim/fault"
	"mailscope/sim/world"
)

// Fault switches a fault on.
type Fault struct{ fault.Fault }

// UnmarshalYAML reads the fault.
func (s *Fault) UnmarshalYAML(read func(any) error) error { return read(&s.Fault) }

func (s *Fault) who() (device, key string)             { return "", "" }
func (s *Fault) check() (key, wrong string)            { return "", "" } // checkFault does it
func (s *Fault) do(_ context.Context, p *player) error { return p.world.Break(s.Fault) }

// Mend switches a fault off.
type Mend string

func (s Mend) who() (device, key string)             { return "", "" }
func (s Mend) check() (key, wrong string)            { return "", "" } // likewise
func (s Mend) do(_ context.Context, p *player) error { return p.world.Mend(string(s)) }

// checkFault checks that a fault is one that the world can have as it is now,
// and that none is switched on twice, or off without being on.
func (l *Lesson) checkFault(at string, s *Step, now *world.Spec, on map[string]bool) error {
	if f := s.Fault; f != nil {
		if key, wrong := now.CheckFault(&f.Fault); wrong != "" {
			return l.file.Errorf(at+".fault."+key, "%s", wrong)
		}
		if on[f.Called()] {
			return l.file.Errorf(at+".fault.name", "a fault %q is on already", f.Called())
		}
		on[f.Called()] = true
	}
	if s.Mend != "" {
		if !on[string(s.Mend)] {
			return l.file.Errorf(at+".mend", "no fault %q is on", s.Mend)
		}
		delete(on, string(s.Mend))
	}
	return nil
}

// faults are the names of those that are on from the start.
func (l *Lesson) faults() map[string]bool {
	on := map[string]bool{}
	for i := range l.World.Faults {
		on[l.World.Faults[i].Called()] = true
	}
	return on
}
