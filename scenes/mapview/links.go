package mapview

import (
	"cmp"
	"sort"
	"strconv"
	"strings"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// lineState is how a link is drawn.
type lineState int

const (
	idle   lineState = iota // dotted: it may be used
	past                    // 55 %
	open                    // full
	active                  // thicker, on a glow
	failed                  // dashed in the colour of refusals
	broken                  // the same, with a gap in its middle
)

// line is one link as drawn.
type line struct {
	curve
	from, to, service string
	state             lineState
	text, icon        string // of its pill; "" for none
	now               bool
	patchy            bool // what it carries comes late, or not at once
}

// lines finds the course and state of every link that the map can show: those
// that the scene has, and those that devices have to their own server. told is
// false while this step's answer is still on its way.
func lines(l *layout, w trace.World, show *stage.Show, sc *stage.Scene, told bool, lang words.Lang) []line {
	slots := make(map[[2]string]int)
	var out []line
	add := func(ln line) {
		a, b := l.card(ln.from), l.card(ln.to)
		if a == nil || b == nil || a == b {
			return
		}
		key := [2]string{min(ln.from, ln.to), max(ln.from, ln.to)}
		ln.curve = l.route(a, b, slots[key])
		slots[key]++
		out = append(out, ln)
	}
	linked := make(map[[2]string]bool)
	for _, k := range sc.Links {
		ln := line{from: k.From, to: k.To, service: k.Service, now: k.Active}
		ln.state = past
		switch {
		case k.State == stage.RefusedLink:
			ln.state = failed
		case k.Broken:
			ln.state = broken
		case k.Active:
			ln.state = active
		case k.State == stage.Open:
			ln.state = open
		}
		ln.text, ln.icon = pillOf(show, sc, k, told, lang)
		linked[[2]string{k.From, k.To}] = true
		add(ln)
	}
	best := bestServers(w)
	for _, h := range w.Hosts {
		to := best[h.Domain]
		if h.Kind.Device() && to != "" && !linked[[2]string{h.Name, to}] {
			add(line{from: h.Name, to: to, service: cmp.Or(h.Receive, "pop3")})
		}
	}
	faultLines(out, sc, add)
	return out
}

// pillOf says what a link's pill says: port and safety, or for a lookup the
// last question and its answer.
func pillOf(show *stage.Show, sc *stage.Scene, k stage.Link, told bool, lang words.Lang) (text, icon string) {
	port := strconv.Itoa(k.Port)
	switch {
	case k.Service == "domain" && k.Active && !told:
		typ, _, _ := strings.Cut(sc.Flight.Text, " ")
		return typ + "?", "search"
	case k.Service == "domain":
		return question(lastLookup(show, k.From, sc.Step, k.Active))
	case k.State == stage.RefusedLink:
		return words.T(lang, "map.refused", "Port", port), "refused"
	}
	step := sc.Step
	if k.Active && !told {
		step--
	}
	switch show.Padlock(k.Conn, step) {
	case stage.PadlockShut:
		return words.T(lang, "map.encrypted", "Port", port), "lock"
	case stage.PadlockUnproven:
		return words.T(lang, "map.unproven", "Port", port), "unproven"
	case stage.PadlockBroken:
		return words.T(lang, "map.tlsfailed", "Port", port), "refused"
	}
	return words.T(lang, "map.clear", "Port", port), "unlock"
}

// lastLookup is the question of a host's that its pill tells of: while it is
// asking, the last one up to a step; afterwards the last that found where mail
// goes, if one did of late. nil if it asked nothing.
func lastLookup(show *stage.Show, asker string, step int, asking bool) *trace.Lookup {
	const late = 50
	var last *trace.Lookup
	for _, c := range show.Conns() {
		if c.Service != "domain" || c.From != asker {
			continue
		}
		n := sort.SearchInts(c.Steps, step+1)
		for i := n - 1; i >= max(0, n-late); i-- {
			b, ok := show.Event(c.Steps[i]).Body.(*trace.Lookup)
			if !ok {
				continue
			}
			if last == nil {
				last = b
			}
			if asking || b.Type == "MX" && len(b.Answers) > 0 {
				return b
			}
		}
	}
	return last
}

// question shortens a lookup to "MX? → mx1, mx2".
func question(q *trace.Lookup) (text, icon string) {
	if q == nil {
		return "DNS", "search"
	}
	text = q.Type + "?"
	if q.RCode == "" {
		return text, "search"
	}
	if look.ClassOf(q.RCode) != look.Done || len(q.Answers) == 0 {
		if q.RCode == "NOERROR" {
			return text + " → —", "none"
		}
		return text + " → " + q.RCode, "refused"
	}
	var short []string
	for _, a := range q.Answers {
		short = append(short, shortAnswer(a))
	}
	if len(short) > 2 {
		short = append(short[:2], "…")
	}
	return text + " → " + strings.Join(short, ", "), "check"
}

// shortAnswer is the first label of a host in an answer, or the answer's
// beginning.
func shortAnswer(a string) string {
	f := strings.Fields(a)
	if len(f) == 0 {
		return "—"
	}
	s := strings.Trim(f[len(f)-1], `"`)
	if strings.HasPrefix(strings.Trim(f[0], `"`), "v=") {
		s = strings.Trim(f[0], `"`)
	}
	if label, rest, ok := strings.Cut(s, "."); ok && strings.ContainsAny(rest, "abcdefghijklmnopqrstuvwxyz") {
		s = label
	}
	if r := []rune(s); len(r) > 15 {
		s = string(r[:14]) + "…"
	}
	return s
}
