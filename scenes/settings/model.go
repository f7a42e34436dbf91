// Package settings is the panel in which a person changes what a domain says
// of itself, how its servers behave and what breaks, and sends a letter again.
package settings

import (
	"slices"
	"strings"
	"time"

	"mailscope/sim/fault"
	"mailscope/sim/world"
)

// Group is a few rows with a title.
type Group struct {
	Key  string // of its texts
	Rows []Row
}

// Row is one setting.
type Row struct {
	Key     string   // of its texts
	Choices []Choice // two of which the first is off, or more
	Chosen  int      // -1 if it is set in a way that is none of these
	Switch  bool     // the choices are off and on
}

// Choice is one way in which something can be set.
type Choice struct {
	Key string // of its texts
	Do  []Act  // makes it so
}

// Act is one thing that is done: a setting is changed, something breaks, or it
// is mended.
type Act struct {
	Change *world.Change
	Break  *fault.Fault
	Mend   string // name of a fault
}

// changed is acts that change settings.
func changed(all ...world.Change) (acts []Act) {
	for i := range all {
		acts = append(acts, Act{Change: &all[i]})
	}
	return acts
}

// Domains are those that have servers.
func Domains(spec *world.Spec) (names []string) {
	for _, d := range spec.Domains {
		if len(d.Servers) > 0 {
			names = append(names, d.Name)
		}
	}
	return names
}

// DomainOf is the domain that a host or an address belongs to, "" if none.
func DomainOf(spec *world.Spec, name string) string {
	for _, d := range spec.Domains {
		if name == d.Name || strings.HasSuffix(name, "."+d.Name) || strings.HasSuffix(name, "@"+d.Name) ||
			slices.ContainsFunc(d.Servers, func(s world.Server) bool { return s.Name == name }) {
			return d.Name
		}
	}
	return ""
}

// Of lists what can be set for a domain; nothing for one without servers.
// What is set on its servers is what the first of them has, and is changed on
// all; what breaks is the first. faults are those that are on.
func Of(spec *world.Spec, domain string, faults []fault.Fault) []Group {
	i := slices.IndexFunc(spec.Domains, func(d world.Domain) bool { return d.Name == domain })
	if i < 0 || len(spec.Domains[i].Servers) == 0 {
		return nil
	}
	d := &spec.Domains[i]
	groups := []Group{
		{"dns", []Row{spf(d), dkim(d), dmarc(d)}},
		{"server", server(d)},
	}
	if checks := filter(d, blockList(spec)); checks != nil {
		groups = append(groups, Group{"filter", checks})
	}
	return append(groups, Group{"faults", broken(d, faults)})
}

// spf is who may send letters of the domain: what it names stays, and how
// strictly it is meant changes.
func spf(d *world.Domain) Row {
	base, how := "v=spf1 mx", ""
	if terms := strings.Fields(d.SPF); len(terms) > 0 {
		if last := terms[len(terms)-1]; strings.HasSuffix(last, "all") && len(last) == 4 {
			how, terms = last, terms[:len(terms)-1]
		} else {
			how = "?" // another form
		}
		base = strings.Join(terms, " ")
	}
	say := func(text string) []Act { return changed(world.Change{Domain: d.Name, SPF: &text}) }
	return Row{Key: "spf", Chosen: slices.Index([]string{"", "~all", "-all"}, how), Choices: []Choice{
		{"none", say("")}, {"soft", say(base + " ~all")}, {"hard", say(base + " -all")}}}
}

// defaultSelector names the key with which a domain begins to sign.
const defaultSelector = "s1"

func dkim(d *world.Domain) Row {
	key := world.DKIM{Selector: defaultSelector}
	if d.DKIM != nil {
		key = *d.DKIM
	}
	return switched("dkim", d.DKIM != nil, changed(world.Change{Domain: d.Name, DKIM: world.Off[world.DKIM]()}),
		changed(world.Change{Domain: d.Name, DKIM: world.On(key)}))
}

func dmarc(d *world.Domain) Row {
	policy := ""
	for i, tag := range strings.Split(d.DMARC, ";") {
		if name, value, ok := strings.Cut(tag, "="); ok && i > 0 && strings.TrimSpace(name) == "p" {
			policy = strings.ToLower(strings.TrimSpace(value))
		}
	}
	r := Row{Key: "dmarc", Chosen: -1}
	for i, p := range []string{"", "none", "quarantine", "reject"} {
		text, key := "v=DMARC1; p="+p, p
		if p == "" {
			text, key = "", "off"
		}
		if policy == p && (p != "") == (d.DMARC != "") {
			r.Chosen = i
		}
		r.Choices = append(r.Choices, Choice{key, changed(world.Change{Domain: d.Name, DMARC: &text})})
	}
	return r
}

