// Package mua is the devices of people: programs that write letters, submit
// them, fetch what has come, and keep it.
package mua

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/pop3"
	"mailscope/protocol/smtp"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// Config describes one device.
type Config struct {
	Host     string // of the device itself
	Account  string // address of its owner
	Name     string // of its owner, for the From field
	Password string
	Security Security
	TLS      func() (*tls.Config, error) // whom the device believes; nil means nobody
	Auth     string                      // mechanism by which it signs in; "" means that of its protocol; NoAuth
	Server   netip.Addr                  // of the owner; simulated
	Submit   string                      // service by which it hands letters in: "submission", "submissions" or "smtp"; "" means as Security has it
	NoEHLO   bool                        // it says HELO and knows no extensions
	Receive  string                      // how it gets its mail: "pop3" or "imap"; "" means "pop3"
	// LeaveCopies keeps letters on the server after they were fetched by POP3.
	LeaveCopies bool
	// DeleteAfter deletes copies that were left on the server once they were
	// fetched so long ago; 0 means never. Simulated.
	DeleteAfter time.Duration
	Browser     bool // keeps nothing between two sessions
	// Receipts has the device ask its user whether to send the receipts that
	// letters ask for; otherwise it takes no notice.
	Receipts bool
	Timeout  time.Duration // real; 0 means one minute
}

// Access is how a device reaches its server.
type Access struct {
	Security   Security
	Auth       string         // mechanism by which it signs in; "" means that of its protocol
	Submission netip.AddrPort // simulated
	POP3       netip.AddrPort // simulated
	IMAP       netip.AddrPort // simulated
}

// Security is how a device protects its connections.
type Security string

// The ways to do so.
const (
	None     Security = "none"     // in clear
	StartTLS Security = "starttls" // asks for TLS before it says anything that matters
	FromTLS  Security = "tls"      // from the first octet
	// IfOffered is careless: it takes TLS where the server offers it, and
	// otherwise goes on in clear, password included.
	IfOffered Security = "if_offered"
)

// Known tells whether s is one of them.
func (s Security) Known() bool {
	return s == None || s == StartTLS || s == FromTLS || s == IfOffered
}

// WantSecurity is the mistake that another one is.
func WantSecurity(got string) string {
	return fmt.Sprintf("want none, if_offered, starttls or tls, got %q", got)
}

// NoAuth says that a device does not sign in before it hands a letter in.
const NoAuth = "none"

// Errors of a device.
var (
	ErrOffline  = errors.New("no network")
	ErrLost     = errors.New("the device is lost")
	ErrNoLetter = errors.New("no such letter on this device")
	ErrNoTLS    = errors.New("the server does not offer STARTTLS")
	ErrNotPOP3  = errors.New("POP3 knows no folders")
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

	mu     sync.Mutex
	kept   []Kept
	sent   int // letters composed
	nonces int // given
}

