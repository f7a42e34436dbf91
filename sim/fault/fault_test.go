package fault

import (
	"slices"
	"strings"
	"testing"
)

var village = Names{
	Host:    func(name string) bool { return slices.Contains([]string{"mx.beta.test", "mail.alfa.test"}, name) },
	Domain:  func(name string) bool { return name == "alfa.test" || name == "beta.test" },
	Service: func(name string) bool { return name == "smtp" },
}

// good has a fault of each type.
var good = []Fault{
	{Type: Down, Host: "mx.beta.test"},
	{Type: Power, Host: "mx.beta.test"},
	{Type: Power, Host: "mx.beta.test", Hears: "DATA", For: "15m", Times: Once},
	{Type: Power, Host: "mx.beta.test", Says: "250 2.0.0 queued*", Every: 2},
	{Type: Refused, Host: "mx.beta.test", Service: "smtp", From: "alfa.test", Times: Once},
	{Type: Slow, From: "alfa.test", To: "beta.test", Latency: "2s", Rate: 56},
	{Type: Lossy, Host: "mx.beta.test", Every: 3, InRow: 2},
	{Type: Cut, Host: "mx.beta.test", Bytes: 1000},
	{Type: Cut, From: "alfa.test", To: "mx.beta.test", Unanswered: Letter, Times: Once},
	{Type: Cut, From: "alfa.test", To: "mx.beta.test", After: "RCPT*", Every: 2},
	{Type: Reply, Host: "mx.beta.test", Command: "RCPT TO:*", Reply: "451 4.3.0 not now", Every: 2},
	{Type: Reply, Host: "mx.beta.test", Command: "PASS *", Reply: "-ERR [SYS/TEMP] not now"},
	{Type: Reply, Host: "mx.beta.test", Command: "LOGIN *", Reply: "NO [UNAVAILABLE] not now"},
	{Type: Disk, Host: "mx.beta.test"},
	{Type: Certificate, Host: "mx.beta.test", Certificate: "expired"},
	{Type: Strip, From: "alfa.test", To: "beta.test"},
	{Type: DNS, Answer: Silence, Lookup: "beta.test", Record: "MX", From: "alfa.test"},
	{Type: DNS, Answer: Stale, Records: []string{"beta.test. 60 IN MX 10 old.beta.test."}},
}

func TestGoodFaults(t *testing.T) {
	for _, f := range good {
		if key, wrong := f.Check(village); wrong != "" {
			t.Errorf("%+v: %s: %s", f, key, wrong)
		}
		if d := f.Detail(); d == "" || strings.Contains(d, "%!") {
			t.Errorf("%+v: detail %q", f, d)
		}
	}
	for _, typ := range Types() {
		if !slices.ContainsFunc(good, func(f Fault) bool { return f.Type == typ }) {
			t.Errorf("no fault of type %s is tested", typ)
		}
	}
}

