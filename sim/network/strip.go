package network

import (
	"bytes"
	"strings"
	"sync"

	"mailscope/sim/fault"
)

// strip is somebody between the two ends of a connection who reads their
// octets and erases STARTTLS: from what the server offers, and from what the
// client says all the same. It can do so as long as they speak in clear.
//
// RFC 3207 §6, RFC 2595 §7, RFC 9051 §11.1.
type strip struct {
	s *session

	mu       sync.Mutex
	off      bool   // from here on it only passes octets on
	asked    string // the client's last verb
	letter   bool   // the client is sending one
	login    string // IMAP's tag of the login
	up, down flow   // from the client, from the server
	err      error  // of the last read, to be told once everything was read
}

// flow is one direction.
type flow struct {
	part  []byte // of a line that is not whole yet
	held  []byte // a line of SMTP's list that may turn out to be the last
	ready []byte // to be read
}

// maxPart is the longest line that is waited for.
const maxPart = 64 << 10

// stripped has somebody sit on a new connection, if a fault wants it so.
func (c *Conn) stripped() {
	s := c.s
	if _, on := s.strips(); on && !Secure(s.port) && s.proto != "dns" {
		c.strip = &strip{s: s}
	}
}

func (s *session) strips() (fault.Fault, bool) {
	return s.n.Faults.Find(fault.Strip, s.concerns)
}

// read reads what is left of what the other end said.
func (x *strip) read(c *Conn, b []byte) (int, error) {
	way := &x.up
	if c.client {
		way = &x.down
	}
	buf := make([]byte, 4096)
	for len(way.ready) == 0 {
		if x.err != nil {
			err := x.err
			x.err = nil
			return 0, err
		}
		n, err := c.hears(buf)
		way.ready = x.pass(way, buf[:n])
		if err != nil {
			way.ready = append(way.ready, x.leave(way)...)
			x.err = err
		}
	}
	n := copy(b, way.ready)
	way.ready = way.ready[n:]
	return n, nil
}

// write writes what is left of what this end says.
func (x *strip) write(c *Conn, b []byte) (int, error) {
	way := &x.down
	if c.client {
		way = &x.up
	}
	out := x.pass(way, b)
	if len(out) == 0 {
		return len(b), nil
	}
	if _, err := c.says(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// leave gives what was waited with.
func (x *strip) leave(way *flow) []byte {
	rest := append(way.held, way.part...)
	way.held, way.part = nil, nil
	return rest
}

// pass gives what goes on of some octets.
func (x *strip) pass(way *flow, b []byte) (out []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	b = append(way.part, b...)
	way.part = nil
	for len(b) > 0 && !x.off {
		i := bytes.Index(b, []byte("\r\n"))
		if i < 0 && len(b) < maxPart {
			way.part = bytes.Clone(b)
			return out
		}
		line := b
		if i >= 0 {
			line = b[:i+2]
		}
		b = b[len(line):]
		if way == &x.up {
			out = append(out, x.fromClient(line)...)
		} else {
			out = append(out, x.fromServer(line)...)
		}
	}
	if x.off {
		out = append(out, x.leave(way)...)
	}
	return append(out, b...)
}

// fromClient puts a word that no server knows in place of STARTTLS.
func (x *strip) fromClient(line []byte) []byte {
	text := strings.TrimRight(string(line), "\r\n")
	if x.letter {
		x.letter = text != "."
		return line
	}
	words := strings.Fields(text)
	at, word := 0, "STARTTLS"
	switch x.s.proto {
	case "imap":
		at = 1
	case "pop3":
		word = "STLS"
	}
	if len(words) <= at {
		return line
	}
	x.asked = strings.ToUpper(words[at])
	switch x.asked {
	case word:
		f, on := x.s.strips()
		if !on { // TLS follows
			x.off = true
			return line
		}
		x.s.strikes(&f, x.s.client, x.s.server, text)
		return bytes.Replace(line, []byte(words[at]), bytes.Repeat([]byte("X"), len(word)), 1)
	case "DATA":
		x.letter = x.s.proto == "smtp"
	case "BDAT": // no lines follow
		x.off = true
	case "LOGIN", "AUTHENTICATE":
		x.login = words[0]
	}
	return line
}

// fromServer erases STARTTLS from a list of what the server can do.
func (x *strip) fromServer(line []byte) []byte {
	text := strings.TrimRight(string(line), "\r\n")
	switch {
	case x.s.proto == "smtp" && x.asked == "EHLO" && len(text) > 4 && text[:3] == "250":
		return x.offers(line, text)
	case x.s.proto == "pop3" && x.asked == "CAPA" && strings.EqualFold(text, "STLS"):
		if x.erases(text, len(line)) {
			return nil
		}
	case x.s.proto == "pop3" && x.asked == "CAPA" && text == ".":
		x.asked = ""
	case x.s.proto == "imap":
		return x.capabilities(line, text)
	}
	return line
}

// offers takes one line of the reply to EHLO. Whichever line comes last then
// says so.
//
// RFC 5321 §4.2.1.
func (x *strip) offers(line []byte, text string) (out []byte) {
	way := &x.down
	out, way.held = way.held, nil
	last := text[3] == ' '
	if strings.EqualFold(strings.TrimSpace(text[4:]), "STARTTLS") && x.erases(text, len(line)) {
		if !last {
			way.held, out = out, nil
		} else if len(out) > 3 {
			out[3] = ' '
		}
		return out
	}
	if last {
		return append(out, line...)
	}
	way.held = bytes.Clone(line)
	return out
}

// capabilities takes a line of IMAP's. Once the client is signed in nobody
// offers STARTTLS any more, and letters may come.
//
// RFC 9051 §7.2.2.
func (x *strip) capabilities(line []byte, text string) []byte {
	if x.login != "" && strings.HasPrefix(text, x.login+" OK") {
		x.off = true
	}
	if !strings.HasPrefix(text, "* CAPABILITY ") && !strings.Contains(text, " OK [CAPABILITY ") {
		return line
	}
	const word = " STARTTLS"
	i := strings.Index(strings.ToUpper(text), word)
	if i < 0 || i+len(word) < len(text) && text[i+len(word)] != ' ' && text[i+len(word)] != ']' || !x.erases(text, len(word)) {
		return line
	}
	return append(bytes.Clone(line[:i]), line[i+len(word):]...)
}

// erases records what is erased of the server's stream, unless the fault was
// mended meanwhile.
func (x *strip) erases(text string, octets int) bool {
	f, on := x.s.strips()
	if !on {
		return false
	}
	x.s.mu.Lock()
	x.s.heard += int64(octets) // they passed the server
	x.s.mu.Unlock()
	x.s.strikes(&f, x.s.server, x.s.client, text)
	return true
}
