package world

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	mdns "github.com/miekg/dns"

	"mailscope/protocol/smtp"
	"mailscope/protocol/wire"
	"mailscope/sim/clock"
	"mailscope/sim/trace"
)

func ptr[T any](v T) *T { return &v }

// careful starts the built-in world of careful administrators.
func careful(t *testing.T) *World {
	t.Helper()
	spec, f, err := Load("careful")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Start(t.Context(), spec, f, clock.NewSim(spec.Start), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// published asks the name server of w as dig does.
func published(t *testing.T, w *World, name string, kind uint16) (list []string, serial uint32) {
	t.Helper()
	ask := func(name string, kind uint16) []mdns.RR {
		c := mdns.Client{Net: "tcp", Timeout: 10 * time.Second}
		q := new(mdns.Msg)
		q.SetQuestion(name+".", kind)
		in, _, err := c.Exchange(q, w.Net.Endpoint(w.Spec.DNS.Name, 53).String())
		if err != nil {
			t.Fatal(err)
		}
		return in.Answer
	}
	for _, rr := range ask(name, kind) {
		list = append(list, strings.TrimPrefix(rr.String(), rr.Header().String()))
	}
	_, domain, _ := strings.Cut(name, "_dmarc.")
	if domain == "" {
		domain = name
	}
	for _, rr := range ask(domain, mdns.TypeSOA) {
		serial = rr.(*mdns.SOA).Serial
	}
	return list, serial
}

func changes(w *World) (list []string) {
	for i := 1; i <= w.Trace.Len(); i++ {
		e := w.Trace.At(i)
		if c, ok := e.Body.(*trace.Change); ok {
			list = append(list, fmt.Sprintf("%s %s %s: %q → %q", e.From, c.Domain, c.Key, c.Old, c.New))
		}
	}
	return list
}

// TestZoneIsPublishedAnew: what a domain says of itself, and the serial that
// tells that it changed (RFC 1035 §3.3.13).
func TestZoneIsPublishedAnew(t *testing.T) {
	w := careful(t)
	const domain = "rocket.example"
	if _, serial := published(t, w, domain, mdns.TypeTXT); serial != 1 {
		t.Errorf("serial is %d at first", serial)
	}
	err := w.Change(Change{Domain: domain, SPF: ptr("v=spf1 ~all"), DMARC: ptr(""), MX: &[]MX{{"mx2.rocket.example", 5}},
		Records: &[]string{"@ IN TXT \"hello\""}, DKIM: Off[DKIM]()})
	if err != nil {
		t.Fatal(err)
	}
	got, serial := published(t, w, domain, mdns.TypeTXT)
	if fmt.Sprint(got) != `["v=spf1 ~all" "hello"]` || serial != 2 {
		t.Errorf("TXT is %v, serial %d", got, serial)
	}
	if got, _ := published(t, w, domain, mdns.TypeMX); fmt.Sprint(got) != "[5 mx2.rocket.example.]" {
		t.Errorf("MX is %v", got)
	}
	if got, _ := published(t, w, "_dmarc."+domain, mdns.TypeTXT); got != nil {
		t.Errorf("DMARC is %v", got)
	}
	if _, serial := published(t, w, "romashka.example", mdns.TypeTXT); serial != 1 {
		t.Errorf("the serial of another zone is %d", serial)
	}
	want := `ns.example rocket.example spf: "v=spf1 mx -all" → "v=spf1 ~all"
ns.example rocket.example dkim: "s1" → ""
ns.example rocket.example dmarc: "v=DMARC1; p=reject" → ""
ns.example rocket.example mx: "10 mx1.rocket.example\n20 mx2.rocket.example" → "5 mx2.rocket.example"
ns.example rocket.example records: "" → "@ IN TXT \"hello\""`
	if got := strings.Join(changes(w), "\n"); got != want {
		t.Errorf("recorded:\n%s", got)
	}
}

// TestRefusedChangeChangesNothing, and one that changes nothing is no event.
func TestRefusedChangeChangesNothing(t *testing.T) {
	w := careful(t)
	before := w.Present()
	for _, c := range []Change{
		{Domain: "rocket.example", SPF: ptr("v=spf1 ~all"), Open: ptr(true)},
		{Domain: "rocket.example", SPF: ptr("v=spf1 ~all"), Records: &[]string{"www IN CNAME a", "www IN CNAME b"}},
		{Domain: "rocket.example", MX: &[]MX{{"mx9.rocket.example", 5}}},
		{Server: "mail.romashka.example", TLS: Off[TLS]()}, // imaps needs it
		{Server: "mail.kollegi.example", StartTLS: ptr(true)},
		{Server: "mail.nowhere.example", Open: ptr(true)},
		{Domain: "rocket.example", Server: "mx1.rocket.example", Open: ptr(true)},
		{Device: "anna-laptop.romashka.example", Security: ptr("quantum")},
	} {
		err := w.Change(c)
		if m, ok := errors.AsType[*Mistake](err); !ok || m.Key == "" || strings.HasPrefix(m.Key, "domains") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := w.Change(Change{Domain: "rocket.example", SPF: ptr("v=spf1 mx -all")}); err != nil {
		t.Error(err)
	}
	got, serial := published(t, w, "rocket.example", mdns.TypeTXT)
	if w.Present() != before || fmt.Sprint(got, serial) != `["v=spf1 mx -all"] 1` || changes(w) != nil {
		t.Errorf("%v, serial %d, recorded %q", got, serial, changes(w))
	}
}

// TestSessionKeepsItsSettings: one that began before a change goes on as it
// began, and the next one is different.
func TestSessionKeepsItsSettings(t *testing.T) {
	w := careful(t)
	const host = "mx1.rocket.example"
	session := func() *smtp.Client {
		conn, err := w.Net.Dial(t.Context(), "out.spam.example", addrPort(t, w, host, 25))
		if err != nil {
			t.Fatal(err)
		}
		c := smtp.NewClient(conn, wire.Options{Timeout: 10 * time.Second})
		t.Cleanup(func() { c.Close() })
		if err := errors.Join(c.Greet(t.Context()), c.Hello(t.Context(), "out.spam.example")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	relays := func(c *smtp.Client) bool {
		_, err := c.Send(t.Context(), smtp.Envelope{Mail: smtp.Mail{From: "mallory@spam.example"},
			Rcpts: []smtp.Rcpt{{To: "petr@kollegi.example"}}}, []byte("Subject: relayed\r\n\r\nHi\r\n"))
		return err == nil
	}
	old := session()
	if err := w.Change(Change{Server: host, StartTLS: ptr(false), Open: ptr(true), Filter: Off[Filter](), MaxSize: ptr(5000)}); err != nil {
		t.Fatal(err)
	}
	if _, ok := old.Has("STARTTLS"); !ok || relays(old) {
		t.Error("the old session has new settings")
	}
	fresh := session()
	if _, ok := fresh.Has("STARTTLS"); ok || !relays(fresh) {
		t.Error("the new session has old settings")
	}
	if size, _ := fresh.Has("SIZE"); size != "5000" {
		t.Errorf("SIZE is %q", size)
	}
	// A server that filters no more is not believed by its neighbour.
	if w.Server("mx2.rocket.example") == nil || w.Present().Domains[1].neighbours("mx2.rocket.example") != nil {
		t.Error("mx2 still trusts mx1")
	}
}

// TestCertificateIsChanged: the next session is shown another one.
func TestCertificateIsChanged(t *testing.T) {
	w := careful(t)
	device := w.Device("anna-laptop.romashka.example")
	if _, err := device.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Change(Change{Server: "mail.romashka.example", TLS: On(TLS{Certificate: "expired"})}); err != nil {
		t.Fatal(err)
	}
	if _, err := device.Poll(t.Context()); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("poll with an expired certificate: %v", err)
	}
	// Who asks for no proof gets the mail, now that passwords go in clear.
	for _, c := range []Change{{Server: "mail.romashka.example", Clear: ptr(true)}, {Device: "anna-laptop.romashka.example", Security: ptr("none")}} {
		if err := w.Change(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := device.Poll(t.Context()); err != nil {
		t.Errorf("poll in clear: %v", err)
	}
}

// TestChangesInRealTime: while foreign and simulated clients talk.
func TestChangesInRealTime(t *testing.T) {
	l := serving(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 10 {
				var err error
				switch i {
				case 0:
					err = l.Change(Change{Domain: "rocket.example", SPF: ptr("v=spf1 ~all"), DKIM: Off[DKIM]()})
				case 1:
					err = l.Change(Change{Domain: "rocket.example", SPF: ptr("v=spf1 mx -all"), DKIM: On(DKIM{Selector: "s2"})})
				case 2:
					err = l.Change(Change{Server: "mail.romashka.example", Filter: On(Filter{SPF: true}), Open: ptr(true)})
				case 3:
					err = l.Change(Change{Server: "mail.romashka.example", Filter: Off[Filter](), Open: ptr(false)})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 5 {
				if _, err := l.Device("anna-laptop.romashka.example").Poll(ctx); err != nil {
					t.Error(err)
				}
				published(t, l.World, "rocket.example", mdns.TypeTXT)
			}
		})
	}
	wg.Wait()
	if len(changes(l.World)) == 0 {
		t.Error("nothing was changed")
	}
}

func addrPort(t *testing.T, w *World, host string, port uint16) netip.AddrPort {
	t.Helper()
	a, ok := w.Net.Addr(host)
	if !ok {
		t.Fatalf("no host %s", host)
	}
	return netip.AddrPortFrom(a, port)
}
