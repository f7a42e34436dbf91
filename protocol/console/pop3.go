package console

import (
	"strings"

	"mailscope/protocol/wire"
)

// pop3 is a session of POP3.
type pop3 struct {
	conn *wire.Conn
	auth bool // an exchange is under way: what is typed is no command
}

func (p *pop3) say(line string) (due bool, err error) {
	return true, p.conn.WriteLine(wire.Command, line)
}

// hear reads an answer: one line, and after some commands more up to a lone
// dot.
//
// RFC 1939 §3; "+ " RFC 5034 §4.
func (p *pop3) hear(line string) (secures bool, err error) {
	first, err := p.conn.ReadLine(wire.Reply, MaxLine)
	if err != nil {
		return false, err
	}
	inside := p.auth
	p.auth = strings.HasPrefix(string(first), "+ ")
	if inside || !strings.HasPrefix(string(first), "+OK") {
		return false, nil
	}
	alone := len(strings.Fields(line)) == 1
	switch v := verb(line); {
	case v == "RETR", v == "TOP":
		if _, err = p.conn.ReadDot(MaxAnswer); err == wire.ErrBareNewline {
			err = nil // it was read to its end all the same
		}
		return false, err
	case v == "CAPA", alone && (v == "LIST" || v == "UIDL" || v == "AUTH"):
		return false, p.list()
	default:
		return v == "STLS", nil
	}
}

func (p *pop3) list() error {
	for range maxLines {
		line, err := p.conn.ReadLine(wire.Data, MaxLine)
		if err != nil || string(line) == "." {
			return err
		}
	}
	return ErrTooLong
}

func (p *pop3) greeting() error {
	_, err := p.conn.ReadLine(wire.Reply, MaxLine)
	return err
}
