// Package world reads the description of a small internet, and starts and
// stops all of it: name server, mail servers and devices.
package world

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/sasl"
	"mailscope/protocol/sieve"
	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// Spec describes a world. docs/lessons.md says what each key means.
type Spec struct {
	Start    time.Time     `yaml:"start"` // simulated
	DNS      Machine       `yaml:"dns"`
	Links    Links         `yaml:"links"`
	Domains  []Domain      `yaml:"domains"`
	Visitors []Visitor     `yaml:"visitors"`
	Faults   []fault.Fault `yaml:"faults"` // on from the start

	Eavesdropper *Eavesdropper `yaml:"eavesdropper"` // absent means nobody listens
}

// Visitor is a computer outside all domains, at which somebody types.
type Visitor struct {
	Machine `yaml:",inline"`
	Title   trace.Words `yaml:"title"`
	Kind    string      `yaml:"kind"` // laptop, phone, browser; "" means laptop
}

// kind is what stands on the map.
func (v *Visitor) kind() trace.HostKind { return cmp.Or(trace.HostKind(v.Kind), trace.Laptop) }

// Eavesdropper is somebody who hears what is not meant for her. She takes part
// in nothing: what she has of it is a function of the recording.
type Eavesdropper struct {
	Name  string      `yaml:"name"`  // "" means eve.test
	Title trace.Words `yaml:"title"` // "Eve"
	Place trace.Words `yaml:"place"` // "the café"
	Hears []string    `yaml:"hears"` // hosts
}

func (v *Eavesdropper) name() string { return cmp.Or(v.Name, "eve.test") }

// Machine is a host with an address of its own.
type Machine struct {
	Name    string `yaml:"name"`
	Address string `yaml:"address"`
}

// Links are the costs of a connection.
type Links struct {
	Inside  Cost `yaml:"inside"`  // within a domain
	Between Cost `yaml:"between"` // from one domain to another
}

// Cost is what one link takes of simulated time.
type Cost struct {
	Latency Duration `yaml:"latency"` // one way
	Rate    int      `yaml:"rate"`    // kilobits a second
}

// Domain is one mail domain: an island of the map.
type Domain struct {
	Name    string      `yaml:"name"`
	Title   trace.Words `yaml:"title"`
	Servers []Server    `yaml:"servers"`
	MX      []MX        `yaml:"mx"`
	NullMX  bool        `yaml:"null_mx"`
	People  []Person    `yaml:"people"`
	Aliases []Alias     `yaml:"aliases"`
	Records []string    `yaml:"records"` // more of the zone, in zone-file form
	SPF     string      `yaml:"spf"`     // who may send letters of the domain (RFC 7208); part of the zone
	DKIM    *DKIM       `yaml:"dkim"`    // how its servers sign letters (RFC 6376); the key is part of the zone
	DMARC   string      `yaml:"dmarc"`   // what to do with letters for which nobody vouches (RFC 7489); part of the zone
}

// DKIM is a key with which a domain's servers sign letters of its people.
type DKIM struct {
	Selector string `yaml:"selector"`
	Key      string `yaml:"key"` // in PEM; "" means one that belongs to selector and domain, and is nobody's secret
}

// Filter is what a server asks about letters from outside.
type Filter struct {
	DNSBL    string   `yaml:"dnsbl"` // zone of a block list
	SPF      bool     `yaml:"spf"`
	Greylist Duration `yaml:"greylist"` // for which a stranger has to wait
	DKIM     bool     `yaml:"dkim"`
	DMARC    bool     `yaml:"dmarc"`
	Content  bool     `yaml:"content"`
}

