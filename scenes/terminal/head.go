package terminal

import (
	"fmt"
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// head writes the lesson's title, who takes part, and what the signs mean.
func (p *Printer) head(h trace.Header) {
	title := words.Pick(p.lang, h.Title)
	switch {
	case title == "":
		title = h.Lesson
	case h.Number > 0:
		title = fmt.Sprintf("%d · %s", h.Number, title)
	}
	if h.Side != "" {
		title += " · " + h.Side
	}
	if title != "" {
		p.free("", nil, span{title, heading})
		p.gap()
	}
	p.cast(h.World)
	if !h.Start.IsZero() {
		key := "start"
		if h.Lesson == "" {
			key = "start.real"
		}
		p.free("", nil, span{p.t(key, "Date", h.Start.Format("2006-01-02 15:04:05")), muted})
	}
	p.free("", nil,
		span{"✓ ", done}, span{p.t("legend.done") + "  ", muted},
		span{"▶ ", goOn}, span{p.t("legend.goon") + "  ", muted},
		span{"◇ ", later}, span{p.t("legend.later") + "  ", muted},
		span{"✕ ", refusal}, span{p.t("legend.refusal") + "  ", muted},
		span{p.t("legend.envelope"), envelope}, span{"  ", plain}, span{p.t("legend.letter"), letter})
	p.gap()
}

// cast writes a row for each domain with its hosts.
func (p *Printer) cast(w trace.World) {
	row := func(name, title string, domain string) {
		var who []string
		for _, host := range w.Hosts {
			if host.Domain == domain {
				one := strings.TrimSpace(p.host(host.Name) + " " + host.Addr)
				who = append(who, strings.ReplaceAll(one, " ", "\u00a0")) // stays on one row
			}
		}
		if len(who) == 0 {
			return
		}
		column := p.domainWidth(w)
		front := glyphs([]span{{"  ", plain}, {pad(name, column) + "  ", bold}})
		text := []span{{strings.Join(who, " · "), muted}}
		if title != "" {
			text = append(text, span{"  (" + title + ")", muted})
		}
		for _, row := range wrap(glyphs(text), p.width-column-4) {
			p.out.row(append(front[:len(front):len(front)], row...))
			front = glyphs([]span{{strings.Repeat(" ", column+4), plain}})
		}
		p.apart = false
	}
	for _, d := range w.Domains {
		row(d.Name, words.Pick(p.lang, d.Title), d.Name)
	}
	row("", "", "")
	if len(w.Hosts) > 0 {
		p.gap()
	}
}

func (p *Printer) domainWidth(w trace.World) int {
	n := 0
	for _, d := range w.Domains {
		n = max(n, width(d.Name))
	}
	return min(n, 24)
}
