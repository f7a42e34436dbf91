package world

import (
	"fmt"
	"net"
	"strings"

	mdns "github.com/miekg/dns"

	"mailscope/protocol/dns"
	"mailscope/sim/fault"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// maxFaults is how many faults a description may have.
const maxFaults = 100

// Places are the names that a fault can be about.
func (s *Spec) Places() fault.Names {
	hosts, domains := map[string]bool{s.DNS.Name: true, network.ForeignHost: true}, map[string]bool{}
	for _, v := range s.Visitors {
		hosts[v.Name] = true
	}
	for _, d := range s.Domains {
		domains[d.Name] = true
		for _, v := range d.Servers {
			hosts[v.Name] = true
		}
		for _, p := range d.People {
			for _, v := range p.Devices {
				hosts[DeviceHost(p.Name, v.Kind, d.Name)] = true
			}
		}
	}
	return fault.Names{
		Host:    func(name string) bool { return hosts[name] },
		Domain:  func(name string) bool { return domains[name] },
		Service: func(name string) bool { return ports[name] != 0 || name == "domain" },
	}
}

// CheckFault tells what is wrong with a fault in this world, and with which of
// its keys; "" if nothing.
func (s *Spec) CheckFault(f *fault.Fault) (key, wrong string) {
	if key, wrong = f.Check(s.Places()); wrong != "" {
		return key, wrong
	}
	switch f.Type {
	case fault.Power, fault.Reply, fault.Disk, fault.Certificate:
		server := s.server(f.Host)
		switch {
		case server == nil:
			return "host", fmt.Sprintf("%s is no mail server", f.Host)
		case f.Type == fault.Certificate && server.TLS == nil:
			return "host", fmt.Sprintf("%s has no certificate", f.Host)
		}
	}
	return "", ""
}

// server finds the description of a mail server, nil if there is none.
func (s *Spec) server(host string) *Server {
	for i := range s.Domains {
		for j := range s.Domains[i].Servers {
			if v := &s.Domains[i].Servers[j]; v.Name == host {
				return v
			}
		}
	}
	return nil
}

// faults checks those that are on from the start.
func (c *checker) faults(s *Spec) error {
	if len(s.Faults) > maxFaults {
		return c.errorf("faults", "%d faults, at most %d", len(s.Faults), maxFaults)
	}
	names := map[string]bool{}
	for i := range s.Faults {
		f, at := &s.Faults[i], fmt.Sprintf("faults[%d]", i)
		if key, wrong := s.CheckFault(f); wrong != "" {
			return c.errorf(at+"."+key, "%s", wrong)
		}
		if names[f.Called()] {
			return c.errorf(at+".name", "a second fault %q", f.Called())
		}
		names[f.Called()] = true
	}
	return nil
}

// Break switches a fault on. It may be called at any time, from any goroutine.
// In a lesson no conversation may be under way.
func (w *World) Break(f fault.Fault) error {
	if key, wrong := w.Present().CheckFault(&f); wrong != "" {
		return fmt.Errorf("fault %q: %w", f.Called(), &Mistake{Key: key, What: wrong})
	}
	if f.Type == fault.Power && !f.Placed() && !w.powered(f.Host) {
		return fmt.Errorf("fault %q: %s: %w", f.Called(), f.Host, ErrOff)
	}
	if err := w.Net.Faults.Add(f); err != nil {
		return err
	}
	w.note(&f, "on")
	switch {
	case f.Type == fault.Down:
		w.Net.Unplug(f.Host)
	case f.Type == fault.Power && !f.Placed():
		return w.losePower(f)
	}
	return nil
}

// Mend switches a fault off.
func (w *World) Mend(name string) error {
	f, over, err := w.Net.Faults.Remove(name)
	if err != nil {
		return err
	}
	if !over {
		w.note(&f, "off")
	}
	switch f.Type {
	case fault.Down:
		w.Net.Unplug(f.Host)
	case fault.Power:
		return w.restorePower(f)
	}
	return nil
}

// flaw is what is wrong with the certificate that a server shows now.
func (w *World) flaw(host string, own pki.Flaw) func() pki.Flaw {
	return func() pki.Flaw {
		if f, ok := w.Net.Faults.Find(fault.Certificate, func(f *fault.Fault) bool { return f.Host == host }); ok {
			return pki.Flaw(f.Certificate)
		}
		return own
	}
}

// misled is what the name server answers under a fault.
func (w *World) misled(zones *dns.Zones) func(net.Addr, dns.Lookup) *dns.Trouble {
	first := &dns.Zones{} // as they were at the start
	for _, z := range zones.All() {
		first.Set(z)
	}
	return func(client net.Addr, l dns.Lookup) *dns.Trouble {
		if w.Net.Faults.None() {
			return nil
		}
		host, letter, ignore := w.Net.Asker(client)
		f, ok := w.Net.Faults.Strike(fault.DNS, func(f *fault.Fault) bool {
			return w.Net.Faults.Between(f, host, w.Spec.DNS.Name) && fault.LikeFold(f.Lookup, strings.TrimSuffix(l.Name, ".")) &&
				(f.Record == "" || strings.EqualFold(f.Record, l.Type))
		})
		if !ok {
			return nil
		}
		truth := l.RCode
		if len(l.Answers) > 0 {
			truth = strings.Join(l.Answers, ", ")
		}
		w.Net.Struck(&f, trace.Event{From: w.Spec.DNS.Name, To: host, Proto: "dns", Letter: letter}, truth)
		switch f.Answer {
		case fault.ServFail:
			return &dns.Trouble{Fail: true}
		case fault.Silence:
			ignore()
			return &dns.Trouble{Silent: true}
		}
		if len(f.Records) == 0 {
			return &dns.Trouble{Zones: first}
		}
		return &dns.Trouble{Records: stale(&f, l)}
	}
}

// stale are those of a fault's records that answer a question.
func stale(f *fault.Fault, l dns.Lookup) (list []mdns.RR) {
	for _, text := range f.Records {
		rr, err := dns.ParseRecord(text) // checked before
		if err != nil || !strings.EqualFold(rr.Header().Name, l.Name) {
			continue
		}
		if t := rr.Header().Rrtype; mdns.Type(t).String() == l.Type || t == mdns.TypeCNAME {
			list = append(list, rr)
		}
	}
	return list
}

// Faults lists the faults that are on, in the order in which they came.
func (w *World) Faults() []fault.Fault { return w.Net.Faults.All() }

// note records that a fault is on or off.
func (w *World) note(f *fault.Fault, action string) {
	from, to := f.Host, ""
	switch {
	case f.Type == fault.DNS:
		from = w.Spec.DNS.Name
	case f.To != "":
		from, to = w.Spec.speaker(f.From), w.Spec.speaker(f.To)
	}
	w.Net.Record(trace.Event{From: from, To: to, Body: &trace.Fault{Action: action, Type: f.Type, Name: f.Called(), Detail: f.Detail()}})
}

// speaker is the host that stands for a place: itself, or the first server of
// a domain.
func (s *Spec) speaker(place string) string {
	for i := range s.Domains {
		if d := &s.Domains[i]; strings.EqualFold(d.Name, place) && len(d.Servers) > 0 && s.server(place) == nil {
			return d.Servers[0].Name
		}
	}
	return place
}
