package settings

import (
	"reflect"
	"slices"

	"mailscope/sim/fault"
	"mailscope/sim/world"
)

// broken is what can break in a domain: its first server, the way to it, and
// what the name server says of it.
func broken(d *world.Domain, on []fault.Fault) (rows []Row) {
	host := d.Servers[0].Name
	for _, f := range []struct {
		key string
		fault.Fault
	}{
		{"down", fault.Fault{Type: fault.Down, Host: host}},
		{"power", fault.Fault{Type: fault.Power, Host: host}},
		{"refused", fault.Fault{Type: fault.Refused, Host: host, Service: "smtp"}},
		{"disk", fault.Fault{Type: fault.Disk, Host: host}},
		{"later", fault.Fault{Type: fault.Reply, Host: host, Service: "smtp", Command: "RCPT TO:*", Reply: "451 4.3.0 not now, try again later", Times: fault.Once}},
		{"cut", fault.Fault{Type: fault.Cut, Host: host, Service: "smtp", Unanswered: fault.Letter, Times: fault.Once}},
		{"strip", fault.Fault{Type: fault.Strip, Host: host, Service: "smtp"}},
		{"servfail", fault.Fault{Type: fault.DNS, Lookup: "*" + d.Name, Answer: fault.ServFail}},
		{"silence", fault.Fault{Type: fault.DNS, Lookup: "*" + d.Name, Answer: fault.Silence}},
	} {
		name := f.key + " " + host
		i := slices.IndexFunc(on, func(o fault.Fault) bool { return same(o, f.Fault) })
		if i >= 0 {
			name = on[i].Called()
		}
		f.Name = name
		rows = append(rows, switched(f.key, i >= 0, []Act{{Mend: name}}, []Act{{Break: &f.Fault}}))
	}
	return rows
}

// same tells whether two faults are one, whatever they are called.
func same(a, b fault.Fault) bool {
	a.Name, b.Name = "", ""
	return reflect.DeepEqual(a, b)
}
