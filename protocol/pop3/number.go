package pop3

import (
	"errors"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// maxDigits keeps every number, octets of a maildrop too, far from overflow.
const maxDigits = 15

// parseNumber reads all of s as a decimal number without sign or leading
// zeros, of at most fifteen digits. Errors are *wire.SyntaxError.
//
// RFC 1939 §5 gives no grammar; this is what its examples show.
func parseNumber(s string) (int, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, &wire.SyntaxError{At: i, Want: "a digit"}
		}
	}
	switch {
	case s == "":
		return 0, &wire.SyntaxError{Want: "a digit"}
	case len(s) > maxDigits:
		return 0, &wire.SyntaxError{At: maxDigits, Want: "a shorter number"}
	case s[0] == '0' && len(s) > 1:
		return 0, &wire.SyntaxError{Want: "no leading zero"}
	}
	n, err := strconv.Atoi(s)
	if err != nil { // on a machine of 32 bits
		return 0, &wire.SyntaxError{Want: "a smaller number"}
	}
	return n, nil
}

// shift moves the place of a *wire.SyntaxError, which was found in a part that
// begins at octet by.
func shift(err error, by int) error {
	var bad *wire.SyntaxError
	if errors.As(err, &bad) {
		return &wire.SyntaxError{At: by + bad.At, Want: bad.Want}
	}
	return err
}

// parseMessage reads all of s as the number of a letter, from 1.
func parseMessage(s string) (int, error) {
	n, err := parseNumber(s)
	if err == nil && n == 0 {
		return 0, &wire.SyntaxError{Want: "a number from 1"}
	}
	return n, err
}

// parseTop reads the argument of TOP: a letter, and how many lines of its
// body. Errors count octets from the argument's start.
//
// RFC 1939 §7.
func parseTop(arg string) (message, lines int, err error) {
	first, second, found := strings.Cut(arg, " ")
	message, err = parseMessage(first)
	if err != nil {
		return 0, 0, err
	}
	if !found {
		return 0, 0, &wire.SyntaxError{At: len(arg), Want: "a number of lines"}
	}
	lines, err = parseNumber(second)
	if err != nil {
		return 0, 0, shift(err, len(first)+1)
	}
	return message, lines, nil
}

// syntaxReply answers an argument that could not be parsed.
func syntaxReply(err error) reply { return mistake("bad argument: " + err.Error()) }

// find returns the index of the letter that arg names, from 0. Without one, r
// is the answer and found is false.
func (s *session) find(arg string) (i int, r reply, found bool) {
	n, err := parseMessage(arg)
	if err != nil {
		return 0, syntaxReply(err), false
	}
	return s.at(n)
}

// at is find for a number that was already parsed.
func (s *session) at(n int) (i int, r reply, found bool) {
	switch {
	case n > len(s.letters):
		return 0, fail("", "no such message"), false
	case s.deleted[n-1]:
		return 0, fail("", "message "+strconv.Itoa(n)+" is marked as deleted"), false
	}
	return n - 1, reply{}, true
}
