package lesson

import (
	"context"
	"strconv"

	"mailscope/sim/fault"
)

// Fault switches a fault on.
type Fault struct{ fault.Fault }

// UnmarshalYAML reads the fault.
func (s *Fault) UnmarshalYAML(read func(any) error) error { return read(&s.Fault) }

func (s *Fault) who() (device, key string)             { return "", "" }
func (s *Fault) check() (key, wrong string)            { return "", "" } // with those that are on by then
func (s *Fault) do(_ context.Context, p *player) error { return p.world.Break(s.Fault) }

// Mend switches a fault off.
type Mend string

func (s Mend) who() (device, key string)             { return "", "" }
func (s Mend) check() (key, wrong string)            { return "", "" } // likewise
func (s Mend) do(_ context.Context, p *player) error { return p.world.Mend(string(s)) }

// checkFaults checks that faults are such as the world can have, and that none
// is switched on twice, or off without being on.
func (l *Lesson) checkFaults() error {
	on := map[string]bool{}
	for i := range l.World.Faults {
		on[l.World.Faults[i].Called()] = true
	}
	for i := range l.Steps {
		s, at := &l.Steps[i], "steps["+strconv.Itoa(i)+"]."
		if f := s.Fault; f != nil {
			if key, wrong := l.World.CheckFault(&f.Fault); wrong != "" {
				return l.file.Errorf(at+"fault."+key, "%s", wrong)
			}
			if on[f.Called()] {
				return l.file.Errorf(at+"fault.name", "a fault %q is on already", f.Called())
			}
			on[f.Called()] = true
		}
		if s.Mend != "" {
			if !on[string(s.Mend)] {
				return l.file.Errorf(at+"mend", "no fault %q is on", s.Mend)
			}
			delete(on, string(s.Mend))
		}
	}
	return nil
}
