package smtp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// Result is what became of one letter.
type Result struct {
	Rcpts []error // in the order of the envelope: nil or a *ReplyError; shorter if the dialogue broke
	Reply Reply   // to the letter itself; zero if it was not sent
}

// ErrNoRcpts tells that every recipient was refused; Result.Rcpts says why.
var ErrNoRcpts = errors.New("no recipient was accepted")

// maxGroup is how many commands are sent before their replies are read, so
// that replies never fill the pipe while commands do: RFC 2920 §3.1.
const maxGroup = 50

// Send sends one letter, lines ending in CR LF, to env.Rcpts; of env only Mail
// and Rcpts count. Parameters go only to a server that offers them. err is nil
// if the letter was accepted for the recipients that Result says; a
// *ReplyError if the sender or the letter was refused, also where the server
// lacks what the letter needs; ErrNoRcpts if every recipient was.
//
// RFC 5321 §3.3; pipelining RFC 2920 §3.1.
func (c *Client) Send(ctx context.Context, env Envelope, letter []byte) (Result, error) {
	defer c.watch(ctx)()
	if c.gone != nil {
		return Result{}, c.gone
	}
	lines, err := c.commands(env, letter)
	if err != nil {
		return Result{}, err
	}
	_, chunking := c.Has("CHUNKING")
	t := &transfer{Client: c, ctx: ctx, chunking: chunking && c.Chunking}
	if !t.chunking {
		lines = append(lines, "DATA")
	}
	if err := t.envelope(lines); err != nil {
		return t.result, err
	}
	return t.result, t.letter(letter)
}

// commands gives the lines of MAIL and every RCPT.
func (c *Client) commands(env Envelope, letter []byte) ([]string, error) {
	mail, err := c.mailLine(env.Mail, letter)
	if err != nil {
		return nil, err
	}
	lines := append(make([]string, 0, len(env.Rcpts)+2), mail)
	_, utf8 := c.Has("SMTPUTF8")
	for _, r := range env.Rcpts {
		line := "RCPT TO:<" + r.To + ">"
		if !utf8 && !ascii(r.To) {
			return nil, c.cannot(line, 553, "5.6.7", "server does not offer SMTPUTF8")
		}
		if _, dsn := c.Has("DSN"); dsn {
			if r.Notify != nil {
				line += " NOTIFY=" + strings.Join(r.Notify, ",")
			}
			if kind, text, ok := strings.Cut(r.ORcpt, ";"); ok {
				line += " ORCPT=" + kind + ";" + encodeXtext(text)
			}
		}
		lines = append(lines, line)
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\r\n\x00") {
			return nil, fmt.Errorf("send %q to %s: CR, LF or NUL in a command", line, c.host)
		}
	}
	return lines, nil
}

// mailLine gives the MAIL command with the parameters that the server offers.
func (c *Client) mailLine(m Mail, letter []byte) (string, error) {
	line := "MAIL FROM:<" + m.From + ">"
	if _, ok := c.Has("SIZE"); ok {
		line += " SIZE=" + strconv.Itoa(or(m.Size, len(letter)))
	}
	utf8 := m.UTF8 || !ascii(m.From)
	_, ok := c.Has("SMTPUTF8")
	if utf8 && !ok {
		return "", c.cannot(line, 553, "5.6.7", "server does not offer SMTPUTF8")
	}
	body := m.Body
	if !ascii8(letter) {
		body = "8BITMIME"
	}
	if _, ok := c.Has("8BITMIME"); ok && body != "" {
		line += " BODY=" + body
	} else if body == "8BITMIME" {
		return "", c.cannot(line, 554, "5.6.3", "server does not offer 8BITMIME")
	}
	if utf8 {
		line += " SMTPUTF8"
	}
	if _, ok := c.Has("DSN"); ok {
		if m.Ret != "" {
			line += " RET=" + m.Ret
		}
		if m.EnvID != "" {
			line += " ENVID=" + encodeXtext(m.EnvID)
		}
	}
	if _, ok := c.Has("AUTH"); ok && m.Auth != "" {
		line += " AUTH=" + encodeXtext(m.Auth)
	}
	if hasBare(letter) {
		return "", c.cannot("letter", 554, "5.6.11", "bare CR or LF in the letter")
	}
	return line, nil
}

