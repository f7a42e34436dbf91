package settings

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailscope/scenes/compose"
	"mailscope/sim/fault"
	"mailscope/sim/world"
)

// State is what the panel shows.
type State struct {
	Spec    *world.Spec   // as it is now; nil until it is known
	Faults  []fault.Fault // that are on
	Domain  string        // whose settings are shown
	Letter  Letter        // that is sent again
	Waits   time.Duration // until a letter in a queue is tried again; 0 if none waits
	Forgets bool          // somebody still remembers old answers of DNS
	Busy    bool          // something is on its way: nothing can be done now
}

// Letter is what is told of the letter that is sent again.
type Letter struct {
	From    string // whom it names; "" if there is no letter
	To      string
	Subject string
}

// LetterOf tells of a draft.
func LetterOf(d compose.Draft) Letter {
	return Letter{From: cmp.Or(d.From, d.By), To: strings.Join(d.To, ", "), Subject: d.Subject}
}

// Has tells whether a domain has settings.
func Has(spec *world.Spec, domain string) bool { return slices.Contains(Domains(spec), domain) }

// First is the domain whose settings are shown first: the one that gets the
// letter, or else the world's first.
func First(spec *world.Spec, l Letter) string {
	to, _, _ := strings.Cut(l.To, ",")
	if name := DomainOf(spec, to); Has(spec, name) {
		return name
	}
	if all := Domains(spec); len(all) > 0 {
		return all[0]
	}
	return ""
}