// Server is one mail server of a domain.
type Server struct {
	Machine  `yaml:",inline"`
	Services []string   `yaml:"services"`       // names of ports
	Offer    *[]string  `yaml:"offer"`          // extensions on port 25; absent means all
	IMAP     *[]string  `yaml:"imap"`           // capabilities of IMAP; absent means all
	TLS      *TLS       `yaml:"tls"`            // absent means none
	StartTLS *bool      `yaml:"starttls"`       // absent means yes, with TLS
	Clear    *bool      `yaml:"cleartext_auth"` // absent means no, with TLS
	Auth     *[]string  `yaml:"auth"`           // mechanisms; absent means PLAIN and LOGIN, by SMTP and IMAP
	Lax      bool       `yaml:"lax_sender"`     // people may submit letters in the name of others
	Backup   bool       `yaml:"backup"`         // keeps no mailboxes: hands letters on to a better MX
	Open     bool       `yaml:"open_relay"`
	Smart    string     `yaml:"smarthost"` // host that is handed everything for elsewhere, and relays it
	MaxSize  int        `yaml:"max_size"`  // octets
	MaxHops  int        `yaml:"max_hops"`  // Received fields; 0 means mta.DefaultMaxHops
	Retry    []Duration `yaml:"retry"`
	Warn     Duration   `yaml:"warn"`
	Expire   Duration   `yaml:"expire"`
	Filter   *Filter    `yaml:"filter"` // whom to believe on port 25; absent means everybody
}

// TLS says that a server has a certificate.
type TLS struct {
	Certificate string `yaml:"certificate"` // a pki.Flaw; "" means good
}

// flaw is what is wrong with the certificate.
func (t *TLS) flaw() pki.Flaw { return pki.Flaw(cmp.Or(t.Certificate, string(pki.Good))) }

// startTLS tells whether the server offers STARTTLS.
func (s *Server) startTLS() bool { return s.TLS != nil && (s.StartTLS == nil || *s.StartTLS) }

// clearAuth tells whether the server takes passwords in clear. Without a
// certificate it has no choice.
func (s *Server) clearAuth() bool {
	if s.Clear != nil {
		return *s.Clear
	}
	return s.TLS == nil
}

// MX says which host takes mail for a domain.
type MX struct {
	Host       string `yaml:"host"`
	Preference int    `yaml:"preference"`
}

// Person is an account and the devices that use it.
type Person struct {
	Name     string      `yaml:"name"` // the local part
	Title    trace.Words `yaml:"title"`
	Password string      `yaml:"password"`
	Devices  []Device    `yaml:"devices"`
	Quota    *Quota      `yaml:"quota"`
	Rotate   []Rotation  `yaml:"rotate"`
	Sieve    string      `yaml:"sieve"` // sorts letters as they come (RFC 5228)
}

// Alias is an address that stands for others; with an owner it is a list.
type Alias struct {
	Name   string   `yaml:"name"` // the local part
	To     []string `yaml:"to"`   // addresses
	Owner  string   `yaml:"owner"`
	Footer string   `yaml:"footer"` // below the text of letters that go through the list
}

// Quota is what a mailbox may hold; 0 is no limit.
type Quota struct {
	Octets  int      `yaml:"octets"`
	Letters int      `yaml:"letters"`
	Grace   Duration `yaml:"grace"` // after which a full mailbox refuses for good
}

// Rotation has the server remove old letters from a folder.
type Rotation struct {
	Folder string   `yaml:"folder"`
	After  Duration `yaml:"after"`
}

// Device is one device of a person.
type Device struct {
	Kind        string   `yaml:"kind"`     // laptop, phone, browser
	Receive     string   `yaml:"receive"`  // pop3, imap; "" means pop3
	Security    string   `yaml:"security"` // a mua.Security; "" means none
	Auth        string   `yaml:"auth"`     // mechanism, or mua.NoAuth; "" means that of its protocol
	Password    string   `yaml:"password"` // as its user typed it; "" means the account's
	Submit      string   `yaml:"submit"`   // service by which it sends; "" means as security has it
	EHLO        *bool    `yaml:"ehlo"`     // absent means that it knows EHLO
	Receipts    string   `yaml:"receipts"` // ask: its user, when a letter asks for one; "" takes no notice
	LeaveCopies bool     `yaml:"leave_copies"`
	DeleteAfter Duration `yaml:"delete_after"` // of what was left on the server; 0 means never
}

// Ways in which a device gets its mail.
const (
	POP3 = "pop3"
	IMAP = "imap"
)

// receive is how the device gets its mail.
func (v Device) receive() string { return cmp.Or(v.Receive, POP3) }

// security is how the device protects its connections.
func (v Device) security() mua.Security { return mua.Security(cmp.Or(v.Security, string(mua.None))) }

