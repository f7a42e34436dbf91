package lesson

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Limits of a lesson.
const (
	maxSteps   = 1000
	maxMatches = 1000 // narrations, expectations
)

// check looks for contradictions in a lesson. Errors name file, line and key.
func (l *Lesson) check() error {
	f := l.file
	switch {
	case l.Name == "":
		return f.Errorf("name", "a lesson needs a name")
	case l.Unit < 1 || l.Unit > len(Units):
		return f.Errorf("unit", "want 1 to %d, got %d", len(Units), l.Unit)
	case !said(l.Title):
		return f.Errorf("title", "a lesson needs a title"+inLanguage)
	case len(l.Steps) == 0 || len(l.Steps) > maxSteps:
		return f.Errorf("steps", "want 1 to %d steps, got %d", maxSteps, len(l.Steps))
	case len(l.Narrate) > maxMatches:
		return f.Errorf("narrate", "%d narrations, at most %d", len(l.Narrate), maxMatches)
	case len(l.Expect) > maxMatches:
		return f.Errorf("expect", "%d expectations, at most %d", len(l.Expect), maxMatches)
	}
	if err := l.World.Check(f, "world."); err != nil {
		return err
	}
	if err := l.checkSides(); err != nil {
		return err
	}
	devices := l.devices()
	hosts := l.hosts(devices)
	if err := l.checkSteps(devices, hosts); err != nil {
		return err
	}
	for i, n := range l.Narrate {
		at := fmt.Sprintf("narrate[%d]", i)
		if err := l.checkMatch(at+".on", n.On, hosts); err != nil {
			return err
		}
		if !said(n.Say) {
			return f.Errorf(at+".say", "nothing is said"+inLanguage)
		}
		if err := l.checkSide(at, n.Side); err != nil {
			return err
		}
		if len(n.Chapter) > 0 && !said(n.Chapter) {
			return f.Errorf(at+".chapter", "a chapter needs a title"+inLanguage)
		}
	}
	for i, q := range l.Question {
		if !said(q.Ask) {
			return f.Errorf(fmt.Sprintf("questions[%d].ask", i), "nothing is asked"+inLanguage)
		}
		right := 0
		for _, a := range q.Answers {
			if a.Right {
				right++
			}
		}
		if right != 1 {
			return f.Errorf(fmt.Sprintf("questions[%d].answers", i), "want one right answer, got %d", right)
		}
	}
	for i := range l.Expect {
		if err := l.checkExpect(fmt.Sprintf("expect[%d]", i), &l.Expect[i], hosts, devices); err != nil {
			return err
		}
	}
	return nil
}

const inLanguage = ", in ru or en"

// said tells whether a text is there in a language that is shown.
func said(w trace.Words) bool { return w["ru"] != "" || w["en"] != "" }

// devices are the host names of the world's devices.
func (l *Lesson) devices() map[string]bool {
	names := map[string]bool{}
	for _, d := range l.World.Domains {
		for _, p := range d.People {
			for _, v := range p.Devices {
				names[world.DeviceHost(p.Name, v.Kind, d.Name)] = true
			}
		}
	}
	return names
}

// asks tells whether a device asks its user about receipts.
func (l *Lesson) asks(device string) bool {
	for _, d := range l.World.Domains {
		for _, p := range d.People {
			for _, v := range p.Devices {
				if world.DeviceHost(p.Name, v.Kind, d.Name) == device {
					return v.Receipts != ""
				}
			}
		}
	}
	return true // there is no such device, which is another mistake
}

// accounts are the addresses of the world's people, in lower case.
func (l *Lesson) accounts() map[string]bool {
	addresses := map[string]bool{}
	for _, d := range l.World.Domains {
		for _, p := range d.People {
			addresses[strings.ToLower(p.Name+"@"+d.Name)] = true
		}
	}
	return addresses
}

// hosts are all host names of the world.
func (l *Lesson) hosts(devices map[string]bool) map[string]bool {
	names := map[string]bool{l.World.DNS.Name: true}
	for d := range devices {
		names[d] = true
	}
	for _, d := range l.World.Domains {
		for _, s := range d.Servers {
			names[s.Name] = true
		}
	}
	for _, v := range l.World.Visitors {
		names[v.Name] = true
	}
	return names
}

