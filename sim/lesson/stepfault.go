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

// troubles are what is wrong in a lesson's world before a step.
type troubles struct {
	on    map[string]bool // faults, by name
	off   map[string]bool // hosts whose power a step took
	shaky map[string]bool // hosts whose power faults take and give back
}

// troubles are those from the start.
func (l *Lesson) troubles() troubles {
	t := troubles{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for i := range l.World.Faults {
		t.add(&l.World.Faults[i])
	}
	return t
}

func (t *troubles) add(f *fault.Fault) {
	t.on[f.Called()] = true
	if f.Type == fault.Power {
		t.shaky[f.Host] = true
	}
}

// checkFault checks that a fault is one that the world can have as it is now,
// that none is switched on twice or off without being on, and likewise a
// host's power.
func (l *Lesson) checkFault(at string, s *Step, now *world.Spec, t *troubles) error {
	if f := s.Fault; f != nil {
		if key, wrong := now.CheckFault(&f.Fault); wrong != "" {
			return l.file.Errorf(at+".fault."+key, "%s", wrong)
		}
		if t.on[f.Called()] {
			return l.file.Errorf(at+".fault.name", "a fault %q is on already", f.Called())
		}
		t.add(&f.Fault)
	}
	if s.Mend != "" {
		if !t.on[string(s.Mend)] {
			return l.file.Errorf(at+".mend", "no fault %q is on", s.Mend)
		}
		delete(t.on, string(s.Mend))
	}
	host, key := string(s.PowerOff), ".power_off"
	if s.PowerOn != "" {
		host, key = string(s.PowerOn), ".power_on"
	}
	if host == "" {
		return nil
	}
	if _, wrong := now.CheckFault(&fault.Fault{Type: fault.Power, Host: host}); wrong != "" {
		return l.file.Errorf(at+key, "%s", wrong)
	}
	switch {
	case s.PowerOff != "" && t.off[host]:
		return l.file.Errorf(at+key, "%s has no power already", host)
	case s.PowerOn != "" && !t.off[host] && !t.shaky[host]:
		return l.file.Errorf(at+key, "%s has power, as far as the steps before say", host)
	}
	t.off[host] = s.PowerOff != ""
	return nil
}
