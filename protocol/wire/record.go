package wire

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
)

// Record is one TLS record as somebody between the two ends sees it: never
// what is in it, unless that is in clear.
type Record struct {
	Sent     bool // by this end; otherwise received
	Type     RecordType
	Version  uint16 // as the record's header says: 0x0303 for everything since TLS 1.2
	Bytes    int    // on the wire, the header's five included
	Messages []Message
}

// RecordType is what a record's header says that it holds.
//
// RFC 8446 §5.1.
type RecordType uint8

// The types of records. From TLS 1.3 on, all that is encrypted passes for
// application data.
const (
	ChangeCipherSpec RecordType = 20
	Alert            RecordType = 21
	HandshakeRecord  RecordType = 22
	ApplicationData  RecordType = 23
)

// String is the name that RFC 8446 gives the type.
func (t RecordType) String() string {
	switch t {
	case ChangeCipherSpec:
		return "change_cipher_spec"
	case Alert:
		return "alert"
	case HandshakeRecord:
		return "handshake"
	case ApplicationData:
		return "application_data"
	}
	return fmt.Sprintf("type_%d", uint8(t))
}

// Message is a handshake message that crossed the wire in clear.
type Message struct {
	Type       string // "client_hello", "server_hello", …
	ServerName string // of a client_hello: whom the client wants, "" if it does not say
	Version    uint16 // of a server_hello: what the server chose
	Cipher     uint16 // of a server_hello
}

// messageTypes are the handshake messages by number.
//
// RFC 8446 §4, RFC 5246 §7.4.
var messageTypes = map[byte]string{
	0: "hello_request", 1: "client_hello", 2: "server_hello", 4: "new_session_ticket", 8: "encrypted_extensions",
	11: "certificate", 12: "server_key_exchange", 13: "certificate_request", 14: "server_hello_done",
	15: "certificate_verify", 16: "client_key_exchange", 20: "finished", 22: "certificate_status", 24: "key_update",
}

// Limits of what is taken for TLS.
const (
	recordHead = 5
	maxRecord  = 1<<14 + 2048 // RFC 5246 §6.2.3
	maxMessage = 1 << 16      // octets of a handshake message that are kept: a hello is shorter
)

// Records tells the records of a connection from its octets, as they pass in
// both directions. It keeps no more of them than one handshake message.
type Records struct {
	// See is told of each record once the whole of it has passed.
	See func(Record)

	ways    [2]way // received, sent
	version uint16 // that the server chose; 0 until then
}

// way is one direction.
type way struct {
	head    [recordHead]byte
	got     int // octets of head
	left    int // octets of the record's body still to come
	record  Record
	skip    int    // octets of a message too long to keep, still to come
	hello   []byte // of a handshake message that is not whole yet
	secret  bool   // encrypted from here on
	foreign bool   // this is no TLS
}

// Pass takes octets that passed in one direction.
func (r *Records) Pass(sent bool, b []byte) {
	w := &r.ways[0]
	if sent {
		w = &r.ways[1]
	}
	for len(b) > 0 && !w.foreign {
		if w.got < recordHead {
			n := copy(w.head[w.got:], b)
			w.got, b = w.got+n, b[n:]
			if w.got < recordHead {
				return
			}
			w.left = int(binary.BigEndian.Uint16(w.head[3:]))
			w.record = Record{Sent: sent, Type: RecordType(w.head[0]), Version: binary.BigEndian.Uint16(w.head[1:]), Bytes: recordHead + w.left}
			if w.head[0] < 20 || w.head[0] > 24 || w.head[1] != 3 || w.left > maxRecord {
				w.foreign = true
				return
			}
		}
		part := b[:min(len(b), w.left)]
		w.left -= len(part)
		b = b[len(part):]
		if w.record.Type == HandshakeRecord && !w.secret {
			r.handshake(w, part)
		}
		if w.left == 0 {
			r.whole(w)
		}
	}
}

