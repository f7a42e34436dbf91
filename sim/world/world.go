package world

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mailscope/protocol/dns"
	"mailscope/protocol/mailauth"
	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/fault"
	"mailscope/sim/mailbox"
	"mailscope/sim/mta"
	"mailscope/sim/mua"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// World is a small internet that runs.
type World struct {
	Spec   *Spec // as it began
	Net    *network.Network
	Trace  *trace.Trace
	Header trace.World
	// Authority signs the certificates of this run.
	Authority *pki.Authority
	machines  map[string]*machine    // by the host name of a mail server
	devices   map[string]*mua.Device // by host name
	owners    map[string][]string    // an address's devices
	life      context.Context        // until the world is closed
	zones     *dns.Zones
	hosts     map[string]netip.Addr // by name
	stop      context.CancelFunc
	wg        sync.WaitGroup
	mu        sync.Mutex
	failed    error

	changing sync.Mutex // held while something is changed
	present  atomic.Pointer[Spec]
	serials  map[string]int // of zones that were changed, by domain
}

// Defaults of links: a good home line, and a short cable within an office.
const (
	insideLatency  = 5 * time.Millisecond
	betweenLatency = 20 * time.Millisecond
	insideRate     = 100_000 // kilobits a second
	betweenRate    = 20_000
)

// Start brings a world up on the clock c. serial says that one conversation
// runs at a time, as in a lesson. Close ends everything.
//
// f is where mistakes are reported; log may be nil.
func Start(ctx context.Context, spec *Spec, f *File, c clock.Clock, serial bool, log *slog.Logger) (*World, error) {
	t := trace.New()
	w := &World{Spec: spec, Trace: t, machines: map[string]*machine{}, devices: map[string]*mua.Device{}, owners: map[string][]string{}, serials: map[string]int{}}
	w.present.Store(spec)
	homes := map[string]string{}
	w.Net = network.New(c, t, func(from, to string) network.Link { return spec.link(homes[from], homes[to]) })
	w.Net.Serial = serial
	w.Authority = pki.New(spec.names(), c.Date)
	w.Net.Certificates = w.Authority
	w.Net.LosePower = func(f fault.Fault) {
		if err := w.losePower(f); err != nil && !errors.Is(err, ErrOff) {
			w.failure(err)
		}
	}
	w.Net.Spent = func(f *fault.Fault) { w.note(f, "off") }
	w.Net.Faults.Home = func(host string) string { return homes[host] }
	ctx, w.stop = context.WithCancel(ctx)
	w.life = ctx
	w.Net.Ended = ctx.Done()
	if err := w.build(ctx, f, homes, log); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// names are those of the domains, and of the hosts that are in none.
func (s *Spec) names() []string {
	var names []string
	for _, d := range s.Domains {
		names = append(names, d.Name)
		for _, v := range d.Servers {
			names = append(names, v.Name)
		}
	}
	return names
}

// link is the cost between hosts of two domains; "" is no domain at all.
func (s *Spec) link(from, to string) network.Link {
	cost, latency, rate := s.Links.Between, betweenLatency, betweenRate
	if from == to && from != "" {
		cost, latency, rate = s.Links.Inside, insideLatency, insideRate
	}
	if cost.Latency > 0 {
		latency = time.Duration(cost.Latency)
	}
	if cost.Rate > 0 {
		rate = cost.Rate
	}
	return network.Link{Latency: latency, Bandwidth: rate * 1000 / 8}
}

// build adds every host, then opens every port: a mail server's first
// question finds the name server answering.
func (w *World) build(ctx context.Context, f *File, homes map[string]string, log *slog.Logger) error {
	hosts := map[string]netip.Addr{}
	add := func(m Machine, domain string) (netip.Addr, error) {
		a, err := netip.ParseAddr(m.Address)
		if err == nil {
			err = w.Net.AddHost(m.Name, a)
		}
		hosts[m.Name], homes[m.Name] = a, domain
		return a, err
	}
	spec := w.Spec
	nsAddr, err := add(spec.DNS, "")
	if err != nil {
		return err
	}
	for i := range spec.Domains {
		for _, s := range spec.Domains[i].Servers {
			if _, err := add(s.Machine, spec.Domains[i].Name); err != nil {
				return err
			}
		}
	}
	for _, v := range spec.Visitors {
		if _, err := add(v.Machine, ""); err != nil {
			return err
		}
	}
	if w.zones, err = spec.zones(f, hosts, w.serials); err != nil {
		return err
	}
	w.hosts = maps.Clone(hosts)
	if err := w.addDevices(homes, hosts); err != nil {
		return err
	}
	w.describe(hosts)
	if err := w.startDNS(ctx, log); err != nil {
		return err
	}
	for i := range spec.Domains {
		if err := w.startServers(ctx, &spec.Domains[i], netip.AddrPortFrom(nsAddr, 53), log); err != nil {
			return err
		}
	}
	w.startDevices(log)
	for _, f := range spec.Faults {
		if err := w.Break(f); err != nil {
			return err
		}
	}
	return nil
}

// failure ends the world because of what went wrong, if anything did.
func (w *World) failure(err error) {
	if err == nil {
		return
	}
	w.mu.Lock()
	w.failed = errors.Join(w.failed, err)
	w.mu.Unlock()
	w.stop()
}

// run keeps f running until the world is closed.
func (w *World) run(ctx context.Context, what string, f func(context.Context) error) {
	w.wg.Go(func() {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			w.failure(fmt.Errorf("%s: %w", what, err))
		}
	})
}

