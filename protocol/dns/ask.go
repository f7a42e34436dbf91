package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	mdns "github.com/miekg/dns"
)

// resolverUDP is how many octets of reply by UDP we ask for at most: what
// passes any link unfragmented.
const resolverUDP = 1232

var errMismatch = errors.New("reply is not to the question")

// ask puts one question to the server, twice if no good reply comes, and reads
// the answer out of the reply.
//
// A server that does not know EDNS is asked again without (RFC 6891 §7).
func (r *Resolver) ask(ctx context.Context, name wireName, qtype uint16) (Answer, error) {
	a := Answer{Name: name.String(), Type: qtype, Canonical: name.String()}
	edns := true
	var failure error
	for range tries {
		msg, err := r.exchange(ctx, a.Name, qtype, edns)
		if ctx.Err() != nil && err != nil {
			return a, fmt.Errorf("%w: %w", ErrTemporary, ctx.Err())
		}
		if err != nil {
			failure = err
			continue
		}
		a.RCode = rcodeName(msg.Rcode)
		switch msg.Rcode {
		case mdns.RcodeSuccess, mdns.RcodeNameError:
			a.read(msg)
			return a, a.err
		case mdns.RcodeFormatError, mdns.RcodeNotImplemented:
			edns = false
		default:
			return a, fmt.Errorf("%w: server says %s", ErrTemporary, a.RCode)
		}
		failure = fmt.Errorf("server says %s", a.RCode)
	}
	return a, fmt.Errorf("%w: %w", ErrTemporary, failure)
}

// exchange sends the question by UDP, and by TCP if the reply was truncated
// (RFC 1035 §4.2.1, RFC 7766 §5). The reply is to the question.
func (r *Resolver) exchange(ctx context.Context, name string, qtype uint16, edns bool) (*mdns.Msg, error) {
	query := new(mdns.Msg)
	query.SetQuestion(name, qtype)
	if edns {
		query.SetEdns0(resolverUDP, false)
	}
	msg, err := r.send(ctx, "udp", query)
	if err == nil && msg.Truncated {
		msg, err = r.send(ctx, "tcp", query)
	}
	return msg, err
}

// send exchanges one message over a connection of its own.
func (r *Resolver) send(ctx context.Context, network string, query *mdns.Msg) (*mdns.Msg, error) {
	timeout := r.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	query.Id = mdns.Id()
	if r.IDs != nil {
		query.Id = r.IDs()
	}
	packet, err := query.Pack()
	if err != nil {
		return nil, fmt.Errorf("pack question: %w", err)
	}
	conn, err := r.Dial(ctx, network)
	if err != nil {
		return nil, fmt.Errorf("connect to name server by %s: %w", network, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, fmt.Errorf("set deadline: %w", err)
		}
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		_ = conn.SetDeadline(time.Unix(1, 0)) // long past: wakes what waits on conn, which then fails
	})
	defer func() {
		if !stop() {
			<-ended
		}
	}()
	if network == "tcp" {
		return overTCP(conn, packet, query)
	}
	return overUDP(conn, packet, query)
}

// overUDP sends the question and waits for its reply, passing over datagrams
// that are not (RFC 5452 §9.1).
func overUDP(conn net.Conn, packet []byte, query *mdns.Msg) (*mdns.Msg, error) {
	if _, err := conn.Write(packet); err != nil {
		return nil, fmt.Errorf("send question: %w", err)
	}
	buf := make([]byte, 1<<16)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return nil, fmt.Errorf("read reply: %w", err)
		}
		if msg, err := readReply(buf[:n], query); err == nil {
			return msg, nil
		}
	}
}

// overTCP is the same on a stream, where anything but the reply is an error.
func overTCP(conn net.Conn, packet []byte, query *mdns.Msg) (*mdns.Msg, error) {
	frame := append(make([]byte, 2, 2+len(packet)), packet...)
	putLength(frame)
	if _, err := conn.Write(frame); err != nil {
		return nil, fmt.Errorf("send question: %w", err)
	}
	buf, err := readFrame(conn, nil)
	if err != nil {
		return nil, fmt.Errorf("read reply: %w", err)
	}
	msg, err := readReply(buf, query)
	if err == nil && msg.Truncated {
		err = errors.New("reply is truncated even on tcp")
	}
	if err != nil {
		return nil, fmt.Errorf("read reply: %w", err)
	}
	return msg, nil
}

// readReply unpacks a reply and checks that it is one to query: id, kind and
// question (RFC 5452 §9.1). One that only says what went wrong may lack the
// question. What follows the question of a truncated reply is not looked at.
func readReply(packet []byte, query *mdns.Msg) (*mdns.Msg, error) {
	msg := new(mdns.Msg)
	err := msg.Unpack(packet)
	if err != nil && !msg.Truncated {
		return nil, fmt.Errorf("unpack reply: %w", err)
	}
	if msg.Id != query.Id || !msg.Response || msg.Opcode != mdns.OpcodeQuery {
		return nil, errMismatch
	}
	failed := msg.Rcode != mdns.RcodeSuccess && msg.Rcode != mdns.RcodeNameError
	if len(msg.Question) == 0 && failed {
		return msg, nil
	}
	if len(msg.Question) != 1 {
		return nil, errMismatch
	}
	got, want := msg.Question[0], query.Question[0]
	name, err := parseName(got.Name)
	if err != nil || name.String() != want.Name || got.Qtype != want.Qtype || got.Qclass != want.Qclass {
		return nil, errMismatch
	}
	return msg, nil
}

// read takes the answer out of a reply with NOERROR or NXDOMAIN. Only records
// that the question leads to count: those of its name, or of names that aliases
// in the reply lead to.
//
// What the reply means follows RFC 2308 §2.1 and §2.2: aliases without an end
// and without an SOA are still to be followed.
func (a *Answer) read(msg *mdns.Msg) {
	name, _ := parseName(a.Name)
	found := false
	for seen := map[wireName]bool{}; !seen[name]; {
		seen[name] = true
		var alias *mdns.CNAME
		for _, rr := range msg.Answer {
			h := rr.Header()
			owner, err := parseName(h.Name)
			if err != nil || owner != name || h.Class != mdns.ClassINET {
				continue
			}
			switch cname, is := rr.(*mdns.CNAME); {
			case h.Rrtype == a.Type, a.Type == mdns.TypeANY:
				a.Records = append(a.Records, rr)
				found = true
			case is && alias == nil:
				alias = cname
			}
		}
		if found || alias == nil {
			break
		}
		a.Records = append(a.Records, alias)
		a.Canonical = alias.Target
		name, _ = parseName(alias.Target)
	}
	if canonical, err := parseName(a.Canonical); err == nil {
		a.Canonical = canonical.String()
	}
	no, proven := negativeTTL(msg)
	switch {
	case found:
		a.TTL = leastTTL(a.Records)
		return
	case msg.Rcode == mdns.RcodeNameError:
		a.err = ErrNoName
	case proven, len(a.Records) == 0:
		a.err = ErrNoData
	}
	if len(a.Records) == 0 {
		a.TTL = no
		return
	}
	a.TTL = leastTTL(a.Records)
	if a.err != nil {
		a.TTL = min(a.TTL, no)
	}
}

// negativeTTL is how long the "no" in msg may be kept: not at all without an SOA
// (RFC 2308 §5).
func negativeTTL(msg *mdns.Msg) (ttl time.Duration, proven bool) {
	for _, rr := range msg.Ns {
		if soa, ok := rr.(*mdns.SOA); ok {
			return min(lifetime(soa.Hdr.Ttl), lifetime(soa.Minttl)), true
		}
	}
	return 0, false
}
