package world

import (
	"strings"
	"testing"
)

func TestDecodeSurvivesHostileFiles(t *testing.T) {
	for name, text := range map[string]string{
		"large":         strings.Repeat("#", MaxFile+1),
		"deep list":     strings.Repeat("[", 100_000),
		"deep map":      strings.Repeat("{a: ", 100_000),
		"deep sequence": strings.Repeat("- ", 100_000) + "x",
		"bomb":          "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\ndomains: [*b,*b,*b,*b]\n",
		"own alias":     "domains: &a [*a]\n",
		"no text":       "\xff\xfe\x00",
		"a list":        "- 1\n- 2\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Decode("f.yaml", []byte(text), &Spec{}); err == nil || !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestDecodeNamesTheKey(t *testing.T) {
	for text, want := range map[string]string{
		"start: 2026-09-01T09:00:00Z\ndomains: 3\n":                          "f.yaml:2: domains: int was used where sequence is expected",
		"domains:\n  - name: a.example\n  - name: b.example\n    mx: much\n": "f.yaml:4: domains[1].mx: string was used where sequence is expected",
		"dns: {name: ns.example, port: 53}\n":                                `f.yaml:1: dns.port: unknown field "port"`,
	} {
		if _, err := Decode("f.yaml", []byte(text), &Spec{}); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// FuzzDecode wants either a world that can be checked or a mistake that
// begins with the file's name.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(town))
	f.Add([]byte("dns: {name: &a ns.example, address: *a}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &Spec{}
		file, err := Decode("f.yaml", data, s)
		if err == nil {
			err = s.Check(file, "")
		}
		if err != nil && (!strings.HasPrefix(err.Error(), "f.yaml:") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %q", err)
		}
	})
}