// cannot is a refusal by this end, for what the server could not take.
func (c *Client) cannot(command string, code int, enhanced, text string) error {
	return &ReplyError{Reply: reply(code, enhanced, text), Command: command, Host: c.host, Local: true}
}

// transfer is one letter on its way.
type transfer struct {
	*Client
	ctx      context.Context
	chunking bool

	result   Result
	mailErr  error // MAIL was refused
	dataErr  error // DATA was
	accepted int   // recipients
	ready    bool  // 354 came
}

// envelope sends the commands, in groups if the server pipelines, and reads
// their replies.
func (t *transfer) envelope(lines []string) error {
	group := 1
	if _, ok := t.Has("PIPELINING"); ok {
		group = maxGroup
	}
	for len(lines) > 0 {
		part := lines[:min(group, len(lines))]
		if part[0] == "DATA" && t.accepted == 0 { // not sent yet: no need
			break
		}
		for _, line := range part {
			t.c.WriteLine(wire.Command, line)
		}
		if err := t.c.Flush(); err != nil {
			return t.broke(t.ctx, fmt.Errorf("send %s to %s: %w", verbOf(part[0]), t.host, err))
		}
		for _, line := range part {
			if err := t.reply(line); err != nil {
				return err
			}
		}
		lines = lines[len(part):]
		if t.mailErr != nil {
			break
		}
	}
	return nil
}

// reply reads and files the reply to one command.
func (t *transfer) reply(line string) error {
	verb := verbOf(line)
	r, err := t.read(verb)
	if err != nil {
		return t.broke(t.ctx, err)
	}
	refused := &ReplyError{Reply: r, Command: line, Host: t.host}
	if r.Code == 421 {
		t.gone = refused
		return refused
	}
	ok := r.Code/100 == 2
	switch verb {
	case "MAIL":
		if !ok {
			t.mailErr = refused
		}
	case "RCPT":
		if ok {
			t.accepted++
			t.result.Rcpts = append(t.result.Rcpts, nil)
		} else if t.mailErr == nil {
			t.result.Rcpts = append(t.result.Rcpts, refused)
		}
	case "DATA":
		if t.ready = r.Code == 354; !t.ready {
			t.dataErr = refused
		}
	}
	return nil
}

// letter sends the letter if somebody is to get it, and reads the reply.
func (t *transfer) letter(letter []byte) error {
	wanted := t.mailErr == nil && t.dataErr == nil && t.accepted > 0
	switch {
	case wanted && t.chunking:
		t.c.WriteLine(wire.Command, "BDAT "+strconv.Itoa(len(letter))+" LAST")
		t.c.WriteN(letter)
	case wanted:
		t.c.WriteDot(letter)
	case t.ready: // DATA was pipelined: RFC 2920 §3.1 wants a lone dot
		t.c.WriteDot(nil)
	default:
		return t.giveUp()
	}
	if err := t.c.Flush(); err != nil {
		return t.broke(t.ctx, fmt.Errorf("send letter to %s: %w", t.host, err))
	}
	r, err := t.read("letter")
	if err != nil {
		return t.broke(t.ctx, err)
	}
	if !wanted {
		return t.refusal()
	}
	t.result.Reply = r
	return t.want(r, "letter", 250)
}

// giveUp ends a transaction whose letter was not sent.
func (t *transfer) giveUp() error {
	err := t.refusal()
	if t.mailErr != nil {
		return err // none was open
	}
	if r, broken := t.say(t.ctx, "RSET"); broken != nil {
		return broken
	} else if r.Code != 250 {
		return t.want(r, "RSET", 250)
	}
	return err
}

// refusal is why the letter was not sent.
func (t *transfer) refusal() error {
	switch {
	case t.mailErr != nil:
		return t.mailErr
	case t.accepted == 0:
		return ErrNoRcpts
	}
	return t.dataErr
}

// ascii8 tells whether no octet of b has its eighth bit.
func ascii8(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
