package dns

import (
	"bytes"
	"strings"
	"testing"

	mdns "github.com/miekg/dns"
)

// Packets are written as header, question and the rest, so that each test shows
// what is wrong with it.
const (
	head  = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" // id 0x1234, RD, one question
	headX = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01" // and one additional record
	ask   = "\x06rocket\x07example\x00\x00\x0f\x00\x01"        // rocket.example. MX IN
	opt   = "\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00"     // 4096 octets, version 0
)

func TestMalformedPackets(t *testing.T) {
	tests := []struct {
		name, packet string
		want         int // response code; -1 for no reply
	}{
		{"good", head + ask, mdns.RcodeSuccess},
		{"good with OPT", headX + ask + opt, mdns.RcodeSuccess},
		{"empty", "", -1},
		{"half a header", head[:11], -1},
		{"a reply", "\x12\x34\x81" + head[3:] + ask, -1},
		{"header alone", head, mdns.RcodeFormatError},
		{"no question", "\x12\x34\x01\x00\x00\x00" + head[6:], mdns.RcodeFormatError},
		{"two questions", "\x12\x34\x01\x00\x00\x02" + head[6:] + ask + ask, mdns.RcodeFormatError},
		{"name without end", head + "\x06rocket", mdns.RcodeFormatError},
		{"label cut short", head + "\x3frocket", mdns.RcodeFormatError},
		{"no type", head + ask[:len(ask)-4], mdns.RcodeFormatError},
		{"half a class", head + ask[:len(ask)-1], mdns.RcodeFormatError},
		{"pointer to itself", head + "\xc0\x0c\x00\x0f\x00\x01", mdns.RcodeFormatError},
		{"pointers in a ring", head + "\x01a\xc0\x10\xc0\x0c\x00\x0f\x00\x01", mdns.RcodeFormatError},
		{"pointer beyond", head + "\xc3\xff\x00\x0f\x00\x01", mdns.RcodeFormatError},
		{"reserved label", head + "\x41a\x00\x00\x0f\x00\x01", mdns.RcodeFormatError},
		{"256 octets of name", head + strings.Repeat("\x01a", 127) + "\x01\x00\x00\x0f\x00\x01", mdns.RcodeFormatError},
		{"garbage after", head + ask + "x", mdns.RcodeFormatError},
		{"record missing", headX + ask, mdns.RcodeFormatError},
		{"65535 records", head[:10] + "\xff\xff" + ask + opt, mdns.RcodeFormatError},
		{"two OPT", head[:10] + "\x00\x02" + ask + opt + opt, mdns.RcodeFormatError},
		{"OPT as answer", head[:6] + "\x00\x01\x00\x00\x00\x00" + ask + opt, mdns.RcodeFormatError},
		{"OPT with a name", headX + ask + "\x01a" + opt, mdns.RcodeFormatError},
		{"OPT data cut short", headX + ask + opt[:9] + "\x00\x04\x00\x0a", mdns.RcodeFormatError},
		{"option longer than OPT", headX + ask + opt[:9] + "\x00\x04\x00\x0a\x00\x08", mdns.RcodeFormatError},
		{"record's name loops", headX + ask + "\xc0\x20" + opt[1:], mdns.RcodeFormatError},
		{"OPT in question", head + "\x00\x00\x29\x00\x01", mdns.RcodeFormatError},
		{"update", "\x12\x34\x29" + head[3:] + ask, mdns.RcodeNotImplemented},
		{"notify", "\x12\x34\x21" + head[3:] + ask, mdns.RcodeNotImplemented},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := responder{zones: testZones(t)}
			out, _ := r.respond(nil, []byte(tt.packet), udpLimit)
			if tt.want < 0 {
				if len(out) > 0 {
					t.Errorf("answered % x", out)
				}
				return
			}
			m := new(mdns.Msg)
			if err := m.Unpack(out); err != nil {
				t.Fatal(err)
			}
			if m.Rcode != tt.want || m.Id != 0x1234 || !m.RecursionDesired || m.RecursionAvailable {
				t.Errorf("answered %v, want %s", m, mdns.RcodeToString[tt.want])
			}
		})
	}
}

