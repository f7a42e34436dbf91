package dns

import (
	"fmt"
	"net"

	mdns "github.com/miekg/dns"
)

// maxKept is how many octets of packed answers one responder keeps.
const maxKept = 4 << 20

// responder turns question packets into answer packets. Each goroutine of a
// server has its own: it remembers packed answers without any lock, for as long
// as the zones stay as they are.
type responder struct {
	zones  *Zones
	set    *zoneSet // the state that kept belongs to
	kept   map[string]*packed
	octets int // in kept
	key    [maxName + 5]byte

	instead func(net.Addr, Lookup) *Trouble // nil if the server behaves
	from    peer                            // who asks
}

// packed is one answer ready to send but for id, flags and the spelling of the
// question, in the forms that it takes as room grows short. All are never
// longer than 65,535 octets.
type packed struct {
	full   []byte
	lean   []byte // without the additional section; nil if that may not go
	cut    []byte // truncated to the question: TC (RFC 2181 §9)
	lookup Lookup
}

// respond appends the answer to packet to out, at most limit(size) octets of
// it, where size is what the asker takes by UDP, and returns it with a
// description; an empty result means that packet deserves no answer.
//
// The description is shared and must not be changed; it is nil if the packet
// held no readable question.
func (r *responder) respond(out, packet []byte, limit func(size int) int) ([]byte, *Lookup) {
	if len(packet) < headerLen || packet[2]&bitQR != 0 {
		return out, nil // RFC 5452 §4.1 says why: a reply to a reply never ends
	}
	if packet[2]&maskOpcode != 0 {
		return bare(out, packet, mdns.RcodeNotImplemented), nil
	}
	q, err := parseQuery(packet)
	if err != nil {
		return bare(out, packet, mdns.RcodeFormatError), nil
	}
	p := r.find(q)
	if r.instead != nil {
		if t := r.instead(r.from.addr(), p.lookup); t != nil {
			if t.Silent {
				return out, &Lookup{Name: p.lookup.Name, Type: p.lookup.Type}
			}
			p = pack(q, wireName(r.key[:len(q.name)]), t.reply(q, wireName(r.key[:len(q.name)])))
		}
	}
	body := p.full
	if max := limit(q.size); len(body) > max {
		if body = p.lean; body == nil || len(body) > max {
			body = p.cut
		}
	}
	start := len(out)
	out = append(out, body...)
	mark(out[start:], packet)
	copy(out[start+headerLen:], q.question) // keeps the asker's case: draft-vixie-dnsext-dns0x20 §2
	return out, &p.lookup
}

// bare appends a reply that is only a header (RFC 1035 §4.1.1).
func bare(out, packet []byte, rcode byte) []byte {
	start := len(out)
	out = append(out, make([]byte, headerLen)...)
	out[start+3] = rcode
	mark(out[start:], packet)
	return out
}

// mark copies what a reply repeats from its query: id, opcode, RD and CD.
func mark(reply, packet []byte) {
	reply[0], reply[1] = packet[0], packet[1]
	reply[2] |= bitQR | packet[2]&(maskOpcode|bitRD)
	reply[3] |= packet[3] & bitCD
}

// find returns the answer to q, packed now or before.
func (r *responder) find(q query) *packed {
	if set := r.zones.load(); set != r.set || r.octets > maxKept {
		r.set, r.kept, r.octets = set, map[string]*packed{}, 0
	}
	n := copy(r.key[:], q.question)
	lower(r.key[:len(q.name)])
	r.key[n] = 0
	if q.edns {
		r.key[n] |= 1
	}
	if q.dnssecOK {
		r.key[n] |= 2
	}
	if q.version != 0 {
		r.key[n] |= 4
	}
	key := r.key[:n+1]
	if p := r.kept[string(key)]; p != nil {
		return p
	}
	name := wireName(key[:len(q.name)])
	p := pack(q, name, decide(q, name, *r.set))
	r.kept[string(key)] = p
	r.octets += len(key) + len(p.full) + len(p.lean) + len(p.cut)
	return p
}

