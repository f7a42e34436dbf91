package explain

import (
	"strings"

	"mailscope/sim/trace"
)

// changeSections has, for each setting that a standard speaks of, where.
var changeSections = map[string]string{
	"spf":            "RFC 7208 §3",
	"dkim":           "RFC 6376 §3.6.2",
	"dmarc":          "RFC 7489 §6.3",
	"mx":             "RFC 5321 §5.1",
	"records":        "RFC 1034 §3.6",
	"tls":            "RFC 3207 §4.1",
	"starttls":       "RFC 3207 §4",
	"cleartext_auth": "RFC 4954 §4",
	"auth":           "RFC 4954 §3",
	"lax_sender":     "RFC 6409 §6.1",
	"open_relay":     "RFC 5321 §7.1",
	"max_size":       "RFC 1870 §4",
	"offer":          "RFC 5321 §2.2.1",
	"retry":          "RFC 5321 §4.5.4.1",
}

// change explains a setting that an administrator changed.
func (h *what) change(c *trace.Change) Explained {
	key, state := "change."+c.Key, c.New
	if state == "" {
		state = "off"
	}
	return Explained{
		Sentence: h.t(h.first(key+"."+state, key, "change.other"), "Domain", c.Domain, "Host", short(h.event.From), "Key", c.Key,
			"Old", oneLine(c.Old), "New", oneLine(c.New)),
		RFC: changeSections[c.Key],
	}
}

// oneLine has the lines of a list one after another.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }
