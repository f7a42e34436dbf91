package inspector

import (
	"image/color"
	"slices"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Measures of the card of what is looked at: the height of its coloured head,
// and room left of its text.
const headHigh, sourcePad = 36, 10

// line is one row of what is looked at.
type line struct {
	label, value string
	ink          color.Color
}

// envelopeCard sets what the servers act on.
func (c *court) envelopeCard(high float32) float32 {
	sender := c.j.Sender
	if sender == "" {
		sender = "<>"
	}
	rows := []line{{c.t("court.addr"), c.j.Addr, c.p.Text}, {"MAIL", sender, c.p.NowText}}
	for i, r := range c.j.Rcpts {
		if i == 2 {
			rows = append(rows, line{"", words.N(c.l, "window.more", len(c.j.Rcpts)-i), c.p.Muted})
			break
		}
		rows = append(rows, line{"RCPT", r, c.p.NowText})
	}
	return c.source("envelope", c.t("court.envelope"), c.t("court.envelope.for"), c.p.Now, c.p.NowText, rows, high)
}

// letterCard sets what people read, or that it has not come yet.
func (c *court) letterCard(high float32) float32 {
	var rows []line
	for _, name := range []string{"From", "To", "Subject"} {
		ink := color.Color(c.p.Letter)
		if name == "Subject" {
			ink = c.p.Text
		}
		if v := c.value(name); v != "" {
			rows = append(rows, line{name, v, ink})
		}
	}
	if len(c.fields) == 0 {
		rows = []line{{"", c.t("court.letter.later"), c.p.Muted}}
	}
	return c.source("letter", c.t("court.letter"), c.t("court.letter.for"), c.p.Letter, c.p.Letter, rows, high)
}

// value is a field of the letter, "" if it is not there yet.
func (c *court) value(name string) string {
	i := slices.IndexFunc(c.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
	if i < 0 {
		return ""
	}
	return c.fields[i].value
}

// source sets a card with a coloured head: an icon, a name, and whom it is for.
func (c *court) source(icon, name, whom string, hue, edge color.NRGBA, rows []line, high float32) float32 {
	indent := float32(0)
	for _, r := range rows {
		indent = max(indent, look.Width(r.label, 14)+8)
	}
	if rows[0].label == "" {
		indent = 0
	}
	x, y := c.x+sourcePad, c.y+headHigh+8
	set := func(draw bool) float32 {
		y := y
		for _, r := range rows {
			style := []look.Style{look.Mono}
			if r.label == "" {
				style = nil
			}
			lines := look.Wrap(Printable(r.value), 14, c.w-sourcePad-4-indent, 2, style...)
			if r.label != "" {
				lines = c.address(Printable(r.value), c.w-sourcePad-4-indent)
			}
			if draw {
				c.Text(r.label, x, y+rowStep/2, 14, c.p.Muted)
				c.Lines(lines, x+indent, y+rowStep/2, rowStep, 14, r.ink, style...)
			}
			y += float32(max(len(lines), 1))*rowStep + 4
		}
		return y + 4 - c.y
	}
	own := set(false)
	high = max(own, high)
	c.Box(c.x, c.y, c.w, high, c.p.Card, edge, 2, look.CardRadius)
	c.Rect(c.x+2, c.y+2, c.w-4, headHigh-2, look.Mix(c.p.Panel, hue, 0.22), look.CardRadius-2)
	c.Rect(c.x+2, c.y+headHigh-8, c.w-4, 8, look.Mix(c.p.Panel, hue, 0.22), 0)
	c.Icon(icon, c.x+verdictPad, c.y+headHigh/2-10, 20, edge)
	end := c.Text(name, c.x+verdictPad+28, c.y+headHigh/2, 16, c.p.Text, look.Bold)
	if room := c.x + c.w - 10 - end - 8; look.Width(whom, 14) <= room {
		c.Right(whom, c.x+c.w-10, c.y+headHigh/2, 14, c.p.Text)
	}
	set(true)
	return own
}

// address breaks what stands in an envelope or a field into at most two rows
// of width w; an address alone stands without its angle brackets.
func (c *court) address(s string, w float32) []string {
	if inner, ok := strings.CutPrefix(s, "<"); ok && strings.HasSuffix(inner, ">") && len(inner) > 1 {
		s = strings.TrimSuffix(inner, ">")
	}
	return c.rows(s, w, 2)
}

// outcome sets what the author's domain asks for, the choices beside each
// other, and what becomes of the letter.
func (c *court) outcome(high float32) float32 {
	v, d := best(c.j.Of("dmarc")), c.j.Decision()
	var why []string
	if d != nil {
		why = look.Wrap(Printable(explain.VerdictReason(c.l, d)), 14, c.w-2*verdictPad, 3)
	}
	asked := c.j.State("dmarc") != stage.NotAsked
	icon, name, ink := c.fate()
	_, choices := c.choicePads()
	fate := 36 + 10 + look.Width(name, 28, look.Bold)
	beside := !asked || choices+32+fate <= c.w-2*verdictPad
	own := float32(2*10 + 40)
	if asked {
		own += 28
	}
	if !beside {
		own += 44
	}
	if len(why) > 0 {
		own += float32(len(why))*rowStep + 4
	}
	high = max(own, high)

	ground, border, width := c.p.Card, c.p.Line, float32(1)
	_, line := c.step.Body.(*trace.Line)
	switch later := c.now != nil && checkPlace(c.now.Check) == afterDecision; {
	case later:
		ground = c.p.Selection
	case d != nil || c.refused() && line:
		ground, border, width = c.p.Selection, c.p.Now, 2
		c.focus = place{c.x, c.y, c.w, high}
	}
	c.Box(c.x, c.y, c.w, high, ground, border, width, look.Radius)
	x, right, y := c.x+verdictPad, c.x+c.w-verdictPad, c.y+10
	if asked {
		c.policy(v, x, right, y+rowStep/2)
		y += 28
		c.choices(v, x, y+4)
		if !beside {
			y += 44
		}
	}
	if name != "" {
		left := right - fate
		if !asked || !beside {
			left = x
		}
		if asked && beside {
			c.Icon("right", left-26, y+20-9, 18, c.p.Text)
		}
		c.Icon(icon, left, y+20-18, 36, ink)
		c.Text(name, left+46, y+20, 28, c.p.Text, look.Bold)
	}
	if name == "" && !asked {
		c.Text(c.t("court.open"), x, y+20, 14, c.p.Muted)
	}
	c.Lines(why, x, y+44+rowStep/2, rowStep, 14, c.p.Text)
	return own
}

// policy sets where the domain publishes its policy, and what it says.
func (c *court) policy(v *trace.Verdict, x, right, y float32) {
	if v == nil {
		c.Text(look.Fit(c.t("court.policy"), 14, right-x), x, y, 14, c.p.Muted)
		return
	}
	at := ""
	for _, a := range v.Asked {
		at = strings.TrimPrefix(a, "TXT ")
	}
	end := c.Text("TXT ", x, y, 14, c.p.Text, look.Mono)
	end = c.Text(look.Fit(Printable(at), 14, (right-x)*0.55, look.Mono), end, y, 14, c.p.Text, look.Mono)
	record := Printable(v.Record)
	if record == "" {
		c.Right(look.Fit(c.t("court.norecord"), 14, right-end-12), right, y, 14, c.p.Muted)
		return
	}
	c.Right(look.Fit(record, 14, right-end-12, look.Mono), right, y, 14, c.p.Text, look.Mono)
}

// choicePads is how much wider than its word each choice is, and how wide all
// of them are with it: less where there is little room.
func (c *court) choicePads() (pad, all float32) {
	const gaps = 2 * choiceGap
	words := float32(0)
	for _, name := range policies {
		words += look.Width(name, 14, look.Mono)
	}
	pad = min(20, (c.w-2*verdictPad-gaps-words)/float32(len(policies)))
	return pad, words + gaps + pad*float32(len(policies))
}

// choiceGap is between two choices.
const choiceGap = 6

// choices sets the three policies: the one that is asked for is filled, or only
// framed if somebody vouched for the letter and it does not come to that.
func (c *court) choices(v *trace.Verdict, x, y float32) {
	pad, _ := c.choicePads()
	for _, name := range policies {
		w := look.Width(name, 14, look.Mono) + pad
		fill, ink, edge, width := c.p.Panel, c.p.Text, c.p.Line, float32(1)
		switch {
		case v != nil && name == v.Policy && v.Result == "fail":
			fill, ink, edge = c.p.Now, c.p.Ink, c.p.Now
		case v != nil && name == v.Policy:
			edge, width = c.p.Text, 2
		case v != nil:
			ink = c.p.Muted
		}
		c.Box(x, y, w, 32, fill, edge, width, 6)
		c.Centre(name, x+w/2, y+16, 14, ink, look.Mono)
		x += w + choiceGap
	}
}

// refused tells whether the server has turned the letter away, for good or for
// now.
func (c *court) refused() bool { return c.j.Reply != nil && c.j.Reply.Code >= "4" }

// fate is what becomes of the letter: the folder's name, or the reply that
// turns it away; "" while that is open.
func (c *court) fate() (icon, name string, ink color.Color) {
	d := c.j.Decision()
	code := ""
	if c.refused() {
		code = c.j.Reply.Code
	}
	switch {
	case c.j.Folder != "":
		ink = c.p.OK
		if c.j.Folder == "Junk" {
			ink = c.p.Later
		}
		return "folder", Printable(c.j.Folder), ink
	case d == nil && strings.HasPrefix(code, "4"):
		return "later", c.t("court.later", "Code", code), c.p.Later
	case d == nil && code == "":
		return "", "", nil
	case d == nil || d.Result == "refuse":
		return "refused", strings.TrimSpace(c.t("court.refused", "Code", code)), c.p.Refused
	case d.Result == "junk":
		return "folder", "Junk", c.p.Later
	case d.Result == "deliver":
		return "folder", "INBOX", c.p.OK
	}
	return "none", Printable(d.Result), c.p.Muted
}

// after sets what is decided when the letter has been let in, by the rules of
// its owner: whose rule it is, its text, what it wants, and why.
func (c *court) after(v *trace.Verdict) setter {
	return func(g *court, high float32) float32 {
		x, w := g.x+verdictPad, g.w-2*verdictPad
		var rule []string
		for _, s := range []string{v.Record, v.Term} {
			if s != "" {
				rule = append(rule, g.rows(Printable(s), w, 2)...)
			}
		}
		why := look.Wrap(Printable(explain.VerdictReason(g.l, v)), 14, w, 3)
		own := 48 + float32(len(rule)+len(why))*rowStep
		if len(rule)+len(why) > 0 {
			own += 8
		}
		g.box(max(own, high), v == g.now)
		right := g.result(v.Result, g.x+g.w-10, g.y+8)
		name := g.t("verdict." + known(v.Check))
		end := g.Text(look.Fit(name, 16, right-8-x, look.Bold), x, g.y+24, 16, g.p.Text, look.Bold) + 12
		if v.Value != "" && end+40 < right {
			g.Text(look.Fit(Printable(v.Value), 14, right-8-end, look.Mono), end, g.y+24, 14, g.p.NowText, look.Mono)
		}
		y := g.Lines(rule, x, g.y+48+rowStep/2, rowStep, 14, g.p.Text, look.Mono)
		g.Lines(why, x, y, rowStep, 14, g.p.Muted)
		return own
	}
}

// field sets what the server writes on top of the letter.
func (c *court) field(high float32) float32 {
	const standard = "RFC 8601"
	text := Printable(strings.ReplaceAll(c.j.Decision().Field, "\r\n\t", "\n  "))
	w := c.w - 2*verdictPad
	tokens := []Token{{Text: text, Colour: c.p.Text}}
	runs, rows, _ := flow(tokens, c.columns(w, 14), 16)
	first := float32(0)
	for _, r := range runs {
		if r.row == 0 {
			first = max(first, look.Width(r.text, 14, look.Mono)+float32(r.col)*look.Width("M", 14, look.Mono))
		}
	}
	beside := first+16+look.Width(standard, 14) <= w
	own := float32(rows)*rowStep + 20
	if !beside {
		own += rowStep
	}
	c.Box(c.x, c.y, c.w, max(own, high), c.p.Card, c.p.Line, 1, look.Radius)
	y := c.y + 10 + rowStep/2
	c.Right(standard, c.x+c.w-verdictPad, y, 14, c.p.Muted)
	if !beside {
		y += rowStep
	}
	c.runs(tokens, runs, c.x+verdictPad, y, 14)
	return own
}

// asking marks a check for which DNS is being asked; right is where it ends.
func (g *page) asking(right, y float32) {
	text := g.t("court.asking")
	w := max(resultWidth, 16+8+look.Width(text, 14)+16)
	g.Box(right-w, y, w, resultHeight, g.p.Panel, g.p.DNS, 1.5, 6)
	x := right - (w+24+look.Width(text, 14))/2
	g.Icon("dns", x, y+resultHeight/2-8, 16, g.p.DNS)
	g.Text(text, x+24, y+resultHeight/2, 14, g.p.Text)
}
