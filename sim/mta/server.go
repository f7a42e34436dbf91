// Package mta is a mail server of the simulated internet: it takes letters by
// SMTP, keeps them in a queue, finds the next hop in DNS, relays or delivers
// them, and gives them out by POP3 and IMAP.
//
// What it has answered 250 to ends in a mailbox, at another server, or in a
// notification to the sender.
package mta

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mailscope/protocol/dns"
	"mailscope/protocol/imap"
	"mailscope/protocol/mailauth"
	"mailscope/protocol/pop3"
	"mailscope/protocol/sasl"
	"mailscope/protocol/sieve"
	"mailscope/protocol/smtp"
	"mailscope/protocol/wire"
	"mailscope/sim/mailbox"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// Config describes one mail server.
type Config struct {
	Host      string   // name, as it greets
	Domains   []string // whose mailboxes are here
	Backup    []string // relayed for: a lower MX preference is responsible
	Smarthost string   // that is handed everything for elsewhere; "" means that DNS is asked for the way
	Clients   []string // hosts whose smarthost this is: it relays what they hand it
	Services  []int    // ports: 25, 465, 587, 110, 143, 993, 995
	Accounts  []Account
	Aliases   []Alias
	MaxHops   int           // Received fields before a letter is taken to loop (RFC 5321 §6.3)
	Timeout   time.Duration // real, of a connection
	Settings  Settings      // with which it begins, unless the disk has others
	Disk      *Disk         // what it finds when it is switched on; nil means an empty one
}

// Settings are what an administrator may change while the server runs. A
// session keeps those that it began with.
type Settings struct {
	Offer     smtp.Offer // extensions on port 25
	IMAP      imap.Offer // what IMAP can do; nil means everything
	TLS       *TLS       // nil means that the server has no certificate
	ClearAuth bool       // passwords are taken in clear too
	Auth      []string   // mechanisms by which people sign in; nil means PLAIN and LOGIN, by SMTP and IMAP
	// LaxSender lets people submit letters in the name of others.
	LaxSender bool
	// OpenRelay lets anybody send anywhere through port 25.
	OpenRelay bool
	MaxSize   int             // octets of a letter
	Retry     []time.Duration // simulated waits before the second attempt, the third …; the last one repeats
	Expire    time.Duration   // simulated age at which the queue gives up (RFC 5321 §4.5.4.1)
	Warn      time.Duration   // simulated age from which a failed attempt is told to who asked (RFC 3461 §4.1, DELAY)

	Filter  *Filter           // whom to believe on port 25; nil is everybody
	Trusted []string          // hosts that have asked that already: their letters are not filtered again
	Signers []mailauth.Signer // in whose name letters of this server's users are signed
}

// TLS is how a server secures its connections.
type TLS struct {
	Server   *tls.Config
	StartTLS bool // on ports where sessions begin in clear
	// Client is for the next server, whose certificate is not believed or
	// doubted: without it the letter would go in clear (RFC 7435).
	Client func(host string) (*tls.Config, error)
}

// Account is one mailbox and who may open it.
type Account struct {
	Address  string
	Password string
	Limit    mailbox.Limit
	Grace    time.Duration // simulated, for which a full mailbox is one to try later; 0 means DefaultGrace
	Rotate   []mailbox.Rotation
	Sieve    *sieve.Script // sorts letters as they come; nil means none
}

// Defaults of a Config.
const (
	DefaultMaxSize = 10 << 20
	DefaultExpire  = 5 * 24 * time.Hour
	DefaultWarn    = 4 * time.Hour
	DefaultMaxHops = 50
	DefaultTimeout = 5 * time.Minute
)

// DefaultRetry are the waits of RFC 5321 §4.5.4.1's spirit: two tries in the
// first hour, then every few hours.
var DefaultRetry = []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

// Server is one running mail server.
type Server struct {
	Config
	net      *network.Network
	resolver *dns.Resolver
	disk     *Disk
	store    *mailbox.Store // on the disk
	log      *slog.Logger
	local    map[string]bool // domains, lower case
	backup   map[string]bool
	clients  map[string]bool // host names, lower case
	accounts map[string]Account
	aliases  map[string]Alias // by the key of the address

	power sync.RWMutex // held for writing only while the power goes
	off   atomic.Bool

	mu    sync.Mutex
	lanes map[string]*lane
	guard guard
}

