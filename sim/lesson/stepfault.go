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

// checkPower checks a step that takes a host's power or gives it back. off has
// the hosts that have none; power faults may take it and give it back
// meanwhile.
func (l *Lesson) checkPower(at string, s *Step, off map[string]bool, faults map[string]bool) error {
	host, key := string(s.PowerOff), "power_off"
	if s.PowerOn != "" {
		host, key = string(s.PowerOn), "power_on"
	}
	if host == "" {
		return nil
	}
	f := fault.Fault{Type: fault.Power, Host: host}
	if _, wrong := l.World.CheckFault(&f); wrong != "" {
		return l.file.Errorf(at+key, "%s", wrong)
	}
	switch {
	case s.PowerOff != "" && off[host]:
		return l.file.Errorf(at+key, "%s has no power already", host)
	case s.PowerOn != "" && !off[host] && !faults[host]:
		return l.file.Errorf(at+key, "%s has power, as far as the steps before say", host)
	}
	off[host] = s.PowerOff != ""
	return nil
}

// checkFaults checks that faults are such as the world can have, and that none
// is switched on twice, or off without being on.
func (l *Lesson) checkFaults() error {
	on, off, dark := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range l.World.Faults {
		on[l.World.Faults[i].Called()] = true
		dark[l.World.Faults[i].Host] = dark[l.World.Faults[i].Host] || l.World.Faults[i].Type == fault.Power
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
			dark[f.Host] = dark[f.Host] || f.Type == fault.Power
		}
		if err := l.checkPower(at, s, off, dark); err != nil {
			return err
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
