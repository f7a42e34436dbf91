package inspector

import (
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// TestFaultIsNamedInEitherLanguage: not as whoever wrote the lesson called it.
func TestFaultIsNamedInEitherLanguage(t *testing.T) {
	e := &trace.Event{From: "mx1.rocket.example", Body: &trace.Fault{Action: "on", Type: "down", Name: "no power at the cosmodrome"}}
	for l, want := range map[words.Lang]string{words.RU: "нарочно сломано узел не в сети mx1.rocket.example", words.EN: "broken on purpose host down mx1.rocket.example"} {
		text := ""
		for _, tok := range Headline(l, e, nil, "") {
			text += tok.Text
		}
		if text != want {
			t.Errorf("%s: %q", l, text)
		}
	}
}
