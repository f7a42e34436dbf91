package compose

import (
	"slices"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	got := Addresses(" anna@a.test, boris@a.test;anna@a.test\tилон@ракета.test ")
	if want := []string{"anna@a.test", "boris@a.test", "илон@ракета.test"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCheck(t *testing.T) {
	good := Draft{By: "anna@a.test", To: []string{"boris@b.test"}}
	for _, c := range []struct {
		name string
		edit func(*Draft)
		want string
	}{
		{"good", func(*Draft) {}, ""},
		{"no sender", func(d *Draft) { d.By = "" }, "by.none"},
		{"as somebody else", func(d *Draft) { d.From, d.Sender = "ilon@r.test", "илон@r.test" }, ""},
		{"as nobody", func(d *Draft) { d.From = "Ilon" }, "from.bad"},
		{"with a bad envelope", func(d *Draft) { d.Sender = "ilon@" }, "sender.bad"},
		{"nobody", func(d *Draft) { d.To = nil }, "to.none"},
		{"no at", func(d *Draft) { d.To = []string{"boris"} }, "to.bad"},
		{"two ats", func(d *Draft) { d.To = []string{"a@b@c"} }, "to.bad"},
		{"no domain", func(d *Draft) { d.To = []string{"boris@"} }, "to.bad"},
		{"line end", func(d *Draft) { d.To = []string{"boris@b.test\r\nDATA"} }, "to.bad"},
		{"long subject", func(d *Draft) { d.Subject = strings.Repeat("я", 501) }, "subject.long"},
		{"long text", func(d *Draft) { d.Text = strings.Repeat("x", 1<<20+1) }, "text.long"},
		{"many", func(d *Draft) { d.To = make([]string, 21) }, "to.many"},
	} {
		d := good
		c.edit(&d)
		if got := d.Check().Key; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
