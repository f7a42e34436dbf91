package explain

import (
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

func TestLabel(t *testing.T) {
	for _, tt := range []struct {
		body trace.Payload
		want string
	}{
		{&trace.Line{Text: "From: a\r\nTo: b", Role: trace.Data}, "From: a …"},
		{&trace.Line{Text: "250 ok"}, "250 ok"},
		{&trace.Lookup{Name: "a.test.", Type: "MX", RCode: "NXDOMAIN"}, "MX a.test. → NXDOMAIN"},
		{&trace.Lookup{Name: "a.test.", Type: "A", Answers: []string{"192.0.2.1"}}, "A a.test. → 192.0.2.1"},
	} {
		if got, _ := Label(words.EN, trace.World{}, &trace.Event{Body: tt.body}); got != tt.want {
			t.Errorf("%+v is labelled %q, want %q", tt.body, got, tt.want)
		}
	}
}
