package letter

import (
	"fmt"
	"strings"
	"testing"
)

// members is an address list in one line: name|route|mailbox|host, ends of
// groups as "name:" and ";".
func members(value string) string {
	var out []string
	for r := Addresses([]byte(value), nil); ; {
		a, ok := r.Next()
		if !ok {
			return strings.Join(out, ", ")
		}
		switch a.Kind {
		case GroupStart:
			out = append(out, string(a.Mailbox)+":")
		case GroupEnd:
			out = append(out, ";")
		default:
			out = append(out, fmt.Sprintf("%s|%s|%s|%s", a.Name, a.Route, a.Mailbox, a.Host))
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \r\n ", ""},
		{"(nobody)", ""},
		{"anna@x.test", "||anna|x.test"},
		{"Anna <anna@x.test>", "Anna||anna|x.test"},
		{"Anna  Maria\r\n Ivanova <anna@x.test>", "Anna Maria Ivanova||anna|x.test"},
		{`"Ivanova, Anna" <anna@x.test>, boris@y.test`, "Ivanova, Anna||anna|x.test, ||boris|y.test"},
		{`"A \"B\" C" <a@x>`, `A "B" C||a|x`},
		{"=?utf-8?b?0JDQvdC90LA=?= <anna@x.test>", "=?utf-8?b?0JDQvdC90LA=?=||anna|x.test"},
		{"Анна <anna@x.test>", "Анна||anna|x.test"},
		{"anna@x.test (Anna)", "Anna||anna|x.test"},
		{"(Anna) anna@x.test", "Anna||anna|x.test"},
		{"<anna@x.test> (Anna)", "Anna||anna|x.test"},
		{"Anna (friend) <anna@x.test>", "Anna||anna|x.test"},
		{`"an na"@x.test`, "||an na|x.test"},
		{`"a@b"@x.test`, "||a@b|x.test"},
		{"anna . ivanova @ x . test", "||anna.ivanova|x.test"},
		{"anna@[192.0.2.1]", "||anna|[192.0.2.1]"},
		{"anna@[IPv6:2001:db8::1], b@x", "||anna|[IPv6:2001:db8::1], ||b|x"},
		{"<@a.test,@b.test:anna@x.test>", "|@a.test,@b.test|anna|x.test"},
		{"Anna <@a.test:anna@x.test>", "Anna|@a.test|anna|x.test"},
		{"<>", "|||"},
		{"postmaster", "||postmaster|"},
		{"Anna Ivanova", "||Anna Ivanova|"},
		{"undisclosed-recipients:;", "undisclosed-recipients:, ;"},
		{"A few: anna@x, Boris <boris@y>; c@z", "A few:, ||anna|x, Boris||boris|y, ;, ||c|z"},
		{`"Q; G": a@x ,, ;`, "Q; G:, ||a|x, ;"},
		{"open: a@x", "open:, ||a|x, ;"},
		{"a@x, , ,b@y,", "||a|x, ||b|y"},
		{"a@x; b@y", "||a|x, ||b|y"},
		{"Anna <anna@x.test", "Anna||anna|x.test"},
		{"[Rocket, Inc <a@x>, [The B] <b@y>", "||[Rocket|, Inc||a|x, [The B]||b|y"},
		{`"Anna <anna@x.test>`, "||Anna <anna@x.test>|"},
		{"Anna <anna@x.test> junk <b@y>, c@z", "Anna||anna|x.test, ||c|z"},
	} {
		if got := members(c.in); got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestReadEnvelope(t *testing.T) {
	e := ReadEnvelope(crlf("from: a\nFrom: b\nSUBJECT:\nReply-To : c\nCC: d\n e\nIn-Reply-To: <f>\nMessage-Id: <g>\nnonsense\nBcc: h\n\nTo: body\n"))
	got := fmt.Sprintf("%q %q %q %q %q %q %q", e.From, e.Subject, e.ReplyTo, e.Cc, e.InReplyTo, e.MessageID, e.Bcc)
	want := `" a" "" " c" " d\r\n e" " <f>" " <g>" " h"`
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if e.Subject == nil || e.Date != nil || e.Sender != nil {
		t.Error("empty and missing are not told apart")
	}
}

// FuzzAddresses: every list ends, its groups are closed, and it never tells of
// more than the letter has.
func FuzzAddresses(f *testing.F) {
	f.Add("A few: anna@x, Boris <@r:boris@y> (c); \"c\\\"\"@z")
	f.Fuzz(func(t *testing.T, in string) {
		open, octets := false, 0
		r := Addresses([]byte(in), nil)
		for n := 0; ; n++ {
			a, ok := r.Next()
			if !ok {
				break
			}
			if n > 2*len(in) {
				t.Fatal("no end")
			}
			if a.Kind != Single && open != (a.Kind == GroupEnd) {
				t.Error("groups are not in pairs")
			}
			open = open && a.Kind != GroupEnd || a.Kind == GroupStart
			octets += len(a.Name) + len(a.Route) + len(a.Mailbox) + len(a.Host)
		}
		if open {
			t.Error("a group stays open")
		}
		if octets > len(in) {
			t.Errorf("%d octets out of %d", octets, len(in))
		}
	})
}
