package dns

import (
	"strings"
	"time"

	mdns "github.com/miekg/dns"
)

// Lookup is one question and what came back, as the trace shows it.
type Lookup struct {
	Name    string        // absolute, with the final dot, in lower case
	Type    string        // "MX", "TXT", …
	Answers []string      // zone-file form of the data, in the order received; empty if none
	TTL     time.Duration // how long the answer may be kept; 0 means not at all
	RCode   string        // "NOERROR", "NXDOMAIN", …; empty if no reply came
	Cached  bool          // answered without asking
	Err     error         // what the asker was told, nil if it got records
}

// typeName is a type's mnemonic, or TYPE123 (RFC 3597 §5).
func typeName(t uint16) string { return mdns.Type(t).String() }

// rcodeName is a response code's mnemonic (RFC 6895 §2.3), or RCODE123.
func rcodeName(code int) string {
	if code == mdns.RcodeBadVers {
		return "BADVERS" // shares its number with BADSIG
	}
	if s, ok := mdns.RcodeToString[code]; ok {
		return s
	}
	return "RCODE" + strings.TrimPrefix(mdns.Type(code).String(), "TYPE")
}

// dataText lists the data of records in zone-file form, without names and TTLs.
func dataText(records []mdns.RR) []string {
	if len(records) == 0 {
		return nil
	}
	out := make([]string, len(records))
	for i, rr := range records {
		out[i] = strings.TrimPrefix(rr.String(), rr.Header().String())
	}
	return out
}

// leastTTL is the time for which all of records may be kept; 0 without any.
func leastTTL(records []mdns.RR) time.Duration {
	if len(records) == 0 {
		return 0
	}
	least := lifetime(records[0].Header().Ttl)
	for _, rr := range records[1:] {
		least = min(least, lifetime(rr.Header().Ttl))
	}
	return least
}

// lifetime reads a TTL field; one with the top bit set counts as zero
// (RFC 2181 §8).
func lifetime(seconds uint32) time.Duration {
	if seconds > 1<<31-1 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
