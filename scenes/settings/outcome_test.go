package settings

import (
	"slices"
	"strings"
	"testing"

	"mailscope/sim/lesson"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// desk is the careful world, its switches and its letters.
type desk struct {
	*lesson.Sandbox
	t *testing.T
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	spec, f, err := world.Load("careful")
	if err != nil {
		t.Fatal(err)
	}
	s, err := lesson.NewSandbox(t.Context(), spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &desk{s, t}
}

// choose taps a choice, as the panel would.
func (d *desk) choose(domain, key, choice string) {
	d.t.Helper()
	r := row(d.t, d.Spec(), domain, key, d.Faults()...)
	i := slices.IndexFunc(r.Choices, func(c Choice) bool { return c.Key == choice })
	for _, a := range r.Choices[i].Do {
		var err error
		switch {
		case a.Change != nil:
			err = d.Change(*a.Change)
		case a.Break != nil:
			err = d.Break(*a.Break)
		default:
			err = d.Mend(a.Mend)
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
	if got := row(d.t, d.Spec(), domain, key, d.Faults()...).Chosen; got != i {
		d.t.Errorf("%s %s is choice %d, want %s", domain, key, got, choice)
	}
}

// outcome is what became of the last letter for one recipient.
func (d *desk) outcome() Outcome {
	d.t.Helper()
	list := Outcomes(d.Recording(), d.Recording().Len())
	if len(list) != 1 {
		d.t.Fatalf("outcomes are %+v", list)
	}
	return list[0]
}

// letter goes from one domain to another.
func letter(by, to string) lesson.Written {
	return lesson.Written{By: by, Draft: mua.Draft{To: []string{to}, Subject: "Hi", Text: "How are you?"}}
}

// TestEveryFaultIsFelt: what breaks on the way of a letter to rocket.example
// is felt there, and once it is mended the letter arrives.
func TestEveryFaultIsFelt(t *testing.T) {
	for _, tt := range []struct{ key, kind, why string }{
		{"power", Inbox, ""},
		{"down", Inbox, ""}, // by way of the backup: it waits there, and comes once the server is up
		{"refused", Inbox, ""},
		{"disk", Waits, "452 4.3.1"},
		{"later", Waits, "451 4.3.0"},
		{"cut", Inbox, ""}, // and once more, since the sender cannot know
		{"strip", Inbox, ""},
		{"servfail", Waits, ""},
		{"silence", Waits, ""},
	} {
		t.Run(tt.key, func(t *testing.T) {
			d := newDesk(t)
			const domain = "rocket.example"
			d.choose(domain, tt.key, "on")
			if err := d.Write(t.Context(), letter("anna@romashka.example", "ilon@rocket.example")); err != nil {
				t.Fatal(err)
			}
			if !struck(d) {
				t.Error("the fault never struck")
			}
			if got := d.outcome(); tt.kind == Waits && (got.Kind != tt.kind || !strings.Contains(got.Why, tt.why)) {
				t.Errorf("%+v, want %s with %q", got, tt.kind, tt.why)
			}
			d.choose(domain, tt.key, "off")
			for d.Waiting() > 0 {
				if err := d.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := d.outcome(); got.Kind != Inbox {
				t.Errorf("mended, it is %+v", got)
			}
		})
	}
}

// struck tells whether a fault has struck, or kept a host from answering.
func struck(d *desk) bool {
	for seq := 1; seq <= d.Recording().Len(); seq++ {
		switch b := d.Recording().At(seq).Body.(type) {
		case *trace.Fault:
			if b.Action == "struck" {
				return true
			}
		case *trace.Refused:
			return true
		}
	}
	return false
}

// TestOutcomes: by the playhead, and of the last letter alone.
func TestOutcomes(t *testing.T) {
	d := newDesk(t)
	if got := Outcomes(d.Recording(), 10); got != nil {
		t.Errorf("before anything: %+v", got)
	}
	forged := letter("mallory@spam.example", "anna@romashka.example")
	forged.From = "ilon@rocket.example"
	if err := d.Write(t.Context(), forged); err != nil {
		t.Fatal(err)
	}
	if got := d.outcome(); got.Address != "anna@romashka.example" || got.Kind != Refused || !strings.Contains(got.Why, "550 5.7.1") {
		t.Errorf("forged: %+v", got)
	}
	refused := d.Recording().Len()
	d.choose("rocket.example", "dmarc", "quarantine")
	if err := d.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := d.outcome(); got.Kind != Junk {
		t.Errorf("quarantined: %+v", got)
	}
	if got := Outcomes(d.Recording(), refused); len(got) != 1 || got[0].Kind != Refused {
		t.Errorf("with the playhead at the first letter: %+v", got)
	}
	if got := Outcomes(d.Recording(), refused+4); len(got) != 0 {
		t.Errorf("as the second letter begins: %+v", got)
	}
	// Without STARTTLS a careful laptop says nothing.
	d.choose("romashka.example", "starttls", "off")
	if err := d.Write(t.Context(), letter("anna@romashka.example", "boris@romashka.example")); err != nil {
		t.Fatal(err)
	}
	if got := d.outcome(); got.Address != "anna@romashka.example" || got.Kind != Unsent {
		t.Errorf("without STARTTLS: %+v", got)
	}
}
