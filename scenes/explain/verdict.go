package explain

import (
	"cmp"
	"strings"

	"mailscope/sim/trace"
)

// verdictSections has, for each check, its standard.
var verdictSections = map[string]string{
	"dnsbl":    "RFC 5782 §2.1",
	"spf":      "RFC 7208 §2.6",
	"greylist": "RFC 6647 §2.4",
	"dkim":     "RFC 6376 §6.1",
	"dmarc":    "RFC 7489 §6.6.2",
	"content":  "",
	"forged":   "RFC 8601 §5",
	"filter":   "", // each server decides for itself
}

// verdict explains what a check came to.
func (h *what) verdict(v *trace.Verdict) Explained {
	vouch := strings.ToUpper(strings.Join(v.Aligned, ", "))
	if len(v.Aligned) == 2 {
		vouch = h.t("verdict.both")
	}
	key := h.first("verdict."+v.Check+"."+v.Result, "verdict.other")
	return Explained{
		Sentence: h.t(key, "Addr", v.Addr, "Domain", cmp.Or(v.Domain, v.Value), "Term", v.Term,
			"Aligned", vouch, "Policy", v.Policy, "Score", v.Score, "Reason", VerdictReason(h.lang, v)),
		RFC: verdictSections[v.Check],
	}
}
