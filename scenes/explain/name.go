package explain

import (
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Name is how a person calls a host: "Анна, ноутбук" for a device, the name
// without its final label for a server.
func Name(l words.Lang, w trace.World, host string) string {
	for i := range w.Hosts {
		h := &w.Hosts[i]
		if h.Name != host {
			continue
		}
		switch h.Kind {
		case trace.Laptop:
			if who := words.Pick(l, h.Title); who != "" {
				return words.T(l, "explain.name.laptop", "Who", who)
			}
		case trace.Phone:
			if who := words.Pick(l, h.Title); who != "" {
				return words.T(l, "explain.name.phone", "Who", who)
			}
		case trace.Foreign:
			return words.T(l, "explain.name.foreign")
		}
		return short(host)
	}
	return short(host)
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
