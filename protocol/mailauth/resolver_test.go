package mailauth

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"mailscope/protocol/dns"
)

// zone is a name server in memory: lines such as "rocket.example TXT v=spf1 -all".
// A line "name FAIL" makes every question about a name fail for now.
type zone map[string][]string

func newZone(lines string) zone {
	z := zone{}
	for line := range strings.Lines(lines) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		kind, data, _ := strings.Cut(rest, " ")
		z[name] = append(z[name], "")
		z[name+" "+kind] = append(z[name+" "+kind], data)
	}
	return z
}

func (z zone) ask(name, kind string) ([]string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for range 8 { // aliases
		if to := z[name+" CNAME"]; to != nil {
			name = strings.ToLower(to[0])
		}
	}
	switch {
	case z[name+" FAIL"] != nil:
		return nil, dns.ErrTemporary
	case z[name+" "+kind] != nil:
		return z[name+" "+kind], nil
	case z[name] != nil:
		return nil, dns.ErrNoData
	}
	return nil, dns.ErrNoName
}

func (z zone) TXT(_ context.Context, name string) ([]string, error) { return z.ask(name, "TXT") }

func (z zone) A(_ context.Context, host string) (list []netip.Addr, err error) {
	four, err := z.ask(host, "A")
	for _, a := range four {
		list = append(list, netip.MustParseAddr(a))
	}
	return list, err
}

func (z zone) Addrs(_ context.Context, host string) (list []netip.Addr, err error) {
	four, err := z.ask(host, "A")
	six, err6 := z.ask(host, "AAAA")
	for _, a := range append(four[:len(four):len(four)], six...) {
		list = append(list, netip.MustParseAddr(a))
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, errors.Join(err, err6)
}

func (z zone) MX(_ context.Context, domain string) (list []dns.MX, err error) {
	texts, err := z.ask(domain, "MX")
	for _, t := range texts {
		pref, host, _ := strings.Cut(t, " ")
		n, _ := strconv.Atoi(pref)
		list = append(list, dns.MX{Pref: uint16(n), Host: host + "."})
	}
	return list, err
}

func (z zone) PTR(_ context.Context, addr netip.Addr) ([]string, error) {
	return z.ask(addr.String(), "PTR")
}

var _ Resolver = (*dns.Resolver)(nil)

func letter(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

func TestFields(t *testing.T) {
	for _, in := range []string{"", "\r\n", "\r\nbody", "A: b\r\n", "A: b\r\n c\r\n\r\nbody\r\n", "no colon\r\nA : b\r\n\r\n", "A:", " x\r\nB: c\r\n\r\n"} {
		list, rest := fields([]byte(in))
		whole := ""
		for _, f := range list {
			whole += string(f.raw)
		}
		if whole+string(rest) != in && whole+"\r\n"+string(rest) != in {
			t.Errorf("%q fell into %q and %q", in, whole, rest)
		}
	}
}
