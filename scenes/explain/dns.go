package explain

import (
	"net/netip"
	"slices"
	"strings"

	"mailscope/sim/trace"
)

// lookupSections has, for each record type, its standard.
var lookupSections = map[string]string{
	"MX":    "RFC 5321 §5.1",
	"A":     "RFC 1035 §3.4.1",
	"AAAA":  "RFC 3596 §2.1",
	"TXT":   "RFC 1035 §3.3.14",
	"PTR":   "RFC 1035 §3.3.12",
	"CNAME": "RFC 1035 §3.3.1",
	"NS":    "RFC 1035 §3.3.11",
	"SOA":   "RFC 1035 §3.3.13",
}

// lookup explains a question to DNS by its type, and what came of it.
func (h *what) lookup(q *trace.Lookup) Explained {
	section, known := lookupSections[q.Type]
	kind := strings.ToLower(q.Type)
	if !known {
		kind, section = "other", "RFC 1035 §3.2.2"
	}
	how := "ok"
	switch {
	case q.RCode == "":
		how, section = "silence", "RFC 1035 §4.2.1"
	case q.RCode == "NXDOMAIN":
		how, section = "nxdomain", "RFC 2308 §2.1"
	case q.RCode != "NOERROR":
		how, section = "failed", "RFC 1035 §4.1.1"
	case len(q.Answers) == 0:
		how, section = "nodata", "RFC 2308 §2.2"
	case q.Type == "MX" && len(q.Answers) == 1 && q.Answers[0] == "0 .":
		how, section = "null", "RFC 7505 §3"
	}
	if q.Cached && h.has("dns."+kind+"."+how+".cached") {
		how += ".cached"
	} else if q.Cached && how != "ok" {
		how = "remembered"
	}
	if addr, list, ok := listed(q.Name); ok && h.has("dns.list."+kind+"."+how) {
		return Explained{
			Sentence: h.t("dns.list."+kind+"."+how, "Addr", addr, "List", list, "Answers", answers(q)),
			RFC:      "RFC 5782 §2.1",
		}
	}
	key := h.first("dns."+kind+"."+how, "dns."+how)
	return Explained{
		Sentence: h.t(key, "Name", strings.TrimSuffix(q.Name, "."), "Type", q.Type, "RCode", q.RCode, "Answers", answers(q)),
		RFC:      section,
	}
}

// listed tells whether a name asks a block list about an address, and which:
// 66.113.0.203.bl.example. asks bl.example about 203.0.113.66.
//
// RFC 5782 §2.1.
func listed(name string) (addr, list string, ok bool) {
	labels := strings.SplitN(strings.TrimSuffix(name, "."), ".", 5)
	if len(labels) < 5 || labels[4] == "in-addr.arpa" {
		return "", "", false
	}
	slices.Reverse(labels[:4])
	a, err := netip.ParseAddr(strings.Join(labels[:4], "."))
	return a.String(), labels[4], err == nil && a.Is4()
}

// answers is what came back, as a person writes it: names without the final
// dot, an MX's host before its preference.
func answers(q *trace.Lookup) string {
	const most = 4
	var said []string
	for i, a := range q.Answers {
		if i == most {
			said = append(said, "…")
			break
		}
		if q.Type == "MX" {
			if preference, host, ok := strings.Cut(a, " "); ok {
				a = strings.TrimSuffix(host, ".") + " (" + preference + ")"
			}
		}
		said = append(said, strings.TrimSuffix(a, "."))
	}
	return strings.Join(said, ", ")
}
