package dns

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	mdns "github.com/miekg/dns"
)

// MX is one mail exchanger of a domain.
type MX struct {
	Pref uint16 // the lowest is tried first
	Host string // absolute, with the final dot
}

// Null reports whether m says that the domain takes no mail (RFC 7505 §3).
func (m MX) Null() bool { return m.Host == "." }

// MX lists a domain's mail exchangers, the preferred first, those of equal
// preference in the order received (RFC 5321 §5.1: the caller shuffles them).
//
// Without MX records the error is ErrNoData: the domain itself may then have an
// address to deliver to. A domain that takes no mail has one MX, Null.
func (r *Resolver) MX(ctx context.Context, domain string) ([]MX, error) {
	a, err := r.Lookup(ctx, domain, mdns.TypeMX)
	if err != nil {
		return nil, err
	}
	var out []MX
	for _, rr := range a.Records {
		if mx, ok := rr.(*mdns.MX); ok {
			out = append(out, MX{mx.Preference, mx.Mx})
		}
	}
	slices.SortStableFunc(out, func(a, b MX) int { return int(a.Pref) - int(b.Pref) })
	return out, nil
}

// Addrs lists a host's addresses, IPv4 first, each kind in the order received.
//
// It asks for A, then for AAAA. Having one kind is success whatever came of the
// other. Having none, the error is ErrTemporary if either question failed so.
func (r *Resolver) Addrs(ctx context.Context, host string) ([]netip.Addr, error) {
	return r.addrs(ctx, host, mdns.TypeA, mdns.TypeAAAA)
}

// A lists a host's IPv4 addresses, in the order received, and asks for no
// others.
func (r *Resolver) A(ctx context.Context, host string) ([]netip.Addr, error) {
	return r.addrs(ctx, host, mdns.TypeA)
}

func (r *Resolver) addrs(ctx context.Context, host string, qtypes ...uint16) ([]netip.Addr, error) {
	var out []netip.Addr
	var failure error
	for _, qtype := range qtypes {
		a, err := r.Lookup(ctx, host, qtype)
		if err != nil {
			if failure == nil || errors.Is(err, ErrTemporary) {
				failure = err
			}
			continue
		}
		for _, rr := range a.Records {
			switch rr := rr.(type) {
			case *mdns.A:
				if ip, ok := netip.AddrFromSlice(rr.A); ok {
					out = append(out, ip.Unmap())
				}
			case *mdns.AAAA:
				if ip, ok := netip.AddrFromSlice(rr.AAAA); ok {
					out = append(out, ip)
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, failure
	}
	return out, nil
}

// TXT lists a name's texts, one a record: its strings joined with nothing
// between, in raw octets (RFC 7208 §3.3).
func (r *Resolver) TXT(ctx context.Context, name string) ([]string, error) {
	a, err := r.Lookup(ctx, name, mdns.TypeTXT)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, rr := range a.Records {
		if txt, ok := rr.(*mdns.TXT); ok {
			out = append(out, rawText(txt.Txt))
		}
	}
	return out, nil
}

// PTR lists the names of an address, absolute, with the final dot, in the order
// received (RFC 1035 §3.5, RFC 3596 §2.5).
func (r *Resolver) PTR(ctx context.Context, addr netip.Addr) ([]string, error) {
	name, err := ReverseName(addr)
	if err != nil {
		return nil, err
	}
	a, err := r.Lookup(ctx, name, mdns.TypePTR)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, rr := range a.Records {
		if ptr, ok := rr.(*mdns.PTR); ok {
			out = append(out, ptr.Ptr)
		}
	}
	return out, nil
}

// ReverseName is the name that an address's PTR records have, such as
// "10.2.0.192.in-addr.arpa.".
func ReverseName(addr netip.Addr) (string, error) {
	name, err := mdns.ReverseAddr(addr.Unmap().WithZone("").String())
	if err != nil {
		return "", fmt.Errorf("reverse name of %s: %w", addr, err)
	}
	return name, nil
}

// rawText joins character strings and undoes their zone-file escapes: \" and
// \DDD (RFC 1035 §5.1).
func rawText(parts []string) string {
	var out []byte
	for _, s := range parts {
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] != '\\':
				out = append(out, s[i])
			case i+3 < len(s) && isDigit(s[i+1]) && isDigit(s[i+2]) && isDigit(s[i+3]):
				out = append(out, (s[i+1]-'0')*100+(s[i+2]-'0')*10+s[i+3]-'0')
				i += 3
			case i+1 < len(s):
				i++
				out = append(out, s[i])
			}
		}
	}
	return string(out)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
