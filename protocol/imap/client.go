package imap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// Limits on what a Client takes from a server.
const (
	MaxLetter    = 64 << 20  // octets of one response, if Client.MaxLetter is 0
	MaxList      = 1_000_000 // responses to one command, if Client.MaxList is 0
	maxReplyLine = 8 << 20   // octets of one line: a SEARCH response holds them all
)

// Errors of a Client. A NO, BAD or BYE is a *ReplyError, a response that makes
// no sense a *wire.SyntaxError, one over the limit wire.ErrTooBig.
var (
	// ErrListTooLong tells that too many responses came; the connection was
	// closed.
	ErrListTooLong = errors.New("too many responses")
	// ErrNotOffered tells that the server does not offer what is needed;
	// nothing was sent.
	ErrNotOffered = errors.New("not offered by the server")
)

// Client is the client's end of one session, for one goroutine. Names of
// mailboxes are in UTF-8.
//
// After an error that is no *ReplyError the session is of no use any more.
type Client struct {
	MaxLetter int // octets of one response, literals included; 0 means the constant
	MaxList   int // responses to one command; 0 means the constant
	// OnUpdate, if set, is told of what the server says beside the answers to
	// commands, as soon as it was read. It must not use the Client.
	OnUpdate func(Update)
	// Nonce makes this end's part of SCRAM's nonce; nil means a random one.
	Nonce func() string

	conn *wire.Conn
	out  encoder
	stop func() bool

	tags    int
	tag     string // of the command under way, or of the IDLE
	verb    string
	idling  bool
	caps    []string
	capsNew bool     // caps were told since this was last false
	on      []string // enabled, in capital letters
	box     *Selected
	parting *ReplyError // the BYE that came
}

// NewClient makes a Client of nc, which it then owns. Call Greet first.
func NewClient(nc net.Conn, o wire.Options) *Client {
	c := &Client{conn: wire.NewConn(nc, o)}
	c.out = encoder{conn: c.conn, role: wire.Command, mark: c.literalEnd, ready: c.awaitReady}
	return c
}

// Greet reads the server's greeting. It binds the session to ctx: when ctx
// ends, the connection is closed.
//
// RFC 9051 §7.1. After PREAUTH no login is needed.
func (c *Client) Greet(ctx context.Context) (preauth bool, err error) {
	c.stop = context.AfterFunc(ctx, func() { c.conn.Close() })
	r, err := c.read("")
	if err != nil {
		return false, err
	}
	switch {
	case r.tag == "*" && (r.name == "OK" || r.name == "PREAUTH"):
		c.note(r)
		return r.name == "PREAUTH", nil
	case r.tag == "*" && r.name == "BYE":
		return false, r.refusal("")
	}
	return false, c.broken("", &wire.SyntaxError{Want: "a greeting"})
}

// Caps are the capabilities that the server told of last, as received; nil if
// they are not known.
func (c *Client) Caps() []string { return c.caps }

// Has tells whether the server offers a capability, as far as is known.
func (c *Client) Has(name string) bool {
	return slices.ContainsFunc(c.caps, func(o string) bool { return strings.EqualFold(o, name) })
}

// Enabled tells whether the server uses an extension because we asked for it.
func (c *Client) Enabled(name string) bool { return slices.Contains(c.on, strings.ToUpper(name)) }

// Selected is the mailbox that is open, nil if none is. It changes as the
// server tells of changes.
func (c *Client) Selected() *Selected { return c.box }

// Pending tells whether something is here that was not read yet, beside what
// the connection itself may hold.
func (c *Client) Pending() bool { return c.conn.Pending() }