// New makes a server. resolver answers its questions; log may be nil.
func New(c Config, n *network.Network, resolver *dns.Resolver, log *slog.Logger) *Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if c.MaxHops == 0 {
		c.MaxHops = DefaultMaxHops
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Disk == nil {
		c.Disk = NewDisk()
	}
	s := &Server{Config: c, net: n, resolver: resolver, disk: c.Disk, store: c.Disk.store, log: log,
		local: set(c.Domains), backup: set(c.Backup), clients: set(c.Clients), accounts: map[string]Account{}, aliases: map[string]Alias{}, lanes: map[string]*lane{}}
	if s.settings() == nil {
		s.Change(c.Settings)
	}
	validity := uint32(n.Clock.Date().Unix())
	for _, a := range c.Accounts {
		if a.Grace == 0 {
			a.Grace = DefaultGrace
		}
		s.accounts[mailbox.Key(a.Address)] = a
		if _, has := c.Disk.scripts[mailbox.Key(a.Address)]; !has {
			c.Disk.scripts[mailbox.Key(a.Address)] = a.Sieve
		}
		s.store.Create(a.Address, validity).SetLimit(a.Limit)
	}
	for _, a := range c.Aliases {
		s.aliases[mailbox.Key(a.Address)] = a
	}
	for _, d := range c.Domains {
		s.store.Create("postmaster@"+d, validity) // RFC 5321 §4.5.1
	}
	s.store.Observe(s.stored)
	s.scheduleRotation()
	return s
}

// Change gives the server other settings, for the sessions that begin from now
// on and for what it does by itself. They are on its disk.
func (s *Server) Change(to Settings) {
	to.MaxSize = cmp.Or(to.MaxSize, DefaultMaxSize)
	to.Expire = cmp.Or(to.Expire, DefaultExpire)
	to.Warn = cmp.Or(to.Warn, DefaultWarn)
	if len(to.Retry) == 0 {
		to.Retry = DefaultRetry
	}
	s.disk.present.Store(&to)
}

// settings are the present ones.
func (s *Server) settings() *Settings { return s.disk.present.Load() }

// stored records what changed in a mailbox: that is on the disk, power or not.
func (s *Server) stored(c mailbox.Change) {
	s.net.Record(trace.Event{From: s.Host, Letter: c.Letter, Body: &trace.Store{Action: string(c.Action), Mailbox: c.Address, Folder: c.Folder, To: c.To,
		UID: c.UID, Bytes: c.Octets, Count: c.Count, Flags: c.Flags, Total: int(c.Total), Limit: int(c.Limit)}})
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[strings.ToLower(n)] = true
	}
	return m
}

// Store is where the server keeps its mailboxes.
func (s *Server) Store() *mailbox.Store { return s.store }

// Open opens the server's ports and takes up its queue. serve then runs it
// until ctx ends, and returns once everything has ended.
func (s *Server) Open() (serve func(ctx context.Context) error, err error) {
	var run []func(context.Context) error
	var opened []net.Listener
	for _, port := range s.Services {
		l, err := s.net.Listen(s.Host, port)
		if err != nil {
			for _, l := range opened {
				l.Close()
			}
			return nil, err
		}
		opened = append(opened, l)
		run = append(run, func(ctx context.Context) error { return s.serve(ctx, port, l) })
	}
	s.resume()
	return func(ctx context.Context) error {
		errs := make([]error, len(run))
		var wg sync.WaitGroup
		for i, f := range run {
			wg.Go(func() { errs[i] = f(ctx) })
		}
		wg.Wait()
		return errors.Join(errs...)
	}, nil
}

// maxConns is how many connections to one port of POP3 or IMAP there may be at
// a time.
const maxConns = 1000

// talker holds one session of a protocol and closes nc; full has the client
// turned away.
type talker interface {
	ServeConn(ctx context.Context, nc net.Conn, full bool)
}

