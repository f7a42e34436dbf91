package stage

import (
	"slices"

	"mailscope/sim/trace"
)

// Rules lists what the rules of a letter's owner have done with it by a step,
// in order; none if the step is not of that.
func (s *Show) Rules(step int) (list []*trace.Verdict) {
	last := s.Event(step)
	if last == nil {
		return nil
	}
	of, ok := last.Body.(*trace.Verdict)
	if !ok || ofServer(of) {
		return nil
	}
	for st := step; st > 0 && step-st < maxAttempt; st-- {
		e := s.Event(st)
		if e.Letter != last.Letter || e.From != last.From {
			continue
		}
		switch b := e.Body.(type) {
		case *trace.Verdict:
			if !ofServer(b) && b.Value == of.Value {
				list = append(list, b)
			}
		case *trace.Queue: // it came anew
			if b.Action == "accepted" {
				st = 0
			}
		}
	}
	slices.Reverse(list)
	return list
}
