package mta

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"net/netip"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/dns"
	"mailscope/protocol/mailauth"
	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// Filter is what a server asks about letters that come from outside: on
// port 25, from nobody who has signed in. Each step is an event with its
// reason; they are taken in the order of the fields.
type Filter struct {
	DNSBL    string        // zone of a block list (RFC 5782); "" asks none
	SPF      bool          // RFC 7208
	Greylist time.Duration // simulated, for which a stranger has to wait (RFC 6647); 0 is no time
	DKIM     bool          // RFC 6376
	DMARC    bool          // RFC 7489
	Content  bool
}

// screening is what is known of a transaction before the letter comes.
type screening struct {
	from    string // MAIL FROM
	asked   bool   // who the client is
	spf     mailauth.SPF
	refusal *smtp.Reply // for every recipient
}

// outside tells whether the filter is there for this client's letters.
func (r *receiver) outside() bool {
	if r.set.Filter == nil || r.submission || r.user != "" {
		return false
	}
	peer, _ := r.conn.Peer()
	return !r.set.trusts(peer) && !r.client()
}

// trusts tells whether a host has asked already what the filter asks.
func (t *Settings) trusts(host string) bool {
	return slices.ContainsFunc(t.Trusted, func(name string) bool { return strings.EqualFold(name, host) })
}

// screen decides by envelope and connection whether a recipient, otherwise
// accepted, may have the letter.
func (r *receiver) screen(ctx context.Context, to string) *smtp.Reply {
	id := r.conn.Letter()
	if !r.asked {
		r.asked = true
		r.identify(withLetter(ctx, id), id)
	}
	if r.refusal != nil {
		return r.refusal
	}
	if r.set.Filter.Greylist > 0 {
		if wait := r.greylisted(id, to); wait > 0 {
			return reply(451, "4.7.1", fmt.Sprintf("greylisted, try again in %s", wait.Round(time.Second)))
		}
	}
	return nil
}

// identify asks who the client is: once for a letter.
func (r *receiver) identify(ctx context.Context, id string) {
	_, addr := r.conn.Peer()
	if zone := r.set.Filter.DNSBL; zone != "" {
		if r.s.listed(ctx, id, addr, zone) {
			r.refusal = reply(550, "5.7.1", addr.String()+" is listed in "+zone)
			r.s.decided(id, "refuse", "the client is listed in "+zone, "")
			return
		}
	}
	if r.set.Filter.SPF {
		r.spf = mailauth.CheckSPF(ctx, r.s.resolver, addr, r.helo, r.from)
		v := r.spf
		why := v.Reason
		if v.Explanation != "" {
			why += "; the domain explains: " + v.Explanation
		}
		r.s.record(id, &trace.Verdict{Check: "spf", Source: "envelope", Identity: v.Identity, Value: v.Sender, Domain: v.Domain, Addr: addr.String(),
			Asked: v.Asked, Record: v.Record, Term: v.Term, Result: string(v.Result), Reason: why})
	}
}

// listed asks a block list about a client (RFC 5782 §2.1): an address of
// 127.0.0.0/8 says that it is listed, a text perhaps why.
func (s *Server) listed(ctx context.Context, id string, client netip.Addr, zone string) bool {
	v := &trace.Verdict{Check: "dnsbl", Source: "connection", Domain: zone, Addr: client.String(), Result: "pass", Reason: "not listed"}
	defer func() { s.record(id, v) }()
	name, err := dns.ReverseName(client)
	if err != nil {
		v.Result, v.Reason = "temperror", err.Error()
		return false
	}
	name, _, _ = strings.Cut(name, ".in-addr.arpa.")
	name, _, _ = strings.Cut(name, ".ip6.arpa.")
	name += "." + zone
	v.Asked = []string{"A " + name}
	addrs, err := s.resolver.A(ctx, name)
	if errors.Is(err, dns.ErrTemporary) {
		v.Result, v.Reason = "temperror", "the list gave no answer"
		return false
	}
	if !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return a.Is4() && a.As4()[0] == 127 }) {
		return false
	}
	v.Result, v.Record, v.Reason = "fail", addrs[0].String(), "listed"
	v.Asked = append(v.Asked, "TXT "+name)
	if texts, _ := s.resolver.TXT(ctx, name); len(texts) > 0 {
		v.Reason = texts[0]
	}
	return true
}

