package mailauth

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// suite is one part of the SPF project's tests of RFC 7208, which come with
// the SPF library.
type suite struct {
	Description string
	Tests       map[string]struct {
		Helo, Host, Mailfrom, Explanation string
		Result                            words
	}
	Zonedata map[string][]any
}

// words is one text or a list of them.
type words []string

func (w *words) UnmarshalYAML(read func(any) error) error {
	var one string
	if read(&one) == nil {
		*w = words{one}
		return nil
	}
	return read((*[]string)(w))
}

// records is the suite's zone in the form of newZone.
func (s *suite) records(t *testing.T) zone {
	z := zone{}
	for name, list := range s.Zonedata {
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		z.add(name, "", "")
		fails := slices.Contains(list, any("TIMEOUT"))
		for _, r := range list {
			fields, ok := r.(map[string]any)
			if !ok {
				continue
			}
			for kind, v := range fields {
				data := strings.Trim(fmt.Sprint(v), "[]")
				switch kind {
				case "TXT", "SPF":
					if parts, ok := v.([]any); ok { // one record in several strings
						data = ""
						for _, p := range parts {
							data += fmt.Sprint(p)
						}
					}
				case "PTR":
					if a := reversed(name); a != "" {
						z.add(a, kind, strings.TrimSuffix(data, ".")+".")
						continue
					}
				case "TIMEOUT", "SERVFAIL", "CNAMELOOP":
					fails = true
					continue
				case "A", "AAAA", "MX", "CNAME":
				default:
					t.Fatalf("%s: a record of the type %q", name, kind)
				}
				z.add(name, kind, data)
			}
		}
		// Records of the type SPF are there for both types, unless there is
		// something of the type TXT.
		if spf := z[name+" SPF"]; len(z[name+" TXT"]) == 0 && spf != nil {
			z[name+" TXT"] = spf
		}
		if slices.Equal(z[name+" TXT"], []string{"NONE"}) {
			delete(z, name+" TXT")
		}
		if fails && z[name+" TXT"] == nil || fails && z[name+" SPF"] != nil { // what has an answer is asked about no more
			z.add(name, "FAIL", "")
		}
	}
	return z
}

func (z zone) add(name, kind, data string) {
	z[name] = append(z[name], "")
	if kind != "" {
		z[name+" "+kind] = append(z[name+" "+kind], data)
	}
}

// reversed is the address that a name of in-addr.arpa or ip6.arpa stands for.
func reversed(name string) string {
	if four, ok := strings.CutSuffix(name, ".in-addr.arpa"); ok {
		parts := strings.Split(four, ".")
		slices.Reverse(parts)
		return strings.Join(parts, ".")
	}
	six, ok := strings.CutSuffix(name, ".ip6.arpa")
	if !ok {
		return ""
	}
	digits := strings.Split(six, ".")
	slices.Reverse(digits)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && i%4 == 0 {
			b.WriteByte(':')
		}
		b.WriteString(d)
	}
	a, err := netip.ParseAddr(b.String())
	if err != nil {
		return ""
	}
	return a.String()
}

// beyond is what the library cannot do, by the name of the test.
var beyond = map[string]string{
	"a-colon-domain":            slashes,
	"a-colon-domain-ip4mapped":  slashes,
	"mx-colon-domain":           slashes,
	"mx-colon-domain-ip4mapped": slashes,
	"p-macro-multiple":          "a name that the macro p would make is never asked about (RFC 7208 §7.2: do not use)",
}

const slashes = "a name with a slash in it is taken for one with a mask"

// The SPF project's tests of RFC 7208.
func TestSPFSuite(t *testing.T) {
	f, err := os.Open(filepath.Join(moduleDir(t, "blitiri.com.ar/go/spf"), "testdata", "rfc7208-tests.yml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, n := yaml.NewDecoder(f), 0
	for {
		var s suite
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		z := s.records(t)
		for name, tt := range s.Tests {
			n++
			t.Run(s.Description+"/"+name, func(t *testing.T) {
				if why := beyond[name]; why != "" {
					t.Skip(why)
				}
				v := check(z, tt.Host, tt.Helo, tt.Mailfrom)
				if !slices.Contains(tt.Result, string(v.Result)) {
					t.Errorf("%s (%s), want %s", v.Result, v.Reason, strings.Join(tt.Result, " or "))
				}
				if tt.Explanation != "" && tt.Explanation != "DEFAULT" && !strings.EqualFold(v.Explanation, tt.Explanation) {
					t.Errorf("explanation %q, want %q", v.Explanation, tt.Explanation)
				}
			})
		}
	}
	if n < 150 {
		t.Errorf("%d tests", n)
	}
}
