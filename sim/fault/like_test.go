package fault

import (
	"strings"
	"testing"
)

func TestLike(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "anything", true}, {"EHLO x", "EHLO x", true}, {"EHLO x", "EHLO xy", false}, {"EHLO *", "EHLO x", true},
		{"*x", "EHLO x", true}, {"E*O*x", "EHLO x", true}, {"E*Q*x", "EHLO x", false}, {"ab*ba", "aba", false}, {"*", "", true},
	} {
		if got := Like(tt.pattern, tt.text); got != tt.want {
			t.Errorf("Like(%q, %q) = %v", tt.pattern, tt.text, got)
		}
	}
}

func TestLikeFold(t *testing.T) {
	if !LikeFold("RCPT TO:<b@*", "rcpt to:<B@x.test>") || LikeFold("RCPT*", "mail") {
		t.Error("the case of letters counts")
	}
}

// A pattern without stars agrees with itself alone; one between stars with
// whatever holds it.
func FuzzLike(f *testing.F) {
	f.Add("RCPT TO:", "RCPT TO:<b@x.test>")
	f.Add("*", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !Like("*"+a+"*", b+a+b) || !Like(a+"*", a+b) || !Like("*"+b, a+b) {
			t.Errorf("%q is not found in %q", a, b+a+b)
		}
		if !strings.Contains(a, "*") && a != "" && Like(a, b) != (a == b) {
			t.Errorf("Like(%q, %q)", a, b)
		}
	})
}