// judgement is what becomes of a letter.
type judgement struct {
	refusal *smtp.Reply // nil if it is accepted
	junk    bool        // out of sight
	fields  []byte      // that belong on top of it
	letter  []byte      // without the fields that were forged
	why     string
}

// judge decides about a whole letter. One that is not from outside is
// accepted as it is.
func (r *receiver) judge(ctx context.Context, id string, env smtp.Envelope, letter []byte) judgement {
	j := judgement{letter: letter}
	switch {
	case r.set.Filter == nil:
		return j
	case !r.outside():
		r.believe(id, &j)
		return j
	}
	ctx = withLetter(ctx, id)
	f := r.set.Filter
	results := r.spfResult()
	var sigs []mailauth.Signature
	if f.DKIM {
		sigs = r.signatures(ctx, id, letter)
		results = append(results, dkimResults(sigs)...)
	}
	var dmarc mailauth.DMARC
	if f.DMARC {
		dmarc = mailauth.CheckDMARC(ctx, r.s.resolver, letter, r.spf, sigs, sample(letter))
		r.s.recordDMARC(id, dmarc)
		results = append(results, dmarcResult(dmarc))
	}
	points := 0
	if f.Content {
		points = r.scored(id, letter)
	}
	r.strip(id, &j)
	r.decide(&j, sigs, dmarc, points)
	result := "deliver"
	switch {
	case j.refusal != nil:
		r.s.decided(id, "refuse", j.why, "")
		return j
	case j.junk:
		result = "junk"
		results = append(results, mailauth.MethodResult{Method: xFilter, Result: "junk", Reason: j.why})
	}
	field := mailauth.AuthResults{ID: r.s.Host, Results: results}.Field()
	r.s.decided(id, result, j.why, field)
	j.fields = add(nil, field)
	if f.SPF { // both stand above our Received: RFC 8601 §4.1, RFC 7208 §9.1
		j.fields = add(j.fields, mailauth.ReceivedSPF(r.spf, r.s.Host))
	}
	return j
}

// xFilter is the method under which a server tells its neighbours that a
// letter is to be put out of sight (RFC 8601 §2.7.7 leaves x- to us).
const xFilter = "x-filter"

// believe takes over what a neighbour has found out about a letter.
func (r *receiver) believe(id string, j *judgement) {
	peer, _ := r.conn.Peer()
	if !r.set.trusts(peer) {
		return
	}
	a, _ := mailauth.FindAuthResults(j.letter, peer)
	for _, m := range a.Results {
		if m.Method == xFilter && m.Result == "junk" {
			j.junk = true
			r.s.decided(id, "junk", peer+" found: "+m.Reason, "")
		}
	}
}

// strip takes away fields that speak in the name of this server or of one
// that it trusts.
func (r *receiver) strip(id string, j *judgement) {
	var removed []string
	for _, host := range append([]string{r.s.Host}, r.set.Trusted...) {
		var more []string
		j.letter, more = mailauth.StripForged(j.letter, host)
		removed = append(removed, more...)
	}
	if len(removed) > 0 {
		r.s.record(id, &trace.Verdict{Check: "forged", Source: "letter", Result: "removed", Reason: "in the name of this server: " + strings.Join(removed, ", ")})
	}
}

// decide weighs the results; the strictest wins. Where the author's domain has
// a policy, it is DMARC that decides, and not SPF beside it (RFC 7489 §6.7).
func (r *receiver) decide(j *judgement, sigs []mailauth.Signature, dmarc mailauth.DMARC, points int) {
	j.why = "no reason against it"
	switch {
	case points >= refuseScore:
		j.refusal = reply(550, "5.7.1", "letter looks like spam")
		j.why = fmt.Sprintf("content has %d points", points)
		return
	case dmarc.Disposition == "reject":
		j.why = "policy of " + dmarc.At + " is reject"
		j.refusal = reply(550, "5.7.1", "letter is not from "+dmarc.Domain+", whose policy is reject")
		if r.spf.Result != mailauth.Pass && !passed(sigs) {
			j.refusal.Enhanced = "5.7.26" // RFC 7372 §3.3: several checks failed
		}
		return
	case dmarc.Disposition == "quarantine":
		j.junk, j.why = true, "policy of "+dmarc.At+" is quarantine"
	case dmarc.Result == mailauth.PermError:
		j.junk, j.why = true, dmarc.Reason
	case points >= junkScore:
		j.junk, j.why = true, fmt.Sprintf("content has %d points", points)
	case dmarc.Result == mailauth.Pass:
		j.why = dmarc.Reason
	case dmarc.Result == mailauth.Fail:
		j.why = "policy of " + dmarc.At + " lets it pass"
	case r.spf.Result == mailauth.Fail:
		j.junk, j.why = true, "SPF failed for "+r.spf.Domain
	}
}