func (w *World) startDNS(ctx context.Context, log *slog.Logger) error {
	s := &dns.Server{Zones: w.zones, Logger: log, Instead: w.misled(w.zones), Observe: func(client net.Addr, l dns.Lookup) {
		if !w.Net.Simulated(client) {
			w.Net.Record(lookup(network.ForeignHost, w.Spec.DNS.Name, "", l))
		}
	}}
	pc, ln, err := w.Net.ListenBoth(w.Spec.DNS.Name, 53)
	if err != nil {
		return err
	}
	w.run(ctx, "DNS", func(ctx context.Context) error { return s.ServePacket(ctx, pc) })
	w.run(ctx, "DNS", func(ctx context.Context) error { return s.Serve(ctx, ln) })
	return nil
}

func lookup(from, to, letter string, l dns.Lookup) trace.Event {
	body := &trace.Lookup{Name: l.Name, Type: l.Type, RCode: l.RCode, Answers: l.Answers, TTL: l.TTL, Cached: l.Cached}
	if l.Cached {
		to = ""
	}
	return trace.Event{From: from, To: to, Proto: "dns", Letter: letter, Body: body}
}

// resolver makes the resolver of one host.
func (w *World) resolver(host string, ns netip.AddrPort) *dns.Resolver {
	var mu sync.Mutex
	var id uint16
	return &dns.Resolver{
		Dial: func(ctx context.Context, kind string) (net.Conn, error) {
			if kind == "tcp" {
				return w.Net.Dial(ctx, host, ns)
			}
			return w.Net.DialPacket(ctx, host, ns, mta.LetterOf(ctx))
		},
		Now: w.Net.Clock.Now,
		Observe: func(ctx context.Context, l dns.Lookup) {
			w.Net.Record(lookup(host, w.Spec.DNS.Name, mta.LetterOf(ctx), l))
			if !l.Cached {
				w.Net.Clock.Spend(2 * w.Net.Cost(host, w.Spec.DNS.Name).Latency)
			}
		},
		IDs: func() uint16 {
			mu.Lock()
			defer mu.Unlock()
			id++
			return id
		},
	}
}

