package mapview

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Sizes of the map before the camera, in device-independent pixels.
const (
	cardGap   = 12
	islandPad = 16
	nameSize  = 16
	subSize   = 14
	tileBig   = 36
	tileSmall = 32
	mostZoom  = 1.35
	leastName = 13.0 / nameSize // a camera below this makes names too small
	leastRun  = 11.0 / nameSize // the same for a run without chapters
)

// spacing is the sizes that give way where the map is small.
type spacing struct {
	gap     float32 // between islands beside each other: room for a pill
	head    float32 // of an island's name
	server  float32
	small   float32 // devices and backup servers
	dns     float32
	channel float32 // between a server and what stands below it
	foot    float32 // of an island
	row     float32 // between rows
}

var (
	roomy = spacing{gap: 150, head: 40, server: 72, small: 60, dns: 56, channel: 66, foot: 16, row: 14}
	dense = spacing{gap: 150, head: 32, server: 56, small: 50, dns: 46, channel: 46, foot: 10, row: 8}
	tight = spacing{gap: 84, head: 28, server: 54, small: 50, dns: 48, channel: 34, foot: 8, row: 5}
	// packed is for four islands and more on a small map.
	packed = spacing{gap: 60, head: 26, server: 52, small: 48, dns: 46, channel: 22, foot: 6, row: 2}
	// crammed leaves no room for a pill between islands.
	crammed = spacing{gap: 36, head: 26, server: 52, small: 48, dns: 46, channel: 22, foot: 6, row: 2}
)

// rect is a place on the map; y grows downwards.
type rect struct{ X, Y, W, H float32 }

func (r rect) right() float32  { return r.X + r.W }
func (r rect) bottom() float32 { return r.Y + r.H }
func (r rect) cx() float32     { return r.X + r.W/2 }
func (r rect) cy() float32     { return r.Y + r.H/2 }

// hits tells whether two places share more than an edge.
func (r rect) hits(o rect) bool {
	return r.X < o.right() && o.X < r.right() && r.Y < o.bottom() && o.Y < r.bottom()
}

// union is the least place that holds both.
func (r rect) union(o rect) rect {
	x, y := min(r.X, o.X), min(r.Y, o.Y)
	return rect{x, y, max(r.right(), o.right()) - x, max(r.bottom(), o.bottom()) - y}
}

func (r rect) scaled(k, dx, dy float32) rect {
	return rect{r.X*k + dx, r.Y*k + dy, r.W * k, r.H * k}
}

// card is a host's place.
type card struct {
	rect
	Host      trace.Host
	Name, Sub string
	MonoSub   bool
	Small     bool
	Eve       bool // not a host, but the one who listens
	InCafe    bool // so near that she hears it
	Row       int  // 0 name servers, 1 servers, 2 below them, 3 outside all domains
}

// island is a domain's place.
type island struct {
	rect
	Name, Title string
	Out         bool // nobody on it takes part
}

// layout is where everything stands, in the coordinates of the map's area.
type layout struct {
	K       float32 // of the camera: sizes of cards and texts are multiplied by it
	W       float32 // of the area
	Head    float32 // height of the islands' name rows
	Islands []island
	Cards   []card
	Cafe    island  // where the eavesdropper sits; without width if there is none
	CafeW   float32 // width of the café's name
	index   map[string]int
}

// cafeName is where the café's name stands: on its upper edge, at the right.
func (l *layout) cafeName() rect {
	w, h := l.CafeW+12*l.K, 20*l.K
	return rect{l.Cafe.right() - w - 12*l.K, l.Cafe.Y - h/2, w, h}
}

// card finds a host's place, nil if the map does not show it.
func (l *layout) card(host string) *card {
	if i, ok := l.index[host]; ok {
		return &l.Cards[i]
	}
	return nil
}

// measure is how wide a text is.
type measure func(s string, size float32, bold, mono bool) float32

// arrange places the hosts that show wants in an area of w by h.
//
// Pure: no theme, clock or widget. Of all ways to wrap the islands into rows
// and the hosts below a server into lines it takes the one whose camera keeps
// texts largest, but rather one row of islands, sender left and receiver right,
// where names can be read in it; where there is room to spare, gaps grow and
// not the texts.
func arrange(world trace.World, lang words.Lang, w, h float32, show func(string) bool, m measure) layout {
	a := newArranger(world, lang, show, m, false)
	p, k := a.best(w, h)
	if k < leastName { // names before what else a card may say
		narrow := newArranger(world, lang, show, m, true)
		if q, wide := narrow.best(w, h); wide > k {
			a, p, k = narrow, q, wide
		}
	}
	if k <= 0 {
		return layout{K: 1, index: map[string]int{}}
	}
	return a.place(p, k, w, h)
}

