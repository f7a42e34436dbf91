package mailauth

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// The grammar of an SPF record, RFC 7208 §12. Terms are parted by spaces
// alone; what is in a macro's braces is told apart from text.
var (
	spfName     = `[a-z][a-z0-9_.-]*`
	spfMacro    = `%(?:[%_-]|\{[slodiphv][0-9]*r?[.+,/_=-]*\})` // c, r and t are for explanations (§7.2)
	spfString   = `(?:[!-$&-~]|` + spfMacro + `)*`
	spfTop      = `(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?` // not all digits
	spfDomain   = `(?:` + spfString + `\.` + spfTop + `|` + spfString + `%\{[slodiphv][0-9]*r?[.+,/_=-]*\})`
	spfFour     = `/(?:0|[1-9]|[12][0-9]|3[0-2])`
	spfSix      = `/(?:0|[1-9][0-9]?|1[01][0-9]|12[0-8])`
	spfBoth     = `(?:` + spfFour + `)?(?:/` + spfSix + `)?`
	spfModifier = regexp.MustCompile(`(?i)^(` + spfName + `)=(.*)$`)

	spfText       = regexp.MustCompile(`(?i)^` + spfString + `$`)
	spfOneDomain  = regexp.MustCompile(`(?i)^` + spfDomain + `$`)
	spfMechanisms = map[string]*regexp.Regexp{ // what follows the name
		"all":     regexp.MustCompile(`^$`),
		"include": regexp.MustCompile(`(?i)^:` + spfDomain + `$`),
		"exists":  regexp.MustCompile(`(?i)^:` + spfDomain + `$`),
		"ptr":     regexp.MustCompile(`(?i)^(?::` + spfDomain + `)?$`),
		"a":       regexp.MustCompile(`(?i)^(?::` + spfDomain + `)?` + spfBoth + `$`),
		"mx":      regexp.MustCompile(`(?i)^(?::` + spfDomain + `)?` + spfBoth + `$`),
		"ip4":     regexp.MustCompile(`^:([0-9.]+)(?:` + spfFour + `)?$`),
		"ip6":     regexp.MustCompile(`(?i)^:([0-9a-f:.]+)(?:` + spfSix + `)?$`),
	}
)

// spfSyntax tells what is wrong with a policy, nil if nothing is. A mistake
// anywhere in it spoils the whole, even behind a term that would have matched.
//
// RFC 7208 §4.6 and §12; §6 (redirect and exp at most once).
func spfSyntax(policy string) error {
	for i := range len(policy) {
		if c := policy[i]; c < ' ' || c > '~' {
			return fmt.Errorf("octet %d is not ASCII text", i) // §3.1
		}
	}
	seen := map[string]bool{}
	for i, term := range strings.Split(policy, " ") {
		if i == 0 || term == "" { // the version
			continue
		}
		if m := spfModifier.FindStringSubmatch(term); m != nil {
			name := strings.ToLower(m[1])
			known := name == "redirect" || name == "exp"
			switch {
			case known && seen[name]:
				return fmt.Errorf("a second %s", name)
			case known && !spfOneDomain.MatchString(m[2]), !spfText.MatchString(m[2]):
				return fmt.Errorf("%q has no value that it may have", term)
			}
			seen[name] = true
			continue
		}
		if !spfMechanism(term) {
			return fmt.Errorf("%q is no term", term)
		}
	}
	return nil
}

// spfMechanism tells whether a term is a mechanism, perhaps with a qualifier.
func spfMechanism(term string) bool {
	if strings.IndexByte("+-?~", term[0]) >= 0 {
		term = term[1:]
	}
	end := strings.IndexAny(term, ":/")
	if end < 0 {
		end = len(term)
	}
	name := strings.ToLower(term[:end])
	form := spfMechanisms[name]
	if form == nil {
		return false
	}
	m := form.FindStringSubmatch(term[end:])
	if m == nil {
		return false
	}
	if len(m) > 1 {
		a, err := netip.ParseAddr(m[1])
		return err == nil && a.Is4() == (name == "ip4")
	}
	return true
}