// clone is the same world, whose domains, servers, people and devices can be
// changed without changing this one's. What they point to is shared.
func (s *Spec) clone() *Spec {
	w := *s
	w.Domains = slices.Clone(s.Domains)
	for i := range w.Domains {
		d := &w.Domains[i]
		d.Servers, d.People = slices.Clone(d.Servers), slices.Clone(d.People)
		for j := range d.People {
			d.People[j].Devices = slices.Clone(d.People[j].Devices)
		}
	}
	return &w
}

// Receiving is the same world in which every device gets its mail in one way;
// "" leaves them as they are.
func (s *Spec) Receiving(receive string) *Spec {
	w := s.clone()
	if receive == "" {
		return w
	}
	for i := range w.Domains {
		for _, p := range w.Domains[i].People {
			for k := range p.Devices {
				p.Devices[k].Receive = receive
			}
		}
	}
	return w
}

// Duration reads "15m", "2s". What cannot be read is Bad, for the check that
// knows its place in the file to refuse.
type Duration time.Duration

// Bad stands for text that is no duration.
const Bad Duration = -1

// UnmarshalText reads a duration in Go's form.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	if err != nil || v < 0 {
		*d = Bad
	}
	return nil
}

// WantDuration is the mistake that a Bad duration is.
const WantDuration = "want a duration such as 15m"

// Limits of a world.
const (
	maxDomains  = 100
	maxServers  = 20 // of a domain
	maxPeople   = 1000
	maxDevices  = 10 // of a person
	maxAliases  = 1000
	maxTargets  = 100 // of an alias
	maxFooter   = 500 // octets
	maxVisitors = 10

	maxRotations = 100 // of a person
	maxHears     = 100 // hosts
)

var ports = map[string]int{"smtp": 25, "submission": 587, "submissions": 465, POP3: 110, "pop3s": 995, IMAP: 143, "imaps": 993}

// serviceNames are the ports by name, for who names another.
const serviceNames = "smtp, submission, submissions, pop3, pop3s, imap or imaps"

// DeviceHost is the host name of a person's device.
func DeviceHost(person, kind, domain string) string { return person + "-" + kind + "." + domain }

// Check looks for contradictions. at is the key under which the world stands
// in the file, with its final dot, "" at the top.
func (s *Spec) Check(f *File, at string) error {
	c := checker{File: f, at: at, hosts: map[string]bool{}, devices: map[string]bool{}, addresses: map[netip.Addr]string{}, domains: map[string]bool{}}
	if s.Start.IsZero() {
		return c.errorf("start", "want a date such as 2026-09-01T09:00:00Z")
	}
	if err := c.machine("dns", s.DNS); err != nil {
		return err
	}
	if s.Links.Inside.Latency == Bad {
		return c.errorf("links.inside.latency", WantDuration)
	}
	if s.Links.Between.Latency == Bad {
		return c.errorf("links.between.latency", WantDuration)
	}
	if len(s.Domains) == 0 || len(s.Domains) > maxDomains {
		return c.errorf("domains", "want 1 to %d domains, got %d", maxDomains, len(s.Domains))
	}
	for i := range s.Domains {
		if err := c.domain(fmt.Sprintf("domains[%d]", i), &s.Domains[i]); err != nil {
			return err
		}
	}
	if err := c.visitors(s.Visitors); err != nil {
		return err
	}
	for i, d := range s.Domains {
		for j, mx := range d.MX {
			if !c.hosts[mx.Host] {
				return c.errorf(fmt.Sprintf("domains[%d].mx[%d].host", i, j), "no host %q", mx.Host)
			}
		}
		for j, v := range d.Servers {
			if v.Smart != "" && (v.Smart == v.Name || !s.relays(v.Smart)) {
				return c.errorf(fmt.Sprintf("domains[%d].servers[%d].smarthost", i, j), "want another server with smtp, got %q", v.Smart)
			}
		}
	}
	if err := c.eavesdropper(s.Eavesdropper); err != nil {
		return err
	}
	return c.faults(s)
}

// relays tells whether a host is a server that takes letters from others.
func (s *Spec) relays(host string) bool {
	for _, d := range s.Domains {
		for _, v := range d.Servers {
			if v.Name == host {
				return slices.Contains(v.Services, "smtp")
			}
		}
	}
	return false
}

// clients are the servers whose smarthost a host is.
func (s *Spec) clients(host string) (names []string) {
	for _, d := range s.Domains {
		for _, v := range d.Servers {
			if v.Smart == host {
				names = append(names, v.Name)
			}
		}
	}
	return names
}

