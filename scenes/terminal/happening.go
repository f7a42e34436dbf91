package terminal

import (
	"strings"

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
			sign, text = signRefusal, span{p.t("close.broken", "Reason", b.Reason), refusal}
		}
		p.entry(e, key, sign, text)
		delete(p.talks, e.Conn)
	case *trace.Refused:
		p.entry(e, key, signRefusal, span{p.t("refused", "Port", b.Port, "Reason", b.Reason), refusal})
	case *trace.Lookup:
		p.lookup(e, b)
	case *trace.Queue:
		p.queue(e, b)
	case *trace.Store:
		p.entry(e, key, signStore, span{p.t("store."+b.Action, "Folder", b.Folder, "UID", b.UID, "Bytes", b.Bytes), plain},
			span{" ", plain}, span{b.Mailbox, envelope}, span{" · ", muted}, span{p.n("store.count", b.Count), muted})
	case *trace.Device:
		p.device(e, b)
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
	case "relayed", "delivered":
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
		p.under(span{q.Reason, sign.style})
	}
	if q.Next > 0 {
		p.under(span{p.t("queue.next", "Time", strings.TrimSpace(clockTime(q.Next))), later})
	}
}

func (p *Printer) device(e *trace.Event, d *trace.Device) {
	sign := signDevice
	if d.Action == "failed" {
		sign = signRefusal
	}
	text := []span{{p.t("device."+d.Action, "New", d.New), bold}}
	if d.Subject != "" {
		text = append(text, span{" ", plain}, span{`"` + d.Subject + `"`, letter})
	}
	switch d.Action {
	case "fetched", "nothing":
		text = append(text, span{" · ", muted}, span{p.n("device.kept", d.Count), muted})
	case "failed":
		text = append(text, span{" " + d.Reason, refusal})
	}
	p.entry(e, rowKey{}, sign, text...)
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
