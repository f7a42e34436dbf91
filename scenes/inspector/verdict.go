package inspector

import (
	"cmp"
	"image/color"
	"strings"

	"mailscope/scenes/look"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Sizes of a verdict's card.
const (
	verdictPad   = 12
	resultWidth  = 88
	resultHeight = 32
)

// known is a check that has texts.
func known(check string) string {
	if words.Has(words.EN, "window.verdict."+check) {
		return check
	}
	return "other"
}

// result sets a result as a word with a shape; right is where it ends. It gives
// where it begins.
func (g *page) result(result string, right, y float32) float32 {
	icon, c := resultLook(g.p, result)
	w := max(resultWidth, 16+8+look.Width(result, 14, look.Mono)+16)
	g.Box(right-w, y, w, resultHeight, look.Mix(g.p.Panel, c, 0.13), c, 1.5, 6)
	x := right - (w+24+look.Width(result, 14, look.Mono))/2
	g.Icon(icon, x, y+resultHeight/2-8, 16, c)
	g.Text(Printable(result), x+24, y+resultHeight/2, 14, g.p.Text, look.Mono)
	return right - w
}

// resultLook is the shape and the colour of a result.
func resultLook(p *look.Palette, result string) (icon string, c color.NRGBA) {
	if class := look.ClassOfResult(result); class != look.ClassNone {
		return class.Icon(), p.Class(class)
	}
	return "none", p.Muted
}

// verdictHead is a verdict on one line: of SPF, DKIM and DMARC as it stands in
// Authentication-Results (RFC 8601 §2.2).
func verdictHead(l words.Lang, v *trace.Verdict) []Token {
	p := look.P()
	_, c := resultLook(p, v.Result)
	ink := p.NowText
	if strings.HasPrefix(v.Identity, "header.") {
		ink = p.Letter
	}
	switch v.Check {
	case "spf", "dkim", "dmarc":
		head := []Token{{Text: v.Check + "=" + Printable(v.Result), Colour: c}}
		if v.Policy != "" {
			head = append(head, Token{Text: " (p=" + Printable(v.Policy) + ")", Colour: p.Text})
		}
		if property := v.Identity; property != "" && v.Domain != "" {
			if !strings.HasPrefix(property, "header.") {
				property = "smtp." + property
			}
			head = append(head, Token{Text: " " + Printable(property+"="+v.Domain), Colour: ink})
		}
		return head
	}
	head := []Token{{Text: words.T(l, "window.verdict."+known(v.Check)), Colour: p.Text}, {Text: " = ", Colour: p.Muted}, {Text: Printable(v.Result), Colour: c}}
	if what := cmp.Or(v.Value, v.Domain); what != "" {
		head = append(head, Token{Text: " " + Printable(what), Colour: ink})
	}
	return head
}
