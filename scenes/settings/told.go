package settings

import (
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Told is the outcome in words: what it is, and why.
func (o Outcome) Told(l words.Lang) string {
	judged := ""
	if o.Judged != "" {
		judged = explain.VerdictReason(l, &trace.Verdict{Check: "filter", Reason: o.Judged})
	}
	say := func(key string) string {
		return words.T(l, "settings.outcome."+key, "Who", o.Address, "Why", explain.QueueReason(l, o.Why), "Judged", judged)
	}
	text := []string{say(o.Kind)}
	switch {
	case judged != "" && o.Why != "":
		text[0] = say(o.Kind + ".judged")
	case judged != "":
		text = append(text, judged)
	case o.Why != "":
		text[0] = say(o.Kind + ".why")
	}
	if o.Unasked {
		text = append(text, say("unasked"))
	}
	if o.Times > 1 {
		text = append(text, words.N(l, "settings.outcome.times", o.Times))
	}
	if o.Held {
		text = append(text, say("held"))
	}
	return strings.Join(text, " ")
}

// Told is the way in words: who on the wire could read the letter. It is ""
// before the letter has gone anywhere.
func (w Way) Told(l words.Lang, world trace.World) string {
	switch {
	case len(w.Clear) == 0 && w.Sealed == 0:
		return ""
	case len(w.Clear) == 0:
		return words.T(l, "settings.way.sealed")
	case w.Sealed == 0:
		return words.T(l, "settings.way.clear")
	}
	var hops []string
	for _, h := range w.Clear {
		hops = append(hops, explain.Name(l, world, h.From)+" → "+explain.Name(l, world, h.To))
	}
	return words.T(l, "settings.way.partly", "Hops", strings.Join(hops, "; "))
}
