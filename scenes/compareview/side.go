package compareview

import (
	"image/color"
	"strconv"

	"mailscope/scenes/compare"
	"mailscope/scenes/look"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// step is the step at which a side stands.
func (v *View) step(side int) int {
	left, right := v.pair.Steps(v.moment)
	return []int{left, right}[side]
}

// side draws one side's panel, title, server and devices; the last two not if
// something covers them.
func (v *View) side(side int, covered bool) {
	p, at := look.P(), v.places.sides[side]
	v.box(at.panel, p.Panel, p.Line, 1, look.PanelRadius)
	title := v.pair.Title(v.lang, side)
	room := at.panel.w - 2*pad
	title = look.Fit(title, 24, room, look.Bold)
	x := v.pool.Text(title, 24, at.panel.x+pad, at.title, v.colour(side), look.Bold)
	if motto := v.pair.Motto(v.lang, side); motto != "" {
		v.pool.Text(look.Fit(motto, 16, at.panel.right()-pad-x-14), 16, x+14, at.title+2, p.Muted)
	}
	if covered {
		return
	}
	step := v.step(side)
	st := v.pair.Sides[side].At(step)
	acting := v.pair.Sides[side].Acting(step)
	v.shelf(side, st, acting)
	for i := range st.Devices {
		v.device(side, &st.Devices[i], at.devices[i], acting, st)
	}
}

// edge is the border of a card: amber for who acts now.
func edge(acting bool) (color.NRGBA, float32) {
	if acting {
		return look.P().Now, 2
	}
	return look.P().Line, 1
}

// shelf draws the server and the letters on it.
func (v *View) shelf(side int, st *compare.State, acting string) {
	p, at, s := look.P(), v.places.sides[side], v.pair.Sides[side]
	r := at.shelf
	i := s.BoxOf(acting)
	host := ""
	if i >= 0 {
		host = st.Boxes[i].Host
	}
	border, width := edge(host != "" && acting == host)
	v.box(r, p.Island, border, width, look.CardRadius)
	mid := r.y + 20
	v.icon("server", r.x+22, mid, 18, v.colour(side), p.Island)
	if i < 0 {
		v.pool.Text(v.t("server.none"), 15, r.x+40, mid, p.Muted)
		return
	}
	b := &st.Boxes[i]
	count := words.N(v.lang, "compare.letters", b.Count)
	if b.Count > 0 {
		count = v.t("shelf", "Letters", count, "Size", compare.Size(v.lang, int64(b.Bytes)))
	}
	left := v.right(count, 14, r.right()-12, mid, p.Muted)
	name := look.Fit(b.Host, 16, left-r.x-52, look.Bold)
	v.pool.Text(name, 16, r.x+40, mid, p.Text, look.Bold)

	letters := b.Letters()
	shown, more := compare.Window(letters, len(at.slots), s.Looked(st.Step))
	for i, slot := range at.slots {
		mid := slot.y + slot.h/2
		switch {
		case i < len(shown):
			c := shown[i]
			v.box(slot, p.Card, look.Mix(p.Card, p.Letter, 0.6), 1.5, look.Radius)
			v.icon("letter", slot.x+16, mid, 16, p.Letter, p.Card)
			v.snug(v.subject(side, c), slot.x+29, mid, slot.w-35, p.Text, v.weight(c)...)
		case i == len(shown) && more > 0:
			v.box(slot, p.Card, p.Line, 1, look.Radius)
			v.centre(v.more(more), 14, slot.x+slot.w/2, mid, p.Muted)
		default:
			v.dashed(slot, p.Line)
		}
	}
}

func (v *View) more(n int) string { return words.N(v.lang, "compare.more", n) }

// subject is what a letter is about.
func (v *View) subject(side int, c compare.Copy) string {
	if s := v.pair.Sides[side].Letters[c.Letter].Subject; s != "" {
		return s
	}
	return v.t("nosubject")
}

// weight sets an unread letter in bold.
func (v *View) weight(c compare.Copy) []look.Style {
	if c.Read {
		return nil
	}
	return []look.Style{look.Bold}
}

// deviceIcon is the icon of a kind of host.
func deviceIcon(k trace.HostKind) string {
	switch k {
	case trace.Phone:
		return "phone"
	case trace.Browser:
		return "screen"
	}
	return "laptop"
}

// device draws a device's card.
func (v *View) device(side int, d *compare.Device, r rect, acting string, st *compare.State) {
	p, at := look.P(), v.places.sides[side]
	border, width := edge(d.Host == acting)
	v.box(r, p.Island, border, width, look.CardRadius)
	mid := r.y + 20
	v.icon(deviceIcon(v.pair.Kind(d.Host)), r.x+22, mid, 18, v.colour(side), p.Island)
	name, left := v.pair.DeviceName(v.lang, d.Host), r.right()-4
	if s := v.status(d); look.Width(s, 14)+look.Width(name, 16, look.Bold) < r.w-64 {
		left = v.right(s, 14, r.right()-12, mid, p.Muted)
	}
	v.pool.Text(look.Fit(name, 16, left-r.x-48, look.Bold), 16, r.x+40, mid, p.Text, look.Bold)

	top := r.bottom() - float32(at.rows)*at.pitch - 4
	letters := d.Letters()
	if len(letters) == 0 {
		v.empty(side, d, rect{r.x + 12, top, r.w - 24, r.bottom() - 12 - top}, st)
		return
	}
	shown, more := compare.Window(letters, at.rows, v.pair.Sides[side].Looked(st.Step))
	for i, c := range shown {
		v.row(side, d, c, rect{r.x + 8, top + float32(i)*at.pitch, r.w - 16, at.pitch - 4})
	}
	if more > 0 {
		v.pool.Text(v.more(more), 14, r.x+44, top+(float32(len(shown))+0.5)*at.pitch-2, p.Muted)
	}
}

// row draws one letter on a device.
func (v *View) row(side int, d *compare.Device, c compare.Copy, r rect) {
	p := look.P()
	v.round(r, p.Card, 6)
	mid := r.y + r.h/2
	ink, tone := p.Text, p.Letter
	if d.Away && c.Holds < compare.Text {
		ink, tone = p.Muted, p.Muted // it cannot be read now
	}
	icon := "letter"
	if c.Holds < compare.Text {
		icon = "header"
	}
	v.icon(icon, r.x+18, mid, 16, tone, p.Card)
	x := r.right() - 8
	if r.w >= 170 { // else the icon has to tell
		x = min(v.right(v.held(side, c), 14, r.right()-12, mid, p.Muted), r.right()-60)
	}
	if c.Read {
		v.icon("check", x-14, mid, 14, p.Muted, p.Card)
		x -= 22
	}
	v.snug(v.subject(side, c), r.x+32, mid, x-8-(r.x+32), ink, v.weight(c)...)
}

// snug is a text that is set a little smaller before it is cut short.
func (v *View) snug(s string, x, y, room float32, c color.Color, o ...look.Style) {
	size := float32(rowText)
	if look.Width(s, size, o...) > room {
		size = 14
	}
	v.pool.Text(look.Fit(s, size, room, o...), size, x, y, c, o...)
}

// held says how much of a letter is kept: its size, or a word.
func (v *View) held(side int, c compare.Copy) string {
	switch c.Holds {
	case compare.Whole:
		if n := v.pair.Sides[side].Letters[c.Letter].Size; n > 0 {
			return compare.Size(v.lang, int64(n))
		}
		return v.t("holds.whole")
	case compare.Text:
		return v.t("holds.text")
	case compare.Header:
		return v.t("holds.header")
	}
	return v.t("holds.known")
}

// status is a device's in two words.
func (v *View) status(d *compare.Device) string {
	switch {
	case d.Lost:
		return v.t("status.lost")
	case d.Away:
		return v.t("status.offline")
	case d.Last == "nothing" && d.Count == 0:
		return v.t("status.nothing")
	case d.Offline != d.Count && d.Offline > 0:
		return words.N(v.lang, "compare.status.text", d.Offline)
	}
	return words.N(v.lang, "compare.letters", d.Count)
}

// empty draws a device without letters, and says where they are.
func (v *View) empty(side int, d *compare.Device, r rect, st *compare.State) {
	p := look.P()
	v.dashed(r, look.Mix(p.Line, p.Muted, 0.4))
	word, hint := v.t("empty"), ""
	if d.Lost {
		word = v.t("lost")
		hint = v.t("lost.nothing")
		if n := st.Gone(); n > 0 {
			hint = words.N(v.lang, "compare.lost.letters", n)
		}
	} else {
		hint = v.elsewhere(side, d, st)
	}
	mid := r.y + r.h/2
	if hint == "" || r.h < 64 {
		v.centre(word, 22, r.x+r.w/2, mid, p.Text, look.Bold)
		return
	}
	v.centre(word, 22, r.x+r.w/2, mid-15, p.Text, look.Bold)
	v.centre(look.Fit(hint, 15, r.w-16), 15, r.x+r.w/2, mid+15, p.Muted)
}

// elsewhere says where the letters are that a device has not: on the server, or
// else on which other device of the same person; "" if there are none.
func (v *View) elsewhere(side int, d *compare.Device, st *compare.State) string {
	s := v.pair.Sides[side]
	owner := s.Account(d.Host)
	if owner == "" {
		return "" // nobody here: it is a device of the other recording
	}
	if i := s.BoxOf(d.Host); i >= 0 && st.Boxes[i].Count > 0 {
		return v.t("elsewhere.server")
	}
	for i := range st.Devices {
		o := &st.Devices[i]
		if o.Host == d.Host || o.Offline == 0 || s.Account(o.Host) != owner {
			continue
		}
		if key := "compare.elsewhere." + string(v.pair.Kind(o.Host)); words.Has(v.lang, key) {
			return words.T(v.lang, key)
		}
		return v.t("elsewhere.other")
	}
	return ""
}

// number is a count for a label.
func number(n int) string { return strconv.Itoa(n) }
