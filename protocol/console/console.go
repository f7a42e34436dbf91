// Package console is the client's end of a session whose lines a person types.
// They go out as they are typed; the console knows no more of a protocol than
// where an answer ends, and what is typed between two answers.
package console

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"mailscope/protocol/wire"
)

// Limits of a Console.
const (
	MaxLine   = 64 << 10 // octets of a line, typed or heard
	MaxAnswer = 8 << 20  // octets of an answer
	maxLines  = 10_000   // of an answer
	maxGroup  = 50       // lines that are sent before their answers are read
)

// Errors of a Console, beside those of package wire.
var (
	ErrProtocol  = errors.New("want smtp, pop3 or imap")
	ErrCharacter = errors.New("CR, LF or NUL in a line")
	ErrTooLong   = errors.New("answer too long")
)

// Console is one session. After an error of any method only Close is left.
type Console struct {
	// TLS is how the session turns to TLS, once a typed line asked for it and
	// the server agreed; nil means that it does not.
	TLS *tls.Config

	conn  *wire.Conn
	proto protocol
}

// protocol is what differs between the protocols.
type protocol interface {
	// say sends a line. It tells whether an answer is due.
	say(line string) (due bool, err error)
	// hear reads the answer that is due; secures tells that both ends turn to
	// TLS now.
	hear(line string) (secures bool, err error)
	// greeting reads what a server says first.
	greeting() error
}

// New makes a Console of nc, which it then owns. proto is smtp, pop3 or imap.
func New(nc net.Conn, o wire.Options, proto string) (*Console, error) {
	c := &Console{conn: wire.NewConn(nc, o)}
	switch proto {
	case "smtp":
		c.proto = &smtp{conn: c.conn}
	case "pop3":
		c.proto = &pop3{conn: c.conn}
	case "imap":
		c.proto = &imap{conn: c.conn}
	default:
		nc.Close()
		return nil, ErrProtocol
	}
	return c, nil
}

// Secure begins TLS without a word: before Greet on a port where that is the
// custom.
//
// RFC 8314 §3.
func (c *Console) Secure() error { return c.conn.StartTLS(tls.Client, c.TLS) }

// Greet reads the server's greeting.
func (c *Console) Greet() error {
	if err := c.proto.greeting(); err != nil {
		return fmt.Errorf("read greeting: %w", err)
	}
	return nil
}

// Close closes the connection without a word.
func (c *Console) Close() error { return c.conn.Close() }

// Type sends one line, and reads the whole answer if one is due: not within a
// letter, a chunk or a literal.
func (c *Console) Type(line string) error {
	_, err := c.together([]string{line})
	return err
}

// Play types lines, each after the answer to the one before. What is ready to
// be a letter is not typed if the server does not want it.
func (c *Console) Play(lines []string) error { return c.play(lines, 1) }

// Pipeline is Play that sends as many lines at once as may stand in a group.
//
// RFC 2920 §3.1. It is for SMTP.
func (c *Console) Pipeline(lines []string) error { return c.play(lines, maxGroup) }

func (c *Console) play(lines []string, most int) error {
	for len(lines) > 0 {
		n := 1
		for n < min(most, len(lines)) && !ends(lines[n-1]) && verb(lines[n]) != "MAIL" {
			n++
		}
		refused, err := c.together(lines[:n])
		if err != nil {
			return err
		}
		if lines = lines[n:]; refused {
			lines = lines[unwanted(lines):]
		}
	}
	return nil
}

// ends tells whether a line is the last of its group. The end of a letter
// need not be, but it is here, and MAIL is the first: who watches can then tell
// which letter an answer is about.
//
// RFC 2920 §3.1; STARTTLS RFC 3207 §4, AUTH RFC 4954 §4.
func ends(line string) bool {
	switch verb(line) {
	case "HELO", "EHLO", "DATA", "VRFY", "EXPN", "TURN", "QUIT", "NOOP", "STARTTLS", "AUTH", ".":
		return true
	}
	return false
}

// unwanted counts the lines of a letter that was refused: up to a lone dot
// before the next DATA, none if there is no such dot.
func unwanted(lines []string) int {
	for i, line := range lines {
		switch {
		case line == ".":
			return i + 1
		case verb(line) == "DATA":
			return 0
		}
	}
	return 0
}

// together sends lines at once and reads their answers. refused tells that the
// last one was DATA, and that no letter is to follow it.
func (c *Console) together(lines []string) (refused bool, err error) {
	due := make([]bool, len(lines))
	for i, line := range lines {
		if err := Check(line); err != nil {
			return false, fmt.Errorf("type %.40q: %w", line, err)
		}
		if due[i], err = c.proto.say(line); err != nil {
			return false, fmt.Errorf("send %.40q: %w", line, err)
		}
	}
	if err := c.conn.Flush(); err != nil {
		return false, fmt.Errorf("send %.40q: %w", lines[0], err)
	}
	for i, line := range lines {
		if !due[i] {
			continue
		}
		secures, err := c.proto.hear(line)
		if err == nil && secures && c.TLS != nil {
			err = c.Secure()
		}
		if err != nil {
			return false, fmt.Errorf("read answer to %.40q: %w", line, err)
		}
	}
	s, ok := c.proto.(*smtp)
	last := len(lines) - 1
	return ok && due[last] && verb(lines[last]) == "DATA" && !s.writing, nil
}

// Speaks tells whether there are Consoles for a protocol.
func Speaks(proto string) bool { return proto == "smtp" || proto == "pop3" || proto == "imap" }

// Check refuses what is no line.
func Check(line string) error {
	switch {
	case len(line) > MaxLine-2:
		return wire.ErrLineTooLong
	case strings.ContainsAny(line, "\r\n\x00"):
		return ErrCharacter
	}
	return nil
}

// verb is the first word of a line, in capital letters.
func verb(line string) string {
	word, _, _ := strings.Cut(line, " ")
	return strings.ToUpper(word)
}
