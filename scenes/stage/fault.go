package stage

import (
	"slices"

	"mailscope/sim/trace"
)

// Fault is something that goes wrong on purpose.
type Fault struct {
	Type, Name string // as trace.Fault has them
	From, To   string // the host where it is, or the two ends of a link
}

// fault takes in that something is out of order, or mended.
func (w *world) fault(e *trace.Event, b *trace.Fault) {
	switch b.Action {
	case "on":
		w.faults = append(w.faults, Fault{b.Type, b.Name, e.From, e.To})
	case "off":
		w.faults = slices.DeleteFunc(w.faults, func(f Fault) bool { return f.Name == b.Name })
	}
}

// struck is the fault that strikes in an event, nil if none does.
func struck(e *trace.Event) *Fault {
	if b, ok := e.Body.(*trace.Fault); ok && b.Action == "struck" {
		return &Fault{b.Type, b.Name, e.From, e.To}
	}
	return nil
}