// reply is what is answered to q in place of the truth.
func (t *Trouble) reply(q query, name wireName) reply {
	switch {
	case t.Fail:
		return reply{rcode: mdns.RcodeServerFailure}
	case t.Zones != nil:
		return decide(q, name, *t.Zones.load())
	}
	return reply{answer: t.Records, authoritative: true}
}

// pack packs the answer to q, whose name in lower case is name.
func pack(q query, name wireName, rep reply) *packed {
	msg := &mdns.Msg{Compress: true}
	msg.Rcode = rep.rcode // its upper bits go into the OPT
	msg.Authoritative = rep.authoritative
	msg.Question = []mdns.Question{{Name: name.String(), Qtype: q.qtype, Qclass: q.class}}
	var opt []mdns.RR
	if q.edns {
		opt = []mdns.RR{replyOPT(q)}
	}
	p := &packed{lookup: describe(msg.Question[0], rep)}
	msg.Extra = opt
	msg.Truncated = true
	p.cut = mustPack(msg)

	msg.Truncated = false
	msg.Answer, msg.Ns = rep.answer, rep.authority
	if lean, ok := tryPack(msg); ok && !(rep.glue && len(rep.additional) > 0) {
		p.lean = lean
	}
	msg.Extra = append(rep.additional[:len(rep.additional):len(rep.additional)], opt...)
	full, ok := tryPack(msg)
	switch {
	case ok:
		p.full = full
	case p.lean != nil:
		p.full = p.lean
	default:
		p.full = p.cut
	}
	return p
}

// decide answers what needs no zone, and asks the zones for the rest.
func decide(q query, name wireName, set zoneSet) reply {
	switch {
	case q.version != 0:
		return reply{rcode: mdns.RcodeBadVers} // RFC 6891 §6.1.3
	case q.class != mdns.ClassINET:
		return reply{rcode: mdns.RcodeRefused}
	case q.qtype == mdns.TypeOPT, q.qtype == mdns.TypeNone:
		return reply{rcode: mdns.RcodeFormatError}
	case isMeta(q.qtype) && q.qtype != mdns.TypeANY:
		return reply{rcode: mdns.RcodeRefused} // AXFR and IXFR above all (RFC 5936 §2.2.1)
	}
	return set.answer(name, q.qtype)
}

// replyOPT is the OPT of a reply: our own size and version, the asker's DO bit
// (RFC 6891 §6.1.3, RFC 3225 §3).
func replyOPT(q query) *mdns.OPT {
	opt := &mdns.OPT{Hdr: mdns.RR_Header{Name: ".", Rrtype: mdns.TypeOPT}}
	opt.SetUDPSize(serverUDP)
	opt.SetDo(q.dnssecOK)
	return opt
}

func describe(q mdns.Question, r reply) Lookup {
	l := Lookup{Name: q.Name, Type: typeName(q.Qtype), RCode: rcodeName(r.rcode), Answers: dataText(r.answer)}
	l.TTL = leastTTL(r.answer)
	if len(r.answer) == 0 && r.authoritative {
		l.TTL = leastTTL(r.authority)
	}
	return l
}

// tryPack packs msg and reports whether it fits a message at all (RFC 1035
// §4.2.2: 65,535 octets).
func tryPack(msg *mdns.Msg) ([]byte, bool) {
	b, err := msg.Pack()
	return b, err == nil && len(b) <= mdns.MaxMsgSize
}

// mustPack packs a message of a question read from a packet and perhaps an OPT,
// which cannot fail.
func mustPack(msg *mdns.Msg) []byte {
	b, err := msg.Pack()
	if err != nil {
		panic(fmt.Sprintf("pack %v: %v", msg.Question, err))
	}
	return b
}
