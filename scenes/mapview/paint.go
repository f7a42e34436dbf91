package mapview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// paintFixed makes the title row and the names of islands.
func (v *View) paintFixed(size fyne.Size) {
	p, k := look.P(), v.lay.K
	v.fixed = v.fixed[:0]
	if !v.Bare {
		v.paintTitle(size)
	}
	for i := range v.lay.Islands {
		is := &v.lay.Islands[i]
		c := p.Text
		if is.Out {
			c = p.Muted
		}
		name := look.Text(is.Name, nameSize*k, c, look.Bold)
		about := look.Text(is.Title, subSize*k, p.Muted)
		y := is.Y + v.head() + v.lay.Head/2
		look.PutText(name, is.X+islandPad*k, y)
		look.PutText(about, is.right()-islandPad*k-about.MinSize().Width, y)
		v.fixed = append(v.fixed, plate(name, k), name, plate(about, k), about)
	}
	v.paintCafe()
}

// plate is the island's ground under a text that has been placed: a link that
// leads there goes behind the text, and not through it.
func plate(t *canvas.Text, k float32) *canvas.Rectangle {
	r, at, size := &canvas.Rectangle{FillColor: look.P().Island}, t.Position(), t.MinSize()
	high := t.TextSize * 1.1
	look.Put(r, at.X-3*k, at.Y+(size.Height-high)/2, size.Width+6*k, high)
	return r
}

// paintEve gives the eavesdropper's card what she has heard.
func (v *View) paintEve() {
	v.tap = nil
	if v.eve == nil {
		return
	}
	h := hearing(v.show, v.scene.Step, v.lang)
	v.eve.paint(h)
	v.tap, _ = tap(&v.lay, v.lines, h.now)
}

// paintCafe writes the café's name on its upper edge, at the right.
func (v *View) paintCafe() {
	if v.lay.Cafe.W == 0 || v.lay.Cafe.Name == "" {
		return
	}
	p, r := look.P(), v.lay.cafeName()
	ground := &canvas.Rectangle{FillColor: p.Panel}
	for i := range v.lay.Islands {
		if v.lay.Islands[i].hits(r) {
			ground.FillColor = p.Island
		}
	}
	name := look.Text(v.lay.Cafe.Name, subSize*v.lay.K, p.Muted)
	look.Put(ground, r.X, r.Y+v.head(), r.W, r.H)
	look.PutText(name, r.X+6*v.lay.K, r.cy()+v.head())
	v.fixed = append(v.fixed, ground, name)
}

// paintTitle makes the title and, where there is room, what envelope and
// letter mean.
func (v *View) paintTitle(size fyne.Size) {
	p := look.P()
	title := look.Text(words.T(v.lang, "map.title"), 18, p.Text, look.Bold)
	left := look.PutText(title, 0, 12)
	v.fixed = append(v.fixed, title)
	x := size.Width
	for _, kind := range []string{"letter", "envelope"} {
		c := p.Letter
		if kind == "envelope" {
			c = p.NowText
		}
		t := look.Text(words.T(v.lang, "map."+kind), 14, p.Muted)
		w := t.MinSize().Width
		if x-w-26 < left+16 {
			break
		}
		icon := look.Image()
		icon.Resource = look.Icon(kind, c)
		look.PutText(t, x-w, 12)
		look.Put(icon, x-w-26, 3, 18, 18)
		v.fixed = append(v.fixed, icon, t)
		x -= w + 26 + 24
	}
}

// paintCards gives every card what the scene says of its host.
func (v *View) paintCards() {
	p := look.P()
	service := make(map[string]string) // of a device's latest link
	touched := make(map[string]bool)
	for _, l := range v.scene.Links {
		touched[l.From], touched[l.To] = true, true
		if service[l.From] == "" || l.Active || l.State == stage.Open {
			service[l.From] = l.Service
		}
	}
	for _, c := range v.cards {
		name := c.Host.Name
		st := v.scene.Hosts[name]
		h := hostLook{colour: p.SMTP, state: st, uninvolved: !v.part[name] && v.conns > 0}
		switch c.Host.Kind {
		case trace.DNS:
			h.colour = p.DNS
		case trace.Server:
		default:
			h.colour = p.Submission
			if s := service[name]; s != "" {
				h.colour = p.Service(s)
			}
		}
		h.faults, h.dark = faultsAt(v.scene, name)
		h.gear = v.scene.Event != nil && v.scene.Event.From == name && v.scene.Event.Kind() == trace.KindChange
		h.acting = st.Acting && v.scene.Flight == nil
		h.touched = touched[name] || st.Acting || st.Kept > 0 || st.Letters > 0
		c.paint(h, v.lang)
	}
}

// paintPills makes the pills beside the links.
func (v *View) paintPills(size fyne.Size) {
	v.pills = v.pills[:0]
	for _, p := range placePills(&v.lay, v.lines, v.faults, size.Width, size.Height-v.head(), textWidth) {
		p.Y += v.head()
		v.pills = append(v.pills, p.objects(v.lay.K)...)
	}
}
