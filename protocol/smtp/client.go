package smtp

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// Client is the sending side of one connection. One goroutine may use it.
// After an error that is no *ReplyError, and after 421, only Close is left.
type Client struct {
	// Chunking makes Send use BDAT where the server offers it.
	Chunking bool
	// Nonce makes this end's part of SCRAM's nonce; nil means a random one.
	Nonce func() string

	nc   *wire.StopConn
	c    *wire.Conn
	host string
	ext  map[string]string // by keyword in capitals; nil after HELO
	gone error             // why the connection is of no use any more
}

// NewClient speaks on nc, which it then owns.
func NewClient(nc net.Conn, o wire.Options) *Client {
	conn := &wire.StopConn{Conn: nc}
	return &Client{nc: conn, c: wire.NewConn(conn, o), host: "server"}
}

// Host is the name that the server gave in its greeting.
func (c *Client) Host() string { return c.host }

// Greet reads the server's greeting.
//
// RFC 5321 §3.1.
func (c *Client) Greet(ctx context.Context) error {
	defer c.watch(ctx)()
	r, err := c.read("greeting")
	if err != nil {
		return c.broke(ctx, err)
	}
	if name, _, _ := strings.Cut(r.Lines[0], " "); name != "" {
		c.host = name
	}
	return c.want(r, "greeting", 220)
}

// Hello says EHLO, and HELO if the server refuses that for good.
//
// RFC 5321 §3.2.
func (c *Client) Hello(ctx context.Context, name string) error {
	defer c.watch(ctx)()
	c.ext = nil
	line := "EHLO " + name
	r, err := c.say(ctx, line)
	if err != nil {
		return err
	}
	if r.Code == 250 {
		c.ext = make(map[string]string, len(r.Lines))
		for _, offer := range r.Lines[1:] {
			key, param, _ := strings.Cut(offer, " ")
			c.ext[strings.ToUpper(key)] = param
		}
		return nil
	}
	if r.Code/100 != 5 {
		return c.want(r, line, 250)
	}
	return c.Helo(ctx, name)
}

// Helo says HELO, and nothing of extensions, as a program of 1982 does.
//
// RFC 5321 §4.1.1.1.
func (c *Client) Helo(ctx context.Context, name string) error {
	c.ext = nil
	return c.simple(ctx, "HELO "+name, 250)
}

// Has tells whether the server offered an extension, and with which parameters.
func (c *Client) Has(ext string) (param string, ok bool) {
	param, ok = c.ext[strings.ToUpper(ext)]
	return param, ok
}

// StartTLS turns to TLS. What the server said before does not count any more:
// Hello comes next.
//
// RFC 3207 §4.
func (c *Client) StartTLS(ctx context.Context, config *tls.Config) error {
	if err := c.simple(ctx, "STARTTLS", 220); err != nil {
		return err
	}
	c.ext = nil
	return c.Secure(ctx, config)
}

// Secure begins TLS without a word: before Greet on a port where that is the
// custom.
//
// RFC 8314 §3.
func (c *Client) Secure(ctx context.Context, config *tls.Config) error {
	defer c.watch(ctx)()
	if err := c.c.StartTLS(tls.Client, config); err != nil {
		return c.broke(ctx, fmt.Errorf("%s: %w", c.host, err))
	}
	return nil
}

// TLS is what both ends agreed on, nil if the connection is in clear.
func (c *Client) TLS() *tls.ConnectionState { return c.c.TLS() }

// Mechanisms are what the server lets its clients log in by.
func (c *Client) Mechanisms() []string {
	list, _ := c.Has("AUTH")
	return strings.Fields(strings.ToUpper(list))
}

// Auth logs in with a mechanism of package sasl.
//
// RFC 4954 §4.
func (c *Client) Auth(ctx context.Context, mech, user, password string) error {
	defer c.watch(ctx)()
	m, err := sasl.Client(strings.ToUpper(mech), sasl.Identity{User: user, Password: password, TLS: c.c.TLS(), Offered: c.Mechanisms(), Nonce: c.Nonce})
	if err != nil {
		return fmt.Errorf("log in at %s by %s: %w", c.host, mech, err)
	}
	name, initial, err := m.Start()
	if err != nil {
		return fmt.Errorf("log in at %s: %w", c.host, err)
	}
	command := "AUTH " + name
	line := command
	if initial != nil {
		line += " " + or(base64.StdEncoding.EncodeToString(initial), "=")
	}
	for {
		r, err := c.say(ctx, line)
		if err != nil {
			return err
		}
		if r.Code == 235 {
			if err := sasl.Finished(m); err != nil {
				return c.broke(ctx, fmt.Errorf("log in at %s: %w", c.host, err))
			}
			return nil
		}
		if r.Code != 334 {
			return c.want(r, command, 235)
		}
		challenge, err := base64.StdEncoding.DecodeString(r.Lines[0])
		var response []byte
		if err == nil {
			response, err = m.Next(challenge)
		}
		if err != nil {
			c.say(ctx, "*")
			return fmt.Errorf("log in at %s: %w", c.host, err)
		}
		line = base64.StdEncoding.EncodeToString(response)
	}
}