// each makes a change of every server of a domain.
func each(d *world.Domain, change func(s *world.Server) world.Change) []Act {
	var all []world.Change
	for i := range d.Servers {
		c := change(&d.Servers[i])
		c.Server = d.Servers[i].Name
		all = append(all, c)
	}
	return changed(all...)
}

// switched is a setting that is on or off.
func switched(key string, on bool, off, set []Act) Row {
	r := Row{Key: key, Switch: true, Choices: []Choice{{"off", off}, {"on", set}}}
	if on {
		r.Chosen = 1
	}
	return r
}

// onOff is a switch of every server of a domain.
func onOff(d *world.Domain, key string, on bool, change func(s *world.Server, on bool) world.Change) Row {
	all := func(on bool) []Act {
		return each(d, func(s *world.Server) world.Change { return change(s, on) })
	}
	return switched(key, on, all(false), all(true))
}

func server(d *world.Domain) []Row {
	first := &d.Servers[0]
	yes := true
	rows := []Row{onOff(d, "starttls", first.TLS != nil && (first.StartTLS == nil || *first.StartTLS), func(s *world.Server, on bool) world.Change {
		c := world.Change{StartTLS: &on}
		if on && s.TLS == nil { // its people go on as they are used to
			c.TLS, c.Clear = world.On(world.TLS{}), &yes
		}
		return c
	})}
	if first.TLS != nil {
		rows = append(rows, certificate(d, first.TLS.Certificate))
	}
	return append(rows,
		onOff(d, "relay", first.Open, func(_ *world.Server, on bool) world.Change { return world.Change{Open: &on} }),
		onOff(d, "lax", first.Lax, func(_ *world.Server, on bool) world.Change { return world.Change{Lax: &on} }))
}

func certificate(d *world.Domain, now string) Row {
	r := Row{Key: "certificate", Chosen: -1}
	for i, kind := range []string{"good", "expired", "wrong_name", "self_signed"} {
		if now == kind || now == "" && i == 0 {
			r.Chosen = i
		}
		var list []world.Change
		for _, s := range d.Servers {
			if s.TLS != nil {
				list = append(list, world.Change{Server: s.Name, TLS: world.On(world.TLS{Certificate: kind})})
			}
		}
		r.Choices = append(r.Choices, Choice{kind, changed(list...)})
	}
	return r
}

// greylist is for how long strangers wait if that is switched on.
const greylist = world.Duration(5 * time.Minute)

// filter is what servers ask about letters from outside; list is a block list,
// "" if the world has none.
func filter(d *world.Domain, list string) (rows []Row) {
	var now world.Filter
	if f := d.Servers[0].Filter; f != nil {
		now = *f
	}
	step := func(key string, on bool, set func(f *world.Filter, on bool)) {
		rows = append(rows, onOff(d, key, on, func(_ *world.Server, on bool) world.Change {
			f := now
			set(&f, on)
			if f == (world.Filter{}) {
				return world.Change{Filter: world.Off[world.Filter]()}
			}
			return world.Change{Filter: world.On(f)}
		}))
	}
	if list != "" {
		step("dnsbl", now.DNSBL != "", func(f *world.Filter, on bool) {
			if f.DNSBL = ""; on {
				f.DNSBL = list
			}
		})
	}
	step("ask.spf", now.SPF, func(f *world.Filter, on bool) { f.SPF = on })
	step("greylist", now.Greylist > 0, func(f *world.Filter, on bool) {
		if f.Greylist = 0; on {
			f.Greylist = greylist
		}
	})
	step("ask.dkim", now.DKIM, func(f *world.Filter, on bool) { f.DKIM = on })
	step("ask.dmarc", now.DMARC, func(f *world.Filter, on bool) { f.DMARC = on })
	step("content", now.Content, func(f *world.Filter, on bool) { f.Content = on })
	return rows
}

// blockList is the block list of a world: one that is asked, or that looks
// like one; "" if there is none.
func blockList(spec *world.Spec) string {
	for _, d := range spec.Domains {
		for _, s := range d.Servers {
			if s.Filter != nil && s.Filter.DNSBL != "" {
				return s.Filter.DNSBL
			}
		}
	}
	for _, d := range spec.Domains {
		for _, r := range d.Records {
			if strings.HasSuffix(r, " A 127.0.0.2") {
				return d.Name
			}
		}
	}
	return ""
}
