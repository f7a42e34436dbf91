package world

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailscope/sim/mta"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
)

// Change is what an administrator changes in a running world, of one domain,
// one server or one device. Its keys are those of the description, and each
// value replaces the one before; what is nil stays as it is.
type Change struct {
	Domain string `yaml:"domain"`
	Server string `yaml:"server"` // host name
	Device string `yaml:"device"` // host name

	// Of a domain.
	SPF     *string         `yaml:"spf"` // "" publishes none
	DKIM    *Optional[DKIM] `yaml:"dkim"`
	DMARC   *string         `yaml:"dmarc"` // likewise
	MX      *[]MX           `yaml:"mx"`
	Records *[]string       `yaml:"records"`

	// Of a server.
	Filter   *Optional[Filter] `yaml:"filter"`
	TLS      *Optional[TLS]    `yaml:"tls"`
	StartTLS *bool             `yaml:"starttls"`
	Clear    *bool             `yaml:"cleartext_auth"`
	Lax      *bool             `yaml:"lax_sender"`
	Open     *bool             `yaml:"open_relay"`
	MaxSize  *int              `yaml:"max_size"`
	Offer    *[]string         `yaml:"offer"`
	Retry    *[]Duration       `yaml:"retry"`

	// Of a device.
	Security *string `yaml:"security"`

	// Of a server a list of mechanisms, of a device one.
	Auth *Mechanisms `yaml:"auth"`
}

// Optional is a setting that can be taken away.
type Optional[T any] struct{ Value *T }

// Off takes a setting away.
func Off[T any]() *Optional[T] { return &Optional[T]{} }

// On sets a setting.
func On[T any](v T) *Optional[T] { return &Optional[T]{&v} }

// UnmarshalYAML reads the setting, or the word off.
func (o *Optional[T]) UnmarshalYAML(read func(any) error) error {
	var word string
	if read(&word) == nil && word == "off" {
		o.Value = nil
		return nil
	}
	o.Value = new(T)
	return read(o.Value)
}

// Mechanisms are ways to sign in: one, or a list of them.
type Mechanisms []string

// UnmarshalYAML reads one name or a list.
func (m *Mechanisms) UnmarshalYAML(read func(any) error) error {
	var one string
	if read(&one) == nil {
		*m = Mechanisms{one}
		return nil
	}
	return read((*[]string)(m))
}

// With is the world as it is described once it was changed. A contradiction is
// a *Mistake, whose key is the change's.
func (s *Spec) With(c Change) (*Spec, error) {
	next, of, _, err := s.with(&c)
	if err != nil {
		return nil, err
	}
	var m *Mistake
	if _, err := next.zones(nil, nil, nil); errors.As(err, &m) {
		return nil, of.mistake(m)
	} else if err != nil {
		return nil, err
	}
	return next, nil
}

// with also tells whose settings they are, and what each of them was and is.
func (s *Spec) with(c *Change) (next *Spec, of place, list edits, err error) {
	next = s.clone()
	if of, err = next.find(c); err != nil {
		return nil, of, nil, err
	}
	switch {
	case of.device != nil:
		list = c.ofDevice(of.device)
	case of.server != nil:
		list = c.ofServer(of.server)
	default:
		list = c.ofDomain(of.domain)
	}
	if err := c.stray(list); err != nil {
		return nil, of, nil, err
	}
	var m *Mistake
	if err := next.Check(nil, ""); errors.As(err, &m) {
		return nil, of, nil, of.mistake(m)
	} else if err != nil {
		return nil, of, nil, err
	}
	return next, of, slices.DeleteFunc(list, func(e trace.Change) bool { return e.Old == e.New }), nil
}

// place is whose settings are changed.
type place struct {
	key    string // in the world's description
	domain *Domain
	server *Server // nil if it is the domain's
	person *Person // nil if it is no device's
	device *Device // likewise
}

// mistake has a key of the description say which key of the change is meant.
func (p *place) mistake(m *Mistake) error {
	return &Mistake{Key: strings.TrimPrefix(m.Key, p.key+"."), What: m.What}
}

