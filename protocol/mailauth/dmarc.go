package mailauth

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"
)

// DMARC is a verdict about the address that a reader sees in From.
type DMARC struct {
	Result      Result
	Domain      string   // of From, as DNS was asked
	Record      string   // the policy that applies; "" if there is none
	At          string   // domain that publishes it: Domain, or its organizational domain
	Published   string   // what it asks for: "none", "quarantine" or "reject"; "" without a record
	Disposition string   // what it asks for this letter: "none" if it passed
	SPFAligned  bool     // SPF passed for a domain that is aligned
	DKIMAligned bool     // so did a signature
	Reason      string   // in a few words
	Asked       []string // questions to DNS, in order
}

// maxAuthors is how many domains in one From field are looked at.
const maxAuthors = 8

// CheckDMARC tells whether SPF or one of the signatures vouches for the domain
// in the letter's From field, and what that domain wants done if not. sample,
// from 0 to 99, decides whether a policy that asks for a part of letters
// (pct=) means this one.
//
// RFC 7489 §6.6; of several domains in From the strictest decides (§6.6.1).
func CheckDMARC(ctx context.Context, r Resolver, letter []byte, spf SPF, sigs []Signature, sample int) DMARC {
	domains, wrong := authors(letter)
	if wrong != "" {
		return DMARC{Result: PermError, Disposition: "none", Reason: wrong}
	}
	ask := &asker{Resolver: r}
	var worst DMARC
	for i, d := range domains {
		v := checkAuthor(ctx, ask, d, spf, sigs, sample)
		if i == 0 || severity(v) > severity(worst) {
			worst = v
		}
	}
	worst.Asked = ask.asked
	return worst
}

// severity orders verdicts: those that ask for something first, then those
// that did not pass.
func severity(v DMARC) int {
	return 10*slices.Index(policies, v.Disposition) + slices.Index([]Result{Pass, None, PermError, TempError, Fail}, v.Result)
}

var policies = []string{"none", "quarantine", "reject"}

func checkAuthor(ctx context.Context, ask *asker, domain string, spf SPF, sigs []Signature, sample int) DMARC {
	v := DMARC{Domain: domain, Disposition: "none"}
	rec, err := v.find(ctx, ask)
	switch {
	case err != nil:
		v.Result, v.Reason = TempError, "DNS gave no answer about the policy of "+domain
		return v
	case rec == nil:
		v.Result, v.Reason = None, domain+" publishes no policy"
		return v
	}
	v.Published = string(rec.Policy)
	if v.At != domain && rec.SubdomainPolicy != "" {
		v.Published = string(rec.SubdomainPolicy)
	}
	v.SPFAligned = spf.Result == Pass && aligned(spf.Domain, domain, rec.SPFAlignment)
	temporary := spf.Result == TempError
	for _, s := range sigs {
		v.DKIMAligned = v.DKIMAligned || s.Result == Pass && aligned(s.Domain, domain, rec.DKIMAlignment)
		temporary = temporary || s.Result == TempError
	}
	switch {
	case v.SPFAligned && v.DKIMAligned:
		v.Result, v.Reason = Pass, "SPF and DKIM vouch for "+domain
	case v.SPFAligned:
		v.Result, v.Reason = Pass, "SPF vouches for "+domain
	case v.DKIMAligned:
		v.Result, v.Reason = Pass, "DKIM vouches for "+domain
	case temporary: // §6.6.2: it might have passed
		v.Result, v.Reason = TempError, "not all that could vouch for "+domain+" could be checked"
	default:
		v.Result, v.Reason = Fail, "nothing vouches for "+domain
		if spf.Result == Pass {
			v.Reason += "; SPF passed for " + spf.Domain
		}
		v.Disposition = v.Published
		if rec.Percent != nil && sample >= *rec.Percent { // §6.6.4: the next milder policy
			v.Disposition = policies[max(slices.Index(policies, v.Published)-1, 0)]
			v.Reason += fmt.Sprintf("; the policy means %d of 100 letters, and not this one", *rec.Percent)
		}
	}
	return v
}

// find looks for the policy of v.Domain: its own, or that of its
// organizational domain (RFC 7489 §6.6.3). An error is one that may pass.
func (v *DMARC) find(ctx context.Context, ask *asker) (*dmarc.Record, error) {
	at := []string{v.Domain}
	if org := Organizational(v.Domain); org != v.Domain {
		at = append(at, org)
	}
	for _, d := range at {
		texts, err := ask.text(ctx, "_dmarc."+d)
		if err != nil && !notFound(err) {
			return nil, err
		}
		var found []string
		for _, t := range texts {
			if isDMARC(t) {
				found = append(found, t)
			}
		}
		if len(found) != 1 { // several count as none
			if len(found) > 1 {
				return nil, nil
			}
			continue
		}
		if rec := ParseDMARC(found[0]); rec != nil {
			v.Record, v.At = found[0], d
			return rec, nil
		}
		return nil, nil
	}
	return nil, nil
}

