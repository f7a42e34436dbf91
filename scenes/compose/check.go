package compose

import "strings"

// Limits of a letter written by hand.
const (
	maxTo      = 20      // recipients
	maxSubject = 500     // characters
	maxText    = 1 << 20 // octets
	maxAddress = 254     // octets; RFC 5321 §4.5.3.1.3
)

// Problem is what keeps a draft from being sent.
type Problem struct {
	Key     string // "by.none", "from.bad", "sender.bad", "to.none", "to.bad", "to.many", "subject.long", "text.long"; "" if nothing does
	Address string // that is bad
}

// Check looks for the first problem of d. Whether an address exists is for
// the servers to say.
func (d Draft) Check() Problem {
	switch {
	case d.By == "":
		return Problem{Key: "by.none"}
	case d.From != "" && !plausible(d.From):
		return Problem{Key: "from.bad", Address: d.From}
	case d.Sender != "" && !plausible(d.Sender):
		return Problem{Key: "sender.bad", Address: d.Sender}
	case len(d.To) == 0:
		return Problem{Key: "to.none"}
	case len(d.To) > maxTo:
		return Problem{Key: "to.many"}
	}
	for _, a := range d.To {
		if !plausible(a) {
			return Problem{Key: "to.bad", Address: a}
		}
	}
	switch {
	case len([]rune(d.Subject)) > maxSubject:
		return Problem{Key: "subject.long"}
	case len(d.Text) > maxText:
		return Problem{Key: "text.long"}
	}
	return Problem{}
}

// plausible tells whether s has the outer form of an address.
func plausible(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && len(s) <= maxAddress &&
		!strings.ContainsAny(s, " <>\t\r\n\x00\"(),:;[]\\") &&
		!strings.Contains(s[:at], "@") && !strings.HasPrefix(s[at+1:], ".") && !strings.HasSuffix(s, ".")
}

// Addresses divides what was typed at commas, semicolons and spaces. Each
// address comes once; case is kept.
func Addresses(s string) []string {
	var list []string
	seen := make(map[string]bool)
	for _, a := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) }) {
		if !seen[a] {
			seen[a] = true
			list = append(list, a)
		}
	}
	return list
}