// find finds what the change is about.
func (s *Spec) find(c *Change) (of place, err error) {
	var named []string
	for _, n := range []string{c.Domain, c.Server, c.Device} {
		if n != "" {
			named = append(named, n)
		}
	}
	if len(named) != 1 {
		return of, &Mistake{Key: "domain", What: fmt.Sprintf("want one of domain, server, device, got %d", len(named))}
	}
	for i := range s.Domains {
		of = place{key: fmt.Sprintf("domains[%d]", i), domain: &s.Domains[i]}
		if of.domain.Name == c.Domain || of.findServer(c.Server) || of.findDevice(c.Device) {
			return of, nil
		}
	}
	kind := "domain"
	switch {
	case c.Server != "":
		kind = "server"
	case c.Device != "":
		kind = "device"
	}
	return of, &Mistake{Key: kind, What: fmt.Sprintf("no %s %q", kind, named[0])}
}

func (p *place) findServer(host string) bool {
	for i := range p.domain.Servers {
		if s := &p.domain.Servers[i]; s.Name == host {
			p.server, p.key = s, fmt.Sprintf("%s.servers[%d]", p.key, i)
			return true
		}
	}
	return false
}

func (p *place) findDevice(host string) bool {
	for i := range p.domain.People {
		person := &p.domain.People[i]
		for j := range person.Devices {
			if v := &person.Devices[j]; DeviceHost(person.Name, v.Kind, p.domain.Name) == host {
				p.person, p.device, p.key = person, v, fmt.Sprintf("%s.people[%d].devices[%d]", p.key, i, j)
				return true
			}
		}
	}
	return false
}

// edits are what was changed, key by key.
type edits []trace.Change

// put sets *at to *to, if there is something to set. say tells what *at is.
func put[T any](l *edits, key string, at, to *T, say func() string) {
	if to == nil {
		return
	}
	e := trace.Change{Key: key, Old: say()}
	*at = *to
	e.New = say()
	*l = append(*l, e)
}

// value is what an optional setting is set to, nil if it is left alone.
func (o *Optional[T]) value() **T {
	if o == nil {
		return nil
	}
	return &o.Value
}

// given is p where the description has a pointer, too.
func given[T any](p *T) **T {
	if p == nil {
		return nil
	}
	return &p
}

// ofDomain changes a domain.
func (c *Change) ofDomain(d *Domain) (l edits) {
	put(&l, "spf", &d.SPF, c.SPF, func() string { return d.SPF })
	put(&l, "dkim", &d.DKIM, c.DKIM.value(), func() string {
		if d.DKIM == nil {
			return ""
		}
		return d.DKIM.Selector
	})
	put(&l, "dmarc", &d.DMARC, c.DMARC, func() string { return d.DMARC })
	put(&l, "mx", &d.MX, c.MX, func() string { return texts(d.MX, "\n", MX.String) })
	put(&l, "records", &d.Records, c.Records, func() string { return strings.Join(d.Records, "\n") })
	return l
}

// ofServer changes a server.
func (c *Change) ofServer(s *Server) (l edits) {
	put(&l, "filter", &s.Filter, c.Filter.value(), func() string { return s.Filter.String() })
	put(&l, "tls", &s.TLS, c.TLS.value(), func() string {
		if s.TLS == nil {
			return ""
		}
		return string(s.TLS.flaw())
	})
	put(&l, "starttls", &s.StartTLS, given(c.StartTLS), func() string { return strconv.FormatBool(s.startTLS()) })
	put(&l, "cleartext_auth", &s.Clear, given(c.Clear), func() string { return strconv.FormatBool(s.clearAuth()) })
	put(&l, "auth", &s.Auth, given((*[]string)(c.Auth)), func() string { return listed(s.Auth) })
	put(&l, "lax_sender", &s.Lax, c.Lax, func() string { return strconv.FormatBool(s.Lax) })
	put(&l, "open_relay", &s.Open, c.Open, func() string { return strconv.FormatBool(s.Open) })
	put(&l, "max_size", &s.MaxSize, c.MaxSize, func() string { return strconv.Itoa(cmp.Or(s.MaxSize, mta.DefaultMaxSize)) })
	put(&l, "offer", &s.Offer, given(c.Offer), func() string { return listed(s.Offer) })
	put(&l, "retry", &s.Retry, c.Retry, func() string { return texts(s.Retry, ", ", Duration.String) })
	return l
}

