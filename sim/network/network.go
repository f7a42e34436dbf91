// Package network is the simulated internet under the servers: it maps
// simulated addresses and ports onto real loopback sockets, charges simulated
// time for what passes, and records connections and every line in the trace.
package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"mailscope/sim/clock"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// The computer on which this program runs, as simulated hosts see it: whoever
// connects without being simulated comes from there.
const ForeignHost = "you.test"

// ForeignAddr is the simulated address of ForeignHost.
var ForeignAddr = netip.MustParseAddr("203.0.113.77")

// Errors of Dial.
var (
	ErrRefused = errors.New("connection refused") // nobody listens on that port
	ErrNoRoute = errors.New("no route to host")   // no host has that address
	// The other host is down, and this one waited in vain.
	ErrTimedOut = errors.New("connection timed out")
	// This host is down itself.
	ErrUnreachable = errors.New("network is unreachable")
)

// Link is what a connection between two hosts costs.
type Link struct {
	Latency   time.Duration // simulated, one way
	Bandwidth int           // octets a simulated second
}

// Network is one simulated internet. Its methods may be called from many
// goroutines.
type Network struct {
	Clock clock.Clock
	Trace *trace.Trace
	// Link gives the cost between two hosts by their names.
	Link func(from, to string) Link
	// Serial says that one conversation runs at a time: closing a connection
	// then waits until its server has ended the session.
	Serial bool
	// Certificates checks and knows what servers show; nil means that nobody
	// does.
	Certificates Certificates
	// Faults are on; what they do to connections, lines and packets is done
	// here.
	Faults fault.Set
	// Spent is told when a fault has struck for the last time; nil tells nobody.
	Spent func(*fault.Fault)
	// LosePower is called where a fault of type power strikes in the midst of a
	// conversation, on its goroutine. It is set before use.
	LosePower func(fault.Fault)
	// Ended is closed when the world ends: nobody waits any longer. nil means
	// never.
	Ended <-chan struct{}

	stamp func(*trace.Event) // sets an event's time
	real  bool               // so is the clock's time

	mu        sync.Mutex
	landed    sync.Cond             // dials is lower than it was
	hosts     map[string]netip.Addr // by name
	names     map[netip.Addr]string
	listeners map[netip.AddrPort]*Listener
	loopback  map[netip.AddrPort]string // that each had last
	sessions  map[string]*session       // simulated connections, by the client's loopback address
	packets   map[netip.AddrPort]*packetListener
	clients   map[string]*packetConn // our own UDP clients by their loopback addresses
	open      map[*Conn]bool         // connections by the end that records
	off       map[string]bool        // hosts without power
	dials     int                    // on their way
	conns     int                    // numbers given so far
	letters   int
}

// New makes a network without hosts.
func New(c clock.Clock, t *trace.Trace, link func(from, to string) Link) *Network {
	n := &Network{
		Clock: c, Trace: t, Link: link,
		hosts:     map[string]netip.Addr{ForeignHost: ForeignAddr},
		names:     map[netip.Addr]string{ForeignAddr: ForeignHost},
		listeners: map[netip.AddrPort]*Listener{},
		loopback:  map[netip.AddrPort]string{},
		sessions:  map[string]*session{},
		packets:   map[netip.AddrPort]*packetListener{},
		clients:   map[string]*packetConn{},
		open:      map[*Conn]bool{},
		off:       map[string]bool{},
	}
	n.landed.L = &n.mu
	_, n.real = c.(*clock.Real)
	n.stamp = func(e *trace.Event) { e.At = c.Now() }
	return n
}

// AddHost gives a host its address. Names and addresses are unique.
func (n *Network) AddHost(name string, addr netip.Addr) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if other, ok := n.names[addr]; ok {
		return fmt.Errorf("address %s belongs to %s already", addr, other)
	}
	if _, ok := n.hosts[name]; ok {
		return fmt.Errorf("host %s exists already", name)
	}
	n.hosts[name], n.names[addr] = addr, name
	return nil
}

// Addr is the simulated address of a host.
func (n *Network) Addr(host string) (netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a, ok := n.hosts[host]
	return a, ok
}

// NewLetter makes an id for a letter that enters the simulation: "L1", "L2", …
func (n *Network) NewLetter() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.letters++
	return fmt.Sprint("L", n.letters)
}

// Record appends e to the trace at the present simulated time.
func (n *Network) Record(e trace.Event) int { return n.Trace.Append(e, n.stamp) }

// Services by their registered names, and the protocol that each speaks.
var services = map[int]struct{ name, proto string }{
	25: {"smtp", "smtp"}, 53: {"domain", "dns"}, 110: {"pop3", "pop3"}, 143: {"imap", "imap"}, 587: {"submission", "smtp"},
	465: {"submissions", "smtp"}, 993: {"imaps", "imap"}, 995: {"pop3s", "pop3"}, // TLS from the first octet: RFC 8314 §3
}

// Secure tells whether a port's connections begin with TLS.
func Secure(port int) bool { return port == 465 || port == 993 || port == 995 }

// Port is the port of a service, by its registered name; 0 if it has none here.
func Port(service string) int {
	for port, s := range services {
		if s.name == service {
			return port
		}
	}
	return 0
}

