package imap

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// encoder writes commands or responses, part by part. Nothing is sent before
// a line is complete, or a literal stands at its end.
type encoder struct {
	conn *wire.Conn
	role wire.Role
	utf8 bool  // strings may be in UTF-8, names of mailboxes are
	err  error // of the connection; everything after it is lost
	buf  []byte

	// mark says how the announcement of a literal of that size ends; nil means
	// "}". If it ends so, ready, if set, waits between the announcement and the
	// octets until the other side wants them.
	mark  func(size int) string
	ready func() error
}

func (e *encoder) raw(s string)      { e.buf = append(e.buf, s...) }
func (e *encoder) octet(c byte)      { e.buf = append(e.buf, c) }
func (e *encoder) number(n int64)    { e.buf = strconv.AppendInt(e.buf, n, 10) }
func (e *encoder) number32(n uint32) { e.buf = strconv.AppendUint(e.buf, uint64(n), 10) }
func (e *encoder) number64(n uint64) { e.buf = strconv.AppendUint(e.buf, n, 10) }

// end completes the line.
func (e *encoder) end() {
	if e.err == nil {
		e.err = e.conn.WriteText(e.role, e.buf)
	}
	e.buf = e.buf[:0]
}

// line writes a whole line.
func (e *encoder) line(format string, args ...any) {
	e.buf = fmt.Appendf(e.buf, format, args...)
	e.end()
}

// maxQuoted is the longest text that goes as a quoted string.
const maxQuoted = 1000

// string writes a quoted string, or a literal if it must be one.
func (e *encoder) string(s []byte) {
	if !e.quotable(s) {
		e.literal(s)
		return
	}
	e.octet('"')
	for _, c := range s {
		if c == '"' || c == '\\' {
			e.octet('\\')
		}
		e.octet(c)
	}
	e.octet('"')
}

func (e *encoder) quotable(s []byte) bool {
	if len(s) > maxQuoted {
		return false
	}
	ascii := true
	for _, c := range s {
		if c < ' ' && c != '\t' || c == 0x7f || c >= utf8.RuneSelf && !e.utf8 {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.Valid(s)
}

// astring writes an atom if s can be one, and a string otherwise.
func (e *encoder) astring(s string) {
	if s == "" {
		e.raw(`""`)
		return
	}
	for i := range len(s) {
		if !isAString[s[i]] {
			e.string([]byte(s))
			return
		}
	}
	if len(s) == 3 && (s[0]|0x20) == 'n' && (s[1]|0x20) == 'i' && (s[2]|0x20) == 'l' {
		e.raw(`"` + s + `"`) // not NIL
		return
	}
	e.raw(s)
}

// literal writes s as it is, behind its size.
func (e *encoder) literal(s []byte) {
	e.octet('{')
	e.number(int64(len(s)))
	mark := "}"
	if e.mark != nil {
		mark = e.mark(len(s))
	}
	e.raw(mark)
	e.end()
	if e.err == nil && e.ready != nil && mark == "}" {
		e.err = e.ready()
	}
	if e.err == nil {
		e.err = e.conn.WriteN(s)
	}
}

// literal8 is literal for octets among which may be NUL (RFC 3516 §7).
func (e *encoder) literal8(s []byte) {
	e.octet('~')
	e.literal(s)
}

// mailbox writes the name of a mailbox.
func (e *encoder) mailbox(name string) {
	if !e.utf8 {
		name = encodeName(name)
	}
	e.astring(name)
}

// words writes texts in parentheses, parted by spaces, as they are.
func (e *encoder) words(list []string) {
	e.list(len(list), func(i int) { e.raw(list[i]) })
}

// list writes n members in parentheses, parted by spaces.
func (e *encoder) list(n int, member func(i int)) {
	e.octet('(')
	for i := range n {
		if i > 0 {
			e.octet(' ')
		}
		member(i)
	}
	e.octet(')')
}

// pairs writes names and values, NIL if there are none (RFC 2971 §3.3).
func (e *encoder) pairs(list [][2]string) {
	if len(list) == 0 {
		e.raw("NIL")
		return
	}
	e.list(len(list), func(i int) {
		e.string([]byte(list[i][0]))
		e.octet(' ')
		e.string([]byte(list[i][1]))
	})
}

// dateTime writes a date and time in quotes (RFC 3501 §9, date-time).
func (e *encoder) dateTime(t time.Time) { e.buf = t.AppendFormat(e.buf, `"`+dateTimeForm+`"`) }
