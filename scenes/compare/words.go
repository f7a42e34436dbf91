package compare

import (
	"fmt"
	"strings"
	"time"

	"mailscope/scenes/explain"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Title is what a side is called: its telling, or the lesson, or a letter
// where both would have the same name.
func (p *Pair) Title(l words.Lang, side int) string {
	name := func(side int) string {
		h := p.Sides[side].Show.Recording().Header
		if h.Side != "" {
			return h.Side
		}
		if t := words.Pick(l, h.Title); t != "" {
			return t
		}
		return h.Lesson
	}
	own := name(side)
	if own == "" || own == name(1-side) {
		return words.T(l, "compare.side."+[]string{"left", "right"}[side])
	}
	return own
}

// Names are the titles of both sides.
func (p *Pair) Names(l words.Lang) string {
	return words.T(l, "compare.names", "Left", p.Title(l, 0), "Right", p.Title(l, 1))
}

// Motto is what a side's protocol is about, in two or three words; "" if the
// side is not told as one of a protocol.
func (p *Pair) Motto(l words.Lang, side int) string {
	key := "compare.motto." + strings.ToLower(p.Sides[side].Show.Recording().Header.Side)
	if !words.Has(l, key) {
		return ""
	}
	return words.T(l, key)
}

// Protocol is the service that a side's colour tells of: that of its telling,
// or of the first device that receives; "" if there is none, or if both sides
// have the same.
func (p *Pair) Protocol(side int) string {
	a, b := p.protocol(0), p.protocol(1)
	if a == b {
		return ""
	}
	return []string{a, b}[side]
}

func (p *Pair) protocol(side int) string {
	h := p.Sides[side].Show.Recording().Header
	switch h.Side {
	case "POP3", "IMAP":
		return strings.ToLower(h.Side)
	}
	for _, c := range p.Sides[side].Show.Conns() {
		if c.Service == "pop3" || c.Service == "imap" {
			return c.Service
		}
	}
	return ""
}

// DeviceName is what a device of the cast is called: what it is, as long as
// that tells it from the others.
func (p *Pair) DeviceName(l words.Lang, host string) string {
	if key := p.kindKey(host); key != "other" {
		return words.T(l, "compare.device."+key)
	}
	return p.hostName(l, host)
}

// HostName is what any host of a side is called in a few words.
func (p *Pair) HostName(l words.Lang, side int, host string) string {
	for _, name := range p.Sides[0].Cast {
		if name == host {
			return p.DeviceName(l, host)
		}
	}
	return explain.Name(l, p.Sides[side].Show.Recording().Header.World, host)
}

func (p *Pair) hostName(l words.Lang, host string) string {
	for _, s := range p.Sides {
		w := s.Show.Recording().Header.World
		for _, h := range w.Hosts {
			if h.Name == host {
				return explain.Name(l, w, host)
			}
		}
	}
	return explain.Name(l, trace.World{}, host)
}

// kindKey is the end of a text's key for a device: its kind if no other device
// of the cast is of that kind, else "other".
func (p *Pair) kindKey(host string) string {
	kind := p.Kind(host)
	if !kind.Device() {
		return "other"
	}
	for _, name := range p.Sides[0].Cast {
		if name != host && p.Kind(name) == kind {
			return "other"
		}
	}
	return string(kind)
}

// Label is what a meter is called.
func (p *Pair) Label(l words.Lang, m Meter) string {
	key := "compare.meter." + string(m.ID)
	if m.Device == "" {
		return words.T(l, key)
	}
	return words.T(l, key+"."+p.kindKey(m.Device), "Name", p.DeviceName(l, m.Device))
}

// Text is a value of a meter with its unit.
func (u Unit) Text(l words.Lang, v int64) string {
	switch u {
	case Letters:
		return words.N(l, "compare.letters", int(v))
	case Octets:
		return Size(l, v)
	case Span:
		return span(l, time.Duration(v))
	}
	return fmt.Sprint(v)
}

// Short is a value for a narrow column: a zero goes without its unit.
func (u Unit) Short(l words.Lang, v int64) string {
	if v == 0 {
		return "0"
	}
	return u.Text(l, v)
}

// Size is a number of octets as people write it. A KB is 1024 of them.
func Size(l words.Lang, n int64) string {
	if n < 1000 {
		return words.T(l, "compare.size.b", "N", n)
	}
	keys := []string{"kb", "mb", "gb"}
	f := float64(n) / 1024
	for len(keys) > 1 && f >= 1000 {
		f /= 1024
		keys = keys[1:]
	}
	return words.T(l, "compare.size."+keys[0], "N", decimal(l, f))
}

// decimal has one place after the point below ten.
func decimal(l words.Lang, f float64) string {
	s := fmt.Sprintf("%.0f", f)
	if f < 9.95 {
		s = fmt.Sprintf("%.1f", f)
	}
	if l == words.RU {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// span is a length of time in its two highest units.
func span(l words.Lang, d time.Duration) string {
	if d < time.Minute-time.Second/2 {
		return words.T(l, "compare.time.s", "S", decimal(l, d.Seconds()))
	}
	s := int(d.Round(time.Second) / time.Second)
	if s < 3600 {
		return words.T(l, "compare.time.m", "M", s/60, "S", s%60)
	}
	return words.T(l, "compare.time.h", "H", s/3600, "M", s/60%60)
}
