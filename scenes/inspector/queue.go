package inspector

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// queueColour is the colour of what happened in a queue.
func queueColour(p *look.Palette, action string) color.NRGBA {
	switch action {
	case "accepted", "relayed", "delivered", "forwarded":
		return p.OK
	case "deferred":
		return p.Later
	case "bounced", "discarded":
		return p.Refused
	}
	return p.SMTP
}

// fact is one row of an event's details.
type fact struct{ label, value string }

// facts sets rows; the values stand as far left as the labels let them.
func (g *page) facts(fs []fact) {
	indent := float32(0)
	for _, f := range fs {
		indent = max(indent, look.Width(f.label, 14)+12)
	}
	for _, f := range fs {
		g.row(f.label, f.value, min(indent, g.w/2), g.p.Text, look.Mono)
	}
}

// facts are the details of an event that is no line, in the order shown.
func facts(l words.Lang, e *trace.Event) []fact {
	var fs []fact
	add := func(key, value string) {
		if value != "" {
			fs = append(fs, fact{words.T(l, "window.fact."+key), Printable(value)})
		}
	}
	switch b := e.Body.(type) {
	case *trace.Connect:
		add("service", b.Service)
		add("from", b.FromAddr)
		add("to", b.ToAddr)
	case *trace.Refused:
		add("service", b.Service)
		add("to", b.ToAddr)
		add("reason", explain.Reason(l, b.Reason))
	case *trace.Close:
		add("reason", explain.Reason(l, b.Reason))
	case *trace.TLS:
		add("servername", b.ServerName)
		add("certificate", b.Subject)
		add("issuer", b.Issuer)
		if !b.NotAfter.IsZero() {
			add("valid", b.NotBefore.Format(time.DateOnly)+" – "+b.NotAfter.Format(time.DateOnly))
		}
		if b.Verified {
			add("verified", words.T(l, "window.fact.yes"))
		}
		add("reason", explain.Reason(l, b.Reason))
	case *trace.Lookup:
		add("name", b.Name)
		add("type", b.Type)
		add("rcode", b.RCode)
		for _, a := range b.Answers {
			add("answer", a)
		}
		if b.TTL > 0 {
			add("ttl", Clock(l, b.TTL))
		}
		if b.Cached {
			add("source", words.T(l, "window.fact.cache"))
		}
	case *trace.Queue:
		sender := b.Sender
		if sender == "" {
			sender = "<>"
		}
		add("sender", sender)
		add("recipients", strings.Join(b.Recipients, ", "))
		add("nexthop", b.NextHop)
		if b.Attempt > 0 {
			add("attempt", words.N(l, "window.fact.attempt.n", b.Attempt))
		}
		if b.Next > 0 {
			add("next", Clock(l, b.Next))
		}
		if b.Action == "forwarded" {
			add("onward", b.Reason)
		} else {
			add("reason", explain.QueueReason(l, b.Reason))
		}
		add("length", words.N(l, "window.letters", b.Length))
	case *trace.Store:
		add("mailbox", b.Mailbox)
		add("folder", b.Folder)
		add("newname", b.To)
		add("uid", b.UID)
		if b.Action == "flags" {
			add("flags", flags(l, b.Flags))
		}
		if b.UID != "" {
			add("size", words.N(l, "window.bytes", b.Bytes))
			add("count", words.N(l, "window.letters", b.Count))
		}
		if b.Limit > 0 {
			add("room", words.T(l, "window.fact.room.of", "Total", b.Total, "Limit", b.Limit))
		}
	case *trace.Verdict:
		if b.Check == "sieve" { // it has a card
			break
		}
		add("address", b.Addr)
		for _, q := range b.Asked {
			add("asked", q)
		}
		add("term", b.Term)
		if b.Check == "content" {
			add("score", strconv.Itoa(b.Score))
		}
		add("reason", explain.VerdictReason(l, b))
	case *trace.Change:
		add("domain", b.Domain)
		add("setting", b.Key)
		add("old", b.Old)
		add("new.value", b.New)
	case *trace.Fault:
		add("fault", explain.FaultType(l, b.Type))
		add("detail", explain.FaultDetail(l, b.Detail))
		add("without", b.Line)
	case *trace.Device:
		add("account", b.Account)
		add("folder", b.Folder)
		add("uid", b.UID)
		if b.UID != "" && b.Folder != "" { // a letter that lies on the server, too
			add("flags", flags(l, b.Flags))
			add("size", words.N(l, "window.bytes", b.Size))
			add("holds", holds(l, b.Holds))
		}
		if b.Action == "search" {
			add("sought", b.Text)
		}
		if b.New > 0 {
			add("new", words.N(l, "window.letters", b.New))
		}
		add("kept", words.N(l, "window.letters", b.Count))
		if b.Bytes > 0 {
			add("bytes", words.N(l, "window.bytes", b.Bytes))
		}
		if b.Action == "offline" || b.Offline > 0 {
			add("offline", words.N(l, "window.letters", b.Offline))
		}
		add("reason", explain.Reason(l, b.Reason))
	}
	return fs
}

// flags are a letter's marks as people call them.
func flags(l words.Lang, flags []string) string {
	if len(flags) == 0 {
		return words.T(l, "window.flags.none")
	}
	return strings.Join(explain.FlagNames(l, flags), ", ")
}

// holds tells what of a letter a device keeps.
func holds(l words.Lang, what string) string {
	switch what {
	case trace.HoldsHeader, trace.HoldsText, trace.HoldsWhole:
		return words.T(l, "window.fact.holds."+what)
	}
	return words.T(l, "window.fact.holds.nothing")
}

// Clock is a simulated time as people read it: "0,462 с" below a minute,
// "15:00" above.
func Clock(l words.Lang, d time.Duration) string {
	if d < time.Minute {
		s := fmt.Sprintf("%.3f", d.Seconds())
		if l == words.RU {
			s = strings.Replace(s, ".", ",", 1)
		}
		return words.T(l, "window.seconds", "S", s)
	}
	s := int(d / time.Second)
	if h := s / 3600; h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
