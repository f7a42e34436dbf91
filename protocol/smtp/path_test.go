package smtp

import (
	"errors"
	"strings"
	"testing"

	"mailscope/protocol/wire"
)

func TestParsePathAccepts(t *testing.T) {
	for _, tt := range []struct {
		in   string
		path Path
		rest string
	}{
		{"<>", Path{}, ""},
		{"<> BODY=7BIT", Path{}, " BODY=7BIT"},
		{"<ana@alfa.test> SIZE=1", Path{"ana", "alfa.test"}, " SIZE=1"},
		{"<postMaster>", Path{"postMaster", ""}, ""},
		{"<@a.test:ana@b.test>", Path{"ana", "b.test"}, ""},
		{"<@a.test,@[192.0.2.1]:ana@b.test>", Path{"ana", "b.test"}, ""},
		{`<"a b"@b.test>`, Path{"a b", "b.test"}, ""},
		{`<"a>\"\\"@b.test>`, Path{`a>"\`, "b.test"}, ""},
		{`<"ana"@b.test>`, Path{"ana", "b.test"}, ""},
		{"<a@[192.0.2.1]>", Path{"a", "[192.0.2.1]"}, ""},
		{"<a@[IPv6:2001:db8::1]>x", Path{"a", "[IPv6:2001:db8::1]"}, "x"},
		{"<анна@почта.test>", Path{"анна", "почта.test"}, ""},
	} {
		path, rest, err := parsePath(tt.in)
		if err != nil || path != tt.path || rest != tt.rest {
			t.Errorf("parsePath(%q) = %+v, %q, %v", tt.in, path, rest, err)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, tt := range []struct {
		in string
		at int
	}{
		{"", 0},
		{"ana@b.test", 0},
		{"<", 1},
		{"<ana", 4},
		{"<ana>", 4},
		{"<ana@", 5},
		{"<ana@>", 5},
		{"<.ana@b.test>", 1},
		{"<a..b@b.test>", 3},
		{"<a.@b.test>", 3},
		{"<a b@b.test>", 2},
		{`<"a@b.test>`, 11},
		{`<""@b.test>`, 2},
		{"<\"a\r\"@b.test>", 3},
		{"<a@b..test>", 5},
		{"<a@b-.test>", 4},
		{"<a@-b.test>", 3},
		{"<a@b.test.>", 10},
		{"<a@[1.2.3]>", 4},
		{"<a@[::1]>", 4},
		{"<a@[IPv6:192.0.2.1]>", 4},
		{"<a@[192.0.2.1>", 14},
		{"<@a.test>", 8},
		{"<@a.test,b.test:c@d.test>", 9},
		{"<a@b.test", 9},
		{"<a\xff@b.test>", 1},
		{"<" + strings.Repeat("a", 65) + "@b.test>", 1},
		{"<a@" + strings.Repeat("b", 64) + ">", 3},
	} {
		path, rest, err := parsePath(tt.in)
		e, ok := errors.AsType[*wire.SyntaxError](err)
		if !ok || e.At != tt.at || path != (Path{}) || rest != tt.in {
			t.Errorf("parsePath(%q) = %+v, %q, %v; want an error at %d", tt.in, path, rest, err, tt.at)
		}
	}
}

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]Path{"": {}, "a@b.test": {"a", "b.test"}, "Postmaster": {"Postmaster", ""}} {
		if p, err := ParseAddress(in); err != nil || p != want || p.Address() != in {
			t.Errorf("ParseAddress(%q) = %+v, %v", in, p, err)
		}
	}
	for _, in := range []string{"a", "a@b.test>", "<a@b.test>", "a@b.test c", "@", ">"} {
		if p, err := ParseAddress(in); err == nil {
			t.Errorf("ParseAddress(%q) = %+v", in, p)
		}
	}
}

// TestAtext tries the class on every octet: RFC 5322 §3.2.3.
func TestAtext(t *testing.T) {
	const want = "!#$%&'*+-/0123456789=?ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"
	got := ""
	for b := range 128 {
		if atext(byte(b)) {
			got += string(rune(b))
		}
	}
	if got != want {
		t.Errorf("atext is %q", got)
	}
}

func FuzzParsePath(f *testing.F) {
	f.Add("<ana@alfa.test> SIZE=10")
	f.Add(`<"a\" b"@[IPv6:::1]>`)
	f.Add("<@a:b@c>")
	f.Fuzz(func(t *testing.T, in string) {
		path, rest, err := parsePath(in)
		if err != nil {
			if path != (Path{}) || rest != in {
				t.Errorf("parsePath(%q) failed but consumed input", in)
			}
			return
		}
		if !strings.HasSuffix(in, rest) || len(path.Local) > maxLocal || len(path.Domain) > maxDomain {
			t.Errorf("parsePath(%q) = %+v, %q", in, path, rest)
		}
		again, _, err := parsePath(path.String())
		if err != nil || again != path {
			t.Errorf("%q came back as %v, %v", in, again, err)
		}
	})
}
