package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"mailscope/protocol/dns"
)

// TTL is how long others remember a world's records.
const TTL = time.Hour

// zones builds what the name server answers from. serials has, for zones that
// were changed, how often.
func (s *Spec) zones(f *File, hosts map[string]netip.Addr, serials map[string]int) (*dns.Zones, error) {
	zones := &dns.Zones{}
	texts := map[string]*strings.Builder{}
	zone := func(origin string) *strings.Builder {
		b := texts[origin]
		if b == nil {
			b = &strings.Builder{}
			texts[origin] = b
			fmt.Fprintf(b, "$TTL %d\n@ IN SOA %s. postmaster.%s. %d 7200 900 1209600 300\n@ IN NS %s.\n",
				int(TTL.Seconds()), s.DNS.Name, s.DNS.Name, 1+serials[origin], s.DNS.Name)
		}
		return b
	}
	origins := make([]string, 0, len(s.Domains)+1)
	for _, d := range s.Domains {
		origins = append(origins, d.Name)
		zone(d.Name)
	}
	origins = append(origins, "example", "test") // what does not exist there is said not to
	zone("example")
	zone("test")
	nsZone := parent(s.DNS.Name, origins)
	for name, a := range hosts {
		z := nsZone
		if name != s.DNS.Name {
			z = parent(name, origins)
		}
		fmt.Fprintf(zone(z), "%s. IN %s %s\n", name, addressType(a), a)
		if rev, err := dns.ReverseName(a); err == nil {
			fmt.Fprintf(zone(reverseZone(rev, a)), "%s IN PTR %s.\n", rev, name)
		}
	}
	for i, d := range s.Domains {
		b := zone(d.Name)
		for _, mx := range d.MX {
			fmt.Fprintf(b, "@ IN MX %d %s.\n", mx.Preference, mx.Host)
		}
		if d.NullMX {
			fmt.Fprint(b, "@ IN MX 0 .\n")
		}
		for _, t := range d.texts() {
			fmt.Fprintf(b, "%s IN TXT %s\n", t.name, quoted(t.text))
		}
		for j, r := range d.Records {
			before := b.String()
			if _, err := dns.ParseZone(d.Name, strings.NewReader(before+r+"\n"), "records"); err != nil {
				return nil, f.Errorf(fmt.Sprintf("domains[%d].records[%d]", i, j), "%v", err)
			}
			b.WriteString(r + "\n")
		}
	}
	for origin, b := range texts {
		z, err := dns.ParseZone(origin, strings.NewReader(b.String()), origin)
		if err != nil {
			return nil, err
		}
		zones.Set(z)
	}
	return zones, nil
}

func addressType(a netip.Addr) string {
	if a.Is4() {
		return "A"
	}
	return "AAAA"
}

// parent is the zone in which a name stands: the longest origin above it, or
// what follows its first label.
func parent(name string, origins []string) string {
	best := ""
	for _, o := range origins {
		if (name == o || strings.HasSuffix(name, "."+o)) && len(o) > len(best) {
			best = o
		}
	}
	if best == "" {
		_, best, _ = strings.Cut(name, ".")
	}
	return best
}

// reverseZone cuts a reverse name down to its network's zone: /24 or /32.
func reverseZone(name string, a netip.Addr) string {
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	keep := 5 // 2.0.192.in-addr.arpa
	if a.Is6() {
		keep = 10 // 8 nibbles
	}
	return strings.Join(labels[len(labels)-keep:], ".")
}
