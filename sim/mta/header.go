package mta

import "bytes"

// header is what a server needs to know of a letter's header.
type header struct {
	received  int // Received fields: the servers that the letter has passed
	date      bool
	messageID bool
	sound     bool // every line up to the body is part of a field
}

// inspect reads a letter's header (RFC 5322 §2.2). Lines end in CR LF.
func inspect(letter []byte) (h header) {
	for first := true; len(letter) > 0; first = false {
		line, rest, _ := bytes.Cut(letter, crlf)
		letter = rest
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if first {
				return h // it continues nothing
			}
			continue
		}
		name, _, ok := bytes.Cut(line, colon)
		if !ok {
			return h
		}
		name = bytes.TrimRight(name, " \t") // RFC 5322 §4.5.3
		switch {
		case bytes.EqualFold(name, fieldReceived):
			h.received++
		case bytes.EqualFold(name, fieldDate):
			h.date = true
		case bytes.EqualFold(name, fieldMessageID):
			h.messageID = true
		}
	}
	h.sound = true
	return h
}

var (
	crlf           = []byte("\r\n")
	colon          = []byte(":")
	fieldReceived  = []byte("Received")
	fieldDate      = []byte("Date")
	fieldMessageID = []byte("Message-ID")
)
