package mta

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"mailscope/protocol/dns"
)

// route finds the hosts responsible for a domain, best first. On failure
// hosts is nil and why says what to tell the sender; why.temporary tells
// whether to try again.
//
// RFC 5321 §5.1; null MX RFC 7505.
func (s *Server) route(ctx context.Context, domain string) (hosts []string, why *outcome) {
	if s.Smarthost != "" {
		return []string{s.Smarthost}, nil
	}
	if _, ok := literal(domain); ok {
		return []string{domain}, nil
	}
	list, err := s.resolver.MX(ctx, domain)
	switch {
	case errors.Is(err, dns.ErrNoData): // the domain's own address serves
		return []string{domain}, nil
	case errors.Is(err, dns.ErrNoName):
		return nil, failed("5.1.2", "no such domain: "+domain)
	case err != nil:
		return nil, deferred("4.4.3", "DNS gave no answer for "+domain)
	}
	own := -1
	for _, mx := range list {
		if mx.Host == "." || mx.Host == "" {
			return nil, failed("5.1.10", domain+" takes no mail (null MX)")
		}
		if strings.EqualFold(strings.TrimSuffix(mx.Host, "."), s.Host) {
			own = int(mx.Pref)
		}
	}
	for _, mx := range list {
		if own < 0 || int(mx.Pref) < own {
			hosts = append(hosts, strings.TrimSuffix(mx.Host, "."))
		}
	}
	if len(hosts) == 0 {
		return nil, failed("5.4.6", "mail for "+domain+" loops back to "+s.Host)
	}
	return hosts, nil
}

// addresses finds the addresses of a host that a route names.
func (s *Server) addresses(ctx context.Context, host string) ([]netip.Addr, *outcome) {
	if a, ok := literal(host); ok {
		return []netip.Addr{a}, nil
	}
	addrs, err := s.resolver.Addrs(ctx, host)
	switch {
	case errors.Is(err, dns.ErrNoData), errors.Is(err, dns.ErrNoName), err == nil && len(addrs) == 0:
		return nil, failed("5.4.4", "no address for "+host)
	case err != nil:
		return nil, deferred("4.4.3", "DNS gave no answer for "+host)
	}
	return addrs, nil
}
