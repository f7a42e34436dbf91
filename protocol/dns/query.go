package dns

import (
	"encoding/binary"
	"errors"

	mdns "github.com/miekg/dns"
)

const (
	headerLen = 12  // octets (RFC 1035 §4.1.1)
	plainUDP  = 512 // octets in a UDP message without EDNS (RFC 1035 §4.2.1)
	serverUDP = 4096
)

// Header bits in octets 2 and 3 of a message (RFC 1035 §4.1.1, RFC 4035 §3.1.6).
const (
	bitQR, maskOpcode, bitAA, bitTC, bitRD = 0x80, 0x78, 0x04, 0x02, 0x01
	bitCD                                  = 0x10
)

// query is what a server needs to know of a question's packet.
type query struct {
	question []byte // as sent: name, type, class; part of the packet
	name     []byte // the name in question, as sent
	qtype    uint16
	class    uint16
	edns     bool
	version  byte // of EDNS
	dnssecOK bool
	size     int // octets that the asker takes in one UDP message
}

var errFormat = errors.New("malformed query")

// parseQuery reads the packet of a standard query after its header, which the
// caller has seen to be whole.
//
// Anything that is not one question, well-formed records and at most one OPT
// is errFormat. A question's name holds no compression pointers; those of the
// other names must point backwards, so that no chain of them can loop.
//
// RFC 1035 §4.1, RFC 6891 §6.1.
func parseQuery(packet []byte) (query, error) {
	if binary.BigEndian.Uint16(packet[4:]) != 1 { // QDCOUNT
		return query{}, errFormat
	}
	end := headerLen
	for {
		if end >= len(packet) || packet[end] > 63 {
			return query{}, errFormat
		}
		step := int(packet[end]) + 1
		end += step
		if step == 1 {
			break
		}
	}
	if end-headerLen > maxName || end+4 > len(packet) {
		return query{}, errFormat
	}
	q := query{
		question: packet[headerLen : end+4],
		name:     packet[headerLen:end],
		qtype:    binary.BigEndian.Uint16(packet[end:]),
		class:    binary.BigEndian.Uint16(packet[end+2:]),
		size:     plainUDP,
	}
	records := 0
	for at := 6; at < headerLen; at += 2 { // ANCOUNT, NSCOUNT, ARCOUNT
		records += int(binary.BigEndian.Uint16(packet[at:]))
	}
	additional := int(binary.BigEndian.Uint16(packet[10:]))
	at := end + 4
	for left := records; left > 0; left-- {
		next, err := q.record(packet, at, left <= additional)
		if err != nil {
			return query{}, err
		}
		at = next
	}
	if at != len(packet) {
		return query{}, errFormat
	}
	return q, nil
}

// record walks over the record at octet at, takes note of it if it is the OPT,
// and returns where the next one starts.
func (q *query) record(packet []byte, at int, additional bool) (int, error) {
	root := at < len(packet) && packet[at] == 0
	at, ok := skipName(packet, at)
	if !ok || at+10 > len(packet) {
		return 0, errFormat
	}
	fixed := packet[at : at+10]
	data := at + 10
	end := data + int(binary.BigEndian.Uint16(fixed[8:]))
	if end > len(packet) {
		return 0, errFormat
	}
	if binary.BigEndian.Uint16(fixed) != mdns.TypeOPT {
		return end, nil
	}
	if !additional || !root || q.edns { // RFC 6891 §6.1.1
		return 0, errFormat
	}
	q.edns = true
	q.size = max(plainUDP, int(binary.BigEndian.Uint16(fixed[2:]))) // §6.2.3
	q.version = fixed[5]                                            // §6.1.3
	q.dnssecOK = fixed[6]&0x80 != 0
	for data < end { // options, §6.1.2
		if data+4 > end {
			return 0, errFormat
		}
		data += 4 + int(binary.BigEndian.Uint16(packet[data+2:]))
	}
	if data != end {
		return 0, errFormat
	}
	return end, nil
}

// skipName returns the octet after the possibly compressed name at octet at
// (RFC 1035 §4.1.4).
func skipName(packet []byte, at int) (int, bool) {
	for start := at; at < len(packet); {
		switch n := int(packet[at]); {
		case n == 0:
			return at + 1, true
		case n <= 63:
			at += n + 1
		case n >= 0xC0 && at+1 < len(packet):
			to := (n&0x3F)<<8 | int(packet[at+1])
			return at + 2, to < start
		default:
			return 0, false
		}
	}
	return 0, false
}
