package inspector

import (
	"fmt"
	"strings"

	"mailscope/scenes/look"
	"mailscope/sim/trace"
)

const hexRows = 4

// Size of what was on the wire, and the room around it.
const size, pad = 14, 12

// wire sets the octets of a line as they went over the wire.
func (g *page) wire(b *trace.Line, byServer bool) {
	g.rule()
	g.title(g.t("wire"), g.n("bytes", b.Bytes))
	icon, c, note := "unlock", g.p.Refused, "wire.clear"
	if b.Encrypted {
		icon, c, note = "lock", g.p.OK, "wire.encrypted"
	}
	g.Icon(icon, g.x, g.y, 18, c)
	g.Text(look.Fit(g.t(note), 14, g.w-28), g.x+28, g.y+10, 14, g.p.Muted)
	g.y += 28

	if b.Encrypted {
		g.records(passing(b.Bytes, byServer))
		g.y += 8
		g.text(g.t("wire.ends"), 14, 20, g.p.Muted)
		g.y += 4
	}

	cell := look.Width("M", size, look.Mono)
	per := (g.columns(g.w-2*pad, size) - 2) / 4 // two digits, a space, a letter
	per = min(max(per, 4), 16)
	text := b.Text
	if b.Bytes != len(text) { // a literal may end without a line end
		text += "\r\n"
	}
	rows := hexDump(text, per, hexRows)
	high := float32(len(rows))*20 + 2*pad - 4
	g.Box(g.x, g.y, g.w, high, g.p.Card, g.p.Line, 1, look.Radius)
	for i, r := range rows {
		y := g.y + pad + 8 + float32(i)*20
		g.Text(r.hex, g.x+pad, y, size, g.p.Muted, look.Mono)
		g.Text(r.text, g.x+pad+float32(per*3+1)*cell, y, size, g.p.Text, look.Mono)
	}
	g.y += high
}

// handshake sets what an eavesdropper saw of one.
func (g *page) handshake(b *trace.TLS) {
	if len(b.Seen) == 0 {
		return
	}
	g.rule()
	g.title(g.t("wire"), "")
	g.Icon("eye", g.x, g.y, 18, g.p.Muted)
	g.Text(look.Fit(g.t("wire.handshake"), 14, g.w-28), g.x+28, g.y+10, 14, g.p.Muted)
	g.y += 28
	g.records(b.Seen)
}

// maxRecords is how many records are listed.
const maxRecords = 12

// records lists TLS records as an eavesdropper sees them.
func (g *page) records(list []trace.Record) {
	rows := list[:min(len(list), maxRecords)]
	high := float32(len(rows))*20 + 2*pad - 4
	g.Box(g.x, g.y, g.w, high, g.p.Card, g.p.Line, 1, look.Radius)
	most := g.columns(g.w-2*pad, size)
	for i, r := range rows {
		text := recordText(r)
		if i == maxRecords-1 && len(list) > maxRecords {
			text += " …"
		}
		if n := []rune(text); len(n) > most {
			text = string(n[:most-1]) + "…"
		}
		g.Text(text, g.x+pad, g.y+pad+8+float32(i)*20, size, g.p.Text, look.Mono)
	}
	g.y += high
}

// recordText is one record: who sent it, how much, and what it says it is.
func recordText(r trace.Record) string {
	way := "→"
	if r.Server {
		way = "←"
	}
	bytes := "…"
	if r.Bytes > 0 {
		bytes = fmt.Sprint(r.Bytes)
	}
	text := fmt.Sprintf("%s %5s  %s", way, bytes, r.Type)
	if len(r.Messages) > 0 {
		text += ": " + strings.Join(r.Messages, ", ")
	}
	return text
}

// passing are the records that carry so many octets said at once.
//
// RFC 8446 §5.1, §5.2.
func passing(octets int, byServer bool) []trace.Record {
	var list []trace.Record
	for octets > 0 && len(list) <= maxRecords {
		n := min(octets, trace.MaxRecordData)
		octets -= n
		list = append(list, trace.Record{Server: byServer, Type: "application_data", Version: "TLS 1.2", Bytes: n + trace.RecordOverhead})
	}
	return list
}

// dumpRow is one row of a dump: octets in hexadecimal and as characters.
type dumpRow struct{ hex, text string }

// hexDump sets the first octets of s in rows of per; the last of max rows ends
// in an ellipsis if there are more.
func hexDump(s string, per, max int) []dumpRow {
	var rows []dumpRow
	for len(s) > 0 {
		n := min(per, len(s))
		var r dumpRow
		var hex, text strings.Builder
		for i := range n {
			fmt.Fprintf(&hex, "%02x ", s[i])
			if s[i] >= ' ' && s[i] < 0x7F {
				text.WriteByte(s[i])
			} else {
				text.WriteRune('·')
			}
		}
		r.hex, r.text = strings.TrimRight(hex.String(), " "), text.String()
		s = s[n:]
		if len(rows) == max-1 && len(s) > 0 {
			r.text += "…"
			return append(rows, r)
		}
		rows = append(rows, r)
	}
	return rows
}
