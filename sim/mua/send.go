package mua

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"

	"mailscope/protocol/sasl"
	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// Send submits a letter to the owner's server.
//
// RFC 6409. The error is a *smtp.ReplyError if the server refused.
func (d *Device) Send(ctx context.Context, l *Letter) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	if err := d.submit(ctx, l); err != nil {
		return err
	}
	return d.went(0, d.mail.sent(ctx, l))
}

// submit hands a letter in.
func (d *Device) submit(ctx context.Context, l *Letter) (err error) {
	d.record(l.ID, &trace.Device{Action: "send", Subject: l.Subject})
	defer func() { d.ended(l, err) }()
	service, by := d.submits()
	conn, err := d.dial(ctx, service)
	if err != nil {
		return err
	}
	conn.SetLetter(l.ID)
	o := conn.Wire()
	o.Timeout = d.Timeout
	c := smtp.NewClient(conn, o)
	defer func() { // RFC 5321 §4.1.1.10: a session ends with QUIT, however it went
		if err := c.Quit(ctx); err != nil {
			d.log.Debug("quit", "host", d.Host, "err", err) // what became of the letter is known already
		}
	}()
	c.Nonce = d.nonce()
	if err := d.hello(ctx, c, by); err != nil {
		return err
	}
	if d.Auth != NoAuth {
		if err := c.Auth(ctx, cmp.Or(d.Auth, sasl.Plain), d.Account, d.Password); err != nil {
			return err
		}
	}
	if _, ok := c.Has("8BITMIME"); !ok && l.sevenBit != nil {
		l.Data, l.sevenBit = l.sevenBit, nil
	}
	m := smtp.Mail{From: l.From, Size: len(l.Data), UTF8: l.UTF8()}
	if !ascii(l.Data) {
		m.Body = "8BITMIME"
	}
	sent, err := c.Send(ctx, smtp.Envelope{Mail: m, Rcpts: l.Rcpts}, l.Data)
	if err != nil && !errors.Is(err, smtp.ErrNoRcpts) {
		return err
	}
	var refused []error
	for i, e := range sent.Rcpts {
		if e != nil {
			refused = append(refused, fmt.Errorf("<%s>: %w", l.Rcpts[i].To, e))
		}
	}
	return errors.Join(refused...)
}

// hello opens a session, as safely as the device does it.
func (d *Device) hello(ctx context.Context, c *smtp.Client, by Security) error {
	if err := d.secureFirst(by, func(config *tls.Config) error { return c.Secure(ctx, config) }); err != nil {
		return err
	}
	if err := c.Greet(ctx); err != nil {
		return err
	}
	hello := c.Hello
	if d.NoEHLO {
		hello = c.Helo
	}
	if err := hello(ctx, d.Host); err != nil {
		return err
	}
	return d.secure(by, func() bool { _, ok := c.Has("STARTTLS"); return ok }, func(config *tls.Config) error {
		if err := c.StartTLS(ctx, config); err != nil {
			return err
		}
		return c.Hello(ctx, d.Host) // RFC 3207 §4.2
	})
}

// ended records how a submission went.
func (d *Device) ended(l *Letter, err error) {
	if err != nil {
		d.record(l.ID, &trace.Device{Action: "failed", Subject: l.Subject, Reason: why(err)})
		return
	}
	d.record(l.ID, &trace.Device{Action: "sent", Subject: l.Subject})
}