// Proto is the protocol of a service, by its registered name; "" if it has none
// here.
func Proto(service string) string { return services[Port(service)].proto }

// Service is the registered name of a port's service, "" if it has none here.
func Service(port int) string { return services[port].name }

// Listen opens a host's port, on a loopback port of the system's choice; one
// that was open before has the one that it had, if it is still to be had, so
// that programs from outside find it again.
func (n *Network) Listen(host string, port int) (*Listener, error) {
	addr, _ := n.Addr(host)
	n.mu.Lock()
	before := n.loopback[netip.AddrPortFrom(addr, uint16(port))]
	n.mu.Unlock()
	if before != "" {
		if l, err := n.listen(host, port, before); err == nil {
			return l, nil
		}
	}
	return n.listen(host, port, "127.0.0.1:0")
}

func (n *Network) listen(host string, port int, loopback string) (*Listener, error) {
	addr, ok := n.Addr(host)
	if !ok {
		return nil, fmt.Errorf("listen: no host %q", host)
	}
	raw, err := net.Listen("tcp", loopback)
	if err != nil {
		return nil, err
	}
	l := &Listener{Listener: raw, n: n, host: host, at: netip.AddrPortFrom(addr, uint16(port))}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[l.at] != nil {
		raw.Close()
		return nil, fmt.Errorf("listen: %s has port %d open already", host, port)
	}
	n.listeners[l.at] = l
	n.loopback[l.at] = raw.Addr().String()
	return l, nil
}

// Dial connects a simulated host to a simulated address. The errors are
// ErrRefused, ErrNoRoute, ErrTimedOut, or one of the real network.
func (n *Network) Dial(ctx context.Context, from string, to netip.AddrPort) (*Conn, error) {
	if err := n.dark(ctx, from, to); err != nil {
		return nil, err
	}
	n.mu.Lock()
	var l *Listener
	server, known := n.names[to.Addr()]
	fromAddr := n.hosts[from]
	n.mu.Unlock()
	if err := n.barred(ctx, from, server, to); err != nil {
		return nil, err
	}
	n.mu.Lock()
	if l = n.listeners[to]; l != nil {
		n.dials++
	}
	n.mu.Unlock()
	if l == nil {
		return nil, n.refuse(from, server, to, known)
	}
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", l.Addr().String())
	n.mu.Lock()
	n.dials--
	n.landed.Broadcast()
	if err != nil {
		n.mu.Unlock()
		return nil, fmt.Errorf("dial %s port %d: %w", server, to.Port(), err)
	}
	s := n.newSession(from, server, int(to.Port()), false)
	n.sessions[raw.LocalAddr().String()] = s
	n.mu.Unlock()
	s.connected(fromAddr, to.Addr())
	return n.keep(&Conn{Conn: raw, s: s, records: true, client: true}), nil
}

// refuse records a connection that did not come about.
func (n *Network) refuse(from, server string, to netip.AddrPort, known bool) error {
	err, cost := ErrNoRoute, unanswered
	if known {
		err, cost = ErrRefused, 2*n.Cost(from, server).Latency
	}
	n.notGot(from, server, to, err)
	n.Clock.Spend(cost)
	if !known {
		server = to.Addr().String()
	}
	return fmt.Errorf("connect to %s port %d: %w", server, to.Port(), err)
}

// unanswered is how long a host waits for a connection before it gives up.
const unanswered = 30 * time.Second

// notGot records a connection that from wanted and did not get.
func (n *Network) notGot(from, server string, to netip.AddrPort, why error) {
	n.Record(trace.Event{From: from, To: server, Proto: services[int(to.Port())].proto, Body: &trace.Refused{
		Service: Service(int(to.Port())), Port: int(to.Port()), ToAddr: to.Addr().String(), Reason: why.Error()}})
}

// newSession numbers a connection. n.mu is held.
func (n *Network) newSession(client, server string, port int, foreign bool) *session {
	n.conns++
	return &session{n: n, id: n.conns, client: client, server: server, port: port,
		proto: services[port].proto, foreign: foreign, link: n.Link(client, server), ended: make(chan struct{})}
}

// Listener is an open port of a simulated host.
type Listener struct {
	net.Listener
	n    *Network
	host string
	at   netip.AddrPort
	held sync.WaitGroup // callers who hear nothing
}

// Accept waits for the next connection. It is a *Conn. Programs from outside
// that call a host which is down, or a port that is closed on purpose, are
// taken care of meanwhile.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := (&Conn{Conn: raw, l: l}); !l.turnsAway(c) {
			return c, nil
		}
	}
}

// Close closes the port: who dials it from now on is refused.
func (l *Listener) Close() error {
	l.n.mu.Lock()
	if l.n.listeners[l.at] == l {
		delete(l.n.listeners, l.at)
	}
	l.n.mu.Unlock()
	err := l.Listener.Close()
	l.held.Wait()
	return err
}

// Endpoint is the loopback address behind a host's port, nil if it is closed.
func (n *Network) Endpoint(host string, port int) net.Addr {
	addr, _ := n.Addr(host)
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.listeners[netip.AddrPortFrom(addr, uint16(port))]; l != nil {
		return l.Addr()
	}
	return nil
}
