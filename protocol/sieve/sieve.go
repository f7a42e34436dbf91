// Package sieve is the language in which the owner of a mailbox says what
// becomes of letters as they arrive: a script is parsed and checked once, and
// run on every letter. It says what is to be done, and does nothing itself.
//
// RFC 5228, with the extensions fileinto and envelope (its §4.1 and §5.4),
// encoded-character (§2.4.2.4), body (RFC 5173), copy (RFC 3894), imap4flags
// (RFC 5232), mailbox (RFC 5490), reject and ereject (RFC 5429), and
// comparator-i;unicode-casemap (RFC 5051).
package sieve

import (
	"fmt"
	"unicode/utf8"
)

// Limits on a script (RFC 5228 §2.10.5).
const (
	maxScript  = 64 << 10 // octets
	maxString  = 16 << 10 // octets
	maxItems   = 1000     // in a list
	maxNesting = 32       // tests in tests and blocks in blocks; 15 at least
	maxName    = 64       // octets of an identifier
)

// Position is a place in a script: line and column, in characters, from 1.
type Position struct{ Line, Column int }

// Error is what is wrong with a script, and where.
type Error struct {
	Position
	Problem string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

func wrong(at Position, format string, args ...any) *Error {
	return &Error{at, fmt.Sprintf(format, args...)}
}

// Script is a script that was found to be right. It never changes, and may be
// run by many at a time.
type Script struct {
	commands []*node
	body     []statement
	source   string // what its tests look at, as in a Rule
}

// Parse reads a script. What no run of it could do is refused here: an unknown
// command, an argument of the wrong type, an extension that is not required.
// err is an *Error.
//
// Deviates from RFC 5228 §2.1: lines may end in LF alone, as in files they do.
func Parse(script string) (*Script, error) {
	switch {
	case len(script) > maxScript:
		return nil, wrong(Position{1, 1}, "%d octets, at most %d", len(script), maxScript)
	case !utf8.ValidString(script): // §2.1
		return nil, wrong(invalid(script), "this is not UTF-8")
	}
	commands, err := parse(script)
	if err != nil {
		return nil, err
	}
	c := checker{required: map[string]bool{}}
	body := c.script(commands)
	if c.err != nil {
		return nil, c.err
	}
	return &Script{commands, body, source(commands)}, nil
}

// invalid is where the first octet stands that is not UTF-8.
func invalid(s string) Position {
	at := 0
	for at < len(s) {
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	l := lexer{in: s, mark: Position{1, 1}}
	return l.place(at)
}