// ofDevice changes a device.
func (c *Change) ofDevice(v *Device) (l edits) {
	put(&l, "security", &v.Security, c.Security, func() string { return string(v.security()) })
	if c.Auth != nil {
		one := strings.Join(*c.Auth, ", ")
		put(&l, "auth", &v.Auth, &one, func() string { return v.Auth })
	}
	return l
}

// stray finds keys of the change that are not among those that it changes.
func (c *Change) stray(list edits) error {
	all := slices.Concat(c.ofDomain(&Domain{}), c.ofServer(&Server{}), c.ofDevice(&Device{}))
	for _, e := range all {
		if !slices.ContainsFunc(list, func(is trace.Change) bool { return is.Key == e.Key }) {
			return &Mistake{Key: e.Key, What: "this is no setting of " + cmp.Or(c.Domain, c.Server, c.Device)}
		}
	}
	if len(list) == 0 {
		return &Mistake{Key: "", What: "nothing is changed"}
	}
	return nil
}

// String is an exchanger as its record has it.
func (m MX) String() string { return fmt.Sprintf("%d %s", m.Preference, m.Host) }

// String names the steps of a filter; "" if there is none.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	var steps []string
	for _, s := range []struct {
		is   bool
		text string
	}{
		{f.DNSBL != "", "dnsbl: " + f.DNSBL}, {f.SPF, "spf"}, {f.Greylist > 0, "greylist: " + f.Greylist.String()},
		{f.DKIM, "dkim"}, {f.DMARC, "dmarc"}, {f.Content, "content"},
	} {
		if s.is {
			steps = append(steps, s.text)
		}
	}
	return strings.Join(steps, ", ")
}

// String is a duration as it is written: "15m", not "15m0s".
func (d Duration) String() string {
	s := time.Duration(d).String()
	for _, zero := range []string{"0s", "0m"} {
		if before, ok := strings.CutSuffix(s, zero); ok && before != "" && strings.ContainsAny(before[len(before)-1:], "mh") {
			s = before
		}
	}
	return s
}

func texts[T any](list []T, between string, say func(T) string) string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = say(v)
	}
	return strings.Join(all, between)
}

// listed is a list that may be absent, which means everything usual.
func listed(l *[]string) string {
	if l == nil {
		return ""
	}
	return strings.Join(*l, " ")
}

// Present is the world as it is described now.
func (w *World) Present() *Spec { return w.present.Load() }

// Change changes a running world. What it says of a domain stands in the zone
// from now on, and is seen by those who have not asked within the TTL; a
// server's settings hold for sessions that begin from now on. A contradiction
// is a *Mistake and changes nothing.
func (w *World) Change(c Change) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	next, of, list, err := w.Present().with(&c)
	if err != nil || len(list) == 0 {
		return err
	}
	if of.device != nil {
		if err := w.setDevice(of); err != nil {
			return err
		}
		w.present.Store(next)
		return nil
	}
	serials := maps.Clone(w.serials)
	serials[of.domain.Name]++
	zones, err := next.zones(nil, w.hosts, serials)
	var m *Mistake
	if errors.As(err, &m) {
		return of.mistake(m)
	} else if err != nil {
		return err
	}
	w.present.Store(next)
	for _, e := range list {
		e.Domain = of.domain.Name
		w.Net.Record(trace.Event{From: cmp.Or(c.Server, next.DNS.Name), Body: &e})
	}
	if of.server == nil {
		w.serials = serials
		w.zones.Set(zones.Zone(of.domain.Name))
	}
	for i := range of.domain.Servers { // neighbours have to do with each other
		s := &of.domain.Servers[i]
		w.Server(s.Name).Change(w.settings(of.domain, s))
	}
	return nil
}

// setDevice has a device be set as it is described now.
func (w *World) setDevice(of place) error {
	d := w.devices[DeviceHost(of.person.Name, of.device.Kind, of.domain.Name)]
	security := of.device.security()
	return d.Set(mua.Settings{Security: &security, Auth: &of.device.Auth})
}