// isDMARC tells whether a text claims to be a policy: its version is its
// first tag, letter for letter (RFC 7489 §6.3).
func isDMARC(text string) bool {
	name, version, _ := strings.Cut(text, "=")
	version, _, _ = strings.Cut(version, ";")
	return strings.TrimRight(name, wsp) == "v" && trim(version) == "DMARC1"
}

// ParseDMARC reads a policy. A tag whose value is wrong counts as absent, and
// a wrong or missing p as "none" if reports are asked for; otherwise the
// policy is none and nil is returned.
//
// RFC 7489 §6.3, §6.6.3 (6).
func ParseDMARC(text string) *dmarc.Record {
	if !isDMARC(text) {
		return nil
	}
	if rec, err := dmarc.Parse(text); err == nil { // nothing wrong in it
		return rec
	}
	kept, p := "", "none"
	good, reports := false, false
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		name, value = trim(name), trim(value)
		if !ok || name == "v" {
			continue
		}
		if name != "rua" && name != "ruf" {
			value = strings.ToLower(value) // the grammar's words have no case (RFC 5234 §2.3)
		}
		one := "; " + name + "=" + value
		if name == "p" {
			if _, err := dmarc.Parse("v=DMARC1" + one); err == nil && !good {
				p, good = value, true
			}
			continue
		}
		if _, err := dmarc.Parse("v=DMARC1; p=none" + one); err == nil {
			kept += one
			reports = reports || name == "rua" && strings.Contains(value, ":")
		}
	}
	if !good && !reports {
		return nil
	}
	rec, err := dmarc.Parse("v=DMARC1; p=" + p + kept)
	if err != nil {
		return nil
	}
	return rec
}

// Organizational is the domain that a domain belongs to: one label more than
// a public suffix (RFC 7489 §3.2).
func Organizational(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// aligned tells whether a domain that was proven is the author's: the same,
// or, relaxed, of the same organizational domain (RFC 7489 §3.1).
func aligned(proven, author string, mode dmarc.AlignmentMode) bool {
	proven, ok := ascii(proven)
	switch {
	case !ok:
		return false
	case mode == dmarc.AlignmentStrict:
		return proven == author
	}
	return Organizational(proven) == Organizational(author)
}

// authors lists the domains of a letter's From field, each once, or says why
// it cannot (RFC 7489 §6.6.1, RFC 5322 §3.6.2).
func authors(letter []byte) (domains []string, wrong string) {
	list, _ := fields(letter)
	from := ""
	n := 0
	for _, f := range list {
		if f.is("From") {
			from = string(f.body())
			n++
		}
	}
	switch {
	case n == 0:
		return nil, "letter has no From field"
	case n > 1:
		return nil, fmt.Sprintf("letter has %d From fields", n)
	case len(from) > maxHead:
		return nil, "From field is too long"
	}
	if d, ok := soleDomain(from); ok {
		return []string{d}, ""
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{
		CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil }}} // names do not matter here
	addresses, err := parser.ParseList(trim(from))
	if err != nil {
		return nil, "From field cannot be read"
	}
	for _, a := range addresses {
		_, name := cutAddress(a.Address)
		d, ok := ascii(name)
		switch {
		case !ok:
			return nil, fmt.Sprintf("%q in From is no domain", name)
		case slices.Contains(domains, d):
			continue
		case len(domains) == maxAuthors:
			return nil, fmt.Sprintf("From has more than %d domains", maxAuthors)
		}
		domains = append(domains, d)
	}
	if len(domains) == 0 { // a group without members (RFC 6854 §2.1)
		return nil, "From names nobody"
	}
	return domains, ""
}

// soleDomain is the domain of a From field of the two common forms,
// "ana@one.example" and "Ana <ana@one.example>"; false means to look closer.
func soleDomain(from string) (string, bool) {
	from = trim(from)
	if name, rest, ok := strings.Cut(from, "<"); ok {
		address, end, ok := strings.Cut(rest, ">")
		if !ok || end != "" || strings.ContainsAny(name, `",:;()@\[]`) {
			return "", false
		}
		from = address
	}
	local, domain, ok := strings.Cut(from, "@")
	if !ok || local == "" || strings.ContainsAny(local, wsp+`"<>,:;()\[].`) {
		return "", false
	}
	return ascii(domain)
}

// From tells whether domain, and no other, stands in a letter's From field.
func From(letter []byte, domain string) bool {
	domains, wrong := authors(letter)
	return wrong == "" && len(domains) == 1 && strings.EqualFold(domains[0], domain)
}
