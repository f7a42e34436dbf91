package explain

import (
	"regexp"
	"strings"
	"unicode"

	"mailscope/scenes/words"
)

// FaultDetail tells in the chosen language what a fault does. What is said on
// the wire stays as it is; what is no detail of the program's own, too.
func FaultDetail(l words.Lang, detail string) string {
	if len(detail) > maxFinding {
		return detail
	}
	for _, d := range faultDetails {
		m := d.form.FindStringSubmatch(detail)
		if m == nil {
			continue
		}
		kv := []any{}
		for i, name := range d.form.SubexpNames() {
			switch name {
			case "":
			case "Often":
				kv = append(kv, name, faultOften(l, m[i]))
			case "Where":
				kv = append(kv, name, faultPlace(l, m[i]))
			case "Nth":
				kv = append(kv, name, ordinal(l, m[i]))
			case "Kind", "What":
				kv = append(kv, name, faultWord(l, m[i]))
			default:
				kv = append(kv, name, m[i])
			}
		}
		return words.T(l, "explain.fault.detail."+d.key, kv...)
	}
	return detail
}

// faultPlace tells where a fault is: at a host, at a service of it, or between
// two hosts.
func faultPlace(l words.Lang, where string) string {
	if m := between.FindStringSubmatch(where); m != nil {
		return words.T(l, "explain.fault.detail.between", "A", m[1], "B", m[2])
	}
	if service, host, ok := strings.Cut(where, " of "); ok {
		return words.T(l, "explain.fault.detail.service", "Service", service, "Where", faultPlace(l, host))
	}
	return faultWord(l, where)
}

// faultOften tells how often; "" for always.
func faultOften(l words.Lang, often string) string {
	nth, every := strings.CutPrefix(strings.TrimSpace(often), "every ")
	switch {
	case every:
		return words.T(l, "explain.fault.detail.every", "Nth", ordinal(l, nth))
	case often != "":
		return words.T(l, "explain.fault.detail.once")
	}
	return ""
}

// ordinal is an English ordinal, or its number where a language has endings
// of its own for it.
func ordinal(l words.Lang, nth string) string {
	if l == words.EN {
		return nth
	}
	return strings.TrimRightFunc(nth, unicode.IsLetter)
}

// faultWord tells a word of a detail, if it is one that is translated.
func faultWord(l words.Lang, word string) string {
	if key := "explain.fault.detail.word." + strings.ReplaceAll(strings.Trim(word, `"`), " ", "_"); words.Has(l, key) {
		return words.T(l, key)
	}
	return word
}

// between is a place on a link.
var between = regexp.MustCompile(`^between (\S+) and (\S+)$`)

// faultDetails are the forms of sim/fault's details, those that are more exact
// first. What is a quoted line.
var faultDetails = []struct {
	key  string
	form *regexp.Regexp
}{
	{"reply", regexp.MustCompile(`^(?P<Often>every \S+ |one |)(?P<What>".*") is answered (?P<Reply>".*")$`)},
	{"down", regexp.MustCompile(`^(?P<Where>\S+) does not answer$`)},
	{"power.hears", regexp.MustCompile(`^(?P<Where>\S+) loses its power when it hears (?P<Often>every \S+ |one |)(?P<What>".*")$`)},
	{"power.says", regexp.MustCompile(`^(?P<Where>\S+) loses its power before it says (?P<Often>every \S+ |one |)(?P<What>".*")$`)},
	{"power", regexp.MustCompile(`^(?P<Where>\S+) has no power$`)},
	{"refused", regexp.MustCompile(`^(?P<Where>(?:\S+ of )?\S+) is closed$`)},
	{"disk", regexp.MustCompile(`^(?P<Where>\S+) has no room left$`)},
	{"certificate", regexp.MustCompile(`^(?P<Where>\S+) shows a certificate that is (?P<Kind>[a-z ]+)$`)},
	{"slow.both", regexp.MustCompile(`^(?P<Where>[^:"]+): (?P<Latency>\S+) one way, (?P<Rate>\d+) kbit/s$`)},
	{"slow.late", regexp.MustCompile(`^(?P<Where>[^:"]+): (?P<Latency>\S+) one way$`)},
	{"slow.thin", regexp.MustCompile(`^(?P<Where>[^:"]+): (?P<Rate>\d+) kbit/s$`)},
	{"lossy", regexp.MustCompile(`^(?P<Where>[^:"]+): every (?P<Nth>\S+) line is lost$`)},
	{"cut.bytes", regexp.MustCompile(`^(?P<Where>[^:"]+): the connection breaks after (?P<Bytes>\d+) octets$`)},
	{"cut.after", regexp.MustCompile(`^(?P<Where>[^:"]+): the connection breaks after (?P<Often>every \S+ |one |)(?P<What>".*")$`)},
	{"cut.unanswered", regexp.MustCompile(`^(?P<Where>[^:"]+): (?P<Often>every \S+ |one |)(?P<What>".*") is said, and the answer never heard$`)},
	{"strip", regexp.MustCompile(`^(?P<Where>[^:"]+): STARTTLS is erased$`)},
	{"dns.any", regexp.MustCompile(`^(?P<Often>every \d\S+ |one |)every type (?P<Name>\S+): (?P<Kind>servfail|silence|stale)$`)},
	{"dns", regexp.MustCompile(`^(?P<Often>every \d\S+ |one |)(?P<Record>[A-Z0-9]+) (?P<Name>\S+): (?P<Kind>servfail|silence|stale)$`)},
}