func TestBadFaults(t *testing.T) {
	reply := Fault{Type: Reply, Host: "mx.beta.test", Command: "RCPT TO:*"}
	said := func(r string) Fault { f := reply; f.Reply = r; return f }
	link := Fault{Type: Slow, From: "alfa.test", To: "beta.test"}
	late := func(d string) Fault { f := link; f.Latency = d; return f }
	for _, tt := range []struct {
		f    Fault
		want string
	}{
		{Fault{}, "type: want one of down,"},
		{Fault{Type: "flood"}, "type: want one of down,"},
		{Fault{Type: Down}, "host: a fault of type down needs host"},
		{Fault{Type: Down, Host: "mx.gama.test"}, `host: no host "mx.gama.test"`},
		{Fault{Type: Down, Host: "beta.test"}, `host: no host "beta.test"`},
		{Fault{Type: Down, Host: "mx.beta.test", Latency: "2s"}, "latency: a fault of type down has no such key"},
		{Fault{Type: Down, Host: "mx.beta.test", Name: "a\nb"}, "name: want one line"},
		{Fault{Type: Power}, "host: a fault of type power needs host"},
		{Fault{Type: Power, Host: "mx.beta.test", Hears: "DATA", Says: "354*"}, "says: want hears or says, not both"},
		{Fault{Type: Power, Host: "mx.beta.test", Hears: "DATA\n"}, "hears: want one line"},
		{Fault{Type: Power, Host: "mx.beta.test", For: "ever"}, "for: want a duration such as 15m"},
		{Fault{Type: Power, Host: "mx.beta.test", For: "1000h"}, "for: want a duration such as 15m"},
		{Fault{Type: Power, Host: "mx.beta.test", Times: Once}, "times: this counts lines"},
		{Fault{Type: Power, Host: "mx.beta.test", Every: 2}, "every: this counts lines"},
		{Fault{Type: Refused, Host: "mx.beta.test", Service: "gopher"}, `service: no service "gopher"`},
		{Fault{Type: Refused, Host: "mx.beta.test", From: "gama.test"}, `from: no host or domain "gama.test"`},
		{Fault{Type: Refused, Host: "mx.beta.test", Times: "twice"}, "times: want once or always"},
		{Fault{Type: Refused, Host: "mx.beta.test", Times: Once, Every: 2}, "every: want times or every"},
		{link, "latency: want latency or rate"},
		{late("soon"), "latency: want a duration"},
		{late("-1s"), "latency: want a duration"},
		{late("2h"), "latency: want a duration"},
		{Fault{Type: Slow, From: "alfa.test", Latency: "2s"}, "to: want host, or from and to"},
		{Fault{Type: Slow, Latency: "2s"}, "from: want host, or from and to"},
		{Fault{Type: Slow, Host: "mx.beta.test", From: "alfa.test", Latency: "2s"}, "host: want host, or from and to, not both"},
		{Fault{Type: Lossy, Host: "mx.beta.test"}, "every: a fault of type lossy needs every"},
		{Fault{Type: Lossy, Host: "mx.beta.test", Every: 1}, "every: want a number from 2"},
		{Fault{Type: Lossy, Host: "mx.beta.test", Every: 2, InRow: 7}, "in_row: want a number from 1 to 6"},
		{Fault{Type: Cut, Host: "mx.beta.test"}, "after: want one of after, unanswered and bytes, got 0"},
		{Fault{Type: Cut, Host: "mx.beta.test", Bytes: 1, After: "x"}, "after: want one of after, unanswered and bytes, got 2"},
		{Fault{Type: Cut, Host: "mx.beta.test", Bytes: -1}, "bytes: want a number from 1"},
		{reply, "reply: a fault of type reply needs reply"},
		{said("451"), ""},
		{said("4510 no"), "reply: want a code such as 451"},
		{said("199 no"), "reply: want a code such as 451"},
		{said("354 more"), "reply: a reply that asks for more"},
		{said("451 нет"), "reply: want printable ASCII"},
		{said("-ERROR no"), "reply: want +OK or -ERR"},
		{said("MAYBE no"), "reply: want OK, NO, BAD or BYE"},
		{said("NO"), "reply: want OK, NO, BAD or BYE"},
		{Fault{Type: Reply, Host: "mx.beta.test", Command: Greeting, Reply: "NO not now"}, "reply: IMAP knows no such greeting"},
		{Fault{Type: Reply, Host: "mx.beta.test", Command: Letter, Reply: "NO not now"}, "command: only SMTP"},
		{Fault{Type: Certificate, Host: "mx.beta.test", Certificate: "good"}, "certificate: want expired"},
		{Fault{Type: DNS, Answer: "nonsense"}, "answer: want servfail"},
		{Fault{Type: DNS, Answer: Silence, Record: "MXX"}, "record: no type of record"},
		{Fault{Type: DNS, Answer: Silence, Records: []string{"x"}}, "records: only a stale"},
		{Fault{Type: DNS, Answer: Stale, Records: []string{"beta.test. MX"}}, "records[0]: want a record"},
	} {
		key, wrong := tt.f.Check(village)
		got := key + ": " + wrong
		if wrong == "" {
			got = ""
		}
		if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%+v:\n got %s\nwant %s", tt.f, got, tt.want)
		}
	}
}

