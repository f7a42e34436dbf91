package mapview

import (
	"cmp"
	"slices"
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// eavesdropper is the kind of the card that is no host's.
const eavesdropper trace.HostKind = "eavesdropper"

// Sizes of the café, before the camera.
const (
	cafePad  = 6   // round its cards
	cafeRise = 12  // from its upper edge, on which its name stands, to its cards
	cafeText = 15  // characters of what she heard that have room on her card
	cafeMore = 160 // by which her card may be wider, where there is room
)

// seat gives the eavesdropper a card beside the first device that she hears,
// or, if she hears none that is on the map, outside all domains and any café.
// On a map without anybody whom she hears she has none.
func (a *arranger) seat(v *trace.Eavesdropper) {
	heard := func(c card) bool { return slices.Contains(v.Hears, c.Host.Name) }
	eve := a.eve(v)
	for i := range a.groups {
		g := &a.groups[i]
		if !slices.ContainsFunc(g.below, heard) {
			continue
		}
		for _, c := range g.below {
			if c.InCafe = heard(c); c.InCafe {
				g.cafe = append(g.cafe, c)
			}
		}
		g.below = slices.DeleteFunc(g.below, heard)
		eve.InCafe = true
		g.cafe = append(g.cafe, eve)
		a.cafeName = words.Pick(a.lang, v.Place)
		return
	}
	all := slices.Concat(a.dns, a.outside)
	for _, g := range a.groups {
		all = slices.Concat(all, g.main, g.backup)
	}
	if slices.ContainsFunc(all, heard) {
		a.outside = append(a.outside, eve)
	}
}

// eve is the eavesdropper's card.
func (a *arranger) eve(v *trace.Eavesdropper) card {
	label, _, _ := strings.Cut(v.Name, ".")
	c := card{Host: trace.Host{Name: v.Name, Kind: eavesdropper}, Eve: true, Small: true, MonoSub: true, Row: 3,
		Name: cmp.Or(words.Pick(a.lang, v.Title), label)}
	text := 20 + a.measure(strings.Repeat("M", cafeText), subSize, false, true)
	c.W = 10 + tileSmall + 10 + max(a.measure(c.Name, nameSize, true, false), text) + 12
	return c
}

// lineGap is how far a further line of cards is from the one above: the café's
// edge has a name.
func lineGap(line []card) float32 {
	if slices.ContainsFunc(line, func(c card) bool { return c.InCafe }) {
		return cardGap + cafeRise
	}
	return cardGap
}

// enclose draws the café round its cards. A domain that has nothing else below
// its server ends above it.
func (s *placing) enclose() {
	for i := range s.groups {
		g := &s.groups[i]
		if len(g.cafe) == 0 {
			continue
		}
		r := s.out.Cards[s.out.index[g.cafe[0].Host.Name]].rect
		for _, c := range g.cafe {
			r = r.union(s.out.Cards[s.out.index[c.Host.Name]].rect)
		}
		if len(g.below)+len(g.backup) == 0 && len(g.main) > 0 {
			is := &s.out.Islands[slices.IndexFunc(s.out.Islands, func(is island) bool { return is.Name == g.domain.Name })]
			r.X, r.W = is.X+cafePad, is.W-2*cafePad
			server := s.out.Cards[s.out.index[g.main[0].Host.Name]]
			is.H = server.bottom() + s.foot - is.Y
		}
		s.out.Cafe = island{Name: s.cafeName, Out: true,
			rect: rect{r.X - cafePad, r.Y - cafeRise, r.W + 2*cafePad, r.H + cafeRise + min(s.foot-2, 10)}}
	}
}
