package inspector

import (
	"image/color"
	"slices"
	"strings"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// checkOrder is the order in which a server takes its checks.
var checkOrder = []string{"dnsbl", "spf", "greylist", "dkim", "dmarc", "content", "forged", "filter", "sieve"}

// maxBack is how many steps back a letter's checks are looked for.
const maxBack = 2000

// verdictsSoFar lists what the checks of the letter of a step have come to, at
// that server and in this attempt, the first one first; none if the step is no
// verdict.
func verdictsSoFar(show *stage.Show, step int) []*trace.Verdict {
	at := show.Event(step)
	if at == nil || at.Kind() != trace.KindVerdict {
		return nil
	}
	var list []*trace.Verdict
	rank := len(checkOrder)
	for s := step; s > 0 && step-s < maxBack; s-- {
		e := show.Event(s)
		v, ok := e.Body.(*trace.Verdict)
		if !ok || e.From != at.From || e.Letter != at.Letter {
			continue
		}
		mine, _ := at.Body.(*trace.Verdict)
		if v.Check == "sieve" && v.Value != mine.Value { // another recipient's script
			continue
		}
		// What comes earlier in the order belongs to this attempt; an equal
		// one is another signature, another thing that a script does, or the
		// same check of an attempt before.
		r := slices.Index(checkOrder, v.Check)
		if r > rank || r == rank && v.Check != "dkim" && v.Check != "sieve" {
			break
		}
		rank = r
		list = append(list, v)
	}
	slices.Reverse(list)
	return list
}

// checks sets a card for each verdict, the last one being the present one, and
// once it is decided what became of the letter.
func (g *page) checks(list []*trace.Verdict) {
	if len(list) == 0 {
		return
	}
	title := "verdict.title"
	if list[0].Check == "sieve" { // nothing was doubted
		title = "verdict.title.sieve"
	}
	g.title(g.t(title), "")
	policy := ""
	for i, v := range list {
		if v.Check == "dmarc" {
			policy = v.Policy
		}
		if v.Check == "filter" {
			g.decision(v, policy)
		} else {
			g.check(v, i == len(list)-1)
		}
		g.y += 8
	}
}

// Sizes of a verdict's card.
const (
	verdictPad   = 12
	resultWidth  = 88
	resultHeight = 32
)

// check sets one card: what was asked, what DNS said, and the result.
func (g *page) check(v *trace.Verdict, now bool) {
	inner := g.w - 2*verdictPad - 4
	ask := look.Wrap(g.t("verdict.ask."+known(v.Check), "Addr", v.Addr, "Domain", Printable(v.Domain), "Value", Printable(v.Value)), 14, inner, 0)
	said := g.said(v)
	record, rows, _ := flow(said, g.columns(inner, 14), 4)
	if len(said) == 0 {
		rows = 0
	}
	high := verdictPad + resultHeight + 6 + float32(len(ask)+rows)*rowStep + verdictPad
	border, width := g.p.Line, float32(1)
	if now {
		border, width = g.p.Now, 2
	}
	g.Box(g.x, g.y, g.w, high, g.p.Card, border, width, look.Radius)
	g.source(v.Source, high)
	x := g.x + verdictPad + 4
	g.Text(g.t("verdict."+known(v.Check)), x, g.y+verdictPad+resultHeight/2, 16, g.p.Text, look.Bold)
	g.result(v.Result, g.x+g.w-verdictPad, g.y+verdictPad)
	y := g.Lines(ask, x, g.y+verdictPad+resultHeight+6+rowStep/2, rowStep, 14, g.p.Text)
	if rows > 0 {
		for _, r := range record {
			g.Text(r.text, x, y+float32(r.row)*rowStep, 14, said[r.token].Colour, look.Mono)
		}
	}
	g.y += high
}

// said is what decided: the record that a domain publishes, or the rule of a
// script and, on a row of its own, what it has done.
func (g *page) said(v *trace.Verdict) (list []Token) {
	c, gap := g.p.DNS, ""
	if v.Check == "sieve" {
		c = g.p.Muted
	}
	if v.Record != "" {
		list, gap = append(list, Token{Text: Printable(v.Record), Colour: c}), "\n"
	}
	if v.Check == "sieve" {
		list = append(list, Token{Text: gap + "→ " + Printable(v.Term), Colour: g.p.Letter})
	}
	return list
}

// known is a check that has texts.
func known(check string) string {
	if slices.Contains(checkOrder, check) {
		return check
	}
	return "other"
}

// source marks at the edge of a card what was looked at: the envelope, the
// letter, or both.
func (g *page) source(source string, high float32) {
	upper, lower := g.p.Now, g.p.Now
	switch source {
	case "letter":
		upper, lower = g.p.Letter, g.p.Letter
	case "both":
		lower = g.p.Letter
	case "connection":
		upper, lower = g.p.SMTP, g.p.SMTP
	}
	g.Rect(g.x, g.y, 4, high, upper, 2)
	if lower != upper {
		g.Rect(g.x, g.y+high/2, 4, high/2, lower, 2)
	}
}

// result sets a result as a word with a shape; right is where it ends.
func (g *page) result(result string, right, y float32) {
	icon, c := resultLook(g.p, result)
	w := max(resultWidth, 16+8+look.Width(result, 14, look.Mono)+16)
	g.Box(right-w, y, w, resultHeight, look.Mix(g.p.Panel, c, 0.13), c, 1.5, 6)
	x := right - (w+24+look.Width(result, 14, look.Mono))/2
	g.Icon(icon, x, y+resultHeight/2-8, 16, c)
	g.Text(Printable(result), x+24, y+resultHeight/2, 14, g.p.Text, look.Mono)
}

// resultLook is the shape and the colour of a result.
func resultLook(p *look.Palette, result string) (icon string, c color.NRGBA) {
	if class := look.ClassOfResult(result); class != look.ClassNone {
		return class.Icon(), p.Class(class)
	}
	return "none", p.Muted
}

// decision sets what the author's domain asks for, if it does, and what became
// of the letter.
func (g *page) decision(v *trace.Verdict, policy string) {
	high := float32(2*verdictPad + 40)
	if policy != "" {
		high += 40
	}
	g.Box(g.x, g.y, g.w, high, g.p.Selection, g.p.Now, 2, look.Radius)
	y := g.y + verdictPad
	if policy != "" {
		x := g.x + verdictPad
		for _, name := range []string{"none", "quarantine", "reject"} {
			w := look.Width(name, 14, look.Mono) + 16
			fill, ink := g.p.Panel, g.p.Text
			if name == policy {
				fill, ink = g.p.Now, g.p.Ink
			}
			g.Box(x, y, w, 32, fill, g.p.Line, 1, 6)
			g.Centre(name, x+w/2, y+16, 14, ink, look.Mono)
			x += w + 8
		}
		y += 40
	}
	icon, c := "folder", g.p.OK
	switch v.Result {
	case "junk":
		c = g.p.Later
	case "refuse":
		icon, c = "refused", g.p.Refused
	}
	g.Icon(icon, g.x+verdictPad, y+4, 32, c)
	key := "verdict.result.other"
	if words.Has(g.l, "window.verdict.result."+v.Result) {
		key = "verdict.result." + v.Result
	}
	g.Text(g.t(key), g.x+verdictPad+44, y+20, 28, g.p.Text, look.Bold)
	g.y += high
}

// verdictHead is a verdict on one line.
func verdictHead(l words.Lang, v *trace.Verdict) []Token {
	p := look.P()
	_, c := resultLook(p, v.Result)
	head := []Token{{Text: words.T(l, "window.verdict."+known(v.Check)), Colour: p.Text}, {Text: " = ", Colour: p.Muted}, {Text: Printable(v.Result), Colour: c}}
	if v.Value != "" {
		ink := p.NowText
		if strings.HasPrefix(v.Identity, "header.") {
			ink = p.Letter
		}
		head = append(head, Token{Text: " " + Printable(v.Value), Colour: ink})
	}
	return head
}
