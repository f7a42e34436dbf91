// Package mapview draws the simulated internet as a map: domains as islands
// with their hosts, links as curves, and what flies along them in this step.
//
// Everything is a function of the show, the scene and how much of its beat is
// over; nothing is read back from the screen.
package mapview

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

const titleRow = 36 // with the gap below it; none on a bare map

// View is the map with its title row. It draws no frame: it stands on a panel.
type View struct {
	widget.BaseWidget
	OnHost func(name string) // called when a card is tapped; may be nil
	Bare   bool              // without the title row; set before it is shown

	show  *stage.Show
	scene *stage.Scene
	lang  words.Lang
	frac  float64

	world trace.World // with foreign hosts
	part  map[string]bool
	conns int      // lanes that world and part are made of
	whole struct { // the layout without regard to the scene
		layout
		key string
	}
	lay     layout
	lines   []line
	faults  []pill // on the links
	laidFor string // what the layout was made for
	drawn   string // what the raster shows

	raster  *canvas.Raster
	pixels  *image.RGBA
	painted string
	cards   []*cardView
	eve     *eveView // nil if nobody listens
	tap     []look.Pt
	flight  *flightView
	fixed   []fyne.CanvasObject // title row and names of islands
	pills   []fyne.CanvasObject
	over    string // host under the pointer
	objects []fyne.CanvasObject
}

// New makes an empty map.
func New() *View {
	v := &View{lang: words.EN, scene: &stage.Scene{}, flight: newFlightView()}
	v.raster = canvas.NewRaster(v.paintGround)
	v.ExtendBaseWidget(v)
	return v
}

// SetShow changes the show or the language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	v.show, v.lang, v.conns = s, l, -1
	v.scene, v.frac = s.Scene(0), 0
	v.laidFor, v.whole.key = "", ""
	v.stage()
}

// Set shows a scene at frac of its beat, 0..1.
func (v *View) Set(sc *stage.Scene, frac float64) {
	scene, told := v.scene, v.told()
	v.scene, v.frac = sc, frac
	if scene != sc || told != v.told() {
		v.stage()
		return
	}
	v.fly()
}

// head is how high the title row is.
func (v *View) head() float32 {
	if v.Bare {
		return 0
	}
	return titleRow
}

// told is false while a lookup's answer is still on its way, or a handshake's.
func (v *View) told() bool {
	f := v.scene.Flight
	return f == nil || !f.Returns() || v.frac >= 0.5
}

// Resize lays the map out for another size.
func (v *View) Resize(s fyne.Size) {
	if s == v.Size() {
		return
	}
	v.BaseWidget.Resize(s)
	v.stage()
}

func textWidth(s string, size float32, bold, mono bool) float32 {
	var o []look.Style
	if bold {
		o = append(o, look.Bold)
	}
	if mono {
		o = append(o, look.Mono)
	}
	return look.Width(s, size, o...)
}

// stage brings everything into line with show, scene, size and palette.
func (v *View) stage() {
	size := v.Size()
	if v.show == nil || size.Width < 50 || size.Height < v.head()+50 {
		return
	}
	v.meet()
	v.layOut(size)
	v.lines = lines(&v.lay, v.world, v.show, v.scene, v.told(), v.lang)
	v.faults = faultPills(&v.lay, v.lines, v.scene, v.lang, textWidth)
	v.paintCards()
	v.paintEve()
	var b strings.Builder
	fmt.Fprint(&b, v.laidFor, look.P().Name)
	for _, l := range v.lines {
		fmt.Fprint(&b, "|", l.from, l.to, l.service, l.state, l.text, l.now, l.patchy)
	}
	fmt.Fprint(&b, v.tap, v.faults)
	if b.String() != v.drawn {
		v.drawn = b.String()
		v.paintPills(size)
		v.gather()
		v.raster.Refresh()
	}
	v.fly()
}

// meet takes in the hosts that connections tell of: who takes part, and who
// came from outside the described world.
func (v *View) meet() {
	conns := v.show.Conns()
	if len(conns) == v.conns {
		return
	}
	v.conns = len(conns)
	v.world = v.show.Recording().Header.World
	v.part = make(map[string]bool)
	known := make(map[string]bool)
	for _, h := range v.world.Hosts {
		known[h.Name] = true
	}
	hosts := v.world.Hosts[:len(v.world.Hosts):len(v.world.Hosts)]
	for _, c := range conns {
		v.part[c.From], v.part[c.To] = true, true
		if c.Foreign && !known[c.From] {
			known[c.From] = true
			hosts = append(hosts, trace.Host{Name: c.From, Kind: trace.Foreign})
		}
	}
	v.world.Hosts = hosts
	v.laidFor = ""
}