func passed(sigs []mailauth.Signature) bool {
	return slices.ContainsFunc(sigs, func(s mailauth.Signature) bool { return s.Result == mailauth.Pass })
}

// sample is a number from 0 to 99 that belongs to a letter, for policies that
// mean a part of letters: the same letter always gets the same.
func sample(letter []byte) int {
	return int(crc32.ChecksumIEEE(letter) % 100)
}

// decided records what becomes of a letter, and the field that is written on
// top of it; "" if none is.
func (s *Server) decided(id, result, why, field string) {
	s.record(id, &trace.Verdict{Check: "filter", Source: "both", Result: result, Reason: why, Field: strings.TrimSuffix(field, "\r\n")})
}

// signatures checks those of a letter, an event each; one without any is told
// as such.
func (r *receiver) signatures(ctx context.Context, id string, letter []byte) []mailauth.Signature {
	sigs := mailauth.VerifyDKIM(ctx, r.s.resolver, letter)
	if len(sigs) == 0 {
		r.s.record(id, &trace.Verdict{Check: "dkim", Source: "letter", Result: string(mailauth.None), Reason: "letter has no signature"})
	}
	for _, s := range sigs {
		r.s.record(id, &trace.Verdict{Check: "dkim", Source: "letter", Identity: "header.d", Value: s.Domain, Domain: s.Domain,
			Asked: s.Asked, Record: s.Key, Result: string(s.Result), Reason: s.Reason})
	}
	return sigs
}

func (s *Server) recordDMARC(id string, d mailauth.DMARC) {
	v := &trace.Verdict{Check: "dmarc", Source: "both", Identity: "header.from", Value: d.Domain, Domain: d.Domain, Asked: d.Asked, Record: d.Record,
		Result: string(d.Result), Policy: d.Published, Reason: d.Reason}
	if d.SPFAligned {
		v.Aligned = append(v.Aligned, "spf")
	}
	if d.DKIMAligned {
		v.Aligned = append(v.Aligned, "dkim")
	}
	s.record(id, v)
}

// spfResult is SPF's part of Authentication-Results (RFC 8601 §2.7.2).
func (r *receiver) spfResult() []mailauth.MethodResult {
	if !r.set.Filter.SPF {
		return nil
	}
	return []mailauth.MethodResult{{Method: "spf", Result: r.spf.Result,
		Props: []mailauth.Prop{{Type: "smtp", Name: r.spf.Identity, Value: r.spf.Domain}}}}
}

// dkimResults are those of signatures (RFC 8601 §2.7.1); header.b tells two
// of one domain apart (RFC 6008 §4).
func dkimResults(sigs []mailauth.Signature) (list []mailauth.MethodResult) {
	for _, s := range sigs {
		m := mailauth.MethodResult{Method: "dkim", Result: s.Result}
		for _, p := range []mailauth.Prop{{Type: "header", Name: "d", Value: s.Domain}, {Type: "header", Name: "s", Value: s.Selector},
			{Type: "header", Name: "b", Value: s.Value[:min(len(s.Value), 8)]}} {
			if p.Value != "" {
				m.Props = append(m.Props, p)
			}
		}
		if s.Result != mailauth.Pass {
			m.Reason = s.Reason
		}
		list = append(list, m)
	}
	if list == nil {
		list = []mailauth.MethodResult{{Method: "dkim", Result: mailauth.None}}
	}
	return list
}

// dmarcResult is DMARC's part (RFC 7489 §11.1).
func dmarcResult(d mailauth.DMARC) mailauth.MethodResult {
	m := mailauth.MethodResult{Method: "dmarc", Result: d.Result}
	if d.Published != "" {
		m.Note = "p=" + d.Published
	}
	if d.Domain != "" {
		m.Props = []mailauth.Prop{{Type: "header", Name: "from", Value: d.Domain}}
	}
	return m
}
