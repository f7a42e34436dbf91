package explain

import (
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Name is how a label calls a host: "Анна, ноутбук" for a device, the name
// without its final label for a server.
func Name(l words.Lang, w trace.World, host string) string {
	h := find(w, host)
	if h == nil {
		return short(host)
	}
	switch who := words.Pick(l, h.Title); {
	case h.Kind == trace.Foreign:
		return words.T(l, "explain.name.foreign")
	case h.Kind.Device() && who != "":
		return words.T(l, "explain.name."+string(h.Kind), "Who", who)
	}
	return short(host)
}

// subject is how a sentence calls a host that does something: "Анна" for a
// device, the short name for a server. It fits the nominative only, and a
// verb in the present tense, so that no name must be declined.
func subject(l words.Lang, w trace.World, host string) string {
	if h := find(w, host); h != nil {
		switch {
		case h.Kind.Device():
			if who := words.Pick(l, h.Title); who != "" {
				return who
			}
		case h.Kind == trace.Foreign:
			return words.T(l, "explain.subject.foreign")
		}
	}
	return short(host)
}

// find is the host of that name, nil if the world has none.
func find(w trace.World, host string) *trace.Host {
	for i := range w.Hosts {
		if w.Hosts[i].Name == host {
			return &w.Hosts[i]
		}
	}
	return nil
}

// short is a host or domain name without its final label, which is the same
// for all of the simulated internet: "mail.romashka".
func short(name string) string {
	name = strings.TrimSuffix(name, ".")
	for _, end := range []string{".example", ".test"} {
		if s, ok := strings.CutSuffix(name, end); ok && s != "" {
			return s
		}
	}
	return name
}
