package pop3

import (
	"cmp"
	"fmt"
	"strings"

	"mailscope/protocol/wire"
)

// Listed is one letter in the answer to LIST.
type Listed struct {
	Number int // from 1
	Size   int // octets
}

// Unique is one letter in the answer to UIDL.
type Unique struct {
	Number int // from 1
	UID    string
}

// Capabilities are the lines of a server's answer to CAPA, as received.
type Capabilities []string

// Get looks for a capability, in any case, and returns its parameters.
func (caps Capabilities) Get(name string) (params []string, found bool) {
	for _, line := range caps {
		words := strings.Fields(line)
		if len(words) > 0 && strings.EqualFold(words[0], name) {
			return words[1:], true
		}
	}
	return nil, false
}

// Has tells whether a capability is among caps.
func (caps Capabilities) Has(name string) bool {
	_, found := caps.Get(name)
	return found
}

// Capa asks what the server offers.
//
// RFC 2449 §5.
func (c *Client) Capa() (Capabilities, error) {
	return c.list("CAPA")
}

// Stat asks how many letters there are, and how many octets they have.
//
// RFC 1939 §5.
func (c *Client) Stat() (count, size int, err error) {
	text, err := c.command("STAT", "")
	if err != nil {
		return 0, 0, err
	}
	count, size, err = parsePair(text)
	if err != nil {
		return 0, 0, c.broken("STAT", err)
	}
	return count, size, nil
}

// List asks for the size of every letter that is not marked.
//
// RFC 1939 §5.
func (c *Client) List() ([]Listed, error) {
	lines, err := c.list("LIST")
	if err != nil {
		return nil, err
	}
	letters := make([]Listed, len(lines))
	for i, line := range lines {
		n, size, err := parsePair(line)
		if err != nil {
			return nil, c.broken("LIST", fmt.Errorf("line %d: %w", i+1, err))
		}
		letters[i] = Listed{n, size}
	}
	return letters, nil
}

// UIDL asks for the unique id of every letter that is not marked.
//
// RFC 1939 §7.
func (c *Client) UIDL() ([]Unique, error) {
	lines, err := c.list("UIDL")
	if err != nil {
		return nil, err
	}
	letters := make([]Unique, len(lines))
	for i, line := range lines {
		if letters[i], err = parseUnique(line); err != nil {
			return nil, c.broken("UIDL", fmt.Errorf("line %d: %w", i+1, err))
		}
	}
	return letters, nil
}

// list sends a command and reads the lines that answer it, without the dot.
func (c *Client) list(verb string) ([]string, error) {
	if _, err := c.command(verb, ""); err != nil {
		return nil, err
	}
	var lines []string
	for {
		line, err := c.conn.ReadLine(wire.Data, maxReply)
		if err != nil {
			return nil, c.broken(verb, err)
		}
		if string(line) == "." {
			return lines, nil
		}
		if len(lines) == cmp.Or(c.MaxList, MaxList) {
			c.conn.Close()
			return nil, c.broken(verb, ErrListTooLong)
		}
		lines = append(lines, strings.TrimPrefix(string(line), "."))
	}
}

// parsePair reads two numbers from the front of s; a server may say more after
// another space.
//
// RFC 1939 §5.
func parsePair(s string) (first, second int, err error) {
	a, rest, _ := strings.Cut(s, " ")
	b, _, _ := strings.Cut(rest, " ")
	if first, err = parseNumber(a); err != nil {
		return 0, 0, err
	}
	if second, err = parseNumber(b); err != nil {
		return 0, 0, shift(err, len(a)+1)
	}
	return first, second, nil
}

// parseUnique reads one line of the answer to UIDL.
//
// RFC 1939 §7.
func parseUnique(s string) (Unique, error) {
	number, uid, _ := strings.Cut(s, " ")
	n, err := parseMessage(number)
	if err != nil {
		return Unique{}, err
	}
	if !validUID(uid) {
		return Unique{}, &wire.SyntaxError{At: len(number) + 1, Want: "a unique id of 1 to 70 characters"}
	}
	return Unique{n, uid}, nil
}

// findStamp returns the timestamp of a greeting with its angle brackets, or "".
// Only one that looks like a message id counts: a server could otherwise choose
// what the client digests so as to learn the secret.
//
// RFC 1939 §7, RFC 822 §4.6.
func findStamp(text string) string {
	start := strings.IndexByte(text, '<')
	if start < 0 {
		return ""
	}
	end := strings.IndexByte(text[start:], '>')
	if end < 0 {
		return ""
	}
	stamp := text[start : start+end+1]
	left, right, found := strings.Cut(stamp[1:end], "@")
	if !found || left == "" || right == "" {
		return ""
	}
	for i := range len(stamp) {
		if c := stamp[i]; c <= ' ' || c > '~' || c == '@' && i != len(left)+1 || c == '<' && i > 0 {
			return ""
		}
	}
	return stamp
}
