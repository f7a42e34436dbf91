package imap

import (
	"bytes"
	"errors"
	"time"

	"mailscope/protocol/wire"
)

// Limits on a command.
const (
	maxLine     = 64 << 10  // octets of all its lines, CR LF included
	maxStrings  = 64 << 10  // octets of all its literals but an appended letter
	maxEarly    = 8 << 10   // the same, before the login
	maxDiscard  = 128 << 20 // a literal above it ends the session
	maxLiterals = 100
	maxMinus    = 4096 // octets of a literal of LITERAL-: RFC 7888 §5
	midCommand  = 5 * time.Minute
)

// raw is a command as it came.
type raw struct {
	text    []byte // literals in place; valid until the next one is read
	refused result // what answers it, if it is not worth reading
}

// read reads one command, literals included. What exceeds a limit is read to
// its end all the same, if it does come, so that the next command is found.
//
// RFC 9051 §4.3, RFC 7888.
func (s *session) read() (*raw, error) {
	line, err := s.conn.ReadLine(wire.Command, s.limit(maxLine))
	cmd := &raw{text: line}
	if errors.Is(err, wire.ErrLineTooLong) {
		cmd.refused = bad("line too long")
		return cmd, nil
	}
	if err != nil {
		return nil, err
	}
	size, sync, found := literalTail(line)
	if !found {
		return cmd, nil
	}
	s.conn.SetTimeout(min(midCommand, s.timeout()))
	defer func() { s.conn.SetTimeout(s.timeout()) }()
	cmd.text = append(make([]byte, 0, len(line)+2+min(size, progress)), line...)
	texts := 0
	for n := 1; found; n++ {
		cmd.check(s, size, sync, &texts, n)
		if cmd.refused.status != "" && sync {
			return cmd, nil // the client sends nothing that was not asked for
		}
		if size > maxDiscard {
			s.bye("literal too large")
			return cmd, nil
		}
		if sync {
			s.out.line("+ go ahead")
			if err := s.conn.Flush(); err != nil {
				return nil, err
			}
		}
		if line, err = s.literal(cmd, size); err != nil {
			return nil, err
		}
		size, sync, found = literalTail(line)
	}
	return cmd, nil
}

// progress is how much room is made for a literal before any of it is here.
const progress = 4 << 10

// check decides whether a literal may come.
func (c *raw) check(s *session, size int, sync bool, total *int, n int) {
	letter := s.state&signedIn != 0 && isAppend(c.text)
	if !letter {
		*total += size
	}
	switch {
	case c.refused.status != "":
	case !sync && !s.has("LITERAL+") && (!s.has("LITERAL-") || size > maxMinus):
		c.refused = bad("a literal must be asked for first")
	case n > maxLiterals:
		c.refused = bad("too many literals")
	case letter && size > s.srv.MaxSize:
		c.refused = no("TOOBIG", "the letter is too large")
	case *total > s.limit(maxStrings):
		c.refused = bad("literal too large")
	}
}

// literal takes the octets of a literal and the line after it into a command.
func (s *session) literal(cmd *raw, size int) (line []byte, err error) {
	if cmd.refused.status != "" {
		if _, err := s.conn.AppendN(nil, size, 0); err != nil && !errors.Is(err, wire.ErrTooBig) {
			return nil, err
		}
	} else {
		cmd.text = append(cmd.text, "\r\n"...)
		if cmd.text, err = s.conn.AppendN(cmd.text, size, size); err != nil {
			return nil, err
		}
	}
	line, err = s.conn.ReadLine(wire.Command, s.limit(maxLine))
	if errors.Is(err, wire.ErrLineTooLong) {
		cmd.refused = bad("line too long")
		return nil, nil
	}
	if cmd.refused.status == "" {
		cmd.text = append(cmd.text, line...)
	}
	return line, err
}

// limit is less before the login.
func (s *session) limit(octets int) int {
	if s.state == notAuthenticated {
		return min(octets, maxEarly)
	}
	return octets
}

func (s *session) timeout() time.Duration {
	if s.state == notAuthenticated {
		return s.srv.LoginTimeout
	}
	return s.srv.Timeout
}

// literalTail finds the announcement of a literal at the end of a line.
func literalTail(line []byte) (size int, sync, found bool) {
	if len(line) == 0 || line[len(line)-1] != '}' {
		return 0, false, false
	}
	open := bytes.LastIndexByte(line, '{')
	if open < 0 {
		return 0, false, false
	}
	return literalSize(line[open+1 : len(line)-1])
}

// isAppend tells whether a command is APPEND.
func isAppend(text []byte) bool {
	p := newParser(text)
	p.run(&isTag, "a tag")
	p.sp()
	return p.word("APPEND")
}
