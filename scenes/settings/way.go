package settings

import (
	"slices"

	"mailscope/sim/trace"
)

// Way is how a letter has travelled.
type Way struct {
	Sealed int   // connections on which nobody else could read it
	Clear  []Hop // where anybody on the wire could, each once, in order
}

// Hop is a stretch between two hosts over which the text of a letter went.
type Hop struct{ From, To string }

// WayOf tells, up to the event seq, which way the letter has gone that was
// written last until then.
func WayOf(rec trace.Recording, seq int) (w Way) {
	start := written(rec, seq)
	if start == 0 {
		return w
	}
	told := map[int]bool{} // connections
	for letter, at := rec.At(start).Letter, start+1; at <= min(seq, rec.Len()); at++ {
		e := rec.At(at)
		line, ok := e.Body.(*trace.Line)
		if !ok || line.Role != trace.Data || e.Letter != letter || told[e.Conn] {
			continue
		}
		told[e.Conn] = true
		switch hop := (Hop{e.From, e.To}); {
		case line.Encrypted:
			w.Sealed++
		case !slices.Contains(w.Clear, hop):
			w.Clear = append(w.Clear, hop)
		}
	}
	return w
}
