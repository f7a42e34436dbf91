package stage

import (
	"slices"

	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// Fault is something that goes wrong on purpose.
type Fault struct {
	Type, Name string // as trace.Fault has them
	From, To   string // the host where it is, or the two ends of a link
	Dark       bool   // the host is gone: it is down, or its power went
}

// fault takes in that something is out of order, or mended.
func (w *world) fault(e *trace.Event, b *trace.Fault) {
	switch b.Action {
	case "on":
		f := Fault{Type: b.Type, Name: b.Name, From: e.From, To: e.To}
		atOnce := fault.Fault{Type: fault.Power, Host: e.From}
		f.Dark = b.Type == fault.Down || b.Type == fault.Power && b.Detail == atOnce.Detail()
		w.faults = append(w.faults, f)
	case "struck":
		for i := range w.faults {
			if f := &w.faults[i]; f.Name == b.Name && f.Type == fault.Power {
				f.Dark = true
			}
		}
	case "off":
		w.faults = slices.DeleteFunc(w.faults, func(f Fault) bool { return f.Name == b.Name })
	}
}

// struck is the fault that strikes in an event, nil if none does.
func struck(e *trace.Event) *Fault {
	if b, ok := e.Body.(*trace.Fault); ok && b.Action == "struck" {
		return &Fault{Type: b.Type, Name: b.Name, From: e.From, To: e.To}
	}
	return nil
}
