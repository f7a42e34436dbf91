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
	"sieve":    "RFC 5228 §2.10.2",

	"sieve.fileinto": "RFC 5228 §4.1",
	"sieve.redirect": "RFC 5228 §4.2",
	"sieve.discard":  "RFC 5228 §4.4",
	"sieve.reject":   "RFC 5429 §2.2",
}

// kept is why a script leaves a letter where it would have been without one.
func kept(v *trace.Verdict) string {
	switch {
	case v.Check != "sieve" || v.Result != "keep":
		return ""
	case strings.Contains(v.Reason, "went wrong"):
		return ".wrong"
	case strings.Contains(v.Reason, "copies"):
		return ".copy"
	case !strings.HasPrefix(v.Term, "keep"):
		return ".instead"
	case v.Record != "":
		return ".rule"
	}
	return ""
}

// aim is the folder or the address that an action of a script names: its last
// string.
func aim(term string) string {
	last := term
	for i := 0; i < len(term); i++ {
		if term[i] != '"' {
			continue
		}
		var b strings.Builder
		for i++; i < len(term) && term[i] != '"'; i++ {
			if term[i] == '\\' && i+1 < len(term) {
				i++
			}
			b.WriteByte(term[i])
		}
		last = b.String()
	}
	return last
}

// verdict explains what a check came to.
func (h *what) verdict(v *trace.Verdict) Explained {
	vouch := strings.ToUpper(strings.Join(v.Aligned, ", "))
	if len(v.Aligned) == 2 {
		vouch = h.t("verdict.both")
	}
	key := h.first("verdict."+v.Check+"."+v.Result+kept(v), "verdict.other")
	return Explained{
		Sentence: h.t(key, "Addr", v.Addr, "Domain", cmp.Or(v.Domain, v.Value), "Term", v.Term,
			"Aligned", vouch, "Policy", v.Policy, "Value", v.Value, "Aim", aim(v.Term), "Score", v.Score, "Reason", VerdictReason(h.lang, v)),
		RFC: cmp.Or(verdictSections[v.Check+"."+v.Result], verdictSections[v.Check]),
	}
}
