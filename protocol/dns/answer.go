package dns

import (
	"slices"

	mdns "github.com/miekg/dns"
)

// maxChain is how many CNAMEs are followed for one question.
const maxChain = 8

// reply is what the zones say to a question, before it becomes a packet.
type reply struct {
	rcode         int
	authoritative bool
	answer        []mdns.RR
	authority     []mdns.RR
	additional    []mdns.RR
	glue          bool // additional belongs to a referral and may not be left out (RFC 9471 §3)
}

// answer finds what the zones hold for a question of class IN.
//
// RFC 1034 §4.3.2; wildcards RFC 4592; an NXDOMAIN after a CNAME is about the
// end of the chain (RFC 6604 §3).
func (set zoneSet) answer(name wireName, qtype uint16) reply {
	zone := set.find(name)
	if zone == nil {
		return reply{rcode: mdns.RcodeRefused}
	}
	r := reply{authoritative: true}
	owner := name.String()
	seen := map[wireName]bool{}
	for zone != nil && !seen[name] && len(seen) <= maxChain {
		seen[name] = true
		if cut := zone.cutAbove(name); cut != "" {
			r.refer(zone, cut)
			break
		}
		n, found := zone.match(name)
		if !found {
			r.rcode = mdns.RcodeNameError
			r.authority = []mdns.RR{zone.negativeSOA()}
			break
		}
		alias := n[mdns.TypeCNAME]
		if len(alias) == 0 || qtype == mdns.TypeCNAME || qtype == mdns.TypeANY {
			records := n.pick(qtype)
			if len(records) == 0 {
				r.authority = []mdns.RR{zone.negativeSOA()}
			}
			r.answer = append(r.answer, owned(records, owner)...)
			break
		}
		r.answer = append(r.answer, owned(alias, owner)...)
		owner = alias[0].(*mdns.CNAME).Target
		name, _ = parseName(owner)
		zone = set.find(name)
	}
	r.addAddresses(set)
	return r
}

// refer turns r into a referral to the zone cut below zone: not authoritative
// unless it already answers with an alias (RFC 1034 §4.3.2 step 3b).
func (r *reply) refer(zone *Zone, cut wireName) {
	r.authoritative = len(r.answer) > 0
	r.authority = zone.nodes[cut][mdns.TypeNS]
	r.glue = true
}

// cutAbove returns the uppermost delegation at or above name, below the top of
// the zone, or "".
func (z *Zone) cutAbove(name wireName) wireName {
	var cut wireName
	for ; len(name) > len(z.origin); name = name.parent() {
		if len(z.nodes[name][mdns.TypeNS]) > 0 {
			cut = name
		}
	}
	return cut
}

// match returns the node for name: its own, or that of the wildcard right below
// its closest encloser (RFC 4592 §3.3.1). Without either, the name does not exist.
func (z *Zone) match(name wireName) (node, bool) {
	if n, ok := z.nodes[name]; ok {
		return n, true
	}
	for {
		name = name.parent()
		if _, ok := z.nodes[name]; ok {
			n, ok := z.nodes[name.wildcard()]
			return n, ok
		}
	}
}

// pick returns the node's records of one type, or all of them in the order
// of their types for ANY.
func (n node) pick(qtype uint16) []mdns.RR {
	if qtype != mdns.TypeANY {
		return n[qtype]
	}
	var types []uint16
	for t := range n {
		types = append(types, t)
	}
	slices.Sort(types)
	var all []mdns.RR
	for _, t := range types {
		all = append(all, n[t]...)
	}
	return all
}

// owned returns copies of records under the name that was asked for, in the
// asker's spelling: what a wildcard stands for gets its name here.
func owned(records []mdns.RR, owner string) []mdns.RR {
	out := make([]mdns.RR, len(records))
	for i, rr := range records {
		out[i] = mdns.Copy(rr)
		out[i].Header().Name = owner
	}
	return out
}

// negativeSOA is the SOA that tells how long a "no" may be kept: the lesser of
// its TTL and its minimum field (RFC 2308 §3).
func (z *Zone) negativeSOA() mdns.RR {
	soa := mdns.Copy(z.soa).(*mdns.SOA)
	soa.Hdr.Ttl = min(soa.Hdr.Ttl, soa.Minttl)
	return soa
}

// addAddresses fills the additional section with the addresses that we hold of
// the hosts named by MX, NS and SRV records (RFC 1035 §3.3.9, §3.3.11).
func (r *reply) addAddresses(set zoneSet) {
	seen := map[wireName]bool{}
	for _, rr := range slices.Concat(r.answer, r.authority) {
		host := ""
		switch rr := rr.(type) {
		case *mdns.MX:
			host = rr.Mx
		case *mdns.NS:
			host = rr.Ns
		case *mdns.SRV:
			host = rr.Target
		}
		if host == "" || host == "." { // null MX, RFC 7505 §3
			continue
		}
		name, err := parseName(host)
		if err != nil || seen[name] {
			continue
		}
		seen[name] = true
		zone := set.find(name)
		if zone == nil {
			continue
		}
		for _, t := range []uint16{mdns.TypeA, mdns.TypeAAAA} {
			r.additional = append(r.additional, owned(zone.nodes[name][t], host)...)
		}
	}
}
