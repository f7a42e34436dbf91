package inspector

import (
	"cmp"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

const (
	maxHeard      = 50 // things that the eavesdropper's page lists
	maxHeardLines = 14 // of one of them
)

// overheard sets the page of the eavesdropper: the passwords that she has, and
// what she heard, the latest first.
func (g *page) overheard(show *stage.Show, v *trace.Eavesdropper, step int) {
	world := show.Recording().Header.World
	g.text(cmp.Or(words.Pick(g.l, v.Title), v.Name), 18, 26, g.p.Text, look.Bold)
	if place := words.Pick(g.l, v.Place); place != "" {
		g.text(place, 15, 22, g.p.Muted)
	}
	g.text(g.t("eve.role"), 15, 22, g.p.Muted)
	g.y += 10
	var names []string
	for _, host := range v.Hears {
		names = append(names, explain.Name(g.l, world, host))
	}
	g.row(g.t("eve.hears"), strings.Join(names, "\n"), 96, g.p.Text)

	list := show.Overheard(step, maxHeard)
	for _, p := range passwords(list) {
		g.y += 6
		g.secret(g.t("eve.password", "Password", Printable(p)))
	}
	g.rule()
	g.title(g.t("eve.heard"), g.t("eve.latest"))
	if len(list) == 0 {
		g.text(g.t("eve.nothing"), 14, 20, g.p.Muted)
	}
	for i := len(list) - 1; i >= 0; i-- {
		h := &list[i]
		if later := i + 1; later == len(list) || list[later].Conn != h.Conn || list[later].Service != h.Service {
			if later < len(list) {
				g.y += 8
			}
			g.Text(look.Fit(g.talk(world, show, h), 14, g.w), g.x, g.y+10, 14, g.p.Service(h.Service))
			g.y += 24
		}
		g.heard(h)
	}
	g.rule()
	g.text(g.t("host.back"), 14, 20, g.p.Muted)
}

// talk names the conversation in which something was heard.
func (g *page) talk(w trace.World, show *stage.Show, h *stage.Heard) string {
	from, to := h.From, h.To
	if c := show.Lane(h.Step); c != nil {
		from, to = c.From, cmp.Or(c.To, h.To)
	}
	return g.t("eve.talk", "Port", h.Port, "From", explain.Name(g.l, w, from), "To", explain.Name(g.l, w, to))
}

// passwords are those that stand in what was heard, each once.
func passwords(list []stage.Heard) []string {
	var out []string
	seen := make(map[string]bool)
	for _, h := range list {
		if h.Password != "" && !seen[h.Password] {
			seen[h.Password] = true
			out = append(out, h.Password)
		}
	}
	return out
}

// heard sets one thing: what can be read under an open eye, in the colour of
// text, the rest muted under a lock.
func (g *page) heard(h *stage.Heard) {
	const indent = 26
	icon, mark, ink := "eye", g.p.Text, g.p.Text
	if !h.Readable() {
		icon, mark, ink = "lock", g.p.OK, g.p.Muted
	}
	g.Icon(icon, g.x, g.y+2, 16, mark)
	lines := heardLines(g.l, h)
	more := max(len(lines)-maxHeardLines, 0)
	for _, line := range lines[:len(lines)-more] {
		g.y += g.value(Printable(line), g.x+indent, g.y+10, g.w-indent, 14, ink, look.Mono)
	}
	if more > 0 {
		g.Text(g.n("eve.lines", more), g.x+indent, g.y+10, 14, g.p.Muted)
		g.y += rowStep
	}
	if h.User != "" {
		g.Text(look.Fit(g.t("eve.user", "User", Printable(h.User)), 14, g.w-indent), g.x+indent, g.y+10, 14, g.p.Muted)
		g.y += rowStep
	}
	if h.Password != "" {
		g.secret(g.t("eve.password", "Password", Printable(h.Password)))
	}
	g.y += 4
}

// heardLines is what is shown of one thing, a line each.
func heardLines(l words.Lang, h *stage.Heard) []string {
	switch h.What {
	case stage.HeardConnect:
		return []string{words.T(l, "window.eve.connect", "Port", h.Port)}
	case stage.HeardRefused:
		return []string{words.T(l, "window.eve.refused", "Port", h.Port)}
	case stage.HeardLookup:
		return append([]string{h.Text + "?"}, h.Answers...)
	case stage.HeardHandshake:
		if h.Text == "" {
			return []string{h.Record}
		}
		return []string{h.Record + ": " + h.Text}
	case stage.HeardSealed:
		if h.Bytes == 0 {
			return []string{h.Record}
		}
		text := words.N(l, "map.eve.sealed", h.Bytes, "Record", h.Record)
		if h.Records > 1 {
			text = words.N(l, "window.eve.records", h.Records, "Text", text)
		}
		return []string{text}
	}
	return strings.Split(h.Text, "\r\n")
}

// secret sets what should have been one, in a frame of its own.
func (g *page) secret(text string) {
	const high = 28
	text = look.Fit(text, 14, g.w-50, look.Bold)
	fill := look.Mix(g.p.Panel, g.p.Refused, 0.16)
	g.Box(g.x, g.y, g.w, high, fill, g.p.Refused, 1.5, look.Radius)
	g.Icon("unlock", g.x+8, g.y+6, 16, g.p.Refused)
	g.Text(text, g.x+34, g.y+high/2, 14, g.p.Text, look.Bold)
	g.y += high + 2
}