// eavesdropper checks that she is nobody else, and hears somebody.
func (c *checker) eavesdropper(v *Eavesdropper) error {
	if v == nil {
		return nil
	}
	name := v.name()
	if err := reserved(name); err != nil {
		return c.errorf("eavesdropper.name", "%v", err)
	}
	if c.hosts[name] || c.devices[name] {
		return c.errorf("eavesdropper.name", "host %q exists already", name)
	}
	if len(v.Hears) == 0 || len(v.Hears) > maxHears {
		return c.errorf("eavesdropper.hears", "want 1 to %d hosts, got %d", maxHears, len(v.Hears))
	}
	for i, h := range v.Hears {
		if !c.hosts[h] && !c.devices[h] {
			return c.errorf(fmt.Sprintf("eavesdropper.hears[%d]", i), "no host %q", h)
		}
	}
	return nil
}

type checker struct {
	*File
	at        string
	hosts     map[string]bool
	devices   map[string]bool
	addresses map[netip.Addr]string
	domains   map[string]bool
}

func (c *checker) errorf(key, format string, args ...any) error {
	return c.Errorf(c.at+key, format, args...)
}

// machine checks a host's name and address: reserved, and its own.
func (c *checker) machine(key string, m Machine) error {
	if err := reserved(m.Name); err != nil {
		return c.errorf(key+".name", "%v", err)
	}
	if c.hosts[m.Name] {
		return c.errorf(key+".name", "host %q exists already", m.Name)
	}
	a, err := netip.ParseAddr(m.Address)
	if err != nil || !documentation(a) {
		return c.errorf(key+".address", "want an address of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/32, got %q", m.Address)
	}
	if other := c.addresses[a]; other != "" {
		return c.errorf(key+".address", "%s belongs to %s already", a, other)
	}
	c.hosts[m.Name], c.addresses[a] = true, m.Name
	return nil
}

