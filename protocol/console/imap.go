package console

import (
	"bytes"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// imap is a session of IMAP.
type imap struct {
	conn *wire.Conn
	tag  string // of the command under way; "" if none is
	left int    // octets of a literal that are still to be typed
	drop int    // of one that the server did not want
}

// say sends a command, or a part of one: the octets of a literal, in which a
// line's end counts as two, and what follows them on their line.
//
// RFC 9051 §4.3; without waiting RFC 7888 §4.
func (m *imap) say(line string) (due bool, err error) {
	switch n := len(line) + 2; {
	case m.drop > 0:
		m.drop = max(0, m.drop-n)
		return false, nil
	case m.left >= n:
		m.left -= n
		return false, m.conn.WriteN([]byte(line + "\r\n"))
	case m.left > len(line): // it would end within the line's end
		return false, wire.ErrTooBig
	case m.left > 0:
		if err := m.conn.WriteN([]byte(line[:m.left])); err != nil {
			return false, err
		}
		line = line[m.left:]
	case m.tag == "":
		m.tag, _, _ = strings.Cut(line, " ")
	}
	size, asks, found := literal([]byte(line))
	m.left = size
	return asks || !found, m.conn.WriteLine(wire.Command, line)
}

// literal reads the announcement at the end of a line; asks tells that the
// other end is waited for.
func literal(line []byte) (size int, asks, found bool) {
	open := bytes.LastIndexByte(line, '{')
	if open < 0 || line[len(line)-1] != '}' {
		return 0, false, false
	}
	digits, now := strings.CutSuffix(string(line[open+1:len(line)-1]), "+")
	size, err := strconv.Atoi(digits)
	if err != nil || digits[0] < '0' || digits[0] > '9' || size > MaxAnswer {
		return 0, false, false
	}
	return size, !now, true
}

// hear reads responses up to the one that has the command's tag, or up to a
// "+", which asks for more of it.
//
// RFC 9051 §2.2.2, §7.6. A line without a tag is answered without one.
func (m *imap) hear(line string) (secures bool, err error) {
	for range maxLines {
		tag, status, err := m.response()
		switch {
		case err != nil:
			return false, err
		case tag == "+":
			return false, nil
		case tag == m.tag, tag == "*" && status == "BAD":
			m.drop, m.left, m.tag = m.left, 0, ""
			_, command, _ := strings.Cut(line, " ")
			return status == "OK" && verb(command) == "STARTTLS", nil
		}
	}
	return false, ErrTooLong
}

// response reads one response with its literals, and gives its first words.
func (m *imap) response() (tag, status string, err error) {
	for left := MaxAnswer; ; {
		line, err := m.conn.ReadLine(wire.Reply, MaxLine)
		if err != nil {
			return "", "", err
		}
		if tag == "" {
			words := strings.SplitN(string(line), " ", 3)
			if tag = words[0]; len(words) > 1 {
				status = strings.ToUpper(words[1])
			}
		}
		size, _, found := literal(line)
		if !found || tag == "+" || isStatus(status) {
			return tag, status, nil
		}
		if left -= size + len(line); left < 0 {
			return "", "", wire.ErrTooBig
		}
		if _, err := m.conn.ReadN(size, size); err != nil {
			return "", "", err
		}
	}
}

// isStatus tells that what follows is said to people, and holds no literal.
func isStatus(word string) bool {
	switch word {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

func (m *imap) greeting() error {
	_, _, err := m.response()
	return err
}