// Reset gives up the open transaction.
func (c *Client) Reset(ctx context.Context) error { return c.simple(ctx, "RSET", 250) }

// Noop asks for a sign of life.
func (c *Client) Noop(ctx context.Context) error { return c.simple(ctx, "NOOP", 250) }

// Verify asks about a name or an address.
func (c *Client) Verify(ctx context.Context, arg string) (Reply, error) {
	defer c.watch(ctx)()
	r, err := c.say(ctx, "VRFY "+arg)
	if err != nil {
		return Reply{}, err
	}
	if r.Code/100 != 2 {
		return r, &ReplyError{Reply: r, Command: "VRFY " + arg, Host: c.host}
	}
	return r, nil
}

// Quit takes leave and closes the connection.
func (c *Client) Quit(ctx context.Context) error {
	defer c.Close()
	return c.simple(ctx, "QUIT", 221)
}

// Close closes the connection without taking leave.
func (c *Client) Close() error { return c.c.Close() }

func (c *Client) simple(ctx context.Context, line string, code int) error {
	defer c.watch(ctx)()
	r, err := c.say(ctx, line)
	if err != nil {
		return err
	}
	return c.want(r, line, code)
}

// say sends one command and reads its reply.
func (c *Client) say(ctx context.Context, line string) (Reply, error) {
	if c.gone != nil {
		return Reply{}, c.gone
	}
	if strings.ContainsAny(line, "\r\n\x00") {
		return Reply{}, fmt.Errorf("send %q to %s: CR, LF or NUL in a command", line, c.host)
	}
	c.c.WriteLine(wire.Command, line)
	if err := c.c.Flush(); err != nil {
		return Reply{}, c.broke(ctx, fmt.Errorf("send %s to %s: %w", verbOf(line), c.host, err))
	}
	r, err := c.read(verbOf(line))
	if err != nil {
		return Reply{}, c.broke(ctx, err)
	}
	if r.Code == 421 { // RFC 5321 §3.8: the server closes now
		e := &ReplyError{Reply: r, Command: verbOf(line), Host: c.host}
		c.gone = e
		return r, e
	}
	return r, nil
}

func verbOf(line string) string {
	verb, _, _ := strings.Cut(line, " ")
	return verb
}

// broke remembers that the connection is of no use any more.
func (c *Client) broke(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	c.gone = err
	return err
}

// want makes an error of a reply whose code is not the one wanted.
func (c *Client) want(r Reply, command string, code int) error {
	if r.Code == code {
		return nil
	}
	e := &ReplyError{Reply: r, Command: command, Host: c.host}
	if r.Code == 421 {
		c.gone = e
	}
	return e
}

// read reads one reply, the answer to command.
func (c *Client) read(command string) (Reply, error) {
	var r Reply
	for {
		line, err := c.c.ReadLine(wire.Reply, maxReplyLine)
		if err != nil {
			return Reply{}, fmt.Errorf("read reply to %s from %s: %w", command, c.host, err)
		}
		code, more, enhanced, text, err := parseReplyLine(string(line))
		switch {
		case err != nil:
		case r.Code != 0 && code != r.Code:
			err = &wire.SyntaxError{At: 0, Want: fmt.Sprintf("code %d again", r.Code)}
		case len(r.Lines) == maxReplyLines:
			err = errors.New("too many lines")
		}
		if err != nil {
			return Reply{}, fmt.Errorf("read reply to %s from %s: %w", command, c.host, err)
		}
		if r.Code == 0 {
			r.Enhanced = enhanced
		} else if enhanced != r.Enhanced {
			text = strings.TrimSuffix(enhanced+" "+text, " ")
		}
		r.Code, r.Lines = code, append(r.Lines, text)
		if !more {
			return r, nil
		}
	}
}

// watch makes reads and writes end with ctx, until the result is called.
func (c *Client) watch(ctx context.Context) func() {
	if ctx.Done() == nil {
		return func() {}
	}
	cancel := context.AfterFunc(ctx, c.nc.Stop)
	return func() { cancel() }
}
