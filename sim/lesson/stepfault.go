package lesson

import (
	"cmp"
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

// PowerOff takes a mail server's power.
type PowerOff string

func (s PowerOff) who() (device, key string)             { return "", "" }
func (s PowerOff) check() (key, wrong string)            { return "", "" } // likewise
func (s PowerOff) do(_ context.Context, p *player) error { return p.world.PowerOff(string(s)) }

// PowerOn gives a mail server its power back.
type PowerOn string

func (s PowerOn) who() (device, key string)             { return "", "" }
func (s PowerOn) check() (key, wrong string)            { return "", "" } // likewise
func (s PowerOn) do(_ context.Context, p *player) error { return p.world.PowerOn(string(s)) }

// checkPower checks a step that takes a host's power or gives it back. on has
// the faults that are on by then; a host's power may be gone by one that waits
// for a line.
func (l *Lesson) checkPower(at string, s *Step, now *world.Spec, on map[string]bool) error {
	host, key := cmp.Or(string(s.PowerOff), string(s.PowerOn)), ".power_off"
	if s.PowerOn != "" {
		key = ".power_on"
	}
	if host == "" {
		return nil
	}
	f := fault.Fault{Type: fault.Power, Host: host}
	off, waits := world.PowerOf(host), "\x00"+host
	switch _, wrong := now.CheckFault(&f); {
	case wrong != "":
		return l.file.Errorf(at+key, "%s", wrong)
	case s.PowerOff != "" && on[off]:
		return l.file.Errorf(at+key, "%s has no power already", host)
	case s.PowerOn != "" && !on[off] && !on[waits]:
		return l.file.Errorf(at+key, "%s has power, as far as the steps before say", host)
	}
	on[off] = s.PowerOff != ""
	return nil
}

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
		if f.Type == fault.Power {
			on["\x00"+f.Host] = true
		}
	}
	if s.Mend != "" {
		if !on[string(s.Mend)] {
			return l.file.Errorf(at+".mend", "no fault %q is on", s.Mend)
		}
		delete(on, string(s.Mend))
	}
	return l.checkPower(at, s, now, on)
}

// faults are the names of those that are on from the start.
func (l *Lesson) faults() map[string]bool {
	on := map[string]bool{}
	for i := range l.World.Faults {
		on[l.World.Faults[i].Called()] = true
		if l.World.Faults[i].Type == fault.Power {
			on["\x00"+l.World.Faults[i].Host] = true
		}
	}
	return on
}