// reception is how a device gets its mail, and what its user can do with it.
// The device's talk is held during its methods. Letters are counted from 0 in
// the order of Letters.
type reception interface {
	// fetch asks the server what is new in a folder, "" for the one looked at
	// last; fetched letters came. The connection breaks at cut.
	fetch(ctx context.Context, folder string, cut network.Cut) (fetched int, err error)
	// open makes a letter readable, shows it, and marks it as read.
	open(ctx context.Context, i int, show func(Kept) error) error
	// attachment fetches the next thing that comes with a letter's text.
	attachment(ctx context.Context, i int) error
	// flag changes a letter's flags.
	flag(ctx context.Context, i int, add, remove []string) error
	// move puts a letter into another folder.
	move(ctx context.Context, i int, to string) error
	// remove deletes a letter, wherever its user can; for good, if there is a
	// choice.
	remove(ctx context.Context, i int, forGood bool) error
	// search counts the letters that are sought.
	search(ctx context.Context, q Query) (hits int, err error)
	// folder changes the folders.
	folder(ctx context.Context, f FolderChange) error
	// empty removes everything from a folder.
	empty(ctx context.Context, folder string) error
	// quota asks how full the mailbox is.
	quota(ctx context.Context) error
	// sent keeps a letter that was submitted.
	sent(ctx context.Context, l *Letter) error
	// hangUp ends the session, if one is open: with a word, or because the
	// network is gone.
	hangUp(politely bool) error
	// abandon lets go of the session without a record.
	abandon()
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
		d.mail = newMirror(d)
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

// secure turns a connection to TLS, if that is the way it is protected: offered
// tells whether the server offers it, and start does it. Without it a careful
// device says no more.
//
// RFC 8314 §4.1.
func (d *Device) secure(by Security, offered func() bool, start func(*tls.Config) error) error {
	if by != StartTLS && by != IfOffered {
		return nil
	}
	err := ErrNoTLS
	if offered() {
		err = d.begin(start)
	}
	if by == IfOffered && (err == ErrNoTLS || refused(err)) {
		return nil
	}
	return err
}

// refused tells whether err is a server's answer.
func refused(err error) bool {
	_, bySMTP := errors.AsType[*smtp.ReplyError](err)
	_, byPOP3 := errors.AsType[*pop3.ReplyError](err)
	_, byIMAP := errors.AsType[*imap.ReplyError](err)
	return bySMTP || byPOP3 || byIMAP
}

// secureFirst begins TLS, if a connection is protected from the first octet.
func (d *Device) secureFirst(by Security, start func(*tls.Config) error) error {
	if by != FromTLS {
		return nil
	}
	return d.begin(start)
}

// begin begins TLS.
func (d *Device) begin(start func(*tls.Config) error) error {
	config, err := d.TLS()
	if err != nil {
		return err
	}
	return start(config)
}

// nonce makes one that this device gives once in a run, where nothing may be
// random.
func (d *Device) nonce() func() string {
	if !d.net.Serial {
		return nil
	}
	return func() string {
		d.nonces++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", d.Host, d.nonces))
		return base64.RawStdEncoding.EncodeToString(sum[:18])
	}
}

// dial opens a connection to a service of the owner's server.
func (d *Device) dial(ctx context.Context, service string) (*network.Conn, error) {
	return d.reach(ctx, netip.AddrPortFrom(d.Server, uint16(network.Port(service))))
}

// reach opens a connection.
func (d *Device) reach(ctx context.Context, to netip.AddrPort) (*network.Conn, error) {
	if d.away {
		return nil, ErrOffline
	}
	return d.net.Dial(ctx, d.Host, to)
}

// Dial opens a connection on which the user is going to type.
func (d *Device) Dial(ctx context.Context, to netip.AddrPort) (*network.Conn, error) {
	done, err := d.use()
	if err != nil {
		return nil, err
	}
	defer done()
	conn, err := d.reach(ctx, to)
	return conn, d.went(0, err)
}

// fetches is the service by which the device gets its mail.
func (d *Device) fetches(protocol string) string {
	if d.Security == FromTLS {
		return protocol + "s" // RFC 8314 §3
	}
	return protocol
}

// submits is the service by which the device hands letters in, and how that
// connection is protected. Who wants TLS asks for it on a port that begins in
// clear.
//
// RFC 6409 §3.1, RFC 8314 §3.3.
func (d *Device) submits() (service string, by Security) {
	service, by = d.Submit, d.Security
	switch {
	case service == "submissions" || service == "" && by == FromTLS:
		return "submissions", FromTLS
	case by == FromTLS:
		by = StartTLS
	}
	return cmp.Or(service, "submission"), by
}

// Poll fetches what is new. It returns how many letters came.
func (d *Device) Poll(ctx context.Context) (fetched int, err error) {
	return d.PollUntil(ctx, network.Cut{})
}

// PollUntil is Poll over a connection that breaks at cut; then the error is
// network.ErrCut.
func (d *Device) PollUntil(ctx context.Context, cut network.Cut) (fetched int, err error) {
	return d.look(ctx, "", cut)
}

// Look turns to a folder and fetches what is new there; by POP3 there is but
// one. It returns how many letters came.
func (d *Device) Look(ctx context.Context, folder string) (fetched int, err error) {
	return d.look(ctx, folder, network.Cut{})
}

func (d *Device) look(ctx context.Context, folder string, cut network.Cut) (fetched int, err error) {
	done, err := d.use()
	if err != nil {
		return 0, err
	}
	defer done()
	d.record("", &trace.Device{Action: "poll"})
	fetched, err = d.mail.fetch(ctx, folder, cut)
	if err == nil && fetched == 0 {
		d.record("", &trace.Device{Action: "nothing"})
	}
	return fetched, d.went(fetched, err)
}

// why says in few words what went wrong; of a certificate that is not believed
// no more than that.
func why(err error) string {
	if wrong, ok := pki.Why(err); ok {
		return wrong
	}
	return err.Error()
}

// went records that something did not work, and returns err. To ask for a
// letter that is not there is not recorded.
func (d *Device) went(fetched int, err error) error {
	if err != nil && !errors.Is(err, ErrNoLetter) {
		d.record("", &trace.Device{Action: "failed", New: fetched, Reason: why(err)})
	}
	return err
}

// Read opens a letter, counted from 0. If it asks for a receipt, its user does
// not answer.
func (d *Device) Read(ctx context.Context, i int) error {
	return d.ReadAndAnswer(ctx, i, Unanswered)
}

// ReadAndAnswer opens a letter, counted from 0, and answers if it asks for a
// receipt.
func (d *Device) ReadAndAnswer(ctx context.Context, i int, consent Consent) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	var shown Kept
	err = d.mail.open(ctx, i, func(k Kept) error {
		text, err := TextOf(k.Data)
		if err == nil {
			d.about(k, &trace.Device{Action: "read", Text: text})
		}
		shown = k
		return err
	})
	if err == nil && d.Receipts {
		return d.receipt(ctx, i, shown, consent)
	}
	if k, lacking := d.letter(i); err != nil && lacking == nil {
		d.about(k, &trace.Device{Action: "failed", Reason: why(err)})
		return err
	}
	return d.went(0, err)
}

