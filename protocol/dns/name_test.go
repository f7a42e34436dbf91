package dns

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	name, err := parseName(`A.b\.c.Example`)
	if err != nil || name != "\x01a\x03b.c\x07example\x00" {
		t.Fatalf("%q, %v", name, err)
	}
	if got := name.String(); got != `a.b\.c.example.` {
		t.Errorf("text is %s", got)
	}
	if got := name.parent().parent().parent().parent(); got != "\x00" {
		t.Errorf("root is %q", got)
	}
	for top, want := range map[string]bool{".": true, "example": true, `b\.c.example`: true, "c.example": false, "xample": false, "x.a.b": false} {
		n, err := parseName(top)
		if err != nil || name.within(n) != want {
			t.Errorf("within %s: %v, %v", top, !want, err)
		}
	}
	for _, bad := range []string{"", "a..b", ".a", strings.Repeat("a", 64), strings.Repeat("a.", 128)} {
		if n, err := parseName(bad); err == nil && bad != "" {
			t.Errorf("%q accepted as %q", bad, n)
		}
	}
}
