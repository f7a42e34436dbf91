package compareview

import (
	"image/color"

	"mailscope/scenes/compare"
	"mailscope/scenes/ladder"
	"mailscope/scenes/look"
	"mailscope/sim/trace"
)

// ladder draws a side's conversation; the current row stands at one height.
func (v *View) ladder(side int) {
	p, at, s := look.P(), v.places.sides[side], v.pair.Sides[side]
	step := v.step(side)
	v.talks[side] = compare.Talk{}
	if s.Show.Len() == 0 {
		return
	}
	rows := int(at.ladder.h / at.row)
	above := at.current
	if step == 0 {
		above = 0 // no row is the current one yet
	}
	t := s.Talk(max(step, 1), above, rows-above-1)
	v.talks[side], v.base[side] = t, above-t.At
	r := ladder.Rows{Show: s.Show, Lang: v.lang, Step: step, Left: at.ladder.x, Width: at.ladder.w, Height: at.row}
	left, right := at.ladder.x+at.ladder.w*0.13, at.ladder.right()-at.ladder.w*0.13
	mid := at.heads.y + 15
	r.X = func(string) float32 { return left }
	if t.Conn != nil {
		from, to := t.Conn.From, t.Conn.To
		r.Hosts = []string{from, to}
		r.X = func(host string) float32 {
			if host == to {
				return right
			}
			return left
		}
		for _, x := range []float32{left, right} {
			v.pool.Rect(x, mid, 1, at.ladder.bottom()-mid, p.Line)
		}
		half := min(at.ladder.w*0.13, 110)
		v.head(v.hostName(side, from, to), left, mid, half)
		v.head(v.hostName(side, to, from), right, mid, half)
		v.pill(side, t, step, (left+right)/2, mid)
	} else {
		e := s.Show.Event(max(step, 1))
		r.Hosts = []string{e.From}
		v.head(v.hostName(side, e.From, ""), left, mid, at.ladder.w*0.13)
	}
	for i, n := range t.Steps {
		r.Draw(&v.pool, n, at.ladder.y+float32(v.base[side]+i)*at.row)
	}
}

// hostName is what a host is called in a conversation: beside a person's device
// there is one server.
func (v *View) hostName(side int, host, other string) string {
	if v.pair.Kind(host) == trace.Server && v.pair.Kind(other).Device() {
		return v.t("server")
	}
	return v.pair.HostName(v.lang, side, host)
}

// head is the name of a host over its lifeline; half is the room on either
// side.
func (v *View) head(name string, x, y, half float32) {
	p := look.P()
	name = look.Fit(name, 15, 2*half-16, look.Bold)
	w := look.Width(name, 15, look.Bold) + 24
	v.box(rect{x - w/2, y - 14, w, 28}, p.Card, p.Line, 1, look.Radius)
	v.centre(name, 15, x, y, p.Text, look.Bold)
}

// pill tells the port, and whether a padlock is closed.
func (v *View) pill(side int, t compare.Talk, step int, x, y float32) {
	p := look.P()
	icon, mark := "unlock", color.NRGBA(p.Refused)
	if v.pair.Sides[side].Encrypted(t.Conn, step) {
		icon, mark = "lock", p.OK
	}
	port := number(t.Conn.Port)
	if t.Conn.Port == 0 {
		port = t.Conn.Service
	}
	w := look.Width(port, 14, look.Mono) + 48
	v.box(rect{x - w/2, y - 14, w, 28}, p.Panel, p.Service(t.Conn.Service), 1.5, 14)
	v.icon(icon, x-w/2+20, y, 14, mark, p.Panel)
	v.pool.Text(port, 14, x-w/2+34, y, p.Text, look.Mono)
}
