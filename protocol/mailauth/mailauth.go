// Package mailauth tells whom to believe about a letter: it checks SPF
// (RFC 7208), DKIM (RFC 6376, RFC 8463) and DMARC (RFC 7489), makes DKIM
// signatures, and writes and reads the fields in which verdicts are kept,
// Authentication-Results (RFC 8601) and Received-SPF (RFC 7208 §9.1).
//
// Every check returns a result and never an error: what is wrong with a letter
// or a record is permerror, a silent name server temperror. Results are those
// of RFC 8601 §2.7.
package mailauth

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"

	"mailscope/protocol/dns"
)

// Result is what a check came to, as RFC 8601 §2.7 and RFC 7489 §11.2 name it.
type Result string

// The results.
const (
	None      Result = "none"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail" // of SPF
	Neutral   Result = "neutral"  // of SPF and DKIM
	Policy    Result = "policy"   // of DKIM: verified, or could be, but not acceptable here
	TempError Result = "temperror"
	PermError Result = "permerror"
)

// Resolver answers questions to DNS, as a [dns.Resolver] does. Errors are told
// apart by dns.ErrNoName, dns.ErrNoData and everything else, which may pass.
type Resolver interface {
	TXT(ctx context.Context, name string) ([]string, error)
	A(ctx context.Context, host string) ([]netip.Addr, error)     // IPv4
	Addrs(ctx context.Context, host string) ([]netip.Addr, error) // of both kinds
	MX(ctx context.Context, domain string) ([]dns.MX, error)
	PTR(ctx context.Context, addr netip.Addr) ([]string, error)
}

// asker puts questions to a resolver and keeps what was asked. Its errors are
// of the net package's kind, which both libraries want.
type asker struct {
	Resolver
	asked []string // "TXT rocket.example", in order
}

func (a *asker) text(ctx context.Context, name string) ([]string, error) {
	a.note("TXT", name)
	texts, err := a.TXT(ctx, name)
	return texts, netError(name, err)
}

func (a *asker) note(kind, name string) {
	a.asked = append(a.asked, kind+" "+strings.TrimSuffix(name, "."))
}

// netError turns an error of a Resolver into one of the net package.
func netError(name string, err error) error {
	if err == nil {
		return nil
	}
	missing := errors.Is(err, dns.ErrNoName) || errors.Is(err, dns.ErrNoData)
	return &net.DNSError{Err: err.Error(), Name: name, IsNotFound: missing, IsTemporary: !missing}
}

func notFound(err error) bool {
	var e *net.DNSError
	return errors.As(err, &e) && e.IsNotFound
}

// ascii is the form of a domain in which DNS is asked (RFC 5890 §2.3.2.1), in
// lower case and without the final dot; false if it cannot be asked.
func ascii(domain string) (string, bool) {
	domain = strings.TrimSuffix(domain, ".")
	plain := true
	for i := range len(domain) {
		c := domain[i]
		if isAlnum(c) || c == '.' || c == '-' || c == '_' {
			continue
		}
		plain = plain && c < 0x80
		if c <= ' ' || c == 0x7f || strings.IndexByte(`()<>[]@,;:\"/`, c) >= 0 {
			return "", false
		}
	}
	domain = strings.ToLower(domain)
	if !plain {
		var err error
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", false
		}
	}
	if domain == "" || len(domain) > 253 { // RFC 1035 §2.3.4
		return "", false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 {
			return "", false
		}
	}
	return domain, true
}

// cutAddress splits an address at its last @.
func cutAddress(address string) (local, domain string) {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[:i], address[i+1:]
	}
	return address, ""
}
