package terminal

import (
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// Signs of events. A reply's class has a shape as well as a colour.
var (
	signNone    = span{"", plain}
	signDone    = span{"✓", done}
	signGoOn    = span{"▶", goOn}
	signLater   = span{"◇", later}
	signRefusal = span{"✕", refusal}
	signOpen    = span{"┌", muted}
	signTLS     = span{"╪", bold}
	signClose   = span{"└", muted}
	signAsk     = span{"?", dns}
	signQueue   = span{"≡", verb}
	signStore   = span{"▣", letter}
	signDevice  = span{"◆", story}
)

// signOf is the sign of a reply's class.
func signOf(code string) span {
	switch {
	case code == "+OK", code == "OK", code == "PREAUTH":
		return signDone
	case code == "+":
		return signGoOn
	case code == "-ERR", code == "NO", code == "BAD":
		return signRefusal
	case code == "":
		return signNone
	}
	switch code[0] {
	case '1', '2':
		return signDone
	case '3':
		return signGoOn
	case '4':
		return signLater
	case '5':
		return signRefusal
	}
	return signNone
}

// line writes a line of a dialogue, or of a letter on its way.
func (p *Printer) line(e *trace.Event, l *trace.Line) {
	t := p.talk(e)
	if l.Role != trace.Data && e.Proto == "imap" {
		p.folded(t) // what follows a literal
	}
	if l.Role == trace.Command {
		t.fold = fold{}
	}
	ctx := t.Context(e)
	x := p.explain(p.lang, p.world, e, ctx)
	key := rowKey{e.From, e.To, e.Conn, l.Role}
	switch {
	case l.Role == trace.Data && isLetter(e, l, ctx):
		p.letter(e, l, t, x, key)
		return
	case l.Text == "" && e.Proto == "imap":
		p.entry(e, key, signNone, span{p.t("line.end"), muted})
	case l.Role == trace.Reply:
		p.entry(e, key, signOf(l.Code), pieces(l.Text, x.Parts, signOf(l.Code).style)...)
	default:
		p.entry(e, key, signNone, pieces(l.Text, x.Parts, plain)...)
	}
	p.meaning(t, x)
}

// isLetter tells whether data is a letter, or looks like one.
func isLetter(e *trace.Event, l *trace.Line, ctx explain.Context) bool {
	if e.Proto == "imap" {
		return imapline.Letter(ctx.Before) || strings.Contains(l.Text, "\r\n")
	}
	return carriesLetter(ctx.Command) || l.Text != "." && strings.Contains(l.Text, "\r\n")
}

// carriesLetter tells whether the data after a command is a letter.
func carriesLetter(command string) bool {
	verb, _, _ := strings.Cut(command, " ")
	switch strings.ToUpper(verb) {
	case "DATA", "BDAT", "RETR", "TOP":
		return true
	}
	return false
}

// pieces cuts a line at its explained parts. code is the style of a reply
// code.
func pieces(text string, parts []explain.Part, code style) []span {
	var spans []span
	at := 0
	for _, part := range parts {
		if part.Start < at || part.End > len(text) || part.End < part.Start {
			continue
		}
		spans = append(spans, span{text[at:part.Start], plain}, span{text[part.Start:part.End], styleOf(part.Kind, code)})
		at = part.End
	}
	return append(spans, span{text[at:], plain})
}

func styleOf(k explain.Kind, code style) style {
	switch k {
	case explain.Verb:
		return verb
	case explain.EnvelopeText:
		return envelope
	case explain.LetterText:
		return letter
	case explain.Code, explain.Enhanced:
		return code
	case explain.Keyword:
		return bold
	case explain.Field:
		return field
	}
	return plain
}