// serve answers one port. Each session has the settings of its beginning.
func (s *Server) serve(ctx context.Context, port int, l net.Listener) error {
	talk, limit := s.talk(port)
	switch {
	case talk == nil:
		return fmt.Errorf("%s: no service for port %d", s.Host, port)
	case network.Secure(port) && s.settings().TLS == nil:
		return fmt.Errorf("%s: port %d needs a certificate", s.Host, port)
	}
	return wire.Serve(ctx, l, limit, func(ctx context.Context, nc net.Conn, full bool) {
		talk(s.settings()).ServeConn(ctx, nc, full)
	})
}

// talk makes the sessions of a port; nil if it has no service. Of those there
// may be limit at a time, 0 for any number.
func (s *Server) talk(port int) (talk func(*Settings) talker, limit int) {
	tap := func(nc net.Conn) wire.Options { return nc.(*network.Conn).Wire() }
	instead := func(nc net.Conn, command string) string { return nc.(*network.Conn).Instead(command) }
	first := network.Secure(port)
	switch port {
	case 110, 995:
		return func(set *Settings) talker {
			p := &pop3.Server{Hostname: s.Host, Offer: popOffer, Backend: popBackend{s}, Stamp: s.stamp,
				TLS: set.certificate(), TLSFirst: first, ClearAuth: set.ClearAuth, SASL: s.sasl(), Failed: s.failed,
				Timeout: max(s.Timeout, 10*time.Minute), Instead: instead, Wire: tap, Logger: s.log}
			p.Offer.STLS, p.Offer.Auth = set.starts(), set.Auth
			return p
		}, maxConns
	case 143, 993:
		return func(set *Settings) talker {
			m := s.imapServer(set, tap)
			m.TLS, m.TLSFirst, m.ClearAuth, m.SASL, m.Failed = set.certificate(), first, set.ClearAuth, s.sasl(), s.failed
			m.Offer, m.Instead = set.imapOffer(), instead
			return m
		}, maxConns
	case 25, 465, 587:
		return func(set *Settings) talker {
			m := &smtp.Server{Hostname: s.Host, Offer: set.Offer, Backend: smtpBackend{s, set, port != 25},
				RequireAuth: port != 25, TLS: set.certificate(), TLSFirst: first, ClearAuth: set.ClearAuth, SASL: s.sasl(), Failed: s.failed,
				MaxSize: set.MaxSize, Timeout: s.Timeout, Instead: instead, Wire: tap, Logger: s.log}
			if port != 25 {
				m.Offer = smtp.Full()
				m.Offer.Auth = set.Auth
				if m.Offer.Auth == nil {
					m.Offer.Auth = []string{sasl.Plain, sasl.Login}
				}
			}
			m.Offer.StartTLS = set.starts() && m.Offer.EHLO
			return m
		}, 0
	}
	return nil, 0
}

// certificate is what the server shows; nil if it has none.
func (t *Settings) certificate() *tls.Config {
	if t.TLS == nil {
		return nil
	}
	return t.TLS.Server
}

// starts tells whether STARTTLS is offered where sessions begin in clear.
func (t *Settings) starts() bool { return t.TLS != nil && t.TLS.StartTLS }

// stamp makes the APOP timestamp of one session (RFC 1939 §7).
func (s *Server) stamp() string {
	return fmt.Sprintf("<%d.%d@%s>", s.disk.next(&s.disk.stamps), s.net.Clock.Date().Unix(), s.Host)
}

// record appends an event of this server's own; without power there is none.
func (s *Server) record(letter string, p trace.Payload) {
	if s.off.Load() {
		return
	}
	s.net.Record(trace.Event{From: s.Host, Letter: letter, Body: p})
}

// here tells whether the domain's mailboxes are on this server.
func (s *Server) here(domain string) bool { return s.local[strings.ToLower(domain)] }

// domainOf is what follows the last @; "" for the bare Postmaster.
func domainOf(address string) string {
	_, domain, _ := cutLast(address)
	return domain
}

func cutLast(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return address, "", false
	}
	return address[:i], address[i+1:], true
}

// literal reads an address literal such as [192.0.2.10] (RFC 5321 §4.1.3).
func literal(domain string) (netip.Addr, bool) {
	in, ok := strings.CutPrefix(domain, "[")
	if !ok {
		return netip.Addr{}, false
	}
	in = strings.TrimSuffix(in, "]")
	in = strings.TrimPrefix(in, "IPv6:")
	a, err := netip.ParseAddr(in)
	return a, err == nil
}
