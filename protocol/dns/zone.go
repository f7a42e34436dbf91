package dns

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	mdns "github.com/miekg/dns"
)

const (
	maxRecords = 100_000 // in one zone
	maxSet     = 4096    // in one record set: more would not fit a message
)

// Zone is the authoritative data of one zone. It never changes once built, so
// any number of goroutines may read it.
type Zone struct {
	origin wireName
	soa    *mdns.SOA
	nodes  map[wireName]node // every name that exists, empty non-terminals too
	count  int               // records
}

// node is what stands at one name: its record sets by type. An empty
// non-terminal has none (RFC 4592 §2.2.2).
type node map[uint16][]mdns.RR

// NewZone builds the zone whose top is origin.
//
// The records are copied. There must be one SOA and at least one NS at the
// top (RFC 1035 §5.2); all records are of class IN and at or below it. Equal
// records count once, and a set takes its lowest TTL (RFC 2181 §5).
func NewZone(origin string, records []mdns.RR) (*Zone, error) {
	z, err := emptyZone(origin)
	if err != nil {
		return nil, err
	}
	for _, rr := range records {
		if err := z.add(rr); err != nil {
			return nil, fmt.Errorf("zone %s: %w", z.origin, err)
		}
	}
	if err := z.check(); err != nil {
		return nil, fmt.Errorf("zone %s: %w", z.origin, err)
	}
	return z, nil
}

func emptyZone(origin string) (*Zone, error) {
	top, err := parseName(origin)
	if err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	return &Zone{origin: top, nodes: map[wireName]node{top: {}}}, nil
}

// Origin is the name at the top, absolute, in lower case.
func (z *Zone) Origin() string { return z.origin.String() }

// Records lists all records: the SOA first, then by name from the top down,
// each name's by type, each set in the order in which it was given. They belong
// to the zone and must not be changed.
func (z *Zone) Records() []mdns.RR {
	names := slices.SortedFunc(maps.Keys(z.nodes), compareNames)
	all := make([]mdns.RR, 0, z.count)
	all = append(all, z.soa)
	for _, name := range names {
		n := z.nodes[name]
		for _, t := range slices.Sorted(maps.Keys(n)) {
			if t != mdns.TypeSOA {
				all = append(all, n[t]...)
			}
		}
	}
	return all
}

// compareNames orders names with parents before children, label by label from
// the right (the canonical order of RFC 4034 §6.1).
func compareNames(a, b wireName) int {
	la, lb := labels(a), labels(b)
	for i := 1; i <= min(len(la), len(lb)); i++ {
		if c := strings.Compare(la[len(la)-i], lb[len(lb)-i]); c != 0 {
			return c
		}
	}
	return len(la) - len(lb)
}

func labels(n wireName) []string {
	var ls []string
	for ; !n.isRoot(); n = n.parent() {
		ls = append(ls, string(n[1:1+int(n[0])]))
	}
	return ls
}

// add puts one record into the zone under construction.
func (z *Zone) add(rr mdns.RR) error {
	if rr == nil {
		return errors.New("no record")
	}
	if z.count == maxRecords {
		return fmt.Errorf("more than %d records", maxRecords)
	}
	rr, err := normal(rr)
	if err != nil {
		return err
	}
	h := rr.Header()
	what := h.Name + " " + typeName(h.Rrtype)
	name, err := parseName(h.Name)
	if err != nil {
		return err
	}
	if h.Class != mdns.ClassINET {
		return fmt.Errorf("%s: class is %s, want IN", what, mdns.Class(h.Class))
	}
	if !name.within(z.origin) {
		return fmt.Errorf("%s: not at or below the top of the zone", what)
	}
	switch {
	case h.Rrtype == mdns.TypeDNAME, isMeta(h.Rrtype):
		return fmt.Errorf("%s: records of this type cannot be served", what)
	case h.Rrtype == mdns.TypeSOA && name != z.origin:
		return fmt.Errorf("%s: below the top of the zone", what)
	case h.Rrtype == mdns.TypeSOA && z.soa != nil:
		return fmt.Errorf("%s: a second one", what)
	case h.Rrtype == mdns.TypeNS && name.isWildcard():
		return fmt.Errorf("%s: name servers of a wildcard", what) // RFC 4592 §4.2
	}
	n := z.grow(name)
	if _, has := n[mdns.TypeCNAME]; has && h.Rrtype != mdns.TypeCNAME || h.Rrtype == mdns.TypeCNAME && len(n) > 0 && !has {
		return fmt.Errorf("%s: a CNAME allows no other data beside it", what) // RFC 1034 §3.6.2
	}
	if len(n[h.Rrtype]) == maxSet {
		return fmt.Errorf("%s: more than %d records", what, maxSet)
	}
	for _, old := range n[h.Rrtype] {
		if mdns.IsDuplicate(old, rr) {
			return nil
		}
	}
	if h.Rrtype == mdns.TypeCNAME && len(n[h.Rrtype]) > 0 {
		return fmt.Errorf("%s: a second one", what)
	}
	if soa, ok := rr.(*mdns.SOA); ok {
		z.soa = soa
	}
	n[h.Rrtype] = append(n[h.Rrtype], rr)
	z.count++
	evenTTL(n[h.Rrtype])
	return nil
}

// grow returns the node at name, made together with the empty non-terminals
// above it as needed.
func (z *Zone) grow(name wireName) node {
	for at := name; ; at = at.parent() {
		if _, ok := z.nodes[at]; ok {
			break
		}
		z.nodes[at] = node{}
	}
	return z.nodes[name]
}

// evenTTL gives a set the TTL of its newest record if that is the lowest, and
// the newest record the set's otherwise (RFC 2181 §5.2).
func evenTTL(set []mdns.RR) {
	low := min(set[0].Header().Ttl, set[len(set)-1].Header().Ttl)
	if set[0].Header().Ttl == low {
		set[len(set)-1].Header().Ttl = low
		return
	}
	for _, rr := range set {
		rr.Header().Ttl = low
	}
}

// check says what the finished zone lacks.
func (z *Zone) check() error {
	if z.soa == nil {
		return errors.New("no SOA at the top")
	}
	if len(z.nodes[z.origin][mdns.TypeNS]) == 0 {
		return errors.New("no NS at the top")
	}
	return nil
}

// normal returns a copy of rr as it would arrive in a packet, so that escapes
// have one spelling and everything in a zone is known to fit a packet.
func normal(rr mdns.RR) (mdns.RR, error) {
	what := rr.Header().Name + " " + typeName(rr.Header().Rrtype)
	buf := make([]byte, mdns.Len(rr)+maxName+1)
	n, err := mdns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	out, _, err := mdns.UnpackRR(buf[:n], 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if out.Header().Rdlength == 0 {
		return nil, fmt.Errorf("%s: no data", what)
	}
	// miekg/dns lets the last fields of a record be missing, in text and in
	// packets alike; its text is then not read back.
	if again, err := mdns.NewRR(out.String()); err != nil || again == nil || !mdns.IsDuplicate(out, again) {
		return nil, fmt.Errorf("%s: incomplete data", what)
	}
	if out.Header().Ttl > 1<<31-1 {
		return nil, fmt.Errorf("%s: TTL %d is over 2147483647 seconds", what, out.Header().Ttl) // RFC 2181 §8
	}
	return out, nil
}

// isMeta reports whether t occurs only in questions or packets, never in a
// zone (RFC 6895 §3.1).
func isMeta(t uint16) bool {
	return t == mdns.TypeNone || t == mdns.TypeOPT || 128 <= t && t <= 255
}
