package terminal

import (
	"cmp"
	"strings"

	"mailscope/scenes/explain"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// happening writes an event that is no line.
func (p *Printer) happening(e *trace.Event) {
	t := p.talk(e)
	x := p.explain(p.lang, p.world, e, t.Context(e))
	key := rowKey{}
	switch b := e.Body.(type) {
	case *trace.Connect:
		p.gap()
		key := "connect"
		if b.Foreign {
			key = "connect.foreign"
		}
		p.entry(e, rowKey{}, signOpen, span{p.t(key, "Port", b.Port, "Service", b.Service), bold})
	case *trace.Close:
		p.folded(t)
		sign, text := signClose, span{p.t("close"), muted}
		if b.Reason != "" {
			sign, text = signRefusal, span{p.t("close.broken", "Reason", explain.Reason(p.lang, b.Reason)), refusal}
		}
		p.entry(e, key, sign, text)
		delete(p.talks, e.Conn)
	case *trace.TLS:
		switch {
		case b.Version == "":
			p.entry(e, key, signRefusal, span{p.t("tls.failed", "Reason", explain.Reason(p.lang, b.Reason)), refusal})
		case b.Reason != "":
			p.entry(e, key, signTLS, span{p.t("tls.unproven", "Version", b.Version, "Reason", explain.Reason(p.lang, b.Reason)), bold})
		default:
			p.entry(e, key, signTLS, span{p.t("tls", "Version", b.Version, "Cipher", b.Cipher), bold})
		}
	case *trace.Refused:
		p.entry(e, key, signRefusal, span{p.t("refused", "Port", b.Port, "Reason", explain.Reason(p.lang, b.Reason)), refusal})
	case *trace.Lookup:
		p.lookup(e, b)
	case *trace.Queue:
		p.queue(e, b)
	case *trace.Store:
		p.store(e, b)
	case *trace.Device:
		p.device(e, b)
	case *trace.Verdict:
		p.verdict(e, b)
	case *trace.Change:
		p.change(e, b)
	case *trace.Fault:
		p.fault(e, b)
	}
	p.meaning(t, x)
	if e.Kind() == trace.KindClose {
		p.gap()
	}
}

func (p *Printer) lookup(e *trace.Event, l *trace.Lookup) {
	sign := signAsk
	if l.RCode != "NOERROR" || len(l.Answers) == 0 {
		sign = signRefusal
	}
	text := []span{{l.Type + " ", verb}, {l.Name, dns}}
	if l.Cached {
		text = append(text, span{" · " + p.t("lookup.cached"), muted})
	}
	p.entry(e, rowKey{}, sign, text...)
	switch {
	case l.RCode == "":
		p.under(span{"= ", muted}, span{p.t("lookup.silence"), refusal})
	case l.RCode != "NOERROR":
		p.under(span{"= ", muted}, span{l.RCode, refusal})
	case len(l.Answers) == 0:
		p.under(span{"= ", muted}, span{p.t("lookup.nodata"), refusal})
	}
	for _, a := range l.Answers {
		p.under(span{"= ", muted}, span{a, dns})
	}
}

func (p *Printer) queue(e *trace.Event, q *trace.Queue) {
	sign := signQueue
	switch q.Action {
	case "relayed", "delivered", "forwarded":
		sign = signDone
	case "deferred":
		sign = signLater
	case "bounced", "discarded":
		sign = signRefusal
	}
	text := []span{{p.t("queue."+q.Action, "ID", q.ID, "Attempt", q.Attempt), plain}}
	if len(q.Recipients) > 0 {
		text = append(text, span{" ", plain}, span{strings.Join(q.Recipients, ", "), envelope})
	}
	if q.NextHop != "" {
		text = append(text, span{" → " + q.NextHop, plain})
	}
	text = append(text, span{" · ", muted}, span{p.n("queue.length", q.Length), muted})
	p.entry(e, rowKey{}, sign, text...)
	if q.Reason != "" {
		p.under(span{explain.QueueReason(p.lang, q.Reason), sign.style})
	}
	if q.Next > 0 {
		p.under(span{p.t("queue.next", "Time", strings.TrimSpace(clockTime(q.Next))), later})
	}
}

func (p *Printer) store(e *trace.Event, b *trace.Store) {
	key := "store." + b.Action
	if b.Action == "flags" && len(b.Flags) == 0 {
		key += ".none"
	}
	text := []span{
		{p.t(key, "Folder", b.Folder, "UID", b.UID, "Bytes", b.Bytes, "New", b.To, "Flags", p.flags(b.Flags)), plain},
		{" ", plain}, {b.Mailbox, envelope},
	}
	switch b.Action {
	case "add", "remove":
		text = append(text, span{" · ", muted}, span{p.n("store.count", b.Count), muted})
		if b.Limit > 0 {
			text = append(text, span{" · ", muted}, span{p.t("store.room", "Total", b.Total, "Limit", b.Limit), muted})
		}
	}
	p.entry(e, rowKey{}, signStore, text...)
}

// verdict writes what a check came to, what it asked and what it was told.
func (p *Printer) verdict(e *trace.Event, v *trace.Verdict) {
	sign := signAsk
	switch v.Result {
	case "pass", "deliver", "keep", "fileinto", "redirect":
		sign = signDone
	case "fail", "refuse", "permerror", "discard", "reject":
		sign = signRefusal
	case "softfail", "temperror", "wait", "junk":
		sign = signLater
	}
	key := "verdict." + v.Check
	if !words.Has(p.lang, "terminal."+key) {
		key = "verdict.other"
	}
	text := []span{{p.t(key), bold}, {" = " + v.Result, sign.style}}
	if what := cmp.Or(v.Value, v.Domain, v.Addr); what != "" {
		style := envelope
		if v.Source == "letter" {
			style = letter
		}
		text = append(text, span{" · ", muted}, span{what, style})
	}
	if v.Policy != "" {
		text = append(text, span{" · p=" + v.Policy, dns})
	}
	p.entry(e, rowKey{}, sign, text...)
	for _, q := range v.Asked {
		p.under(span{"? ", muted}, span{q, dns})
	}
	if v.Record != "" {
		p.under(span{"= ", muted}, span{v.Record, dns})
	}
	if v.Check == "sieve" {
		p.under(span{"→ ", muted}, span{v.Term, letter})
	}
	if v.Reason != "" {
		p.under(span{explain.VerdictReason(p.lang, v), muted})
	}
	if v.Field != "" {
		for line := range strings.SplitSeq(v.Field, "\r\n") {
			p.under(span{line, letter})
		}
	}
}

// fault writes what goes wrong on purpose, and what would have been said
// instead.
func (p *Printer) fault(e *trace.Event, f *trace.Fault) {
	style := refusal
	if f.Action == "off" {
		style = done
	}
	p.entry(e, rowKey{}, span{"↯", style}, span{p.t("fault." + f.Action), bold}, span{" ", plain},
		span{explain.FaultType(p.lang, f.Type), style}, span{" · ", muted}, span{explain.FaultDetail(p.lang, f.Detail), muted})
	if f.Line != "" {
		p.under(span{p.t("fault.without") + " ", muted}, span{f.Line, plain})
	}
}

// flags are the marks of a letter in words.
func (p *Printer) flags(flags []string) string {
	return strings.Join(explain.FlagNames(p.lang, flags), ", ")
}

func (p *Printer) device(e *trace.Event, d *trace.Device) {
	sign := signDevice
	if d.Action == "failed" {
		sign = signRefusal
	}
	key := "device." + d.Action
	switch {
	case d.Action == "fetched" && d.Folder != "":
		key += ".one" // IMAP gives letters one by one
	case d.Action == "marked" && len(d.Flags) == 0:
		key += ".none"
	case d.Action == "search" && d.Text == "":
		key += ".any"
	}
	kv := []any{"New", d.New, "Folder", d.Folder, "Flags", p.flags(d.Flags), "Text", ""}
	if d.Action == "search" || d.Action == "set" || d.Action == "asked" {
		kv[len(kv)-1] = strings.ReplaceAll(d.Text, "\n", ", ")
	}
	text := []span{{p.t(key, kv...), bold}}
	if d.Subject != "" {
		text = append(text, span{" ", plain}, span{`"` + d.Subject + `"`, letter})
	}
	switch d.Action {
	case "fetched", "nothing", "listed", "gone":
		text = append(text, span{" · ", muted}, span{p.n("device.kept", d.Count), muted})
		if d.Bytes > 0 {
			text = append(text, span{" · ", muted}, span{p.n("device.bytes", d.Bytes), muted})
		}
	case "offline":
		text = append(text, span{" · ", muted}, span{p.n("device.readable", d.Offline), muted})
	case "failed":
		text = append(text, span{" " + explain.Reason(p.lang, d.Reason), refusal})
	}
	p.entry(e, rowKey{}, sign, text...)
	if d.Action == "compose" || d.Action == "read" {
		p.written(d)
	}
}

// written writes the text of a letter composed or read.
func (p *Printer) written(d *trace.Device) {
	if d.Text == "" {
		return
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(d.Text, "\r\n", "\n"), "\n"), "\n")
	for i, s := range lines {
		if i == maxBody {
			p.under(span{"│ ", letter}, span{p.n("letter.hidden", len(lines)-i), muted})
			break
		}
		p.edged(span{s, letter})
	}
}

// change writes a setting that was changed: what it was, and what it is.
func (p *Printer) change(e *trace.Event, c *trace.Change) {
	p.entry(e, rowKey{}, signStore, span{p.t("change") + " ", plain}, span{c.Domain, envelope}, span{" · ", muted}, span{c.Key, verb})
	for _, v := range []struct {
		sign, text string
		style      style
	}{{"− ", c.Old, muted}, {"+ ", c.New, plain}} {
		for _, line := range strings.Split(v.text, "\n") {
			if line != "" {
				p.under(span{v.sign, muted}, span{line, v.style})
			}
		}
	}
}
