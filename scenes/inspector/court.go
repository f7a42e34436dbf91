package inspector

import (
	"cmp"
	"slices"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// court draws a judgement: what the servers act on and what people read, the
// checks that look at either, and what they lead to.
type court struct {
	*page
	j      *stage.Judgement
	fields []field        // of the letter, as far as it has come
	now    *trace.Verdict // taken in this step; nil if it is another step
	step   *trace.Event
}

// Checks by what they look at, in the order in which they stand.
var (
	envelopeChecks = []string{"dnsbl", "spf", "greylist"}
	letterChecks   = []string{"dkim", "content", "forged"}
	policies       = []string{"none", "quarantine", "reject"}
)

// setter draws one part on the page, at least as high as told, and gives the
// height that it needs.
type setter func(g *court, high float32) float32

// judgement sets the picture of a judgement.
func (g *page) judgement(show *stage.Show, j *stage.Judgement, e *trace.Event) {
	c := &court{page: g, j: j, step: e}
	c.now, _ = e.Body.(*trace.Verdict)
	c.fields, _ = readLetter(letterSoFar(show, j.Heard))

	envelope, envelopeGrows := c.strand(envelopeChecks, "spf", (*court).envelopeCard)
	letter, letterGrows := c.strand(letterChecks, "dkim", (*court).letterCard)
	below := []setter{(*court).dmarc, (*court).outcome}
	for _, v := range j.Checks {
		if place := checkPlace(v.Check); place == afterDecision {
			below = append(below, c.after(v))
		}
	}
	if d := j.Decision(); d != nil && d.Field != "" {
		below = append(below, (*court).field)
	}

	_, each := courtColumns(g.w)
	heights := func(setters []setter, w float32) (list []float32) {
		for _, s := range setters {
			list = append(list, c.measure(s, w))
		}
		return list
	}
	e1, l1 := heights(envelope, each), heights(letter, each)
	e1[0], l1[0] = max(e1[0], l1[0]), max(e1[0], l1[0])
	plan := placeCourt(g.w, strand{e1[0], e1[1:], envelopeGrows}, strand{l1[0], l1[1:], letterGrows}, heights(below, g.w))
	for _, a := range plan.arrows {
		g.arrow(a)
	}
	c.setAll(envelope, plan.envelope)
	c.setAll(letter, plan.letter)
	c.setAll(below, plan.below)
	if len(plan.below) > 1 && c.focus.y == g.y+plan.below[1].y {
		c.focus.h = plan.high - plan.below[1].y // and what is written about it
	}
	g.y += plan.high
}

// measure is how high a part is at a width.
func (c *court) measure(s setter, w float32) float32 {
	probe := *c.page
	probe.Pen, probe.w = &sketch.Pen{}, w
	d := *c
	d.page = &probe
	return s(&d, 0)
}

// setAll draws parts at their places, which count from where the page is.
func (c *court) setAll(parts []setter, places []place) {
	for i, p := range places {
		part := *c.page
		part.x, part.y, part.w = c.x+p.x, c.y+p.y, p.w
		d := *c
		d.page = &part
		parts[i](&d, p.h)
		c.focus = part.focus
	}
}

// arrow sets an arrow from one part to the next.
func (g *page) arrow(a arrow) {
	x, y0, y1 := g.x+a.x, g.y+a.y0+1, g.y+a.y1-2
	g.Rect(x-1, y0, 2, y1-y0-6, g.p.Muted, 0)
	for i := range 4 { // its point, a row of pixels after the other
		w := float32(8 - 2*i)
		g.Rect(x-w/2, y1-8+2*float32(i), w, 2, g.p.Muted, 0)
	}
}

// checkAt is where a check stands.
type checkAt int

const (
	inStrand checkAt = iota
	asDecision
	afterDecision
)

// checkPlace tells where a check stands; one that is not known comes after the
// decision, as the rules of the letter's owner do.
func checkPlace(check string) checkAt {
	switch {
	case slices.Contains(envelopeChecks, check), slices.Contains(letterChecks, check), check == "dmarc":
		return inStrand
	case check == "filter":
		return asDecision
	}
	return afterDecision
}

// strand lists what looks at one of the two: the chief check as a card, the
// others as rows, and what is not asked in one row. grows is the card's place
// among the checks.
func (c *court) strand(checks []string, chief string, source setter) (parts []setter, grows int) {
	parts, grows = []setter{source}, -1
	var idle []string
	for _, check := range checks {
		switch state := c.j.State(check); {
		case check == chief && state != stage.NotAsked:
			grows = len(parts) - 1
			parts = append(parts, c.card(check))
		case state == stage.Taken || state == stage.Asking:
			parts = append(parts, c.row(check))
		case state == stage.NotAsked && check != "forged":
			idle = append(idle, check)
		}
	}
	if len(idle) > 0 {
		parts = append(parts, func(g *court, high float32) float32 { return g.idle(idle, high) })
	}
	return parts, grows
}

// best is the verdict that counts of several: one that passed, or the last.
func best(list []*trace.Verdict) *trace.Verdict {
	for _, v := range list {
		if v.Result == "pass" {
			return v
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// box sets the ground of a check and keeps it in view if it is the present
// one.
func (c *court) box(high float32, now bool) {
	border, width := c.p.Line, float32(1)
	if now {
		border, width = c.p.Now, 2
		c.focus = place{c.x, c.y, c.w, high}
	}
	c.Box(c.x, c.y, c.w, high, c.p.Card, border, width, look.Radius)
}

// isNow tells whether a check is taken, or asks DNS, in this step.
func (c *court) isNow(check string) bool {
	return c.j.Asking == check || c.now != nil && c.now.Check == check
}

// card sets one of the chief checks: what it asks, what DNS says, and why the
// result is what it is.
func (c *court) card(check string) setter {
	return func(g *court, high float32) float32 {
		own := g.set(check, &sketch.Pen{})
		g.box(max(own, high), g.isNow(check))
		return g.set(check, g.Pen)
	}
}

// set writes what stands on a chief check's card.
func (c *court) set(check string, pen *sketch.Pen) float32 {
	part := *c.page
	part.Pen = pen
	g := &part
	x, w, y := g.x+verdictPad, g.w-2*verdictPad, g.y+10
	list := c.j.Of(check)
	v := best(list)
	g.Text(g.t("verdict."+known(check)), x, y+resultHeight/2, 16, g.p.Text, look.Bold)
	switch {
	case v != nil:
		g.result(v.Result, g.x+g.w-10, y)
	case c.j.Asking == check:
		g.asking(g.x+g.w-10, y)
	}
	y += resultHeight + 6 + rowStep/2
	question := c.question(check, v)
	y = g.Lines(look.Wrap(question, 14, w, 3), x, y, rowStep, 14, g.p.Text)
	if v == nil {
		return y - rowStep/2 + 10 - g.y
	}
	if v.Record != "" {
		tag := recordType(v) + " "
		end := g.Text(tag, x, y, 14, g.p.DNS, look.Mono)
		most := 1 // of a key it is enough to see what it is
		if check == "spf" {
			most = 2
		}
		y += g.record(Printable(v.Record), end, y, x+w-end, most)
	}
	for _, o := range list {
		text := explain.VerdictReason(g.l, o)
		if len(list) > 1 {
			text = o.Value + ": " + text
		}
		y = g.Lines(look.Wrap(Printable(text), 14, w, 3), x, y, rowStep, 14, g.p.Muted)
	}
	return y - rowStep/2 + 10 - g.y
}

// record sets what a domain publishes beside its type, which ends at x, in at
// most max rows of width w; it gives their height.
func (g *page) record(s string, x, y, w float32, max int) float32 {
	lines := g.rows(s, w, max)
	g.Lines(lines, x, y, rowStep, 14, g.p.Text, look.Mono)
	return float32(len(lines)) * rowStep
}

// rows breaks a text of the wire into at most max rows of width w.
func (g *page) rows(s string, w float32, max int) []string {
	runs, rows, more := flow([]Token{{Text: s}}, g.columns(w, 14), max)
	lines := make([]string, rows)
	for _, r := range runs {
		lines[r.row] += r.text
	}
	if more {
		lines[rows-1] = look.Fit(lines[rows-1]+"…", 14, w, look.Mono)
	}
	return lines
}

// recordType is the type of the record that a verdict goes by.
func recordType(v *trace.Verdict) string {
	if v.Check == "dnsbl" {
		return "A"
	}
	return "TXT"
}

// question is what a check asks, of this letter as far as it is known.
func (c *court) question(check string, v *trace.Verdict) string {
	addr, domain, value := c.j.Addr, "", ""
	switch check {
	case "spf", "greylist":
		_, domain, _ = cutLast(c.j.Sender)
		value = c.j.Sender
	case "dkim", "dmarc":
		_, domain, _ = cutLast(strings.TrimRight(c.value("From"), ">"))
	}
	if v != nil {
		addr = cmp.Or(v.Addr, addr)
		domain, value = cmp.Or(v.Domain, domain), cmp.Or(v.Value, value)
	}
	if domain == "" {
		if key := "court.ask." + check; c.has(key) {
			return c.t(key, "Addr", Printable(addr))
		}
	}
	return c.t("verdict.ask."+known(check), "Addr", Printable(addr), "Domain", Printable(domain), "Value", Printable(value))
}

func cutLast(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return address, "", false
	}
	return address[:i], address[i+1:], true
}

// row sets one of the lesser checks: its name and result, and why, unless it
// has nothing against the letter.
func (c *court) row(check string) setter {
	return func(g *court, high float32) float32 {
		list := g.j.Of(check)
		v := best(list)
		if check == "greylist" && v != nil {
			v = list[len(list)-1]
		}
		var why []string
		if v != nil && v.Result != "pass" {
			why = look.Wrap(Printable(explain.VerdictReason(g.l, v)), 14, g.w-2*verdictPad, 3)
		}
		own := 40 + float32(len(why))*rowStep
		if len(why) > 0 {
			own += 6
		}
		g.box(max(own, high), g.isNow(check))
		right := g.x + g.w - 6
		if v == nil {
			g.asking(right, g.y+4)
		} else {
			right = g.result(v.Result, right, g.y+4)
		}
		name := look.Fit(g.t("verdict."+known(check)), 15, right-8-g.x-verdictPad, look.Bold)
		g.Text(name, g.x+verdictPad, g.y+20, 15, g.p.Text, look.Bold)
		g.Lines(why, g.x+verdictPad, g.y+40+rowStep/2-2, rowStep, 14, g.p.Muted)
		return own
	}
}

// idle sets what this server does not ask: quiet, with a dashed frame.
func (c *court) idle(checks []string, high float32) float32 {
	var names []string
	for _, check := range checks {
		names = append(names, words.T(c.l, "terminal.verdict."+check))
	}
	text := c.t("court.notasked", "What", strings.Join(names, ", "))
	lines := look.Wrap(text, 14, c.w-2*verdictPad, 3)
	own := float32(len(lines))*rowStep + 16
	c.dashes(c.x, c.y, c.w, max(own, high))
	c.Lines(lines, c.x+verdictPad, c.y+8+rowStep/2, rowStep, 14, c.p.Muted)
	return own
}

// dashes sets a dashed frame.
func (g *page) dashes(x, y, w, h float32) {
	d := look.NewDashes(look.Radius)
	d.Colour = g.p.Line
	if g.p.Dark {
		d.Colour = look.Mix(g.p.Line, g.p.Muted, 0.4)
	}
	g.Place(d.Raster, x, y, w, h)
}

// dmarc sets what asks both sides: does either vouch for the From that is
// seen?
func (c *court) dmarc(high float32) float32 {
	if c.j.State("dmarc") == stage.NotAsked {
		return c.idle([]string{"dmarc"}, high)
	}
	const name = 88
	v := best(c.j.Of("dmarc"))
	x, w := c.x+verdictPad+name, c.w-verdictPad-name-resultWidth-20
	question := look.Wrap(c.question("dmarc", v), 14, w, 3)
	var why []string
	if v != nil {
		why = look.Wrap(Printable(explain.VerdictReason(c.l, v)), 14, w, 3)
	}
	own := max(float32(len(question)+len(why))*rowStep+20, resultHeight+20)
	c.box(max(own, high), c.isNow("dmarc"))
	c.Text(c.t("verdict.dmarc"), c.x+verdictPad, c.y+10+rowStep/2, 16, c.p.Text, look.Bold)
	y := c.Lines(question, x, c.y+10+rowStep/2, rowStep, 14, c.p.Text)
	c.Lines(why, x, y, rowStep, 14, c.p.Muted)
	top := c.y + (max(own, high)-resultHeight)/2
	switch {
	case v != nil:
		c.result(v.Result, c.x+c.w-10, top)
	case c.j.Asking == "dmarc":
		c.asking(c.x+c.w-10, top)
	}
	return own
}