// act is its user doing something to a letter, counted from 0, or otherwise.
func (d *Device) act(do func() error) error {
	done, err := d.use()
	if err != nil {
		return err
	}
	defer done()
	return d.went(0, do())
}

// Delete is the user deleting a letter, counted from 0; forGood leaves it out
// of the trash, where there is one.
func (d *Device) Delete(ctx context.Context, i int, forGood bool) error {
	return d.act(func() error { return d.mail.remove(ctx, i, forGood) })
}

// Flag changes the flags of a letter, counted from 0.
func (d *Device) Flag(ctx context.Context, i int, add, remove []string) error {
	return d.act(func() error { return d.mail.flag(ctx, i, add, remove) })
}

// Move puts a letter, counted from 0, into another folder.
func (d *Device) Move(ctx context.Context, i int, to string) error {
	return d.act(func() error { return d.mail.move(ctx, i, to) })
}

// Attachment fetches the next thing that comes with the text of a letter,
// counted from 0.
func (d *Device) Attachment(ctx context.Context, i int) error {
	return d.act(func() error { return d.mail.attachment(ctx, i) })
}

// Folder changes the folders.
func (d *Device) Folder(ctx context.Context, f FolderChange) error {
	return d.act(func() error { return d.mail.folder(ctx, f) })
}

// Empty removes everything from a folder.
func (d *Device) Empty(ctx context.Context, folder string) error {
	return d.act(func() error { return d.mail.empty(ctx, folder) })
}

// Quota asks the server how full the mailbox is.
func (d *Device) Quota(ctx context.Context) error {
	return d.act(func() error { return d.mail.quota(ctx) })
}

// Query is what somebody looks for; what is not set is not asked for. A text
// is found whatever the case of its letters.
type Query struct {
	Folder                    string // "" is the inbox
	Text, Body, From, Subject string
	Since, Before             time.Time // midnight UTC of a day
	Unseen, Flagged           bool
	Larger                    int // octets
}

func (q Query) folder() string { return cmp.Or(q.Folder, inbox) }

// Search looks for letters.
func (d *Device) Search(ctx context.Context, q Query) (hits int, err error) {
	done, err := d.use()
	if err != nil {
		return 0, err
	}
	defer done()
	hits, err = d.mail.search(ctx, q)
	if err == nil {
		d.record("", &trace.Device{Action: "search", Text: cmp.Or(q.Text, q.Body, q.Subject, q.From), New: hits})
	}
	return hits, d.went(0, err)
}

// Leave is its user closing the mail program. What a browser showed is gone
// then.
func (d *Device) Leave() error {
	return d.act(func() error {
		err := d.mail.hangUp(true)
		d.record("", &trace.Device{Action: "closed"})
		return err
	})
}

// Close lets go of a connection that is still open, without a record.
func (d *Device) Close() {
	d.talk.Lock()
	defer d.talk.Unlock()
	d.lost = true // nothing begins any more
	d.mail.abandon()
}

// Settings are what a user can change in a device; nil leaves it as it is.
type Settings struct {
	LeaveCopies *bool
	DeleteAfter *time.Duration
	Password    *string
	Security    *Security
	Auth        *string
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
	before := d.Config
	if s.Password != nil && *s.Password != d.Password {
		d.Password = *s.Password
		text = append(text, "password: …")
	}
	if s.Security != nil && *s.Security != d.Security {
		d.Security = *s.Security
		text = append(text, fmt.Sprint("security: ", d.Security))
	}
	if s.Auth != nil && *s.Auth != d.Auth {
		d.Auth = *s.Auth
		text = append(text, fmt.Sprint("auth: ", d.Auth))
	}
	d.record("", &trace.Device{Action: "set", Text: strings.Join(text, "\n")})
	if d.Password != before.Password || d.Security != before.Security || d.Auth != before.Auth {
		d.mail.hangUp(true) // what is open was opened with the old ones; it may have broken
	}
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
	if on {
		d.record("", &trace.Device{Action: "online"})
		return nil
	}
	d.mail.hangUp(false)
	d.record("", &trace.Device{Action: "offline"})
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
	d.mail.hangUp(false)
	d.mu.Lock()
	d.kept = nil
	d.mu.Unlock()
	d.record("", &trace.Device{Action: "lost"})
	return nil
}
