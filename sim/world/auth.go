package world

import (
	"fmt"
	"strings"
	"time"

	"mailscope/protocol/mailauth"
	"mailscope/sim/mta"
)

// maxText is the most octets of a text that a domain publishes.
const maxText = 4096

// filter checks a server's filter.
func (c *checker) filter(at string, f *Filter) error {
	switch {
	case f == nil:
		return nil
	case f.Greylist == Bad:
		return c.errorf(at+".greylist", WantDuration)
	case f.DNSBL != "":
		if err := reserved(f.DNSBL); err != nil {
			return c.errorf(at+".dnsbl", "%v", err)
		}
	}
	return nil
}

// published checks what a domain says about its letters. What may be wrong on
// purpose can stand among its records.
func (c *checker) published(key string, d *Domain) error {
	for _, t := range []struct{ key, text, version string }{{".spf", d.SPF, "v=spf1"}, {".dmarc", d.DMARC, "v=DMARC1"}} {
		if t.text == "" {
			continue
		}
		if !strings.HasPrefix(t.text, t.version) || len(t.text) > maxText || strings.ContainsAny(t.text, "\r\n") {
			return c.errorf(key+t.key, "want one line that begins with %s, got %.40q", t.version, t.text)
		}
	}
	if _, _, err := d.signer(); err != nil {
		return c.errorf(key+".dkim", "%v", err)
	}
	return nil
}

// signer is who signs for a domain, if anybody does.
func (d *Domain) signer() (by mailauth.Signer, ok bool, err error) {
	k := d.DKIM
	if k == nil {
		return by, false, nil
	}
	if k.Selector == "" || strings.ContainsAny(k.Selector, " ;:=\t\r\n\"\\()") || len(k.Selector) > 63 {
		return by, false, fmt.Errorf("want a selector such as s1, got %q", k.Selector)
	}
	by = mailauth.Signer{Domain: d.Name, Selector: k.Selector}
	if k.Key == "" {
		by.Key = mailauth.SeedKey(by.Name())
	} else if by.Key, err = mailauth.ParseKey(k.Key); err != nil {
		return by, false, err
	}
	return by, true, nil
}

// text is one TXT record of a zone.
type text struct{ name, text string }

// texts are the records in which a domain says how to tell its letters.
func (d *Domain) texts() (list []text) {
	if d.SPF != "" {
		list = append(list, text{"@", d.SPF})
	}
	if by, ok, _ := d.signer(); ok {
		record, _ := by.Record() // of a key that signs
		list = append(list, text{by.Name() + ".", record})
	}
	if d.DMARC != "" {
		list = append(list, text{"_dmarc", d.DMARC})
	}
	return list
}

// quoted is a text as a zone file has it: strings of at most 255 octets
// (RFC 1035 §3.3.14).
func quoted(s string) string {
	var parts []string
	for len(s) > 255 {
		parts = append(parts, s[:255])
		s = s[255:]
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for i, p := range append(parts, s) {
		p = `"` + escape.Replace(p) + `"`
		if i < len(parts) {
			parts[i] = p
		} else {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// config is a filter as the mail server takes it.
func (f *Filter) config() *mta.Filter {
	if f == nil {
		return nil
	}
	return &mta.Filter{DNSBL: f.DNSBL, SPF: f.SPF, Greylist: time.Duration(f.Greylist), DKIM: f.DKIM, DMARC: f.DMARC, Content: f.Content}
}

// neighbours are the other servers of a domain that filter what comes from
// outside; one that believes everybody is not believed.
func (d *Domain) neighbours(host string) (names []string) {
	for _, s := range d.Servers {
		if s.Name != host && s.Filter != nil {
			names = append(names, s.Name)
		}
	}
	return names
}
