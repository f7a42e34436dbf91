package terminal

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"mailscope/scenes/words"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Lessons lists lessons under the titles of their units; unit 1 comes first.
func Lessons(w io.Writer, list []lesson.Info, units []trace.Words, o Options) error {
	p := &Printer{out: newPaint(w, o.Color), lang: o.Lang, width: o.width(), apart: true}
	name := 0
	for _, l := range list {
		name = max(name, width(l.Name))
	}
	indent := strings.Repeat(" ", 6+name+2)
	unit := 0
	for _, l := range list {
		if l.Unit != unit && l.Unit >= 1 && l.Unit <= len(units) {
			unit = l.Unit
			p.gap()
			p.free("", nil, span{fmt.Sprintf("%d. %s", unit, words.Pick(p.lang, units[unit-1])), heading})
		}
		front := glyphs([]span{{fmt.Sprintf("%4d  ", l.Number), muted}, {pad(l.Name, name) + "  ", verb}})
		p.out.row(append(front, glyphs([]span{{words.Pick(p.lang, l.Title), bold}})...))
		p.free(indent, nil, span{words.Pick(p.lang, l.Promise), muted})
	}
	p.gap()
	p.free("", nil, span{p.t("lessons.how"), muted})
	return p.out.flush()
}

// Addresses tells where a served world is to be found.
func Addresses(w io.Writer, info world.Info, o Options) error {
	p := &Printer{out: newPaint(w, o.Color), lang: o.Lang, width: o.width(), apart: true}
	p.free("", nil, span{p.t("serve.title"), heading})
	p.gap()

	service, host := len("submission"), len("DNS")
	for _, h := range info.Hosts {
		host = max(host, width(h.Name))
		for _, s := range h.Services {
			service = max(service, width(s.Service))
		}
	}
	row := func(name, what, port, addr string) {
		p.out.row(glyphs([]span{{"  " + pad(name, host) + "  ", bold}, {pad(what, service) + "  ", verb}, {pad(port, 5) + "  ", muted}, {addr, plain}}))
	}
	row("DNS", "domain", "53", info.DNS)
	for _, h := range info.Hosts {
		for i, s := range h.Services {
			name := h.Name
			if i > 0 {
				name = ""
			}
			security := s.Security
			if security == "none" {
				security = ""
			}
			row(name, s.Service, strconv.Itoa(s.Port), strings.TrimRight(pad(s.Addr, len("127.0.0.1:65535"))+"  "+security, " "))
		}
	}
	p.apart = false
	p.gap()

	address := 0
	for _, a := range info.Accounts {
		address = max(address, width(a.Address))
	}
	for _, a := range info.Accounts {
		p.out.row(glyphs([]span{{"  " + pad(a.Address, address) + "  ", envelope}, {p.t("serve.password", "Password", a.Password), plain}}))
	}
	p.apart = false
	p.gap()
	if info.CA != "" {
		p.free("", nil, span{p.t("serve.ca", "File", info.CA), muted})
	}
	p.free("", nil, span{p.t("serve.how"), muted})
	p.gap()
	return p.out.flush()
}