// layOut finds places for all hosts; where that makes names too small, for
// those that take part; and where that does too, for those of this chapter. A
// run without chapters would jump with each connection: it keeps all that take
// part for as long as names can be read at all.
func (v *View) layOut(size fyne.Size) {
	h := size.Height - v.head()
	now := v.linkedNow()
	base := fmt.Sprint(size, v.lang, look.P().Name, v.conns)
	if v.whole.key != base {
		v.whole.key = base
		v.whole.layout = arrange(v.world, v.lang, size.Width, h, func(string) bool { return true }, textWidth)
		if v.whole.K < leastName && len(v.part) > 0 {
			v.whole.layout = arrange(v.world, v.lang, size.Width, h, func(n string) bool { return v.part[n] }, textWidth)
		}
	}
	least := float32(leastName)
	if len(v.show.Chapters()) == 0 {
		least = leastRun
	}
	cramped := v.whole.K < least && len(now) > 0
	if cramped {
		base += fmt.Sprint(now)
	}
	if v.laidFor == base {
		return
	}
	lay := v.whole.layout
	if cramped {
		lay = arrange(v.world, v.lang, size.Width, h, func(n string) bool { return now[n] }, textWidth)
	}
	v.lay, v.laidFor = lay, base
	for i := range v.lay.Islands {
		v.lay.Islands[i].Out = true
	}
	v.cards, v.eve = v.cards[:0], nil
	for i := range v.lay.Cards {
		c := v.lay.Cards[i]
		for j := range v.lay.Islands {
			if is := &v.lay.Islands[j]; is.Name == c.Host.Domain && v.part[c.Host.Name] {
				is.Out = false
			}
		}
		c.Y += v.head()
		if c.Eve {
			v.eve = newEveView(c, v.lay.K)
			continue
		}
		v.cards = append(v.cards, newCardView(c, v.lay.K))
	}
	v.paintFixed(size)
}

// linkedNow is the hosts that this chapter speaks of; without chapters, those
// with a connection open.
func (v *View) linkedNow() map[string]bool {
	now := make(map[string]bool)
	if e := v.scene.Event; e != nil {
		now[e.From], now[e.To] = true, true
	}
	chapters, i := v.show.Chapters(), v.show.Chapter(v.scene.Step)
	if i < 0 {
		for _, l := range v.scene.Links {
			if l.State == stage.Open || l.Active {
				now[l.From], now[l.To] = true, true
			}
		}
		return now
	}
	first, end := chapters[i].Step, v.show.Len()+1
	if i+1 < len(chapters) {
		end = chapters[i+1].Step
	}
	for _, c := range v.show.Conns() {
		if n, _ := slices.BinarySearch(c.Steps, first); n < len(c.Steps) && c.Steps[n] < end {
			now[c.From], now[c.To] = true, true
		}
	}
	return now
}

// gather lists all objects, the lowest first.
func (v *View) gather() {
	o := []fyne.CanvasObject{v.raster}
	o = append(o, v.fixed...)
	for _, c := range v.cards {
		o = append(o, c.objects()...)
	}
	if v.eve != nil {
		o = append(o, v.eve.objects()...)
	}
	o = append(o, v.pills...)
	v.objects = append(o, v.flight.objects()...)
}

// fly moves what flies.
func (v *View) fly() {
	f := v.scene.Flight
	if f == nil || v.Size().Width < 50 {
		v.flight.rest()
		return
	}
	service := "domain"
	if c := v.show.Lane(v.scene.Step); c != nil {
		service = c.Service
	}
	c, ok := v.path(f.From, f.To, service)
	if !ok {
		v.flight.rest()
		return
	}
	for i := range c.pts {
		c.pts[i].Y += float64(v.head())
	}
	v.flight.show(f, service, c, v.frac, v.lay.K)
	canvas.Refresh(v.flight.halo)
}

// path is a copy of the course from one host to another.
func (v *View) path(from, to, service string) (curve, bool) {
	for _, l := range v.lines {
		if l.service != service {
			continue
		}
		switch {
		case l.from == from && l.to == to:
			return l.reversed().reversed(), true
		case l.from == to && l.to == from:
			return l.reversed(), true
		}
	}
	a, b := v.lay.card(from), v.lay.card(to)
	if a == nil || b == nil || a == b {
		return curve{}, false
	}
	return v.lay.route(a, b, 0), true
}

// paintGround fills the raster, only if something changed since.
func (v *View) paintGround(w, h int) image.Image {
	if v.pixels == nil || v.pixels.Rect.Dx() != w || v.pixels.Rect.Dy() != h {
		v.pixels, v.painted = image.NewRGBA(image.Rect(0, 0, w, h)), ""
	}
	if width := v.raster.Size().Width; width > 0 && v.painted != v.drawn {
		v.painted = v.drawn
		ground(v.pixels, &v.lay, v.lines, v.tap, float64(w)/float64(width))
	}
	return v.pixels
}

// CreateRenderer draws the map.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return &renderer{v} }

type renderer struct{ v *View }

// Layout gives the raster its place; all else is placed when it is made.
func (r *renderer) Layout(s fyne.Size) {
	look.Put(r.v.raster, 0, r.v.head(), s.Width, max(s.Height-r.v.head(), 0))
}

// MinSize is the least size at which a small world can be read.
func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(420, 240) }

// Refresh paints everything again, for a new palette.
func (r *renderer) Refresh() {
	r.v.whole.key = ""
	r.v.laidFor, r.v.drawn, r.v.flight.seen = "", "", ""
	r.v.stage()
}

// Objects are all parts, the lowest first.
func (r *renderer) Objects() []fyne.CanvasObject { return r.v.objects }

// Destroy does nothing.
func (r *renderer) Destroy() {}
