package fault

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	mdns "github.com/miekg/dns"

	"mailscope/protocol/dns"
)

// Limits of a fault.
const (
	maxText    = 400       // octets of a name, a pattern or a reply
	maxLatency = time.Hour // simulated
	maxLasting = 30 * 24 * time.Hour
	maxCount   = 1_000_000_000
	maxInRow   = 6   // the last wait of RFC 6298 is then over half a minute
	maxRecords = 100 // of one fault
)

// keys are those that each type may have, besides name and type; those that
// it must have come before the bar.
var keys = map[string]string{
	Down:        "host |",
	Power:       "host | hears says for times every",
	Refused:     "host | service from times every",
	Slow:        "| host from to latency rate",
	Lossy:       "every | host from to in_row",
	Cut:         "| host from to service bytes after unanswered times every",
	Reply:       "host command reply | service from times every",
	Disk:        "host |",
	Certificate: "host certificate |",
	Strip:       "| host from to service",
	DNS:         "answer | from lookup record records times every",
}

// Types are those of the catalogue, in its order.
func Types() []string {
	return []string{Down, Power, Refused, Slow, Lossy, Cut, Reply, Disk, Certificate, Strip, DNS}
}

// set lists the keys that have a value.
func (f *Fault) set() (list []string) {
	for _, k := range []struct {
		key string
		is  bool
	}{
		{"host", f.Host != ""}, {"from", f.From != ""}, {"to", f.To != ""}, {"service", f.Service != ""},
		{"latency", f.Latency != ""}, {"rate", f.Rate != 0}, {"in_row", f.InRow != 0}, {"bytes", f.Bytes != 0},
		{"after", f.After != ""}, {"unanswered", f.Unanswered != ""}, {"command", f.Command != ""}, {"reply", f.Reply != ""},
		{"certificate", f.Certificate != ""}, {"lookup", f.Lookup != ""}, {"record", f.Record != ""}, {"answer", f.Answer != ""},
		{"hears", f.Hears != ""}, {"says", f.Says != ""}, {"for", f.For != ""},
		{"records", len(f.Records) > 0}, {"times", f.Times != ""}, {"every", f.Every != 0},
	} {
		if k.is {
			list = append(list, k.key)
		}
	}
	return list
}

// Names tells which names a world has.
type Names struct {
	Host, Domain, Service func(name string) bool
}

// Check tells what is wrong with a description, and with which of its keys;
// "" if nothing.
func (f *Fault) Check(world Names) (key, wrong string) {
	all, known := keys[f.Type]
	if !known {
		return "type", fmt.Sprintf("want one of %s, got %q", strings.Join(Types(), ", "), f.Type)
	}
	need, may, _ := strings.Cut(all, "|")
	set := f.set()
	for _, k := range strings.Fields(need) {
		if !slices.Contains(set, k) {
			return k, "a fault of type " + f.Type + " needs " + k
		}
	}
	for _, k := range set {
		if !slices.Contains(strings.Fields(need+may), k) {
			return k, "a fault of type " + f.Type + " has no such key"
		}
	}
	for _, check := range []func(Names) (key, wrong string){f.texts, f.place, f.numbers, f.words} {
		if key, wrong := check(world); wrong != "" {
			return key, wrong
		}
	}
	return "", ""
}

// texts checks what everybody may write: lengths, and that each is one line.
func (f *Fault) texts(Names) (key, wrong string) {
	for _, t := range []struct{ key, text string }{{"name", f.Name}, {"after", f.After}, {"unanswered", f.Unanswered}, {"hears", f.Hears}, {"says", f.Says},
		{"command", f.Command}, {"reply", f.Reply}, {"lookup", f.Lookup}} {
		if len(t.text) > maxText || strings.ContainsAny(t.text, "\r\n\x00") {
			return t.key, fmt.Sprintf("want one line of at most %d octets", maxText)
		}
	}
	return "", ""
}

// place checks where the fault is: a host, or a link between two.
func (f *Fault) place(world Names) (key, wrong string) {
	if f.Host != "" && !world.Host(f.Host) {
		return "host", fmt.Sprintf("no host %q", f.Host)
	}
	for _, end := range []struct{ key, name string }{{"from", f.From}, {"to", f.To}} {
		if end.name != "" && !world.Host(end.name) && !world.Domain(end.name) {
			return end.key, fmt.Sprintf("no host or domain %q", end.name)
		}
	}
	if f.Service != "" && !world.Service(f.Service) {
		return "service", fmt.Sprintf("no service %q", f.Service)
	}
	switch f.Type {
	case Slow, Lossy, Cut, Strip:
		switch {
		case f.Host != "" && f.From+f.To != "":
			return "host", "want host, or from and to, not both"
		case f.Host == "" && f.From == "":
			return "from", "want host, or from and to"
		case f.Host == "" && f.To == "":
			return "to", "want host, or from and to"
		}
	}
	return "", ""
}