func (c *checker) domain(key string, d *Domain) error {
	if err := reserved(d.Name); err != nil {
		return c.errorf(key+".name", "%v", err)
	}
	if c.domains[d.Name] {
		return c.errorf(key+".name", "domain %q exists already", d.Name)
	}
	c.domains[d.Name] = true
	if len(d.Servers) > maxServers {
		return c.errorf(key+".servers", "%d servers, at most %d", len(d.Servers), maxServers)
	}
	for i, s := range d.Servers {
		at := fmt.Sprintf("%s.servers[%d]", key, i)
		if err := c.machine(at, s.Machine); err != nil {
			return err
		}
		for j, name := range s.Services {
			if ports[name] == 0 {
				return c.errorf(fmt.Sprintf("%s.services[%d]", at, j), "want %s, got %q", serviceNames, name)
			}
			if s.TLS == nil && network.Secure(ports[name]) {
				return c.errorf(fmt.Sprintf("%s.services[%d]", at, j), "%s needs tls, such as {certificate: good}", name)
			}
		}
		if err := c.secure(at, &d.Servers[i]); err != nil {
			return err
		}
		for j, wait := range s.Retry {
			if wait == Bad {
				return c.errorf(fmt.Sprintf("%s.retry[%d]", at, j), WantDuration)
			}
		}
		if s.MaxHops < 0 {
			return c.errorf(at+".max_hops", "want a number of servers, got %d", s.MaxHops)
		}
		if s.MaxSize < 0 {
			return c.errorf(at+".max_size", "want a number of octets")
		}
		if s.Warn == Bad {
			return c.errorf(at+".warn", WantDuration)
		}
		if s.Expire == Bad {
			return c.errorf(at+".expire", WantDuration)
		}
		if err := c.filter(at+".filter", s.Filter); err != nil {
			return err
		}
		if s.Offer != nil {
			if _, err := offer(*s.Offer); err != nil {
				return c.errorf(at+".offer", "%v", err)
			}
		}
		if s.IMAP != nil {
			if _, err := imapOffer(*s.IMAP); err != nil {
				return c.errorf(at+".imap", "%v", err)
			}
		}
	}
	if d.NullMX && len(d.MX) > 0 {
		return c.errorf(key+".null_mx", "a null MX stands alone (RFC 7505 §3)")
	}
	if err := c.published(key, d); err != nil {
		return err
	}
	if len(d.People) > maxPeople {
		return c.errorf(key+".people", "%d people, at most %d", len(d.People), maxPeople)
	}
	if len(d.People) > 0 && home(d) == nil {
		return c.errorf(key+".people", "no server of %s keeps mailboxes", d.Name)
	}
	names := map[string]bool{}
	for i, p := range d.People {
		at := fmt.Sprintf("%s.people[%d]", key, i)
		switch {
		case !isLocal(p.Name):
			return c.errorf(at+".name", wantLocal, p.Name)
		case names[strings.ToLower(p.Name)]:
			return c.errorf(at+".name", "%q exists already", p.Name)
		case len(p.Devices) > maxDevices:
			return c.errorf(at+".devices", "%d devices, at most %d", len(p.Devices), maxDevices)
		}
		names[strings.ToLower(p.Name)] = true
		kinds := map[string]bool{}
		for j, v := range p.Devices {
			at := fmt.Sprintf("%s.devices[%d]", at, j)
			switch {
			case !trace.HostKind(v.Kind).Device():
				return c.errorf(at+".kind", "want laptop, phone or browser, got %q", v.Kind)
			case kinds[v.Kind]:
				return c.errorf(at+".kind", "a second %s", v.Kind)
			case v.receive() != POP3 && v.receive() != IMAP:
				return c.errorf(at+".receive", "want pop3 or imap, got %q", v.Receive)
			case !v.security().Known():
				return c.errorf(at+".security", "%s", mua.WantSecurity(v.Security))
			case !slices.Contains([]string{"", "submission", "submissions", "smtp"}, v.Submit):
				return c.errorf(at+".submit", "want submission, submissions or smtp, got %q", v.Submit)
			case v.Receipts != "" && v.Receipts != "ask":
				return c.errorf(at+".receipts", "want ask, got %q", v.Receipts)
			case v.EHLO != nil && !*v.EHLO && v.Auth != mua.NoAuth:
				return c.errorf(at+".ehlo", "without EHLO nobody can sign in: it needs auth: none")
			case v.Auth == sasl.SCRAMPlus:
				return c.errorf(at+".auth", "%s is bound to keys that differ in each run, so no lesson would repeat", v.Auth)
			case v.Auth != "" && v.Auth != mua.NoAuth && !sasl.Known(v.Auth):
				return c.errorf(at+".auth", "want none or one of %s, got %q", strings.Join(sasl.Mechanisms(), ", "), v.Auth)
			case v.DeleteAfter == Bad:
				return c.errorf(at+".delete_after", WantDuration)
			}
			kinds[v.Kind] = true
			c.devices[DeviceHost(p.Name, v.Kind, d.Name)] = true
		}
		if err := c.keeping(at, &p); err != nil {
			return err
		}
	}
	return c.aliases(key, d, names)
}

// wantLocal is the mistake of a name that is no part of an address.
const wantLocal = "want the part of an address before the @, got %q"

// isLocal tells whether a name can stand before an @.
func isLocal(name string) bool { return name != "" && !strings.ContainsAny(name, "@ <>\r\n\t\"") }

// aliases checks the addresses that stand for others; names are taken.
func (c *checker) aliases(key string, d *Domain, names map[string]bool) error {
	if len(d.Aliases) > maxAliases {
		return c.errorf(key+".aliases", "%d aliases, at most %d", len(d.Aliases), maxAliases)
	}
	if len(d.Aliases) > 0 && home(d) == nil {
		return c.errorf(key+".aliases", "no server of %s keeps mailboxes", d.Name)
	}
	for i, a := range d.Aliases {
		at := fmt.Sprintf("%s.aliases[%d]", key, i)
		switch {
		case !isLocal(a.Name):
			return c.errorf(at+".name", wantLocal, a.Name)
		case names[strings.ToLower(a.Name)]:
			return c.errorf(at+".name", "%q exists already", a.Name)
		case len(a.To) == 0 || len(a.To) > maxTargets:
			return c.errorf(at+".to", "want 1 to %d addresses, got %d", maxTargets, len(a.To))
		case a.Owner != "" && !IsAddress(a.Owner):
			return c.errorf(at+".owner", WantAddress, a.Owner)
		case a.Footer != "" && a.Owner == "":
			return c.errorf(at+".footer", "only a list, which has an owner, changes letters")
		case strings.ContainsAny(a.Footer, "\r\n") || len(a.Footer) > maxFooter:
			return c.errorf(at+".footer", "want one line of at most %d octets", maxFooter)
		}
		for j, to := range a.To {
			if !IsAddress(to) {
				return c.errorf(fmt.Sprintf("%s.to[%d]", at, j), WantAddress, to)
			}
		}
		names[strings.ToLower(a.Name)] = true
	}
	return nil
}

