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
	cafePad   = 6   // round its cards
	cafeFoot  = 10  // from its cards to its lower edge
	cafeRise  = 12  // from its upper edge, on which its name stands, to its cards
	cafeText  = 15  // characters of what she heard that have room on her card
	cafeShort = 9   // the same where names have no room
	cafeMore  = 160 // by which her card may be wider, where there is room
)

// seat gives the eavesdropper a card beside the first device that she hears,
// of a domain or outside all, or, if she hears none that is on the map, outside
// all domains and any café. On a map without anybody whom she hears she has
// none.
func (a *arranger) seat(v *trace.Eavesdropper) {
	heard := func(c card) bool { return slices.Contains(v.Hears, c.Host.Name) }
	eve := a.eve(v)
	for i := range a.groups {
		g := &a.groups[i]
		if !slices.ContainsFunc(g.below, heard) {
			continue
		}
		g.cafe = near(g.below, heard, eve)
		g.below = slices.DeleteFunc(g.below, heard)
		a.cafeName = words.Pick(a.lang, v.Place)
		return
	}
	if slices.ContainsFunc(a.outside, heard) {
		cafe := near(a.outside, heard, eve)
		a.outside = append(slices.DeleteFunc(a.outside, heard), cafe...)
		a.cafeName, a.cafeOut = words.Pick(a.lang, v.Place), true
		return
	}
	all := slices.Clone(a.dns)
	for _, g := range a.groups {
		all = slices.Concat(all, g.main, g.backup)
	}
	if slices.ContainsFunc(all, heard) {
		a.outside = append(a.outside, eve)
	}
}

// near is whom she hears among cards, and she.
func near(cards []card, heard func(card) bool, eve card) []card {
	var cafe []card
	for _, c := range cards {
		if heard(c) {
			cafe = append(cafe, c)
		}
	}
	cafe = append(cafe, eve)
	for i := range cafe {
		cafe[i].InCafe = true
	}
	return cafe
}

// eve is the eavesdropper's card.
func (a *arranger) eve(v *trace.Eavesdropper) card {
	label, _, _ := strings.Cut(v.Name, ".")
	c := card{Host: trace.Host{Name: v.Name, Kind: eavesdropper}, Eve: true, Small: true, MonoSub: true, Row: 3,
		Name: cmp.Or(words.Pick(a.lang, v.Title), label)}
	chars := cafeText
	if a.narrow {
		chars = cafeShort
	}
	text := 20 + a.measure(strings.Repeat("M", chars), subSize, false, true)
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
	var r rect
	for _, c := range s.out.Cards {
		switch {
		case c.InCafe && r.W == 0:
			r = c.rect
		case c.InCafe:
			r = r.union(c.rect)
		}
	}
	if r.W == 0 {
		return
	}
	foot := float32(cafeFoot)
	for i := range s.groups {
		g := &s.groups[i]
		if len(g.cafe) == 0 {
			continue
		}
		foot = min(s.foot-2, foot)
		if len(g.below)+len(g.backup) == 0 && len(g.main) > 0 {
			is := &s.out.Islands[slices.IndexFunc(s.out.Islands, func(is island) bool { return is.Name == g.domain.Name })]
			r.X, r.W = is.X+cafePad, is.W-2*cafePad
			server := s.out.Cards[s.out.index[g.main[0].Host.Name]]
			is.H = server.bottom() + s.foot - is.Y
		}
	}
	s.out.Cafe = island{Name: s.cafeName, Out: true,
		rect: rect{r.X - cafePad, r.Y - cafeRise, r.W + 2*cafePad, r.H + cafeRise + foot}}
}