// A fault strikes by count, never by chance.
func TestWhenAFaultStrikes(t *testing.T) {
	for _, tt := range []struct {
		f    Fault
		want string // of six times
	}{
		{Fault{}, "xxxxxx"}, {Fault{Times: Always}, "xxxxxx"}, {Fault{Times: Once}, "x....."},
		{Fault{Every: 2}, ".x.x.x"}, {Fault{Every: 5}, "....x."},
	} {
		var s Set
		tt.f.Type = Reply
		if err := s.Add(tt.f); err != nil {
			t.Fatal(err)
		}
		got := ""
		for range 6 {
			s.Strike(Reply, func(*Fault) bool { return false }) // what it is not about does not count
			if _, ok := s.Strike(Reply, func(*Fault) bool { return true }); ok {
				got += "x"
			} else {
				got += "."
			}
		}
		if got != tt.want {
			t.Errorf("%+v strikes %s, want %s", tt.f, got, tt.want)
		}
	}
}

func TestSet(t *testing.T) {
	var s Set
	if !s.None() {
		t.Error("a new set is not empty")
	}
	a, b := Fault{Type: Down, Host: "a.test"}, Fault{Type: Down, Host: "b.test", Name: "b"}
	if s.Add(a) != nil || s.Add(b) != nil {
		t.Fatal("two faults cannot be on")
	}
	if err := s.Add(Fault{Type: Disk, Name: "b"}); err == nil {
		t.Error("two faults have one name")
	}
	if all := s.All(); len(all) != 2 || all[1].Host != "b.test" {
		t.Errorf("on are %v", all)
	}
	if f, _, err := s.Remove("down"); err != nil || f.Host != "a.test" {
		t.Error(f, err)
	}
	if _, _, err := s.Remove("down"); err == nil {
		t.Error("what is off was switched off")
	}
	if _, ok := s.Find(Down, func(f *Fault) bool { return f.Host == "a.test" }); ok {
		t.Error("what is off is found")
	}
	for i := range maxOn - 1 {
		s.Add(Fault{Type: Down, Name: strings.Repeat("x", i+1)})
	}
	if err := s.Add(a); err == nil {
		t.Error("no limit")
	}
}

func TestPlaces(t *testing.T) {
	s := Set{Home: func(host string) string {
		_, domain, _ := strings.Cut(host, ".")
		return domain
	}}
	link, host := Fault{From: "alfa.test", To: "mx.beta.test"}, Fault{Host: "mx.beta.test"}
	for _, tt := range []struct {
		f    Fault
		a, b string
		want bool
	}{
		{link, "mail.alfa.test", "mx.beta.test", true}, {link, "mx.beta.test", "mail.alfa.test", true},
		{link, "mail.alfa.test", "mx2.beta.test", false}, {link, "mail.alfa.test", "x.alfa.test", false},
		{host, "mx.beta.test", "anybody.test", true}, {host, "anybody.test", "mx2.beta.test", false},
	} {
		if s.Between(&tt.f, tt.a, tt.b) != tt.want {
			t.Errorf("%v between %s and %s: not %v", tt.f, tt.a, tt.b, tt.want)
		}
	}
	f := Fault{Host: "mx.beta.test", From: "alfa.test", Service: "smtp"}
	if !s.Serves(&f, "mx.beta.test", "mail.alfa.test", "smtp") || s.Serves(&f, "mx.beta.test", "mail.gama.test", "smtp") ||
		s.Serves(&f, "mx.beta.test", "mail.alfa.test", "imap") || s.Serves(&f, "mail.alfa.test", "mx.beta.test", "smtp") {
		t.Error("the wrong service")
	}
}
