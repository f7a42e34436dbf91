package world

import (
	"slices"
	"strings"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// What a domain publishes is zone data that anybody may ask for, as dig does.
func TestPublished(t *testing.T) {
	long := "v=spf1 " + strings.Repeat("ip4:192.0.2.1 ", 30) + `exp="\x" -all`
	w := started(t, strings.Replace(town, "null_mx: true", "null_mx: true\n    spf: '"+long+"'\n    dkim: {selector: s1}\n    dmarc: \"v=DMARC1; p=reject\"\n    records: [\"2.0.0.127 IN A 127.0.0.2\"]", 1))
	spec := w.Spec
	name := spec.Domains[5].Name
	key, _, _ := spec.Domains[5].signer()
	record, err := key.Record()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(name string, kind uint16) (list []string) {
		t.Helper()
		c := mdns.Client{Net: "tcp", Timeout: 10 * time.Second} // a long text does not fit a small packet
		q := new(mdns.Msg)
		q.SetQuestion(name+".", kind)
		in, _, err := c.Exchange(q, w.Net.Endpoint(spec.DNS.Name, 53).String())
		if err != nil {
			t.Fatal(err)
		}
		for _, rr := range in.Answer {
			switch rr := rr.(type) {
			case *mdns.TXT:
				list = append(list, strings.Join(rr.Txt, ""))
			case *mdns.A:
				list = append(list, rr.A.String())
			}
		}
		return list
	}
	for at, want := range map[string]string{name: strings.ReplaceAll(strings.ReplaceAll(long, `\`, `\\`), `"`, `\"`), "s1._domainkey." + name: record, "_dmarc." + name: "v=DMARC1; p=reject"} {
		if got := ask(at, mdns.TypeTXT); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q", at, got)
		}
	}
	if got := ask("2.0.0.127."+name, mdns.TypeA); !slices.Equal(got, []string{"127.0.0.2"}) {
		t.Errorf("block list: %q", got)
	}
}