func (f *Fault) numbers(Names) (key, wrong string) {
	for _, n := range []struct {
		key      string
		n, least int
		most     int
	}{{"rate", f.Rate, 1, maxCount}, {"bytes", f.Bytes, 1, maxCount}, {"in_row", f.InRow, 1, maxInRow}, {"every", f.Every, 2, maxCount}} {
		if n.n != 0 && (n.n < n.least || n.n > n.most) {
			return n.key, fmt.Sprintf("want a number from %d to %d, got %d", n.least, n.most, n.n)
		}
	}
	if f.Latency != "" {
		if d, err := time.ParseDuration(f.Latency); err != nil || d <= 0 || d > maxLatency {
			return "latency", fmt.Sprintf("want a duration such as 2s, at most %s", maxLatency)
		}
	}
	if f.For != "" {
		if d, err := time.ParseDuration(f.For); err != nil || d <= 0 || d > maxLasting {
			return "for", fmt.Sprintf("want a duration such as 15m, at most %s", maxLasting)
		}
	}
	if f.Times != "" && f.Times != Once && f.Times != Always {
		return "times", fmt.Sprintf("want once or always, got %q", f.Times)
	}
	if f.Times != "" && f.Every != 0 {
		return "every", "want times or every, not both"
	}
	return "", ""
}

// words checks what each type alone has.
func (f *Fault) words(Names) (key, wrong string) {
	switch f.Type {
	case Slow:
		if f.Latency == "" && f.Rate == 0 {
			return "latency", "want latency or rate"
		}
	case Power:
		switch {
		case f.Hears != "" && f.Says != "":
			return "says", "want hears or says, not both"
		case !f.Placed() && f.Times != "":
			return "times", "this counts lines that a host hears or says"
		case !f.Placed() && f.Every != 0:
			return "every", "this counts lines that a host hears or says"
		}
	case Cut:
		n := 0
		for _, k := range f.set() {
			if k == "bytes" || k == "after" || k == "unanswered" {
				n++
			}
		}
		if n != 1 {
			return "after", fmt.Sprintf("want one of after, unanswered and bytes, got %d", n)
		}
	case Reply:
		return f.reply()
	case Certificate:
		if !slices.Contains([]string{"expired", "wrong_name", "self_signed"}, f.Certificate) {
			return "certificate", fmt.Sprintf("want expired, wrong_name or self_signed, got %q", f.Certificate)
		}
	case DNS:
		return f.dns()
	}
	return "", ""
}

// reply checks that what is said instead is a reply of its protocol.
func (f *Fault) reply() (key, wrong string) {
	for i := range len(f.Reply) {
		if c := f.Reply[i]; c < ' ' || c > '~' {
			return "reply", "want printable ASCII"
		}
	}
	verb, _, _ := strings.Cut(f.Reply, " ")
	switch f.Proto() {
	case "smtp":
		if n, err := strconv.Atoi(verb); err != nil || n < 200 || n > 559 || n%100 > 59 || len(verb) != 3 { // RFC 5321 §4.2
			return "reply", fmt.Sprintf("want a code such as 451 and a text, got %q", f.Reply)
		}
		if n := verb[0]; n == '3' {
			return "reply", "a reply that asks for more would not be followed by it"
		}
	case "pop3":
		if verb != "+OK" && verb != "-ERR" { // RFC 1939 §3
			return "reply", fmt.Sprintf("want +OK or -ERR and a text, got %q", f.Reply)
		}
	case "imap":
		if !slices.Contains([]string{"OK", "NO", "BAD", "BYE"}, verb) || len(f.Reply) < len(verb)+2 { // RFC 9051 §7.1
			return "reply", fmt.Sprintf("want OK, NO, BAD or BYE and a text, got %q", f.Reply)
		}
		if f.Command == Greeting && verb != "BYE" {
			return "reply", "IMAP knows no such greeting but BYE"
		}
	}
	if f.Command == Letter && f.Proto() != "smtp" {
		return "command", "only SMTP answers a letter"
	}
	return "", ""
}

func (f *Fault) dns() (key, wrong string) {
	if !slices.Contains([]string{ServFail, Silence, Stale}, f.Answer) {
		return "answer", fmt.Sprintf("want servfail, silence or stale, got %q", f.Answer)
	}
	if _, ok := mdns.StringToType[strings.ToUpper(f.Record)]; f.Record != "" && !ok {
		return "record", fmt.Sprintf("no type of record %q", f.Record)
	}
	if len(f.Records) > 0 && f.Answer != Stale {
		return "records", "only a stale name server has records of its own"
	}
	if len(f.Records) > maxRecords {
		return "records", fmt.Sprintf("%d records, at most %d", len(f.Records), maxRecords)
	}
	for i, r := range f.Records {
		if _, err := dns.ParseRecord(r); err != nil {
			return fmt.Sprintf("records[%d]", i), fmt.Sprintf("want a record as in a zone file: %v", err)
		}
	}
	return "", ""
}