func (w *World) startServers(ctx context.Context, d *Domain, ns netip.AddrPort, log *slog.Logger) error {
	for i := range d.Servers {
		s := &d.Servers[i]
		c := mta.Config{Host: s.Name, MaxHops: s.MaxHops, Settings: w.settings(d, s), Disk: mta.NewDisk()}
		c.Smarthost, c.Clients = s.Smart, w.Spec.clients(s.Name)
		for _, name := range s.Services {
			c.Services = append(c.Services, ports[name])
		}
		if s.Backup {
			c.Backup = []string{d.Name}
		} else {
			c.Domains = []string{d.Name}
			for _, p := range d.People {
				c.Accounts = append(c.Accounts, p.account(d.Name))
			}
			for _, a := range d.Aliases {
				c.Aliases = append(c.Aliases, mta.Alias{Address: a.Name + "@" + d.Name, To: a.To, Owner: a.Owner, Footer: a.Footer})
			}
		}
		m := &machine{start: func() *mta.Server { return mta.New(c, w.Net, w.resolver(s.Name, ns), log) }}
		w.machines[s.Name] = m
		if err := w.boot(ctx, s.Name, m); err != nil {
			return err
		}
	}
	return nil
}

// settings are those of a server of the domain, as both are described.
func (w *World) settings(d *Domain, s *Server) mta.Settings {
	set := mta.Settings{Offer: smtp.Full(), OpenRelay: s.Open, MaxSize: s.MaxSize, Warn: time.Duration(s.Warn), Expire: time.Duration(s.Expire),
		ClearAuth: s.clearAuth(), LaxSender: s.Lax, Filter: s.Filter.config(), Trusted: d.neighbours(s.Name)}
	if s.TLS != nil {
		set.TLS = &mta.TLS{Server: w.Authority.ServerBy(s.Name, w.flaw(s.Name, s.TLS.flaw())), StartTLS: s.startTLS(), Client: w.Authority.Client}
	}
	if s.Auth != nil {
		set.Auth = append([]string{}, *s.Auth...)
	}
	if s.Offer != nil {
		set.Offer, _ = offer(*s.Offer) // checked with the description
	}
	if s.IMAP != nil {
		set.IMAP, _ = imapOffer(*s.IMAP)
	}
	for _, r := range s.Retry {
		set.Retry = append(set.Retry, time.Duration(r))
	}
	if by, ok, _ := d.signer(); ok { // checked with the description
		set.Signers = []mailauth.Signer{by}
	}
	return set
}

// account is the person's mailbox.
func (p *Person) account(domain string) mta.Account {
	a := mta.Account{Address: p.Name + "@" + domain, Password: p.Password}
	a.Sieve, _ = Script(p.Sieve) // checked with the description
	if q := p.Quota; q != nil {
		a.Limit, a.Grace = mailbox.Limit{Octets: int64(q.Octets), Letters: q.Letters}, time.Duration(q.Grace)
	}
	for _, r := range p.Rotate {
		a.Rotate = append(a.Rotate, mailbox.Rotation{Folder: r.Folder, After: time.Duration(r.After)})
	}
	return a
}

// addDevices gives every device a host, numbered from .100 of its server's
// network on.
func (w *World) addDevices(homes map[string]string, hosts map[string]netip.Addr) error {
	for i := range w.Spec.Domains {
		d := &w.Spec.Domains[i]
		h := home(d)
		if h == nil {
			continue
		}
		next := hosts[h.Name].AsSlice()
		next[len(next)-1] = 100
		for _, p := range d.People {
			for _, v := range p.Devices {
				a, _ := netip.AddrFromSlice(next)
				for w.Net.AddHost(DeviceHost(p.Name, v.Kind, d.Name), a) != nil {
					if next[len(next)-1] == 254 {
						return fmt.Errorf("%s: no addresses left for devices", d.Name)
					}
					next[len(next)-1]++
					a, _ = netip.AddrFromSlice(next)
				}
				next[len(next)-1]++
				name := DeviceHost(p.Name, v.Kind, d.Name)
				homes[name], hosts[name] = d.Name, a
			}
		}
	}
	return nil
}