// best is the plan that is worth most, and its camera.
func (a *arranger) best(w, h float32) (best plan, bestK float32) {
	const oneRow = 1.15 // of islands: what it is worth
	best, most := plan{rows: 1, cols: 3, spacing: roomy}, float32(0)
	for _, t := range []spacing{roomy, dense, tight, packed, crammed} {
		if t == dense && bestK > leastName+0.08 || t != roomy && t != dense && bestK >= leastName || t == crammed && !a.narrow {
			break
		}
		for rows := 1; rows <= max(1, len(a.groups)); rows++ {
			for cols := 1; cols <= 6; cols++ {
				for _, shortFirst := range []bool{false, true} {
					p := plan{rows, cols, shortFirst, t}
					nw, nh := a.natural(p)
					k := min(w/nw, h/nh)
					if k > 1 { // a large window: somewhat larger cards, and air
						k = max(1, min(k*0.88, mostZoom))
					}
					worth := k
					if rows == 1 && k >= leastName {
						worth *= oneRow
					}
					if worth > most+0.01 {
						best, bestK, most = p, k, worth
					}
				}
			}
		}
	}
	return best, bestK
}

// plan is a way to wrap.
type plan struct {
	rows, cols int
	shortFirst bool // of rows that are not full the first is one, and not the last
	spacing
}

// group is the hosts of one domain.
type group struct {
	domain        trace.Domain
	main          []card // in the upper row
	backup, below []card
	cafe          []card  // devices that the eavesdropper hears, and she
	head          float32 // width of the title row
}

type arranger struct {
	groups   []group
	dns      []card
	outside  []card
	narrow   bool   // cards keep no room for what can be said shorter
	cafeOut  bool   // the café is outside all domains
	cafeName string // what the café is called
	lang     words.Lang
	measure  measure
}

func newArranger(world trace.World, lang words.Lang, show func(string) bool, m measure, narrow bool) *arranger {
	a := &arranger{lang: lang, measure: m, narrow: narrow}
	at := make(map[string]int)
	for _, d := range world.Domains {
		at[d.Name] = len(a.groups)
		title := words.Pick(lang, d.Title)
		a.groups = append(a.groups, group{domain: d, head: m(d.Name, nameSize, true, false) + 16 + m(title, subSize, false, false)})
	}
	best := bestServers(world)
	for _, host := range world.Hosts {
		if !show(host.Name) {
			continue
		}
		i, home := at[host.Domain]
		switch {
		case host.Kind == trace.DNS:
			c := a.card(host, false)
			a.dns = append(a.dns, c)
		case !home || host.Kind == trace.Foreign:
			c := a.card(host, true)
			c.Row = 3
			a.outside = append(a.outside, c)
		case best[host.Domain] == host.Name:
			c := a.card(host, false)
			c.Row = 1
			a.groups[i].main = append(a.groups[i].main, c)
		case host.Kind == trace.Server:
			c := a.card(host, true)
			c.Row = 2
			a.groups[i].backup = append(a.groups[i].backup, c)
		default:
			c := a.card(host, true)
			c.Row = 2
			a.groups[i].below = append(a.groups[i].below, c)
		}
	}
	if v := world.Eavesdropper; v != nil {
		a.seat(v)
	}
	a.groups = slices.DeleteFunc(a.groups, func(g group) bool {
		return len(g.main)+len(g.backup)+len(g.below)+len(g.cafe) == 0
	})
	return a
}

// bestServers names for each domain the server that stands in its upper row:
// the one that its MX records prefer, or else the first.
func bestServers(world trace.World) map[string]string {
	best, pref := make(map[string]string), make(map[string]int)
	for _, h := range world.Hosts {
		if h.Kind != trace.Server {
			continue
		}
		mx := h.MX
		if mx == 0 {
			mx = 1 << 16
		}
		if _, ok := best[h.Domain]; !ok || mx < pref[h.Domain] {
			best[h.Domain], pref[h.Domain] = h.Name, mx
		}
	}
	return best
}

// card measures a host's card; its height is the plan's.
func (a *arranger) card(h trace.Host, small bool) card {
	c := card{Host: h, Small: small, Name: h.Name, Sub: h.Addr, MonoSub: true}
	label, _, _ := strings.Cut(h.Name, ".")
	switch {
	case h.Kind.Device():
		c.Name, c.Sub, c.MonoSub = cmp.Or(words.Pick(a.lang, h.Title), label), words.T(a.lang, "map."+string(h.Kind)), false
	case h.Kind == trace.Foreign:
		c.Name = words.T(a.lang, "map.foreign")
	case small && h.MX > 0:
		c.Name, c.Sub = label, "MX "+strconv.Itoa(h.MX)
	case small:
		c.Name = label
	}
	name, sub := a.measure(c.Name, nameSize, true, false), a.measure(c.Sub, subSize, false, c.MonoSub)
	switch {
	case small:
		badge := float32(0)
		if h.Kind != trace.Server {
			badge = 40
		}
		c.W = 10 + tileSmall + 10 + max(name, sub+badge) + 12
	case h.Kind == trace.Server:
		queue := a.measure(words.N(a.lang, "map.queue", 1), subSize, true, false) + 16
		if a.narrow { // the number alone
			queue = 28
		}
		c.W = 12 + tileBig + 12 + max(name, sub+10+queue) + 12
	default:
		c.W = 12 + tileBig + 12 + max(name, sub) + 14
	}
	return c
}

