package mailauth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"

	"mailscope/protocol/dns"
)

// SPF is a verdict about a client's address and the domain in whose name it
// speaks.
type SPF struct {
	Result      Result
	Identity    string     // "mailfrom", or "helo" for the null reverse-path (RFC 7208 §2.4)
	Sender      string     // address that was checked
	Domain      string     // of Sender, as DNS was asked
	Helo        string     // as the client greeted
	IP          netip.Addr // of the client
	Record      string     // the domain's policy; "" if it has none
	Term        string     // that decided, as the record has it; "" if none did
	Reason      string     // in a few words
	Explanation string     // what the domain says to those whom it turns away (exp=); "" if nothing
	Lookups     int        // terms that asked DNS (RFC 7208 §4.6.4)
	Void        int        // questions among them that found nothing
	Asked       []string   // questions to DNS, in order: "TXT rocket.example"
}

// CheckSPF tells whether ip may send letters of mailFrom, "" being the null
// reverse-path.
//
// RFC 7208 §4; at most ten terms ask DNS and two of their questions may find
// nothing (§4.6.4).
func CheckSPF(ctx context.Context, r Resolver, ip netip.Addr, helo, mailFrom string) SPF {
	v := SPF{Identity: "mailfrom", Sender: mailFrom, Helo: helo, IP: ip.Unmap().WithZone("")}
	if mailFrom == "" {
		v.Identity, v.Sender = "helo", "postmaster@"+helo // §2.4
	}
	local, domain := cutAddress(v.Sender)
	if local == "" {
		local = "postmaster" // §4.3
	}
	var ok bool
	if v.Domain, ok = ascii(domain); !ok || !strings.Contains(v.Domain, ".") {
		v.Domain = domain
		v.Result, v.Reason = None, fmt.Sprintf("%q is no domain name that DNS knows", domain) // §4.3
		return v
	}
	w := &spfAsker{asker: asker{Resolver: r}, four: v.IP.Is4(), domain: v.Domain}
	// The library takes the domain from behind the first @, which a quoted
	// local part may hold too.
	sender := strings.ReplaceAll(local, "@", "_") + "@" + v.Domain
	result, err := spf.CheckHostWithSender(v.IP.AsSlice(), helo, sender,
		spf.WithContext(ctx), spf.WithResolver(w), spf.WithTraceFunc(w.heard))
	v.Result, v.Record, v.Term = Result(result), w.record, w.term
	vars := macros{sender: local + "@" + domain, domain: v.Domain, ip: v.IP, helo: helo}
	if p, ok := w.decisive(vars); ok {
		v.Term = p.spelling(w.term)
		if v.Result == Fail {
			vars.domain = p.domain
			v.Explanation = w.explanation(ctx, p, vars)
		}
	}
	v.Lookups, v.Void, v.Asked = w.lookups, w.void, w.asked
	if w.wrong != nil && v.Result == PermError {
		err = w.wrong
	}
	v.explain(err)
	return v
}

// explain says in a few words why the result is what it is. The texts are
// after the examples of RFC 7208 §9.1.
func (v *SPF) explain(err error) {
	ip := v.IP.String()
	if !v.matched(err) {
		v.Term = ""
	} else if v.Term == "" {
		v.Term = "all"
	}
	switch v.Result {
	case Pass:
		v.Reason = fmt.Sprintf("domain of %s designates %s as permitted sender", v.Sender, ip)
	case Fail:
		v.Reason = fmt.Sprintf("domain of %s does not designate %s as permitted sender", v.Sender, ip)
	case SoftFail:
		v.Reason = fmt.Sprintf("domain of %s discourages use of %s as sender", v.Sender, ip)
	case Neutral:
		v.Reason = fmt.Sprintf("%s is neither permitted nor denied by domain of %s", ip, v.Sender)
	case None:
		v.Reason = fmt.Sprintf("domain of %s publishes no policy", v.Sender)
	case TempError:
		v.Reason = fmt.Sprintf("DNS gave no answer about domain of %s", v.Sender)
	default:
		v.Reason = fmt.Sprintf("policy of domain of %s cannot be interpreted", v.Sender)
		if err != nil {
			v.Reason += ": " + err.Error()
		}
	}
}

// matched tells whether a term decided.
func (v *SPF) matched(err error) bool {
	for _, m := range []error{spf.ErrMatchedAll, spf.ErrMatchedA, spf.ErrMatchedIP, spf.ErrMatchedMX, spf.ErrMatchedPTR, spf.ErrMatchedExists} {
		if errors.Is(err, m) {
			return true
		}
	}
	return false
}

