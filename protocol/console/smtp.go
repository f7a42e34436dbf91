package console

import (
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// smtp is a session of SMTP.
type smtp struct {
	conn    *wire.Conn
	writing bool   // a letter, after DATA
	text    []byte // of it
	left    int    // octets of a chunk that are still to come
}

// say sends a command, or gathers a line of a letter: the lone dot sends it,
// and lines that begin with a dot get another one.
//
// RFC 5321 §4.1.1.4, §4.5.2.
func (s *smtp) say(line string) (due bool, err error) {
	switch {
	case s.writing && line == ".":
		err = s.conn.WriteDot(s.text)
		s.writing, s.text = false, nil
		return true, err
	case s.writing:
		s.text = append(append(s.text, line...), "\r\n"...)
		if len(s.text) > MaxAnswer {
			return false, wire.ErrTooBig
		}
		return false, nil
	case s.left > 0:
		s.left -= len(line) + 2
		return s.left <= 0, s.conn.WriteN([]byte(line + "\r\n"))
	}
	s.left = chunk(line)
	return s.left == 0, s.conn.WriteLine(wire.Command, line)
}

// chunk is how many octets follow a line: those of BDAT.
//
// RFC 3030 §2. The answer comes after the last of them.
func chunk(line string) int {
	words := strings.Fields(line)
	if len(words) < 2 || !strings.EqualFold(words[0], "BDAT") {
		return 0
	}
	n, err := strconv.Atoi(words[1])
	if err != nil || n < 0 || n > MaxAnswer {
		return 0
	}
	return n
}

// hear reads a reply. 354 asks for the letter.
//
// RFC 5321 §4.2.
func (s *smtp) hear(line string) (secures bool, err error) {
	code, err := s.reply()
	s.writing = code == "354" && verb(line) == "DATA"
	return code == "220" && verb(line) == "STARTTLS", err
}

func (s *smtp) greeting() error {
	_, err := s.reply()
	return err
}

// reply reads up to the line whose code is not followed by a hyphen.
func (s *smtp) reply() (code string, err error) {
	for range maxLines {
		line, err := s.conn.ReadLine(wire.Reply, MaxLine)
		if err != nil {
			return "", err
		}
		if len(line) < 4 || line[3] != '-' {
			return string(line[:min(3, len(line))]), nil
		}
	}
	return "", ErrTooLong
}