// FuzzRespond feeds any packet to the server: what comes out is nothing, or a
// reply to it that fits the asker's room and repeats its question; and it comes
// out equal the second time.
func FuzzRespond(f *testing.F) {
	f.Add([]byte(head + ask))
	f.Add([]byte(headX + ask + opt))
	f.Add([]byte(headX + ask + "\x00\x00\x29\x04\xd0\x00\x01\x80\x00\x00\x00"))
	f.Add([]byte(head + "\x01a\xc0\x10\xc0\x0c\x00\x0f\x00\x01"))
	f.Add([]byte(head + "\x05LoOp1" + ask[:16] + "\x00\xff\x00\x01"))
	f.Add([]byte(head + "\x01.\x01\\\x02\x00\xff\x04wild" + ask[:16] + "\x00\x10\x00\x01"))
	zones := testZones(f)
	r := responder{zones: zones}
	f.Fuzz(func(t *testing.T, packet []byte) {
		out, l := r.respond(nil, packet, udpLimit)
		if again, _ := r.respond(nil, packet, udpLimit); !bytes.Equal(out, again) {
			t.Errorf("answered % x, then % x", out, again)
		}
		if len(out) == 0 {
			if len(packet) >= headerLen && packet[2]&bitQR == 0 {
				t.Error("a question got no answer")
			}
			return
		}
		m := new(mdns.Msg)
		if err := m.Unpack(out); err != nil {
			t.Fatalf("reply % x: %v", out, err)
		}
		if !bytes.Equal(out[:2], packet[:2]) || !m.Response || m.RecursionAvailable ||
			m.Opcode != int(packet[2]>>3&15) || m.RecursionDesired != (packet[2]&1 == 1) {
			t.Errorf("reply's header is % x, query's % x", out[:4], packet[:4])
		}
		if l == nil {
			return
		}
		q, err := parseQuery(packet)
		if err != nil {
			t.Fatalf("observed %v though %v", l, err)
		}
		if len(m.Question) != 1 || !bytes.HasPrefix(out[headerLen:], q.question) {
			t.Errorf("question came back as %v", m.Question)
		}
		if len(out) > q.size {
			t.Errorf("%d octets for one who takes %d", len(out), q.size)
		}
		if (m.IsEdns0() != nil) != q.edns {
			t.Error("EDNS only on one side")
		}
	})
}

// FuzzReadReply claims that a reply is accepted only if it is to the question,
// and that what is read out of it belongs to it.
func FuzzReadReply(f *testing.F) {
	query := question("www.rocket.example.", mdns.TypeA)
	query.Id = 0x1234
	r := responder{zones: testZones(f)}
	packet, err := query.Pack()
	if err != nil {
		f.Fatal(err)
	}
	good, _ := r.respond(nil, packet, udpLimit)
	f.Add(good)
	f.Add(good[:40])
	f.Fuzz(func(t *testing.T, in []byte) {
		msg, err := readReply(in, query)
		if err != nil {
			return
		}
		if in[0] != 0x12 || in[1] != 0x34 || in[2]&bitQR == 0 {
			t.Fatalf("accepted % x", in)
		}
		a := Answer{Name: "www.rocket.example.", Type: mdns.TypeA, Canonical: "www.rocket.example."}
		a.read(msg)
		want, _ := parseName(a.Name)
		for _, rr := range a.Records {
			got, err := parseName(rr.Header().Name)
			if err != nil {
				t.Fatal(err)
			}
			if cname, ok := rr.(*mdns.CNAME); ok && got == want {
				want, _ = parseName(cname.Target)
				continue
			}
			if got != want || rr.Header().Rrtype != mdns.TypeA {
				t.Errorf("took %v from %v", rr, msg)
			}
		}
		if len(a.Records) == 0 && a.err == nil {
			t.Error("nothing found, and no error")
		}
	})
}
