package mua

import (
	"context"
	"errors"
	"fmt"

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// Send submits a letter to the owner's server.
//
// RFC 6409. The error is a *smtp.ReplyError if the server refused.
func (d *Device) Send(ctx context.Context, l *Letter) (err error) {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	d.record(l.ID, &trace.Device{Action: "send", Subject: l.Subject})
	defer func() {
		d.ended(l, err)
		if err == nil {
			err = d.went(0, d.mail.sent(ctx, l))
		}
	}()
	conn, err := d.dial(ctx, d.Submission)
	if err != nil {
		return err
	}
	conn.SetLetter(l.ID)
	o := conn.Wire()
	o.Timeout = d.Timeout
	c := smtp.NewClient(conn, o)
	defer c.Close()
	if err := c.Greet(ctx); err != nil {
		return err
	}
	if err := c.Hello(ctx, d.Host); err != nil {
		return err
	}
	if err := c.Auth(ctx, "PLAIN", d.Account, d.Password); err != nil {
		return err
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
	if err := c.Quit(ctx); err != nil {
		d.log.Debug("quit", "host", d.Host, "err", err) // the letter is with the server already
	}
	return errors.Join(refused...)
}

// ended records how a submission went.
func (d *Device) ended(l *Letter, err error) {
	if err != nil {
		d.record(l.ID, &trace.Device{Action: "failed", Subject: l.Subject, Reason: err.Error()})
		return
	}
	d.record(l.ID, &trace.Device{Action: "sent", Subject: l.Subject})
}