// checkSteps checks each step, and that nobody uses a device that was lost.
func (l *Lesson) checkSteps(devices, hosts map[string]bool) error {
	lost, accounts := map[string]string{}, l.accounts()
	now, wrong := &l.World, l.troubles()
	for i := range l.Steps {
		s, at := &l.Steps[i], fmt.Sprintf("steps[%d]", i)
		if len(s.Chapter) > 0 && !said(s.Chapter) {
			return l.file.Errorf(at+".chapter", "a chapter needs a title"+inLanguage)
		}
		if t := s.Type; t != nil {
			for _, h := range []struct{ key, name string }{{".type.host", t.Host}, {".type.server", t.Server}} {
				if !hosts[h.name] {
					return l.file.Errorf(at+h.key, "no host %q", h.name)
				}
			}
		}
		if r := s.Read; r != nil && r.Receipt != "" && !l.asks(r.Device) {
			return l.file.Errorf(at+".read.receipt", "%s does not ask its user: it needs receipts: ask", r.Device)
		}
		acts := s.acts()
		for _, a := range acts {
			device, key := a.who()
			if key != "" && s.Type == nil && !devices[device] {
				return l.file.Errorf(at+"."+key, "no device %q", device)
			}
			if when := lost[device]; when != "" {
				return l.file.Errorf(at+"."+key, "%s was lost in %s", device, when)
			}
			if key, wrong := a.check(); wrong != "" {
				return l.file.Errorf(at+"."+key, "%s", wrong)
			}
		}
		if n := len(acts); n > 1 || n == 0 && len(s.Chapter) == 0 {
			return l.file.Errorf(at, "want one of %s, got %d", stepKeys, n)
		}
		if s.Change != nil {
			var err error
			var m *world.Mistake
			if now, err = now.With(world.Change(*s.Change)); errors.As(err, &m) {
				return l.file.Errorf(strings.TrimSuffix(at+".change."+m.Key, "."), "%s", m.What)
			} else if err != nil {
				return l.file.Errorf(at+".change", "%v", err)
			}
		}
		if err := l.checkFault(at, s, now, &wrong); err != nil {
			return err
		}
		if s.Sieve != nil && !accounts[strings.ToLower(s.Sieve.Account)] {
			return l.file.Errorf(at+".sieve.account", "nobody has the address %q", s.Sieve.Account)
		}
		if s.Lose != "" {
			lost[string(s.Lose)] = at
		}
	}
	return nil
}

var kinds = map[trace.Kind]bool{
	trace.KindConnect: true, trace.KindClose: true, trace.KindRefused: true, trace.KindLine: true,
	trace.KindTLS: true, trace.KindLookup: true, trace.KindQueue: true, trace.KindStore: true, trace.KindDevice: true,
	trace.KindVerdict: true, trace.KindChange: true, trace.KindFault: true,
}

func (l *Lesson) checkMatch(at string, m Match, hosts map[string]bool) error {
	switch {
	case !kinds[trace.Kind(m.Kind)]:
		return l.file.Errorf(at+".kind", "no kind of event %q", m.Kind)
	case m.From != "" && !hosts[m.From]:
		return l.file.Errorf(at+".from", "no host %q", m.From)
	case m.To != "" && !hosts[m.To]:
		return l.file.Errorf(at+".to", "no host %q", m.To)
	}
	return nil
}

func (l *Lesson) checkExpect(at string, e *Expect, hosts, devices map[string]bool) error {
	set := 0
	if e.Sees != nil {
		set++
		if err := l.checkMatch(at+".sees", *e.Sees, hosts); err != nil {
			return err
		}
	}
	for i, d := range e.Apart {
		if d == world.Bad {
			return l.file.Errorf(fmt.Sprintf("%s.apart[%d]", at, i), world.WantDuration)
		}
	}
	if e.Apart != nil && e.Sees == nil {
		return l.file.Errorf(at+".apart", "this goes with sees")
	}
	if e.Never != nil {
		set++
		if err := l.checkMatch(at+".never", *e.Never, hosts); err != nil {
			return err
		}
	}
	if len(e.Order) > 0 {
		set++
		for i, m := range e.Order {
			if err := l.checkMatch(fmt.Sprintf("%s.order[%d]", at, i), m, hosts); err != nil {
				return err
			}
		}
	}
	for _, is := range []bool{e.Mailbox != nil, e.Device != nil, e.Delivered != nil, e.Received != nil, e.Bytes != nil, e.Trips != nil, e.Folders != nil} {
		if is {
			set++
		}
	}
	if key, wrong := e.check(hosts, devices); wrong != "" {
		return l.file.Errorf(at+"."+key, "%s", wrong)
	}
	if set != 1 {
		return l.file.Errorf(at, "want one of sees, never, order, mailbox, device, delivered, received, bytes, trips, folders, got %d", set)
	}
	if !said(e.Says) {
		return l.file.Errorf(at+".says", "an expectation says what it proves"+inLanguage)
	}
	return l.checkSide(at, e.Side)
}

func (l *Lesson) checkSides() error {
	if n := len(l.Sides); n != 0 && n != 2 {
		return l.file.Errorf("sides", "want two sides or none, got %d", n)
	}
	for i, s := range l.Sides {
		at := fmt.Sprintf("sides[%d]", i)
		switch {
		case s.Name == "" || i == 1 && s.Name == l.Sides[0].Name:
			return l.file.Errorf(at+".name", "a side needs a name of its own")
		case s.Receive != world.POP3 && s.Receive != world.IMAP:
			return l.file.Errorf(at+".receive", "want pop3 or imap, got %q", s.Receive)
		}
	}
	return nil
}

// checkSide checks the name of a side, if one is given.
func (l *Lesson) checkSide(at, side string) error {
	if side == "" || slices.ContainsFunc(l.Sides, func(s Side) bool { return s.Name == side }) {
		return nil
	}
	return l.file.Errorf(at+".side", "no side %q", side)
}