// spfAsker answers the library's questions and counts them.
type spfAsker struct {
	asker
	domain   string // whose policy is wanted
	four     bool   // the client's address is one of IPv4
	record   string
	policies []policy // of domain and those that it includes or points to
	term     string
	wrong    error // in the policy that was read last
	texts    int
	lookups  int
	void     int
	follow   []string // hosts whose addresses belong to the term that named them
}

// heard takes the term that decided out of what the library tells as it works.
// It promises no form of that; if the form changes, Term is "all" for any.
func (w *spfAsker) heard(form string, args ...any) {
	switch form {
	case "%q %v, %v", "%q: %v, %v":
		if term, ok := args[0].(string); ok && len(args) == 3 {
			if !strings.HasPrefix(strings.ToLower(term), "redirect=") { // it names another policy whose term decided
				w.term = term
			}
		}
	case "all: %v":
		w.term = "all"
	}
}

// policy is one record that was read.
type policy struct{ domain, text string }

// decisive is the policy whose term decided: the domain's, or one that it
// points to. What it includes only tells whether the include matches
// (RFC 7208 §5.2).
func (w *spfAsker) decisive(vars macros) (policy, bool) {
	at := w.domain
	for range w.policies { // the way cannot be longer
		i := slices.IndexFunc(w.policies, func(p policy) bool { return strings.EqualFold(p.domain, at) })
		if i < 0 {
			break
		}
		p := w.policies[i]
		if p.spelling(w.term) != "" {
			return p, true
		}
		for t := range strings.FieldsSeq(p.text) {
			if name, value, ok := strings.Cut(t, "="); ok && strings.EqualFold(name, "redirect") {
				vars.domain = p.domain
				at, _ = vars.expand(value, false)
			}
		}
	}
	return policy{}, false
}

// spelling is a term as the policy has it, with its qualifier, which the
// library takes off; "" if it is not there.
func (p policy) spelling(term string) string {
	for t := range strings.FieldsSeq(p.text) {
		if strings.EqualFold(strings.TrimLeft(t, "+-~?"), term) {
			return t
		}
	}
	return ""
}

func (w *spfAsker) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if w.texts > 0 {
		w.lookups++ // include and redirect; the policy itself counts as none
	}
	w.texts++
	texts, err := w.text(ctx, name)
	for i, t := range texts {
		if version, _, _ := strings.Cut(t, " "); strings.EqualFold(version, "v=spf1") {
			w.policies = append(w.policies, policy{strings.TrimSuffix(name, "."), t})
			if w.texts == 1 {
				w.record = t
			}
			if w.wrong = spfSyntax(t); w.wrong != nil { // the library looks no further than it has to
				texts = slices.Clone(texts)
				texts[i] = "v=spf1 wrong"
			}
		}
	}
	return texts, err
}

func (w *spfAsker) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	w.note("MX", name)
	list, err := w.MX(ctx, name)
	var out []*net.MX
	w.follow = nil
	for _, mx := range list {
		if !mx.Null() {
			out = append(out, &net.MX{Host: mx.Host, Pref: mx.Pref})
			w.follow = append(w.follow, mx.Host)
		}
	}
	return out, w.count(len(out), netError(name, err))
}

func (w *spfAsker) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	follows := len(w.follow) > 0 && w.follow[0] == host
	if follows {
		w.follow = w.follow[1:]
	}
	var out []net.IPAddr
	addrs, err := w.find(ctx, host)
	for _, a := range addrs {
		out = append(out, net.IPAddr{IP: a.AsSlice()})
	}
	err = netError(host, err)
	if !follows {
		err = w.count(len(out), err)
	}
	return out, err
}

// find asks for addresses of the client's kind (RFC 7208 §5); for those of
// IPv4 in any case, which exists goes by (§5.7).
func (w *spfAsker) find(ctx context.Context, host string) ([]netip.Addr, error) {
	w.note("A", host)
	if w.four {
		return w.A(ctx, host)
	}
	w.note("AAAA", host)
	return w.Addrs(ctx, host)
}

func (w *spfAsker) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return nil, err
	}
	name, _ := dns.ReverseName(a)
	w.note("PTR", name)
	names, err := w.PTR(ctx, a)
	w.follow = names
	return names, w.count(len(names), netError(name, err))
}

// count counts one term's question.
func (w *spfAsker) count(answers int, err error) error {
	w.lookups++
	if answers == 0 && (err == nil || notFound(err)) {
		w.void++
	}
	return err
}