func (w *World) startDevices(log *slog.Logger) {
	for i := range w.Spec.Domains {
		d := &w.Spec.Domains[i]
		h := home(d)
		if h == nil {
			continue
		}
		a, _ := w.Net.Addr(h.Name)
		for _, p := range d.People {
			address := p.Name + "@" + d.Name
			for _, v := range p.Devices {
				name := DeviceHost(p.Name, v.Kind, d.Name)
				w.devices[name] = mua.New(mua.Config{Host: name, Account: address, Name: p.fullName(), Password: cmp.Or(v.Password, p.Password),
					Security: v.security(), TLS: func() (*tls.Config, error) { return w.Authority.Client(h.Name) }, Auth: v.Auth,
					Server: a, Submit: v.Submit, NoEHLO: v.EHLO != nil && !*v.EHLO, Receipts: v.Receipts == "ask",
					Receive: v.receive(), Browser: trace.HostKind(v.Kind) == trace.Browser, LeaveCopies: v.LeaveCopies, DeleteAfter: time.Duration(v.DeleteAfter)}, w.Net, log)
				w.owners[strings.ToLower(address)] = append(w.owners[strings.ToLower(address)], name)
			}
		}
	}
}

// fullName is what stands before the address in a From field.
func (p *Person) fullName() string { return p.Title["en"] }

// describe fills the header: who stands where on a map.
func (w *World) describe(hosts map[string]netip.Addr) {
	s := w.Spec
	for i := range s.Domains {
		d := &s.Domains[i]
		w.Header.Domains = append(w.Header.Domains, trace.Domain{Name: d.Name, Title: d.Title})
		mx := map[string]int{}
		for _, m := range d.MX {
			mx[m.Host] = m.Preference
		}
		for _, v := range d.Servers {
			w.Header.Hosts = append(w.Header.Hosts, trace.Host{Name: v.Name, Addr: v.Address, Domain: d.Name, Kind: trace.Server, MX: mx[v.Name]})
		}
		for _, p := range d.People {
			for _, v := range p.Devices {
				name := DeviceHost(p.Name, v.Kind, d.Name)
				w.Header.Hosts = append(w.Header.Hosts, trace.Host{Name: name, Addr: hosts[name].String(), Domain: d.Name,
					Kind: trace.HostKind(v.Kind), Title: p.Title, Account: p.Name + "@" + d.Name, Receive: v.receive()})
			}
		}
	}
	for _, v := range s.Visitors {
		w.Header.Hosts = append(w.Header.Hosts, trace.Host{Name: v.Name, Addr: v.Address, Kind: v.kind(), Title: v.Title})
	}
	w.Header.Hosts = append(w.Header.Hosts, trace.Host{Name: s.DNS.Name, Addr: s.DNS.Address, Kind: trace.DNS})
	if v := s.Eavesdropper; v != nil {
		w.Header.Eavesdropper = &trace.Eavesdropper{Name: v.name(), Title: v.Title, Place: v.Place, Hears: v.Hears}
	}
}

// Server finds a mail server by its host name, nil if there is none. Without
// power it is the one that ran last, whose mailboxes are on its disk.
func (w *World) Server(host string) *mta.Server {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m := w.machines[host]; m != nil {
		return m.server
	}
	return nil
}

// Device finds a device by its host name, nil if there is none.
func (w *World) Device(host string) *mua.Device { return w.devices[host] }

// DevicesOf lists the devices of an account, in the description's order.
func (w *World) DevicesOf(address string) []*mua.Device {
	var list []*mua.Device
	for _, name := range w.owners[strings.ToLower(address)] {
		list = append(list, w.devices[name])
	}
	return list
}

// Home is the server that keeps an address's mailbox, nil if none does.
func (w *World) Home(address string) *mta.Server {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.machines {
		if m.server.Store().Box(address) != nil {
			return m.server
		}
	}
	return nil
}

// Close ends the world and returns what went wrong while it ran.
func (w *World) Close() error {
	w.stop()
	for _, d := range w.devices {
		d.Close()
	}
	w.wg.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}
