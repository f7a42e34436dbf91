package terminal

import (
	"io"
	"strings"

	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Signs of what an eavesdropper has.
var (
	signRead   = span{"◉", story}
	signSealed = span{"▒", muted}
)

// Overheard writes a recording as the wire shows it: to the eavesdropper of its
// world what she hears, without one all that crossed.
func Overheard(w io.Writer, rec trace.Recording, o Options) error {
	p := NewPrinter(w, rec.Header, o)
	key, who, place := "heard.all", "", ""
	if v := rec.Header.World.Eavesdropper; v != nil {
		key, who, place = "heard.by", words.Pick(o.Lang, v.Title), words.Pick(o.Lang, v.Place)
		if who == "" {
			who = v.Name
		}
		if place != "" {
			key = "heard.at"
		}
	}
	p.free("", nil, span{p.t(key, "Who", who, "Place", place), story})
	p.free("", nil, span{"◉ ", story}, span{p.t("legend.read") + "  ", muted}, span{"▒ ", muted}, span{p.t("legend.sealed"), muted})
	p.gap()
	s := stage.New(rec)
	chapters := s.Chapters()
	for step := 1; step <= s.Len(); step++ {
		for len(chapters) > 0 && chapters[0].Step == step {
			p.note(&trace.Note{Chapter: true, Text: chapters[0].Title})
			chapters = chapters[1:]
		}
		for _, h := range s.HeardAt(step) {
			p.pause(s.Event(step).At)
			p.heard(s.Event(step), &h)
			p.any = true
		}
		if err := p.out.flush(); err != nil {
			return err
		}
	}
	p.gap()
	return p.out.flush()
}

// heard writes one thing that crossed the wire.
func (p *Printer) heard(e *trace.Event, h *stage.Heard) {
	at := *e // a handshake's records come from both sides
	at.From, at.To = h.From, h.To
	var text []span
	sign := signRead
	switch h.What {
	case stage.HeardConnect:
		p.gap()
		sign, text = signOpen, []span{{p.t("connect", "Port", h.Port, "Service", e.Body.(*trace.Connect).Service), bold}}
	case stage.HeardRefused:
		sign, text = signRefusal, []span{{p.t("heard.refused", "Port", h.Port), refusal}}
	case stage.HeardLookup:
		text = []span{{h.Text, dns}}
		for _, a := range h.Answers {
			text = append(text, span{" = " + a, dns})
		}
	case stage.HeardHandshake:
		text = []span{{h.Record, verb}}
		if h.Text != "" {
			text = append(text, span{": " + h.Text, bold})
		}
	case stage.HeardSealed:
		sign, text = signSealed, []span{{p.sealed(h), muted}}
	default:
		p.said(&at, h)
		return
	}
	p.entry(&at, rowKey{}, sign, text...)
}

// sealed is records of which nothing but the length is known.
func (p *Printer) sealed(h *stage.Heard) string {
	switch {
	case h.Bytes == 0: // the signatures in it differ in length
		return h.Record
	case h.Records > 1:
		return p.n("heard.records", h.Bytes, "Record", h.Record, "Records", h.Records)
	}
	return p.n("heard.record", h.Bytes, "Record", h.Record)
}

// said writes what was said in clear, a block of a letter whole, and the
// password that stands in it.
func (p *Printer) said(e *trace.Event, h *stage.Heard) {
	lines := strings.Split(h.Text, "\r\n")
	p.entry(e, rowKey{}, signRead, span{lines[0], plain})
	for _, s := range lines[1:] {
		p.under(span{s, plain})
	}
	if h.User != "" {
		p.under(span{p.t("heard.user", "User", h.User), story})
	}
	if h.Password != "" {
		p.under(span{p.t("heard.password", "Password", h.Password), story})
	}
}
