package lesson

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"mailscope/protocol/console"
	"mailscope/protocol/wire"
	"mailscope/sim/mua"
	"mailscope/sim/network"
)

// Type has a person type lines at a server, each after the answer to the one
// before, as with telnet; once STARTTLS was typed and granted, or on a port of
// TLS, as with openssl s_client. It ends with the lines, or when the server
// hangs up.
type Type struct {
	Host     string   `yaml:"host"` // at which the person sits
	Server   string   `yaml:"server"`
	Service  string   `yaml:"service"`
	Lines    []string `yaml:"lines"`
	Pipeline bool     `yaml:"pipeline"` // what may go at once does (RFC 2920)
}

// Limits of what is typed.
const (
	maxTyped = 1000        // lines
	answered = time.Minute // real, for an answer to come
)

func (s *Type) who() (device, key string) { return s.Host, "type.host" }

func (s *Type) check() (key, wrong string) {
	switch proto := network.Proto(s.Service); {
	case !console.Speaks(proto):
		return "type.service", fmt.Sprintf("want smtp, submission, submissions, pop3, pop3s, imap or imaps, got %q", s.Service)
	case s.Pipeline && proto != "smtp":
		return "type.pipeline", "lines are pipelined by SMTP alone"
	case len(s.Lines) == 0 || len(s.Lines) > maxTyped:
		return "type.lines", fmt.Sprintf("want 1 to %d lines, got %d", maxTyped, len(s.Lines))
	}
	for i, line := range s.Lines {
		if err := console.Check(line); err != nil {
			return fmt.Sprintf("type.lines[%d]", i), err.Error()
		}
	}
	return "", ""
}

func (s *Type) do(ctx context.Context, p *player) error {
	conn, err := s.dial(ctx, p)
	if err != nil {
		return ctx.Err() // it is recorded
	}
	o := conn.Wire()
	o.Timeout = answered
	o.Tap = p.typed(conn, o.Tap)
	c, err := console.New(conn, o, conn.Proto())
	if err != nil {
		return err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if err := s.talk(c, p); errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("type: %w", err)
	}
	return nil // a server that hangs up is part of the lesson
}

// dial opens the connection.
func (s *Type) dial(ctx context.Context, p *player) (*network.Conn, error) {
	addr, _ := p.world.Net.Addr(s.Server) // checked
	to := netip.AddrPortFrom(addr, uint16(network.Port(s.Service)))
	if d := p.world.Device(s.Host); d != nil {
		return d.Dial(ctx, to)
	}
	return p.world.Net.Dial(ctx, s.Host, to)
}

// talk is what is said.
func (s *Type) talk(c *console.Console, p *player) (err error) {
	if c.TLS, err = p.world.Authority.Client(s.Server); err != nil {
		return err
	}
	if network.Secure(network.Port(s.Service)) {
		if err := c.Secure(); err != nil {
			return err
		}
	}
	if err := c.Greet(); err != nil {
		return err
	}
	if s.Pipeline {
		return c.Pipeline(s.Lines)
	}
	return c.Play(s.Lines)
}

// typed is a tap for a typed session of SMTP: a letter begins with MAIL, and
// what was typed after DATA is the letter that was sent.
func (p *player) typed(conn *network.Conn, tap func(wire.Line)) func(wire.Line) {
	if conn.Proto() != "smtp" {
		return tap
	}
	stuffed := false
	return func(l wire.Line) {
		switch verb, _, _ := strings.Cut(strings.ToUpper(string(l.Text)), " "); {
		case !l.Sent:
		case l.Role == wire.Data:
			if letter := p.sent[conn.Letter()]; letter != nil && !(stuffed && string(l.Text) == ".") {
				text := "\r\n" + string(l.Text)
				if stuffed { // RFC 5321 §4.5.2
					text = strings.ReplaceAll(text, "\r\n.", "\r\n")
				}
				letter.Data = append(letter.Data, text[2:]+"\r\n"...)
			}
		case verb == "DATA", verb == "BDAT":
			stuffed = verb == "DATA"
		case verb == "MAIL":
			id := p.world.Net.NewLetter()
			p.sent[id] = &mua.Letter{ID: id}
			conn.SetLetter(id)
		case verb == "HELO", verb == "EHLO", verb == "RSET", verb == "QUIT":
			conn.SetLetter("")
		}
		tap(l)
	}
}
