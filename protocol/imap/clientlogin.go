package imap

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	gosasl "github.com/emersion/go-sasl"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// Capability asks what the server offers.
//
// RFC 9051 §6.1.1.
func (c *Client) Capability() ([]string, error) {
	if _, err := c.do("CAPABILITY", nil, func(r *response) bool { return r.name == "CAPABILITY" }); err != nil {
		return nil, err
	}
	return c.caps, nil
}

// Noop does nothing, but the server may tell what is new.
//
// RFC 9051 §6.1.2.
func (c *Client) Noop() error {
	_, err := c.do("NOOP", nil, nil)
	return err
}

// Logout ends the session and closes the connection.
//
// RFC 9051 §6.1.3.
func (c *Client) Logout() error {
	_, err := c.do("LOGOUT", nil, func(r *response) bool { return r.name == "BYE" })
	if c.parting != nil && errors.Is(err, c.parting) { // it hung up before it said OK
		err = nil
	}
	return errors.Join(err, c.Close())
}

// Login says LOGIN. If the server takes no password so, it is ErrNotOffered,
// and nothing is sent.
//
// RFC 9051 §6.2.3.
func (c *Client) Login(user, password string) error {
	if c.Has("LOGINDISABLED") {
		return fmt.Errorf("LOGIN: %w", ErrNotOffered)
	}
	return c.signIn(func() (*response, error) {
		return c.do("LOGIN", func(e *encoder) {
			e.octet(' ')
			e.astring(user)
			e.octet(' ')
			e.astring(password)
		}, nil)
	})
}

// AuthenticatePlain logs in by the mechanism PLAIN.
//
// RFC 9051 §6.2.2, RFC 4616; the response comes with the command where the
// server allows it (RFC 4959).
func (c *Client) AuthenticatePlain(user, password string) error {
	return c.AuthenticateBy(sasl.Plain, user, password)
}

// AuthenticateBy logs in by a mechanism of package sasl.
func (c *Client) AuthenticateBy(mech, user, password string) error {
	m, err := sasl.Client(mech, sasl.Identity{User: user, Password: password, TLS: c.conn.TLS(), Offered: c.Mechanisms(), Nonce: c.Nonce})
	if err != nil {
		return fmt.Errorf("AUTHENTICATE %s: %w", mech, err)
	}
	return c.Authenticate(m)
}

// Mechanisms are what the server says that it takes for AUTHENTICATE.
func (c *Client) Mechanisms() []string {
	var list []string
	for _, name := range c.caps {
		if mech, ok := strings.CutPrefix(strings.ToUpper(name), "AUTH="); ok {
			list = append(list, mech)
		}
	}
	return list
}

// StartTLS turns to TLS. What the server can do has to be asked again.
//
// RFC 9051 §6.2.1.
func (c *Client) StartTLS(config *tls.Config) error {
	if _, err := c.do("STARTTLS", nil, nil); err != nil {
		return err
	}
	c.caps = nil
	return c.Secure(config)
}

// Secure begins TLS without a word: before Greet on a port where that is the
// custom.
//
// RFC 8314 §3.
func (c *Client) Secure(config *tls.Config) error { return c.conn.StartTLS(tls.Client, config) }

// TLS is what both ends agreed on, nil if the connection is in clear.
func (c *Client) TLS() *tls.ConnectionState { return c.conn.TLS() }

// Authenticate logs in by any mechanism.
func (c *Client) Authenticate(mech gosasl.Client) error {
	return c.signIn(func() (*response, error) { return c.authenticate(mech) })
}

func (c *Client) authenticate(mech gosasl.Client) (*response, error) {
	const verb = "AUTHENTICATE"
	name, response, err := mech.Start()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb, err)
	}
	early := response != nil && (c.Has("SASL-IR") || c.Has("IMAP4rev2"))
	err = c.send(verb, func(e *encoder) {
		e.raw(" " + name)
		if early {
			e.raw(" " + saslText(response, "="))
		}
	})
	if err != nil {
		return nil, err
	}
	for first := !early; ; first = false {
		r, err := c.finish(verb, nil)
		if err == nil {
			if err := sasl.Finished(mech); err != nil {
				return nil, c.broken(verb, err)
			}
		}
		if err != errGoOn {
			return r, err
		}
		challenge, err := base64.StdEncoding.DecodeString(r.text)
		if err != nil {
			return nil, c.broken(verb, &wire.SyntaxError{Want: "base64 after \"+\""})
		}
		if !first || response == nil {
			if response, err = mech.Next(challenge); err != nil {
				return nil, c.cancel(verb, err)
			}
		}
		if err := c.say(verb, saslText(response, "")); err != nil {
			return nil, err
		}
	}
}

// cancel ends an exchange that we do not want to go on with.
//
// RFC 9051 §6.2.2.
func (c *Client) cancel(verb string, why error) error {
	if err := c.say(verb, "*"); err != nil {
		return err
	}
	if _, err := c.finish(verb, nil); err != nil {
		if _, refused := errors.AsType[*ReplyError](err); !refused {
			return err
		}
	}
	return fmt.Errorf("%s: %w", verb, why)
}

// saslText is a response in base64; empty is what stands for an empty one.
func saslText(response []byte, empty string) string {
	if len(response) == 0 {
		return empty
	}
	return base64.StdEncoding.EncodeToString(response)
}

// say sends a line that is part of the command under way.
func (c *Client) say(verb, line string) error {
	err := c.conn.WriteLine(wire.Command, line)
	if err == nil {
		err = c.conn.Flush()
	}
	if err != nil {
		return fmt.Errorf("send %s: %w", verb, c.lost(err))
	}
	return nil
}

// signIn logs in. What the server offered before need not be true afterwards.
//
// RFC 9051 §6.2.2, §6.2.3: the capabilities may come with the answer.
func (c *Client) signIn(login func() (*response, error)) error {
	before := c.caps
	c.capsNew = false
	_, err := login()
	if err == nil && !c.capsNew {
		c.caps = nil
	} else if err != nil {
		c.caps = before
	}
	return err
}

// ID tells the server who we are, in pairs of field and value, and returns
// what it says of itself.
//
// RFC 2971 §3.1.
func (c *Client) ID(fields ...[2]string) ([][2]string, error) {
	var theirs [][2]string
	_, err := c.do("ID", func(e *encoder) {
		e.octet(' ')
		e.pairs(fields)
	}, func(r *response) bool {
		list, ok := r.data.([][2]string)
		if ok {
			theirs = list
		}
		return ok
	})
	return theirs, err
}

// idFields takes what ID tells: pairs of strings, or NIL.
func (p *parser) idFields() [][2]string {
	var list [][2]string
	if p.word("NIL") {
		return list
	}
	p.list(func() {
		name := p.text()
		p.sp()
		if len(list) == maxIDs {
			p.want("fewer fields")
		}
		list = append(list, [2]string{name, p.text()})
	})
	return list
}

const maxIDs = 100

// Enable asks the server to use extensions from now on. It returns those that
// it will use.
//
// RFC 5161 §3.1, RFC 9051 §6.3.1.
func (c *Client) Enable(names ...string) ([]string, error) {
	var on []string
	_, err := c.do("ENABLE", func(e *encoder) {
		for _, n := range names {
			e.raw(" " + n)
		}
	}, func(r *response) bool {
		if r.name != "ENABLED" {
			return false
		}
		on = append(on, r.data.([]string)...)
		return true
	})
	return on, err
}
