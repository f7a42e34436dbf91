package lesson

import (
	"slices"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// twice is small told twice.
var twice = strings.NewReplacer(
	"steps:", "sides: [{name: P, receive: pop3}, {name: I, receive: imap}]\nsteps:",
	"  - read: {device: anna-laptop.alfa.example, letter: 1}\n", "",
	"narrate:\n", "narrate:\n  - {on: {kind: device, action: compose}, say: {en: She writes}}\n  - {on: {kind: connect, service: pop3}, side: P, say: {en: It calls}}\n  - {on: {kind: device, action: failed}, side: I, say: {en: It cannot}}\n",
	"  - on: {kind: store, from: mail.alfa.example}\n    say: {en: Here it is}\n", "",
	"letters: 1}", "letters: 1}\n    side: P",
	"expect:", "expect:\n  - {device: {name: anna-laptop.alfa.example, letters: 0}, side: I, says: {en: It did not come}}",
).Replace(small)

// TestALessonToldTwice plays the same steps with both ways to get mail.
func TestALessonToldTwice(t *testing.T) {
	l, err := Parse("twice.yaml", []byte(twice))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !res.OK() || len(res.Checks) != 3 {
		t.Errorf("checks %+v", res.Checks)
	}
	if len(res.Recordings) != 2 || res.Recording.Trace != res.Recordings[0].Trace {
		t.Fatalf("%d recordings", len(res.Recordings))
	}
	for i, want := range []struct {
		side, receive string
		said          []string
	}{{"P", "pop3", []string{"She writes", "It calls"}}, {"I", "imap", []string{"She writes", "It cannot"}}} {
		rec := res.Recordings[i]
		var said []string
		steps := 0
		for seq := 1; seq <= rec.Len(); seq++ {
			n, ok := rec.At(seq).Body.(*trace.Note)
			switch {
			case !ok:
			case n.Step > 0:
				if steps++; n.Step != steps || n.Chapter || n.Text != nil {
					t.Errorf("step %d is noted as %+v", steps, n)
				}
			default:
				said = append(said, n.Text["en"])
			}
		}
		laptop := slices.IndexFunc(rec.Header.World.Hosts, func(h trace.Host) bool { return h.Kind == trace.Laptop })
		if rec.Header.Side != want.side || rec.Header.World.Hosts[laptop].Receive != want.receive || steps != 3 || !slices.Equal(said, want.said) {
			t.Errorf("side %+v of %d steps says %q", rec.Header, steps, said)
		}
	}
	if l.World.Domains[0].People[0].Devices[0].Receive != "" {
		t.Error("playing changed the lesson")
	}
}

func TestWhatDidNotComeTrueOnASide(t *testing.T) {
	got := failures(t, strings.NewReplacer("\n    side: P", "", "action: failed", "action: lost").Replace(twice))
	want := []string{"I: 0 letters", "I: narrate[2]: no event matches"}
	if !slices.Equal(got, want) {
		t.Errorf("failed: %q, want %q", got, want)
	}
}

func TestMistakesAboutSides(t *testing.T) {
	mistakes(t, twice, []mistake{
		{"{name: P, receive: pop3}, ", "", "small.yaml:12: sides: want two sides or none, got 1"},
		{"name: I, receive: imap", "name: P, receive: imap", "small.yaml:12: sides[1].name: a side needs a name of its own"},
		{"name: I, receive: imap", "name: I, receive: http", `small.yaml:12: sides[1].receive: want pop3 or imap, got "http"`},
		{"pop3}, side: P", "pop3}, side: Q", `small.yaml:19: narrate[1].side: no side "Q"`},
		{"letters: 0}, side: I", "letters: 0}, side: Q", `small.yaml:25: expect[0].side: no side "Q"`},
	})
}
