package dns

import (
	"fmt"
	"strings"

	mdns "github.com/miekg/dns"
)

// maxName is the longest name in octets as sent (RFC 1035 §2.3.4).
const maxName = 255

// wireName is an absolute name as sent in a packet, uncompressed, with A–Z in
// lower case: the form in which names are compared (RFC 1035 §2.3.3,
// RFC 4343 §3). The root is "\x00".
type wireName string

// parseName reads a name in zone-file form; a missing final dot is supplied.
func parseName(s string) (wireName, error) {
	var buf [maxName + 1]byte
	n, err := mdns.PackDomainName(mdns.Fqdn(s), buf[:], 0, nil, false)
	if err != nil || n > maxName {
		return "", fmt.Errorf("not a domain name: %q", s)
	}
	lower(buf[:n])
	return wireName(buf[:n]), nil
}

// String is the zone-file form, absolute, with the final dot.
func (n wireName) String() string {
	s, _, err := mdns.UnpackDomainName([]byte(n), 0)
	if err != nil {
		return fmt.Sprintf("%q", string(n))
	}
	return s
}

func (n wireName) isRoot() bool { return len(n) <= 1 }

// parent drops the first label; the root has none and returns itself.
func (n wireName) parent() wireName {
	if n.isRoot() {
		return n
	}
	return n[1+int(n[0]):]
}

// within reports whether n is top or below it.
func (n wireName) within(top wireName) bool {
	for ; len(n) > len(top); n = n.parent() {
	}
	return n == top
}

// wildcard is the name of the wildcard right below n (RFC 4592 §2.1.1); it is
// longer than a name can be if n is nearly that long, and then exists nowhere.
func (n wireName) wildcard() wireName { return "\x01*" + n }

func (n wireName) isWildcard() bool { return strings.HasPrefix(string(n), "\x01*") }

// lower turns A–Z into a–z in place. Label lengths are at most 63, below 'A'.
func lower(b []byte) {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
}