// whole is the end of a record.
//
// RFC 5246 §7.1: what follows change_cipher_spec is encrypted. In TLS 1.3 it
// means nothing (RFC 8446 §D.4), and encrypted records say application data.
func (r *Records) whole(w *way) {
	w.got = 0
	if w.record.Type == ChangeCipherSpec && r.version != tls.VersionTLS13 {
		w.secret = true
	}
	r.See(w.record)
	w.record = Record{}
}

// handshake gathers messages, which records may cut anywhere.
//
// RFC 8446 §4 (the header of four octets), §5.1.
func (r *Records) handshake(w *way, part []byte) {
	for len(part) > 0 {
		if w.skip > 0 {
			n := min(w.skip, len(part))
			w.skip, part = w.skip-n, part[n:]
			continue
		}
		size := 4 // of the message, or of its header while that is not here
		if len(w.hello) >= size {
			size += fields(w.hello[1:]).length()
		}
		if n := min(size-len(w.hello), len(part)); n > 0 {
			w.hello, part = append(w.hello, part[:n]...), part[n:]
		}
		if len(w.hello) < 4 {
			return
		}
		size = 4 + fields(w.hello[1:]).length()
		if size > maxMessage {
			w.record.Messages = append(w.record.Messages, r.message(w.hello[0], nil))
			w.skip, w.hello = size-len(w.hello), w.hello[:0]
			continue
		}
		if len(w.hello) == size {
			w.record.Messages = append(w.record.Messages, r.message(w.hello[0], w.hello[4:]))
			w.hello = w.hello[:0]
		}
	}
}

// message reads what is of interest of a handshake message.
func (r *Records) message(kind byte, body []byte) Message {
	m := Message{Type: messageTypes[kind]}
	switch {
	case m.Type == "":
		m.Type = fmt.Sprintf("type_%d", kind)
	case kind == 1:
		m.ServerName = clientHello(body)
	case kind == 2:
		m.Version, m.Cipher = serverHello(body)
		if m.Version != 0 {
			r.version = m.Version
		}
	}
	return m
}

// fields takes the parts of a message one after another; whatever is missing
// is empty.
type fields []byte

func (f *fields) take(n int) fields {
	if n > len(*f) {
		*f = nil
		return nil
	}
	part := (*f)[:n]
	*f = (*f)[n:]
	return part
}

// number takes a number of n octets.
func (f *fields) number(n int) (v int) {
	for _, c := range f.take(n) {
		v = v<<8 | int(c)
	}
	return v
}

// length is the number of three octets at the front.
func (f fields) length() int { return f.number(3) }

// vector takes what follows its length of n octets.
func (f *fields) vector(n int) fields { return f.take(f.number(n)) }

// extension finds one of the extensions.
//
// RFC 8446 §4.2.
func (f fields) extension(kind int) fields {
	for list := f.vector(2); len(list) > 0; {
		found := list.number(2) == kind
		if data := list.vector(2); found {
			return data
		}
	}
	return nil
}

// clientHello finds the name of the server that a client wants.
//
// RFC 8446 §4.1.2, RFC 6066 §3.
func clientHello(body []byte) (name string) {
	f := fields(body)
	f.take(2 + 32) // version and random
	f.vector(1)    // session
	f.vector(2)    // ciphers
	f.vector(1)    // compression
	ext := f.extension(0)
	for names := ext.vector(2); len(names) > 0; {
		kind, text := names.number(1), names.vector(2)
		if kind == 0 {
			return string(text)
		}
	}
	return ""
}

// serverHello finds the version and the cipher that a server chose.
//
// RFC 8446 §4.1.3 and §4.2.1.
func serverHello(body []byte) (version, cipher uint16) {
	f := fields(body)
	version = uint16(f.number(2))
	f.take(32)  // random
	f.vector(1) // session
	cipher = uint16(f.number(2))
	f.number(1) // compression
	if chosen := f.extension(43); len(chosen) == 2 {
		version = uint16(chosen.number(2))
	}
	return version, cipher
}