// WantAddress is the mistake of what is none.
const WantAddress = "want an address such as anna@romashka.example, got %q"

// IsAddress tells whether s may stand in an envelope: no more is checked, since
// lessons may well lie.
func IsAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && isLocal(local) && isLocal(domain)
}

// visitors checks the hosts outside all domains.
func (c *checker) visitors(list []Visitor) error {
	if len(list) > maxVisitors {
		return c.errorf("visitors", "%d visitors, at most %d", len(list), maxVisitors)
	}
	for i, v := range list {
		at := fmt.Sprintf("visitors[%d]", i)
		if err := c.machine(at, v.Machine); err != nil {
			return err
		}
		for domain := range c.domains {
			if strings.HasSuffix("."+v.Name, "."+domain) {
				return c.errorf(at+".name", "%q belongs to the domain %s", v.Name, domain)
			}
		}
		if !v.kind().Device() {
			return c.errorf(at+".kind", "want laptop, phone or browser, got %q", v.Kind)
		}
	}
	return nil
}

// secure checks how a server protects its connections.
func (c *checker) secure(at string, s *Server) error {
	switch {
	case s.TLS != nil && !slices.Contains(pki.Flaws(), s.TLS.flaw()):
		return c.errorf(at+".tls.certificate", "want good, expired, wrong_name or self_signed, got %q", s.TLS.Certificate)
	case s.TLS == nil && s.StartTLS != nil && *s.StartTLS:
		return c.errorf(at+".starttls", "STARTTLS needs tls, such as {certificate: good}")
	case s.Auth == nil:
		return nil
	}
	for i, m := range *s.Auth {
		if !sasl.Known(m) {
			return c.errorf(fmt.Sprintf("%s.auth[%d]", at, i), "want some of %s, got %q", strings.Join(sasl.Mechanisms(), ", "), m)
		}
	}
	return nil
}

// keeping checks what the server may keep of a person's mail, and how long.
func (c *checker) keeping(at string, p *Person) error {
	switch q := p.Quota; {
	case q == nil:
	case q.Octets < 0 || q.Letters < 0 || q.Octets == 0 && q.Letters == 0:
		return c.errorf(at+".quota", "want a number of octets or letters")
	case q.Grace == Bad:
		return c.errorf(at+".quota.grace", WantDuration)
	}
	if len(p.Rotate) > maxRotations {
		return c.errorf(at+".rotate", "%d folders, at most %d", len(p.Rotate), maxRotations)
	}
	for i, r := range p.Rotate {
		if r.Folder == "" {
			return c.errorf(fmt.Sprintf("%s.rotate[%d].folder", at, i), "want a folder such as Trash")
		}
		if r.After <= 0 {
			return c.errorf(fmt.Sprintf("%s.rotate[%d].after", at, i), WantDuration)
		}
	}
	if _, err := Script(p.Sieve); err != nil {
		return c.errorf(at+".sieve", "%v", err)
	}
	return nil
}

// Script reads a script of Sieve; one with nothing in it is none.
func Script(text string) (*sieve.Script, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	s, err := sieve.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the script is wrong in %w", err)
	}
	return s, nil
}

// home is the server that keeps a domain's mailboxes, nil if none does.
func home(d *Domain) *Server {
	for i := range d.Servers {
		if !d.Servers[i].Backup {
			return &d.Servers[i]
		}
	}
	return nil
}

// reserved checks that a name can never be one of the real internet (RFC 2606).
func reserved(name string) error {
	if strings.HasSuffix(name, ".example") || strings.HasSuffix(name, ".test") {
		return nil
	}
	return fmt.Errorf("want a name that ends in .example or .test, got %q", name)
}

var ranges = []netip.Prefix{ // RFC 5737, RFC 3849
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
}

func documentation(a netip.Addr) bool {
	for _, r := range ranges {
		if r.Contains(a) {
			return true
		}
	}
	return false
}
