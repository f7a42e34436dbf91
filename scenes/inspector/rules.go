package inspector

import (
	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// rules sets what the script of a letter's owner has done with it so far, if a
// step is of that.
func (g *page) rules(show *stage.Show, step int) {
	list := show.Rules(step)
	if len(list) == 0 {
		return
	}
	g.y += 8
	g.title(g.t("verdict.title.sieve"), "")
	for i, v := range list {
		part := *g
		g.y += part.ruled(v, i == len(list)-1, 0) + 8
	}
}

// ruled sets a card of what a script does with a letter: the rule that
// matched, and what it says. It gives the height that this takes.
func (g *page) ruled(v *trace.Verdict, now bool, high float32) (own float32) {
	x, w := g.x+verdictPad+4, g.w-2*verdictPad-4
	ask := look.Wrap(g.t("verdict.ask.sieve", "Value", Printable(v.Value)), 14, w, 2)
	var rule []string
	if v.Record != "" {
		rule = g.rows(Printable(v.Record), w, 4)
	}
	term := g.rows("→ "+Printable(v.Term), w, 3)
	why := look.Wrap(Printable(explain.VerdictReason(g.l, v)), 14, w, 3)
	top := float32(verdictPad + resultHeight + 6)
	own = top + rowStep*float32(len(ask)+len(rule)+len(term)+len(why)) + verdictPad
	border, width := g.p.Line, float32(1)
	if now {
		border, width = g.p.Now, 2
		g.focus = place{g.x, g.y, g.w, max(own, high)}
	}
	g.Box(g.x, g.y, g.w, max(own, high), g.p.Card, border, width, look.Radius)
	upper, lower := g.p.Letter, g.p.Letter // what was looked at
	switch v.Source {
	case "envelope":
		upper, lower = g.p.Now, g.p.Now
	case "both":
		upper = g.p.Now
	}
	g.Rect(g.x, g.y, 4, max(own, high)/2, upper, 2)
	g.Rect(g.x, g.y+max(own, high)/2, 4, max(own, high)/2, lower, 2)
	right := g.result(v.Result, g.x+g.w-verdictPad, g.y+verdictPad)
	name := look.Fit(g.t("verdict.sieve"), 16, right-8-x, look.Bold)
	g.Text(name, x, g.y+verdictPad+resultHeight/2, 16, g.p.Text, look.Bold)
	y := g.Lines(ask, x, g.y+top+rowStep/2, rowStep, 14, g.p.Text)
	y = g.Lines(rule, x, y, rowStep, 14, g.p.Muted, look.Mono)
	y = g.Lines(term, x, y, rowStep, 14, g.p.Letter, look.Mono)
	g.Lines(why, x, y, rowStep, 14, g.p.Muted)
	return own
}
