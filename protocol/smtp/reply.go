package smtp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// Reply is what a server says to one command. As an error it is a refusal.
//
// RFC 5321 §4.2; enhanced codes RFC 3463.
type Reply struct {
	Code     int
	Enhanced string   // "5.1.1"; empty for none
	Lines    []string // text after the codes, at least one line
}

func reply(code int, enhanced string, lines ...string) Reply { return Reply{code, enhanced, lines} }

// Temporary tells whether trying again later may help.
func (r Reply) Temporary() bool { return r.Code/100 == 4 }

// Positive tells whether the server went along: a 2yz or 3yz reply.
func (r Reply) Positive() bool { return r.Code/100 == 2 || r.Code/100 == 3 }

// String is the reply on one line: "550 5.1.1 no such mailbox here".
func (r Reply) String() string {
	s := strconv.Itoa(r.Code)
	if r.Enhanced != "" {
		s += " " + r.Enhanced
	}
	if text := strings.Join(r.Lines, " "); text != "" {
		s += " " + text
	}
	return s
}

func (r Reply) Error() string { return r.String() }

// ReplyError is a refusal as a client gets it.
type ReplyError struct {
	Reply
	Command string // the line that was refused; "greeting" and "letter" for those
	Host    string // who refused: the name in its greeting
	Local   bool   // the client itself refused, before it sent anything
}

func (e *ReplyError) Error() string {
	if e.Local {
		return fmt.Sprintf("cannot send %s to %s: %s", e.Command, e.Host, e.Reply)
	}
	return fmt.Sprintf("%s refused %s: %s", e.Host, e.Command, e.Reply)
}

// Lengths of one line, CR LF included (RFC 5321 §4.5.3.1.5).
const (
	maxReplyLine  = 512
	maxReplyLines = 100 // of one reply; the RFC sets none
)

// encodeReply gives the lines of a reply without CR LF. Characters that may
// not stand in one become "?", and lines are cut to the limit.
//
// RFC 5321 §4.2.1.
func encodeReply(r Reply, enhanced, utf8 bool) []string {
	lines := r.Lines
	if len(lines) == 0 {
		lines = []string{""}
	}
	if len(lines) == 1 {
		return []string{encodeLine(r, ' ', lines[0], enhanced, utf8)}
	}
	out := make([]string, len(lines))
	for i, text := range lines {
		sep := byte('-')
		if i == len(lines)-1 {
			sep = ' '
		}
		out[i] = encodeLine(r, sep, text, enhanced, utf8)
	}
	return out
}

// encodeLine gives one line; sep tells whether another follows.
func encodeLine(r Reply, sep byte, text string, enhanced, utf8 bool) string {
	var room [maxReplyLine]byte
	b := append(strconv.AppendInt(room[:0], int64(r.Code), 10), sep)
	text = clean(text, utf8)
	if enhanced && r.Enhanced != "" {
		b = append(b, r.Enhanced...)
		if text != "" {
			b = append(b, ' ')
		}
	}
	if limit := maxReplyLine - 2 - len(b); len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "")
	}
	return string(append(b, text...))
}

// clean replaces what may not stand in the text of a reply.
func clean(text string, allow8 bool) string {
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\t' || b >= 0x7f {
			return strings.Map(func(r rune) rune {
				if r < ' ' && r != '\t' || r == 0x7f || r == utf8.RuneError || r > 0x7f && !allow8 {
					return '?'
				}
				return r
			}, text)
		}
	}
	return text
}

// parseReplyLine reads one line of a reply: its code, whether more lines
// follow, the enhanced code if one stands there, and the text.
//
// RFC 5321 §4.2, RFC 2034 §4.
func parseReplyLine(s string) (code int, more bool, enhanced, text string, err error) {
	if len(s) < 3 || s[0] < '2' || s[0] > '5' || s[1] < '0' || s[1] > '5' || !digit(s[2]) {
		return 0, false, "", "", &wire.SyntaxError{At: 0, Want: "a reply code"}
	}
	code = int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
	if len(s) == 3 {
		return code, false, "", "", nil
	}
	if s[3] != ' ' && s[3] != '-' {
		return 0, false, "", "", &wire.SyntaxError{At: 3, Want: `" " or "-"`}
	}
	text = s[4:]
	if n := enhancedLen(text); n > 0 && text[0] == s[0] {
		enhanced = text[:n]
		text = strings.TrimPrefix(text[n:], " ")
	}
	return code, s[3] == '-', enhanced, text, nil
}

// enhancedLen is the length of the enhanced code at the front of s, 0 if
// there is none: class "." subject "." detail, then a space or the end.
//
// RFC 3463 §2.
func enhancedLen(s string) int {
	if len(s) < 5 || s[0] != '2' && s[0] != '4' && s[0] != '5' || s[1] != '.' {
		return 0
	}
	i := 2
	for part := range 2 {
		start := i
		for i < len(s) && digit(s[i]) {
			i++
		}
		if i == start || i-start > 3 {
			return 0
		}
		if part == 0 {
			if i == len(s) || s[i] != '.' {
				return 0
			}
			i++
		}
	}
	if i < len(s) && s[i] != ' ' {
		return 0
	}
	return i
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

// refusal finds the reply that err carries.
func refusal(err error) (Reply, bool) {
	if p, ok := errors.AsType[*Reply](err); ok && p != nil {
		return *p, true
	}
	if e, ok := errors.AsType[*ReplyError](err); ok && e != nil {
		return e.Reply, true
	}
	return errors.AsType[Reply](err)
}
