package settings

import (
	"fmt"
	"slices"
	"testing"

	"mailscope/sim/fault"
	"mailscope/sim/world"
)

func load(t *testing.T, name string) *world.Spec {
	t.Helper()
	spec, _, err := world.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// row finds a row of a domain.
func row(t *testing.T, spec *world.Spec, domain, key string, faults ...fault.Fault) Row {
	t.Helper()
	for _, g := range Of(spec, domain, faults) {
		for _, r := range g.Rows {
			if r.Key == key {
				return r
			}
		}
	}
	t.Fatalf("%s has no row %s", domain, key)
	return Row{}
}

func TestWhatIsSet(t *testing.T) {
	spec := load(t, "careful")
	for _, tt := range []struct{ domain, row, want string }{
		{"romashka.example", "spf", "hard"}, {"romashka.example", "dkim", "on"}, {"romashka.example", "dmarc", "quarantine"},
		{"romashka.example", "starttls", "on"}, {"romashka.example", "certificate", "good"}, {"romashka.example", "relay", "off"},
		{"romashka.example", "dnsbl", "on"}, {"romashka.example", "greylist", "off"}, {"romashka.example", "content", "on"},
		{"rocket.example", "dmarc", "reject"}, {"kollegi.example", "spf", "none"}, {"kollegi.example", "dmarc", "off"},
		{"kollegi.example", "dkim", "off"}, {"kollegi.example", "starttls", "off"}, {"kollegi.example", "lax", "on"}, {"kollegi.example", "ask.spf", "off"},
		{"spam.example", "spf", "hard"},
	} {
		r := row(t, spec, tt.domain, tt.row)
		if r.Chosen < 0 || r.Choices[r.Chosen].Key != tt.want {
			t.Errorf("%s %s: %d of %+v, want %s", tt.domain, tt.row, r.Chosen, r.Choices, tt.want)
		}
	}
	if Of(spec, "bl.example", nil) != nil || Of(spec, "nowhere.example", nil) != nil {
		t.Error("a domain without servers has settings")
	}
}

// TestEveryChoiceCanBeMade: each leads to a world that has it chosen, from
// which each other one can be made, in every built-in world.
func TestEveryChoiceCanBeMade(t *testing.T) {
	for _, name := range []string{"careful", "office"} {
		spec := load(t, name)
		for _, domain := range Domains(spec) {
			now, on := spec, []fault.Fault(nil)
			for _, g := range Of(spec, domain, nil) {
				for _, r := range g.Rows {
					for back := range 2 { // there, and back again
						for i := range r.Choices {
							if back == 1 {
								i = len(r.Choices) - 1 - i
							}
							choice := row(t, now, domain, r.Key, on...).Choices[i]
							for _, a := range choice.Do {
								if err := do(&now, &on, a); err != nil {
									t.Fatalf("%s: %s %s %s: %v", name, domain, r.Key, choice.Key, err)
								}
							}
							if got := row(t, now, domain, r.Key, on...); got.Chosen != i {
								t.Errorf("%s: %s %s: chose %d, is %d", name, domain, r.Key, i, got.Chosen)
							}
						}
					}
				}
			}
		}
	}
}

// do does what a world would.
func do(now **world.Spec, on *[]fault.Fault, a Act) error {
	switch {
	case a.Change != nil:
		next, err := (*now).With(*a.Change)
		if err == nil {
			*now = next
		}
		return err
	case a.Break != nil:
		if key, wrong := (*now).CheckFault(a.Break); wrong != "" {
			return fmt.Errorf("%s: %s", key, wrong)
		}
		*on = append(*on, *a.Break)
		return nil
	}
	*on = slices.DeleteFunc(*on, func(f fault.Fault) bool { return f.Called() == a.Mend })
	return nil
}

// TestWhatIsNamedStays: how strictly a record is meant changes, and not whom
// it names; a form of its own is none of the choices.
func TestWhatIsNamedStays(t *testing.T) {
	spec := load(t, "careful")
	if got := *row(t, spec, "spam.example", "spf").Choices[1].Do[0].Change.SPF; got != "v=spf1 ip4:203.0.113.66 ~all" {
		t.Errorf("soft is %q", got)
	}
	for _, text := range []string{"v=spf1 redirect=rocket.example", "v=spf1 ?all"} {
		next, err := spec.With(world.Change{Domain: "spam.example", SPF: &text})
		if err != nil {
			t.Fatal(err)
		}
		if got := row(t, next, "spam.example", "spf").Chosen; got != -1 {
			t.Errorf("%s is choice %d", text, got)
		}
	}
}

func TestDomainOf(t *testing.T) {
	spec := load(t, "careful")
	for name, want := range map[string]string{"mx2.rocket.example": "rocket.example", "anna-laptop.romashka.example": "romashka.example",
		"petr@kollegi.example": "kollegi.example", "ns.example": "", "rocket.example": "rocket.example"} {
		if got := DomainOf(spec, name); got != want {
			t.Errorf("%s belongs to %q, want %q", name, got, want)
		}
	}
}
