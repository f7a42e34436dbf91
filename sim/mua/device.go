// Package mua is the devices of people: programs that write letters, submit
// them, fetch what has come, and keep it.
package mua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"mailscope/protocol/pop3"
	"mailscope/protocol/smtp"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// Config describes one device.
type Config struct {
	Host       string // of the device itself
	Account    string // address of its owner
	Name       string // of its owner, for the From field
	Password   string
	Submission netip.AddrPort // simulated
	POP3       netip.AddrPort // simulated
	IMAP       netip.AddrPort // simulated
	Receive    string         // how it gets its mail: "pop3" or "imap"
	// LeaveCopies keeps letters on the server after they were fetched.
	LeaveCopies bool
	// DeleteAfter deletes copies that were left on the server once they were
	// fetched so long ago; 0 means never. Simulated.
	DeleteAfter time.Duration
	Timeout     time.Duration // real; 0 means one minute
}

// Kept is one letter on the device.
type Kept struct {
	UID    string        // as UIDL gave it
	Letter string        // in the trace
	Data   []byte        // as fetched
	at     time.Duration // simulated, when it came
}

// Device is one running device. Its conversations go one after another.
type Device struct {
	Config
	net *network.Network
	log *slog.Logger

	talk sync.Mutex // held during a conversation
	mu   sync.Mutex
	kept []Kept
	sent int // letters composed
}

// New makes a device; log may be nil.
func New(c Config, n *network.Network, log *slog.Logger) *Device {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	return &Device{Config: c, net: n, log: log}
}

// Letters lists what the device keeps, oldest first.
func (d *Device) Letters() []Kept {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.kept)
}

// record appends an event of this device's own.
func (d *Device) record(letter string, p *trace.Device) {
	p.Account = d.Account
	p.Count = len(d.Letters())
	d.net.Record(trace.Event{From: d.Host, Letter: letter, Body: p})
}

// Send submits a letter to the owner's server.
//
// RFC 6409. The error is a *smtp.ReplyError if the server refused.
func (d *Device) Send(ctx context.Context, l *Letter) (err error) {
	d.talk.Lock()
	defer d.talk.Unlock()
	d.record(l.ID, &trace.Device{Action: "send", Subject: l.Subject})
	defer func() { d.ended(l, err) }()
	conn, err := d.net.Dial(ctx, d.Host, d.Submission)
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

// Poll fetches what is new and has the server delete what is here, unless
// copies are to be left. It returns how many letters came.
//
// RFC 1939. A letter is deleted only after it was kept here, and is kept once
// however often it was fetched.
func (d *Device) Poll(ctx context.Context) (fetched int, err error) {
	d.talk.Lock()
	defer d.talk.Unlock()
	d.record("", &trace.Device{Action: "poll"})
	defer func() {
		if err != nil {
			d.record("", &trace.Device{Action: "failed", New: fetched, Reason: err.Error()})
		} else if fetched == 0 {
			d.record("", &trace.Device{Action: "nothing"})
		}
	}()
	conn, err := d.net.Dial(ctx, d.Host, d.POP3)
	if err != nil {
		return 0, err
	}
	o := conn.Wire()
	o.Timeout = d.Timeout
	c := pop3.NewClient(conn, o)
	defer c.Close()
	if err := c.Greet(ctx); err != nil {
		return 0, err
	}
	if err := c.Login(d.Account, d.Password); err != nil {
		return 0, err
	}
	count, _, err := c.Stat()
	if err != nil {
		return 0, err
	}
	if count > 0 {
		if fetched, err = d.fetch(ctx, c, conn); err != nil {
			return fetched, err
		}
	}
	conn.SetLetter("")
	return fetched, c.Quit()
}

// fetch takes every letter that is not here yet.
func (d *Device) fetch(ctx context.Context, c *pop3.Client, conn *network.Conn) (fetched int, err error) {
	if _, err := c.List(); err != nil {
		return 0, err
	}
	uids, err := c.UIDL()
	if err != nil {
		return 0, err
	}
	for _, u := range uids {
		if _, here := d.find(u.UID); !here {
			data, err := c.Retr(u.Number)
			if err != nil {
				return fetched, err
			}
			d.keep(Kept{UID: u.UID, Letter: conn.Letter(), Data: data, at: d.net.Clock.Now()})
			fetched++
			d.record(conn.Letter(), &trace.Device{Action: "fetched", Subject: SubjectOf(data), New: fetched})
		}
		if d.leaves(u.UID) {
			conn.SetLetter("")
			continue
		}
		if err := c.Dele(u.Number); err != nil {
			return fetched, err
		}
		conn.SetLetter("")
	}
	return fetched, nil
}

// leaves tells whether a letter that is here is to stay on the server too.
func (d *Device) leaves(uid string) bool {
	if !d.LeaveCopies || d.DeleteAfter == 0 {
		return d.LeaveCopies
	}
	k, _ := d.find(uid)
	return d.net.Clock.Now()-k.at < d.DeleteAfter
}

func (d *Device) find(uid string) (k Kept, here bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.kept, func(k Kept) bool { return k.UID == uid })
	if i < 0 {
		return Kept{}, false
	}
	return d.kept[i], true
}

func (d *Device) keep(k Kept) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = append(d.kept, k)
}

// ErrNoLetter tells that the device keeps no such letter.
var ErrNoLetter = errors.New("no such letter on this device")

// Read opens a kept letter, counted from 0. No network is needed for it.
func (d *Device) Read(i int) error {
	all := d.Letters()
	if i < 0 || i >= len(all) {
		return ErrNoLetter
	}
	text, err := TextOf(all[i].Data)
	if err != nil {
		return err
	}
	d.record(all[i].Letter, &trace.Device{Action: "read", Subject: SubjectOf(all[i].Data), Text: text})
	return nil
}
