package pop3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/wire"
)

// Limits on what a Client takes from a server.
const (
	maxReply  = 512      // octets, CR LF included: RFC 2449 §4
	MaxLetter = 64 << 20 // octets of one letter, if Client.MaxLetter is 0
	MaxList   = 100_000  // lines of one list, if Client.MaxList is 0
)

// Errors of a Client. A -ERR is a *ReplyError, a reply that makes no sense a
// *wire.SyntaxError, a letter over the limit wire.ErrTooBig.
var (
	// ErrListTooLong tells that a list had too many lines; the connection was
	// closed.
	ErrListTooLong = errors.New("list too long")
	// ErrNoStamp tells that the greeting had no timestamp, so APOP cannot be.
	ErrNoStamp = errors.New("server does not offer APOP")
)

// Client is the client's end of one session, for one goroutine. Letters are
// numbered from 1; the numbers hold until the session ends.
type Client struct {
	MaxLetter int // octets; 0 means the constant
	MaxList   int // lines; 0 means the constant

	conn  *wire.Conn
	stamp string // of the greeting, with brackets; "" if none
	stop  func() bool
}

// NewClient makes a Client of nc, which it then owns. Call Greet first.
func NewClient(nc net.Conn, o wire.Options) *Client {
	return &Client{conn: wire.NewConn(nc, o)}
}

// Greet reads the server's greeting. It binds the session to ctx: when ctx
// ends, the connection is closed.
//
// RFC 1939 §4.
func (c *Client) Greet(ctx context.Context) error {
	c.stop = context.AfterFunc(ctx, func() { c.conn.Close() })
	text, err := c.reply("")
	if err != nil {
		return err
	}
	c.stamp = findStamp(text)
	return nil
}

// Stamp is the timestamp of the greeting with its angle brackets, or "".
func (c *Client) Stamp() string { return c.stamp }

// Login says USER and PASS.
//
// RFC 1939 §7.
func (c *Client) Login(user, password string) error {
	if err := checkName(user); err != nil {
		return err
	}
	if _, err := c.command("USER", user); err != nil {
		return err
	}
	_, err := c.command("PASS", password)
	return err
}

// APOP logs in without sending the secret. Without a timestamp in the greeting
// it is ErrNoStamp, and nothing is sent.
//
// RFC 1939 §7.
func (c *Client) APOP(user, secret string) error {
	if c.stamp == "" {
		return ErrNoStamp
	}
	if err := checkName(user); err != nil {
		return err
	}
	_, err := c.command("APOP", user+" "+apopDigest(c.stamp, secret))
	return err
}

// UTF8 asks for letters in UTF-8; it goes before the login.
//
// RFC 6856 §2.1.
func (c *Client) UTF8() error {
	_, err := c.command("UTF8", "")
	return err
}

// Retr fetches a letter; each of its lines ends in CR LF.
//
// RFC 1939 §5.
func (c *Client) Retr(i int) ([]byte, error) {
	return c.letter("RETR", fmt.Sprint(i))
}

// Top fetches the header of a letter and the first n lines of its body.
//
// RFC 1939 §7.
func (c *Client) Top(i, n int) ([]byte, error) {
	return c.letter("TOP", fmt.Sprintf("%d %d", i, n))
}

// Dele marks a letter, to be removed at Quit.
//
// RFC 1939 §5.
func (c *Client) Dele(i int) error {
	_, err := c.command("DELE", fmt.Sprint(i))
	return err
}

// Rset takes all marks of Dele away.
//
// RFC 1939 §5.
func (c *Client) Rset() error {
	_, err := c.command("RSET", "")
	return err
}

// Noop does nothing, but keeps the session alive.
//
// RFC 1939 §5.
func (c *Client) Noop() error {
	_, err := c.command("NOOP", "")
	return err
}

// Quit ends the session and closes the connection; only now are the marked
// letters removed. A *ReplyError tells that some were not.
//
// RFC 1939 §6.
func (c *Client) Quit() error {
	_, err := c.command("QUIT", "")
	return errors.Join(err, c.Close())
}

// Close closes the connection. Without Quit nothing is removed.
func (c *Client) Close() error {
	if c.stop != nil {
		c.stop()
	}
	if err := c.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// command sends one line and reads the first line of its reply.
func (c *Client) command(verb, arg string) (text string, err error) {
	line := verb
	if arg != "" || verb == "PASS" {
		line += " " + arg
	}
	if err := checkLine(line); err != nil {
		return "", fmt.Errorf("send %s: %w", verb, err)
	}
	if err := c.conn.WriteLine(wire.Command, line); err != nil {
		return "", fmt.Errorf("send %s: %w", verb, err)
	}
	if err := c.conn.Flush(); err != nil {
		return "", fmt.Errorf("send %s: %w", verb, err)
	}
	return c.reply(verb)
}

// reply reads the first line of a reply; text is what follows the status and
// the response code. -ERR is a *ReplyError.
func (c *Client) reply(verb string) (text string, err error) {
	line, err := c.conn.ReadLine(wire.Reply, maxReply)
	if err != nil {
		return "", c.broken(verb, err)
	}
	ok, code, text, err := parseReply(string(line))
	if err != nil {
		return "", c.broken(verb, err)
	}
	if !ok {
		return "", &ReplyError{Command: verb, Code: code, Text: text}
	}
	return text, nil
}

// letter asks for a letter and reads it.
func (c *Client) letter(verb, arg string) ([]byte, error) {
	if _, err := c.command(verb, arg); err != nil {
		return nil, err
	}
	limit := c.MaxLetter
	if limit == 0 {
		limit = MaxLetter
	}
	data, err := c.conn.ReadDot(limit)
	if err != nil {
		return nil, c.broken(verb+" "+arg, err)
	}
	return slices.Clone(data), nil
}

// broken wraps an error of reading the reply to what.
func (c *Client) broken(what string, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if what == "" {
		return fmt.Errorf("read greeting: %w", err)
	}
	return fmt.Errorf("read reply to %s: %w", what, err)
}

// checkLine refuses a command that a server would not read as one line.
//
// RFC 2449 §4.
func checkLine(line string) error {
	for i := range len(line) {
		if line[i] < ' ' || line[i] == 0x7f {
			return &wire.SyntaxError{At: i, Want: "no control character"}
		}
	}
	if len(line)+len(crlf) > maxCommand {
		return wire.ErrLineTooLong
	}
	if !utf8.ValidString(line) {
		return errors.New("not UTF-8")
	}
	return nil
}

// checkName refuses a user that could not be told from the next argument.
func checkName(user string) error {
	if at := strings.IndexByte(user, ' '); at >= 0 || user == "" {
		return fmt.Errorf("user %q: %w", user, &wire.SyntaxError{At: max(at, 0), Want: "a name without spaces"})
	}
	return nil
}
