package pop3

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strings"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// StartTLS turns to TLS. What the server can do has to be asked again.
//
// RFC 2595 §4.
func (c *Client) StartTLS(config *tls.Config) error {
	if _, err := c.command("STLS", ""); err != nil {
		return err
	}
	return c.Secure(config)
}

// Secure begins TLS without a word: before Greet on a port where that is the
// custom.
//
// RFC 8314 §3.
func (c *Client) Secure(config *tls.Config) error {
	return c.conn.StartTLS(tls.Client, config)
}

// TLS is what both ends agreed on, nil if the connection is in clear.
func (c *Client) TLS() *tls.ConnectionState { return c.conn.TLS() }

// Auth logs in with a mechanism of package sasl. offered are those of the
// server, nil if they are not known; nonce makes this end's part of SCRAM's,
// nil means a random one.
//
// RFC 5034 §4.
func (c *Client) Auth(mech, user, password string, offered []string, nonce func() string) error {
	m, err := sasl.Client(strings.ToUpper(mech), sasl.Identity{User: user, Password: password, TLS: c.conn.TLS(), Offered: offered, Nonce: nonce})
	if err != nil {
		return fmt.Errorf("AUTH %s: %w", mech, err)
	}
	name, response, err := m.Start()
	if err != nil {
		return fmt.Errorf("AUTH %s: %w", mech, err)
	}
	line := "AUTH " + name
	first := response
	if response != nil {
		if early := line + " " + encode(response, "="); len(early)+len(crlf) <= maxCommand { // RFC 5034 §4
			line, first = early, nil
		}
	}
	err = c.conn.WriteLine(wire.Command, line)
	for {
		if err == nil {
			err = c.conn.Flush()
		}
		if err != nil {
			return fmt.Errorf("send AUTH: %w", err)
		}
		text, err := c.conn.ReadLine(wire.Reply, maxResponse)
		if err != nil {
			return c.broken("AUTH", err)
		}
		challenge, more := strings.CutPrefix(string(text), "+ ")
		if !more {
			return c.verdict(string(text), sasl.Finished(m))
		}
		octets, err := base64.StdEncoding.DecodeString(challenge)
		if err == nil && first == nil {
			response, err = m.Next(octets)
		}
		first = nil
		answer := encode(response, "")
		if err != nil { // RFC 5034 §4: we do not want to go on
			c.say("*")
			return fmt.Errorf("AUTH %s: %w", name, err)
		}
		if err = c.conn.WriteLine(wire.Command, answer); err != nil {
			return fmt.Errorf("send AUTH: %w", err)
		}
	}
}

// verdict reads how an exchange ended; unproved is why the server's yes is not
// to be believed.
func (c *Client) verdict(line string, unproved error) error {
	ok, code, text, err := parseReply(line)
	switch {
	case err != nil:
		return c.broken("AUTH", err)
	case !ok:
		return &ReplyError{Command: "AUTH", Code: code, Text: text}
	case unproved != nil:
		c.conn.Close()
		return c.broken("AUTH", unproved)
	}
	return nil
}

// say sends a line and reads whatever answers it.
func (c *Client) say(line string) {
	if c.conn.WriteLine(wire.Command, line) == nil && c.conn.Flush() == nil {
		c.reply("AUTH")
	}
}

// encode is a response in base64; empty is what stands for an empty one.
func encode(response []byte, empty string) string {
	if len(response) == 0 {
		return empty
	}
	return base64.StdEncoding.EncodeToString(response)
}