// Close closes the connection without a word.
func (c *Client) Close() error {
	if c.stop != nil {
		c.stop()
	}
	if err := c.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// do sends a command and reads up to its end. write adds the arguments, with
// a space before each. take is given each response on the way, and tells
// whether it belongs to the answer. Either may be nil.
func (c *Client) do(name string, write func(e *encoder), take func(*response) bool) (*response, error) {
	if err := c.send(name, write); err != nil {
		return nil, err
	}
	r, err := c.finish(name, take)
	if err == errGoOn {
		return nil, c.broken(name, &wire.SyntaxError{Want: `"*" or the command's tag`})
	}
	return r, err
}

// errGoOn tells that the server wants the command to go on.
var errGoOn = errors.New("the server asks for more")

// send sends a command, and waits where a literal has to be asked for.
//
// RFC 9051 §2.2.1 (tags).
func (c *Client) send(name string, write func(e *encoder)) error {
	c.tags++
	c.tag, c.verb = "a"+strconv.Itoa(c.tags), name
	c.out.raw(c.tag + " " + name)
	if write != nil {
		write(&c.out)
	}
	c.out.end()
	if refused, ok := errors.AsType[*ReplyError](c.out.err); ok { // the literal was not wanted
		c.out.err = nil
		return refused
	}
	if c.out.err == nil {
		c.out.err = c.conn.Flush()
	}
	if c.out.err != nil {
		return fmt.Errorf("send %s: %w", name, c.lost(c.out.err))
	}
	return nil
}

// literalEnd announces a literal without waiting where the server takes it so.
//
// RFC 7888 §4 (LITERAL+), §5 (LITERAL-); RFC 9051 §4.3 has the latter.
func (c *Client) literalEnd(size int) string {
	if c.Has("LITERAL+") || size <= maxMinusLiteral && (c.Has("LITERAL-") || c.Has("IMAP4rev2")) {
		return "+}"
	}
	return "}"
}

// maxMinusLiteral is the largest literal that LITERAL- sends without waiting.
const maxMinusLiteral = 4096

// awaitReady waits until the server wants the rest of the command.
func (c *Client) awaitReady() error {
	if err := c.conn.Flush(); err != nil {
		return err
	}
	_, err := c.awaitPlus(c.verb)
	return err
}

// awaitPlus reads up to the line that begins with "+" and returns its text.
//
// RFC 9051 §7.6.
func (c *Client) awaitPlus(name string) (text string, err error) {
	for {
		r, err := c.read(name)
		switch {
		case err != nil:
			return "", err
		case r.tag == "+":
			return r.text, nil
		case r.tag == "*":
			c.receive(r, nil)
		case r.tag == c.tag && r.name != "OK":
			c.note(r)
			return "", r.refusal(name)
		default:
			return "", c.broken(name, &wire.SyntaxError{Want: `"+"`})
		}
	}
}

// finish reads up to the end of the command under way, or up to a "+", which
// is errGoOn.
func (c *Client) finish(name string, take func(*response) bool) (*response, error) {
	for n := 0; ; n++ {
		if n > cmp.Or(c.MaxList, MaxList) {
			return nil, c.broken(name, ErrListTooLong)
		}
		r, err := c.read(name)
		switch {
		case err != nil:
			return nil, err
		case r.tag == "*":
			c.receive(r, take)
		case r.tag == "+":
			return r, errGoOn
		case r.tag == c.tag:
			c.note(r)
			if r.name != "OK" {
				return r, r.refusal(name)
			}
			return r, nil
		default:
			return nil, c.broken(name, &wire.SyntaxError{Want: `"*" or the command's tag`})
		}
	}
}

// receive takes an untagged response in.
func (c *Client) receive(r *response, take func(*response) bool) {
	if r.name == "EXPUNGE" && r.number == 0 { // which no message is, but some servers say it
		return
	}
	c.note(r)
	if take == nil || !take(r) {
		c.tell(r)
	}
}

// broken closes the connection and says what was wrong with the reply to a
// command. If the server had said goodbye, that is what was wrong.
func (c *Client) broken(name string, err error) error {
	c.conn.Close()
	err = c.lost(err)
	switch {
	case c.parting != nil:
		return err
	case name == "":
		return fmt.Errorf("read greeting: %w", err)
	}
	return fmt.Errorf("read reply to %s: %w", name, err)
}

// lost is why the connection is.
func (c *Client) lost(err error) error {
	if c.parting != nil {
		return c.parting
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
