// Package mua is the devices of people: programs that write letters, submit
// them, fetch what has come, and keep it.
package mua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

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
	Receive    string         // how it gets its mail: "pop3" or "imap"; "" means "pop3"
	// LeaveCopies keeps letters on the server after they were fetched by POP3.
	LeaveCopies bool
	// DeleteAfter deletes copies that were left on the server once they were
	// fetched so long ago; 0 means never. Simulated.
	DeleteAfter time.Duration
	Timeout     time.Duration // real; 0 means one minute
}

// Errors of a device.
var (
	ErrOffline  = errors.New("no network")
	ErrLost     = errors.New("the device is lost")
	ErrNoLetter = errors.New("no such letter on this device")
)

// Device is one running device. Its conversations go one after another.
type Device struct {
	Config
	net  *network.Network
	log  *slog.Logger
	mail reception

	talk sync.Mutex // held while its user does something; guards settings and what follows
	away bool       // it has no network
	lost bool

	mu   sync.Mutex
	kept []Kept
	sent int // letters composed
}

// reception is how a device gets its mail, and what its user can do with it.
// The device's talk is held during its methods. Letters are counted from 0 in
// the order of Letters.
type reception interface {
	// fetch asks the server what is new; fetched letters came. The connection
	// breaks at cut.
	fetch(ctx context.Context, cut network.Cut) (fetched int, err error)
	// open makes the letter readable, and marks it as read.
	open(ctx context.Context, i int) (Kept, error)
	// remove deletes a letter, wherever its user can.
	remove(ctx context.Context, i int) error
	// search finds letters that hold a text, whatever the case of its letters.
	search(ctx context.Context, text string) (hits int, err error)
}

// New makes a device; log may be nil.
func New(c Config, n *network.Network, log *slog.Logger) *Device {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	d := &Device{Config: c, net: n, log: log}
	if c.Receive == "imap" {
		d.mail = noIMAP{}
	} else {
		d.mail = &pop{Device: d, fetched: map[string]time.Duration{}}
	}
	return d
}

// use begins something that the user does with the device; done ends it.
func (d *Device) use() (done func(), err error) {
	d.talk.Lock()
	if d.lost {
		d.talk.Unlock()
		return nil, ErrLost
	}
	return d.talk.Unlock, nil
}

// dial opens a connection to a server.
func (d *Device) dial(ctx context.Context, to netip.AddrPort) (*network.Conn, error) {
	if d.away {
		return nil, ErrOffline
	}
	return d.net.Dial(ctx, d.Host, to)
}

// Poll fetches what is new. It returns how many letters came.
func (d *Device) Poll(ctx context.Context) (fetched int, err error) {
	return d.PollUntil(ctx, network.Cut{})
}

// PollUntil is Poll over a connection that breaks at cut; then the error is
// network.ErrCut.
func (d *Device) PollUntil(ctx context.Context, cut network.Cut) (fetched int, err error) {
	done, err := d.use()
	if err != nil {
		return 0, err
	}
	defer done()
	d.record("", &trace.Device{Action: "poll"})
	fetched, err = d.mail.fetch(ctx, cut)
	if err == nil && fetched == 0 {
		d.record("", &trace.Device{Action: "nothing"})
	}
	return fetched, d.went(fetched, err)
}

// went records that something did not work, and returns err. To ask for a
// letter that is not there is not recorded.
func (d *Device) went(fetched int, err error) error {
	if err != nil && !errors.Is(err, ErrNoLetter) {
		d.record("", &trace.Device{Action: "failed", New: fetched, Reason: err.Error()})
	}
	return err
}

// Read opens a letter, counted from 0.
func (d *Device) Read(ctx context.Context, i int) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	k, err := d.mail.open(ctx, i)
	if err != nil {
		return d.went(0, err)
	}
	text, err := TextOf(k.Data)
	if err != nil {
		return d.went(0, err)
	}
	d.about(k, &trace.Device{Action: "read", Text: text})
	return nil
}

// Delete is the user deleting a letter, counted from 0.
func (d *Device) Delete(ctx context.Context, i int) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	return d.went(0, d.mail.remove(ctx, i))
}

// Search looks for letters that hold a text, whatever the case of its letters.
func (d *Device) Search(ctx context.Context, text string) (hits int, err error) {
	done, err := d.use()
	if err != nil {
		return 0, err
	}
	defer done()
	hits, err = d.mail.search(ctx, text)
	if err == nil {
		d.record("", &trace.Device{Action: "search", Text: text, New: hits})
	}
	return hits, d.went(0, err)
}

// Settings are what a user can change in a device; nil leaves it as it is.
type Settings struct {
	LeaveCopies *bool
	DeleteAfter *time.Duration
}

// Set changes settings.
func (d *Device) Set(s Settings) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	var text []string
	if s.LeaveCopies != nil {
		d.LeaveCopies = *s.LeaveCopies
		text = append(text, fmt.Sprint("leave_copies: ", d.LeaveCopies))
	}
	if s.DeleteAfter != nil {
		d.DeleteAfter = *s.DeleteAfter
		text = append(text, fmt.Sprint("delete_after: ", strings.TrimSuffix(d.DeleteAfter.String(), "0m0s")))
	}
	d.record("", &trace.Device{Action: "set", Text: strings.Join(text, "\n")})
	return nil
}

// Connect gives the device a network, or takes it away.
func (d *Device) Connect(on bool) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	d.away = !on
	action := "offline"
	if on {
		action = "online"
	}
	d.record("", &trace.Device{Action: action})
	return nil
}

// Lose has the device get lost, with everything that was on it.
func (d *Device) Lose() error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	d.lost = true
	d.mu.Lock()
	d.kept = nil
	d.mu.Unlock()
	d.record("", &trace.Device{Action: "lost"})
	return nil
}