// lines wraps what stands below a group's server; backups come on the side of
// the map's middle, where links to them arrive.
func (g *group) lines(p plan, left bool) [][]card {
	var rest []card
	if left {
		rest = append(append(rest, g.below...), g.backup...)
	} else {
		rest = append(append(rest, g.backup...), g.below...)
	}
	if n := len(rest) + len(g.cafe); n <= p.cols && n > 0 {
		if left {
			return [][]card{slices.Concat(g.cafe, rest)}
		}
		return [][]card{slices.Concat(rest, g.cafe)}
	}
	var out [][]card
	for c := range slices.Chunk(rest, p.cols) {
		out = append(out, c)
	}
	for c := range slices.Chunk(g.cafe, max(p.cols, 2)) {
		out = append(out, c)
	}
	return out
}

func rowWidth(cards []card) float32 {
	w := float32(0)
	for i, c := range cards {
		if i > 0 {
			w += cardGap
		}
		w += c.W
	}
	return w
}

// size is the least size of a group's island.
func (g *group) size(p plan) (w, h float32) {
	w, h = max(g.head, rowWidth(g.main)), p.head
	if len(g.main) > 0 {
		h += p.server
	}
	lines := g.lines(p, true)
	if len(lines) > 0 && len(g.main) > 0 {
		h += p.channel
	}
	for i, l := range lines {
		if i > 0 {
			h += lineGap(l)
		}
		h += p.small
		w = max(w, rowWidth(l))
	}
	return w + 2*islandPad, h + p.foot
}

// rows cuts the groups into the plan's rows of islands.
func (a *arranger) rows(p plan) [][]group {
	if len(a.groups) == 0 {
		return nil
	}
	n := (len(a.groups) + p.rows - 1) / p.rows
	var out [][]group
	rest := a.groups
	if short := len(rest) % n; p.shortFirst && short > 0 {
		out, rest = append(out, rest[:short]), rest[short:]
	}
	for r := range slices.Chunk(rest, n) {
		out = append(out, r)
	}
	return out
}

// natural is the least size of the whole map, at camera 1.
func (a *arranger) natural(p plan) (w, h float32) {
	w, h = 1, 0
	if len(a.dns) > 0 {
		w, h = max(w, rowWidth(a.dns)), p.dns+p.row
	}
	for i, row := range a.rows(p) {
		if i > 0 {
			h += 4 * p.row
		}
		rw, rh := p.gap*float32(len(row)-1), float32(0)
		for j := range row {
			gw, gh := row[j].size(p)
			rw, rh = rw+gw, max(rh, gh)
		}
		w, h = max(w, rw), h+rh
	}
	if n := len(a.outside); a.beside() {
		w, h = w+p.gap+a.column(), max(h, a.columnTop(p)+a.columnHeight(p))
	} else if n > 0 {
		w, h = max(w, rowWidth(a.outside)), h+2*p.row+p.small
	}
	if a.cafeOut && !a.beside() {
		w, h = max(w, rowWidth(a.outside)+2*cafePad), h+cafeRise+cafeFoot
	}
	return w, max(h, 1)
}

// beside tells whether hosts outside all domains stand left of the only
// island, and not below all islands.
func (a *arranger) beside() bool {
	return len(a.groups) == 1 && len(a.outside) > 0 && len(a.outside) <= 3
}

// columnTop is where a column of those begins, and columnHeight how high it
// is.
func (a *arranger) columnTop(p plan) float32 {
	y := p.head + (p.server-p.small)/2
	if len(a.dns) > 0 {
		y += p.dns + p.row
	}
	return y
}

func (a *arranger) columnHeight(p plan) float32 {
	h := float32(len(a.outside))*(p.small+cardGap) - cardGap
	if a.cafeOut {
		h += cafeFoot
		if !a.outside[0].InCafe {
			h += cafeRise
		}
	}
	return h
}

// column is its width, the café's edge at its left included.
func (a *arranger) column() float32 {
	w := float32(0)
	for _, c := range a.outside {
		w = max(w, c.W)
	}
	if a.cafeOut {
		w += cafePad
	}
	return w
}
