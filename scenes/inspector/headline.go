package inspector

import (
	"fmt"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Headline is an event as one line of tokens: of a line its text and parts,
// of any other event the facts in it. service is that of its connection.
func Headline(l words.Lang, e *trace.Event, parts []explain.Part, service string) []Token {
	p := look.P()
	plain := func(s string) Token { return Token{Text: Printable(s), Colour: p.Text} }
	switch b := e.Body.(type) {
	case *trace.Line:
		if service == "" {
			service = e.Proto
		}
		if b.Text == "" {
			return []Token{{Text: words.T(l, "window.head.empty"), Colour: p.Muted}}
		}
		return Cut(b.Text, parts, service, b.Code)
	case *trace.Connect:
		return []Token{
			{Text: b.ToAddr, Colour: p.Text},
			{Text: fmt.Sprintf(":%d ", b.Port), Colour: p.Service(b.Service)},
			{Text: b.Service, Colour: p.Muted},
		}
	case *trace.Refused:
		return []Token{
			{Text: b.ToAddr, Colour: p.Text},
			{Text: fmt.Sprintf(":%d ", b.Port), Colour: p.Service(b.Service)},
			{Text: Printable(explain.Reason(l, b.Reason)), Colour: p.Refused},
		}
	case *trace.Close:
		return []Token{{Text: words.T(l, "window.head.close"), Colour: p.Muted}}
	case *trace.TLS:
		if b.Version == "" {
			return []Token{{Text: "TLS ", Colour: p.Muted}, {Text: Printable(explain.Reason(l, b.Reason)), Colour: p.Refused}}
		}
		return []Token{{Text: b.Version + " ", Colour: p.OK}, {Text: b.Cipher, Colour: p.Muted}}
	case *trace.Lookup:
		q := []Token{{Text: b.Type + "? ", Colour: p.DNS}, plain(strings.TrimSuffix(b.Name, "."))}
		switch {
		case len(b.Answers) > 0:
			return append(q, Token{Text: " → ", Colour: p.Muted}, Token{Text: Printable(strings.Join(b.Answers, ", ")), Colour: p.DNS})
		case b.RCode == "":
			return append(q, Token{Text: " → " + words.T(l, "window.head.silence"), Colour: p.Refused})
		default:
			return append(q, Token{Text: " → " + b.RCode, Colour: p.Later})
		}
	case *trace.Queue:
		h := []Token{
			{Text: b.ID + " ", Colour: p.Muted},
			{Text: words.T(l, "window.queue."+b.Action), Colour: queueColour(p, b.Action)},
		}
		if len(b.Recipients) > 0 {
			h = append(h, Token{Text: " " + Printable(strings.Join(b.Recipients, ", ")), Colour: p.NowText})
		}
		return h
	case *trace.Store:
		sign := ""
		switch b.Action {
		case "add":
			sign = "+1"
		case "remove":
			sign = "−1"
		default:
			sign = words.T(l, "window.store."+b.Action)
		}
		h := []Token{plain(b.Mailbox), {Text: " " + sign + " ", Colour: p.Letter}, {Text: Printable(b.Folder), Colour: p.Muted}}
		if b.To != "" {
			h = append(h, Token{Text: " → " + Printable(b.To), Colour: p.Muted})
		}
		return h
	case *trace.Verdict:
		return verdictHead(l, b)
	case *trace.Change:
		h := []Token{plain(b.Domain + " "), {Text: b.Key + " ", Colour: p.Muted}}
		if b.New == "" {
			return append(h, Token{Text: words.T(l, "window.head.nothing"), Colour: p.Muted})
		}
		return append(h, Token{Text: Printable(strings.ReplaceAll(b.New, "\n", "; ")), Colour: p.NowText})
	case *trace.Fault:
		c := p.Refused
		if b.Action == "off" {
			c = p.OK
		}
		where := e.From
		if e.To != "" {
			where += " → " + e.To
		}
		return []Token{{Text: words.T(l, "window.fault."+b.Action) + " ", Colour: p.Muted}, {Text: explain.FaultType(l, b.Type), Colour: c}, plain(" " + where)}
	case *trace.Device:
		h := []Token{{Text: words.T(l, "window.device."+b.Action), Colour: p.Text}}
		if b.Subject != "" {
			h = append(h, Token{Text: " " + words.T(l, "window.subject.quoted", "Subject", Printable(b.Subject)), Colour: p.Letter})
		}
		return h
	}
	return nil
}
