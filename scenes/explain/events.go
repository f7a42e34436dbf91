package explain

import (
	"strings"
	"time"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// what is an event that is no line.
type what struct {
	lang     words.Lang
	world    trace.World
	event    *trace.Event
	from, to string // as subjects of a sentence
}

// happening explains an event that is no line.
func happening(l words.Lang, w trace.World, e *trace.Event) Explained {
	h := &what{lang: l, world: w, event: e, from: subject(l, w, e.From), to: subject(l, w, e.To)}
	switch b := e.Body.(type) {
	case *trace.Connect:
		return h.connect(b)
	case *trace.Close:
		return h.close(b)
	case *trace.Refused:
		return h.refused(b)
	case *trace.TLS:
		return h.tls(b)
	case *trace.Lookup:
		return h.lookup(b)
	case *trace.Queue:
		return h.queue(b)
	case *trace.Store:
		return h.store(b)
	case *trace.Device:
		return h.device(b)
	case *trace.Verdict:
		return h.verdict(b)
	case *trace.Change:
		return h.change(b)
	case *trace.Fault:
		return h.fault(b)
	case *trace.Note:
		return Explained{Sentence: words.Pick(l, b.Text)}
	}
	return Explained{}
}

// t is a text that may speak of From and To.
func (h *what) t(key string, kv ...any) string {
	return words.T(h.lang, "explain."+key, append(kv, "From", h.from, "To", h.to)...)
}

// n is a text that counts.
func (h *what) n(key string, n int, kv ...any) string {
	return words.N(h.lang, "explain."+key, n, append(kv, "From", h.from, "To", h.to)...)
}

func (h *what) has(key string) bool { return words.Has(h.lang, "explain."+key) }

// first is the first of keys that has a text; the last one must.
func (h *what) first(keys ...string) string {
	for _, key := range keys {
		if h.has(key) {
			return key
		}
	}
	return keys[len(keys)-1]
}

// serviceSections has, for each service, where its beginning is described.
var serviceSections = map[string]string{
	"smtp":        "RFC 5321 §3.1",
	"submission":  "RFC 6409 §3.1",
	"submissions": "RFC 8314 §3.3",
	"pop3":        "RFC 1939 §3",
	"pop3s":       "RFC 8314 §3.1",
	"imap":        "RFC 9051 §2.2",
	"imaps":       "RFC 8314 §3.2",
	"domain":      "RFC 1035 §4.2",
}

func (h *what) connect(c *trace.Connect) Explained {
	key := "connect." + c.Service
	switch host := find(h.world, h.event.From); {
	case c.Foreign:
		key = "connect.foreign"
	case host != nil && host.Kind.Device():
		key = h.first(key+".device", key)
	}
	return Explained{
		Sentence: h.t(h.first(key, "connect.other"), "Port", c.Port),
		RFC:      serviceSections[c.Service],
	}
}

func (h *what) close(c *trace.Close) Explained {
	if c.Reason == "" {
		return Explained{Sentence: h.t("close.done")}
	}
	return Explained{Sentence: h.t("close.broken", "Reason", Reason(h.lang, c.Reason))}
}

func (h *what) refused(r *trace.Refused) Explained {
	key := "refused.other"
	switch {
	case strings.Contains(r.Reason, "no route"):
		key = "refused.noroute"
	case strings.Contains(r.Reason, "unreachable"):
		key = "refused.unplugged"
	case strings.Contains(r.Reason, "down"), strings.Contains(r.Reason, "timeout"), strings.Contains(r.Reason, "timed out"):
		key = "refused.down"
	case strings.Contains(r.Reason, "refused"):
		key = "refused.closed"
	}
	return Explained{Sentence: h.t(key, "Port", r.Port, "Addr", r.ToAddr, "Reason", Reason(h.lang, r.Reason))}
}

// queueSections has, for each action of a queue, its standard.
var queueSections = map[string]string{
	"accepted":  "RFC 5321 §4.2.5",
	"attempt":   "RFC 5321 §4.5.4.1",
	"relayed":   "RFC 5321 §3.6.1",
	"delivered": "RFC 5321 §4.4",
	"deferred":  "RFC 5321 §4.5.4.1",
	"forwarded": "RFC 5321 §3.9",
	"bounced":   "RFC 5321 §6.1",
	"discarded": "RFC 5321 §6.1",
}

func (h *what) queue(q *trace.Queue) Explained {
	ex := Explained{RFC: queueSections[q.Action]}
	kv := []any{"Hop", short(q.NextHop), "Reason", QueueReason(h.lang, q.Reason), "Attempt", q.Attempt, "Recipients", list(q.Recipients)}
	key := "queue." + q.Action
	switch {
	case q.Action == "attempt" && q.NextHop == "":
		key = "queue.attempt.here"
	case q.Action == "attempt" && q.Attempt > 1:
		key = "queue.attempt.again"
	case q.Action == "discarded" && strings.Contains(q.Reason, "script"):
		key, ex.RFC = "queue.discarded.script", "RFC 5228 §4.4"
	case q.Action == "deferred":
		if wait := q.Next - h.event.At; q.Next > 0 && wait >= time.Hour && wait%time.Hour == 0 {
			ex.Sentence = h.n("queue.deferred.hours", int(wait/time.Hour), kv...)
			return ex
		} else if q.Next > 0 && wait >= 30*time.Second {
			ex.Sentence = h.n("queue.deferred.minutes", int((wait+30*time.Second)/time.Minute), kv...)
			return ex
		}
	}
	ex.Sentence = h.t(h.first(key, "queue.other"), kv...)
	return ex
}

func (h *what) store(st *trace.Store) Explained {
	kv := []any{"Mailbox", st.Mailbox, "Folder", st.Folder, "New", st.To, "Flags", h.flags(st.Flags)}
	key := "store." + st.Action
	switch st.Action {
	case "add", "remove":
		if st.Folder != "INBOX" && st.Folder != "" {
			key += ".folder"
		}
		return Explained{Sentence: h.n(key, st.Count, kv...)}
	case "flags":
		if len(st.Flags) == 0 {
			key += ".none"
		}
	}
	return Explained{Sentence: h.t(h.first(key, "store.other"), kv...)}
}

// device explains what a device did. What a letter fetched by IMAP leaves on
// it is told letter by letter; by POP3 it is always all of it.
func (h *what) device(d *trace.Device) Explained {
	kv := []any{"Subject", d.Subject, "Account", d.Account, "Reason", Reason(h.lang, d.Reason), "Folder", d.Folder,
		"Flags", h.flags(d.Flags), "Text", strings.ReplaceAll(d.Text, "\n", ", ")}
	key := "device." + d.Action
	switch d.Action {
	case "set":
		return Explained{Sentence: h.t(key, "Text", h.settings(d.Text))}
	case "fetched":
		if d.Folder == "" {
			return Explained{Sentence: h.n(key, d.New, kv...)}
		}
		key = h.first(key+"."+d.Holds, "device.listed")
	case "search":
		if d.Text == "" {
			key += ".any"
		}
		return Explained{Sentence: h.n(key, d.New, kv...)}
	case "offline":
		return Explained{Sentence: h.n(key, d.Offline, kv...)}
	case "poll":
		if host := find(h.world, h.event.From); host != nil && host.Receive == "imap" {
			key += ".imap"
		}
	case "read":
		if d.Folder != "" && (d.Holds == "" || d.Holds == trace.HoldsHeader) {
			key += ".server"
		}
	case "marked":
		if len(d.Flags) == 0 {
			key += ".none"
		}
	}
	return Explained{Sentence: h.t(h.first(key, "device.other"), kv...)}
}

// settings are settings as people call them, such as leave_copies: true, one a
// line; those that have no words stay as they are.
func (h *what) settings(text string) string {
	var named []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(line, ": ")
		key := h.first("setting."+name+"."+value, "setting."+name)
		if h.has(key) {
			line = h.t(key, "Value", value)
		}
		named = append(named, line)
	}
	return strings.Join(named, ", ")
}

// flags are marks on a letter as people call them; those that somebody
// thought up stay as they are.
func (h *what) flags(flags []string) string { return strings.Join(FlagNames(h.lang, flags), ", ") }

// FlagNames are marks on letters as people call them.
func FlagNames(l words.Lang, flags []string) []string {
	var names []string
	for _, f := range flags {
		key := "explain.flag." + strings.ToLower(strings.TrimPrefix(f, `\`))
		if words.Has(l, key) {
			f = words.T(l, key)
		}
		names = append(names, f)
	}
	return names
}

// list is a few addresses with commas between.
func list(addresses []string) string {
	const most = 3
	if len(addresses) > most {
		return strings.Join(addresses[:most], ", ") + ", …"
	}
	return strings.Join(addresses, ", ")
}
