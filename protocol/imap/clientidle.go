package imap

import (
	"errors"
	"fmt"

	"mailscope/protocol/wire"
)

const idleVerb = "IDLE"

// Idle asks the server to tell of changes as they happen, and returns once it
// does. Until Done no other command may be sent; IdleRead reads what comes.
//
// RFC 2177, RFC 9051 §6.3.13.
func (c *Client) Idle() error {
	if err := c.send(idleVerb, nil); err != nil {
		return err
	}
	if _, err := c.awaitPlus(idleVerb); err != nil {
		return err
	}
	c.idling = true
	return nil
}

// Idling tells whether the session idles.
func (c *Client) Idling() bool { return c.idling }

var errNotIdle = errors.New("the session does not idle")

// IdleRead waits for one response and passes it to OnUpdate. If the server
// ends the idling by itself, that is a *ReplyError.
func (c *Client) IdleRead() error {
	if !c.idling {
		return fmt.Errorf("%s: %w", idleVerb, errNotIdle)
	}
	r, err := c.read(idleVerb)
	switch {
	case err != nil:
		c.idling = false
		return err
	case r.tag == "*":
		c.receive(r, nil)
		return nil
	case r.tag == c.tag:
		c.idling = false
		c.note(r)
		return r.refusal(idleVerb)
	}
	c.idling = false
	return c.broken(idleVerb, &wire.SyntaxError{Want: `"*"`})
}

// Done ends the idling.
func (c *Client) Done() error {
	if !c.idling {
		return fmt.Errorf("DONE: %w", errNotIdle)
	}
	c.idling = false
	if err := c.say(idleVerb, "DONE"); err != nil {
		return err
	}
	_, err := c.finish(idleVerb, nil)
	return err
}
