package mapview

import (
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
)

// faultIcons has the picture of each type of fault.
var faultIcons = map[string]string{
	"down": "cut", "power": "plug", "shaky": "bolt", "refused": "refused", "slow": "slow", "lossy": "lossy", "cut": "cut",
	"reply": "bolt", "disk": "disk", "certificate": "unproven", "strip": "scissors", "dns": "dns",
}

// faultSign is the picture and the word of a fault's type.
func faultSign(kind string, lang words.Lang) (icon, word string) {
	if icon = faultIcons[kind]; icon == "" {
		return "bolt", words.T(lang, "map.fault")
	}
	return icon, words.T(lang, "map.fault."+kind)
}

// faultsAt are the types of what is out of order at a host, and whether it is
// gone. Power that is about to go has a type of its own.
func faultsAt(sc *stage.Scene, host string) (kinds []string, dark bool) {
	for _, f := range sc.Faults {
		if f.From != host || f.To != "" {
			continue
		}
		kind := f.Type
		if kind == "power" && !f.Dark {
			kind = "shaky"
		}
		kinds = append(kinds, kind)
		dark = dark || f.Dark
	}
	return kinds, dark
}

// ends tells whether a line leads between two hosts, whoever called.
func (ln *line) ends(a, b string) bool {
	return ln.from == a && ln.to == b || ln.from == b && ln.to == a
}

// faultLines marks the links that are out of order, and adds those that nobody
// has used yet, so that the fault is somewhere.
func faultLines(out []line, sc *stage.Scene, add func(line)) {
	for _, f := range sc.Faults {
		found := false
		for i := range out {
			if out[i].ends(f.From, f.To) || f.To == "" && (out[i].from == f.From || out[i].to == f.From) {
				found = true
				out[i].patchy = out[i].patchy || faultClass(f.Type) == look.Later
			}
		}
		if !found && f.To != "" {
			add(line{from: f.From, to: f.To})
		}
	}
}

// faultPills says on the links what is out of order there, or strikes there in
// this step; and where a connection broke off stands a cross.
func faultPills(l *layout, lines []line, sc *stage.Scene, lang words.Lang, m measure) []pill {
	var out []pill
	put := func(ln *line, kind string, now, word bool) {
		icon, text := faultSign(kind, lang)
		w := 28 * l.K
		if word {
			w = m(text, subSize*l.K, false, true) + 46*l.K
		} else {
			text = ""
		}
		if r, ok := astride(l, ln.curve, w, pillH*l.K, out); ok {
			out = append(out, pill{rect: r, icon: icon, text: text, service: ln.service, fault: kind, now: now})
		}
	}
	find := func(a, b string) *line {
		var best *line
		for i := range lines {
			if lines[i].ends(a, b) && (best == nil || lines[i].now) {
				best = &lines[i]
			}
		}
		return best
	}
	if s := sc.Struck; s != nil && s.To != "" {
		if ln := find(s.From, s.To); ln != nil {
			put(ln, s.Type, true, true)
		}
	}
	for _, f := range sc.Faults {
		if s := sc.Struck; f.To == "" || s != nil && s.Name == f.Name {
			continue
		}
		if ln := find(f.From, f.To); ln != nil {
			put(ln, f.Type, false, true)
		}
	}
	for i := range lines {
		if lines[i].state == broken {
			put(&lines[i], "cut", false, false)
		}
	}
	return out
}

// astride finds a place on a curve, as near to its middle as cards and others
// let it.
func astride(l *layout, c curve, w, h float32, taken []pill) (rect, bool) {
	for _, at := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8} {
		p := c.point(c.length() * at)
		r := rect{float32(p.X) - w/2, float32(p.Y) - h/2, w, h}
		free := r.X >= 0 && r.right() <= l.W
		for i := range l.Cards {
			free = free && !l.Cards[i].hits(r)
		}
		for i := range taken {
			free = free && !taken[i].hits(r)
		}
		if free {
			return r, true
		}
	}
	p := c.point(c.length() / 2)
	return rect{float32(p.X) - w/2, float32(p.Y) - h/2, w, h}, len(taken) == 0
}

// faultClass tells what only delays from what stops.
func faultClass(kind string) look.Class {
	if kind == "slow" || kind == "lossy" {
		return look.Later
	}
	return look.Refusal
}
