package explain

import (
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// happening explains an event that is no line.
func happening(l words.Lang, w trace.World, e *trace.Event) Explained {
	if note, ok := e.Body.(*trace.Note); ok {
		return Explained{Sentence: words.Pick(l, note.Text)}
	}
	return Explained{Sentence: words.T(l, "explain.event."+string(e.Kind()), "From", Name(l, w, e.From), "To", Name(l, w, e.To))}
}
