package imapline

import (
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// event makes the event of "C: …", "S: …", and of data "c: …" and "s: …".
func event(line string) (*trace.Event, *trace.Line) {
	who, text, _ := strings.Cut(line, ": ")
	l := &trace.Line{Text: text, Role: trace.Command, Bytes: len(text) + 2}
	e := &trace.Event{From: "client", To: "server", Proto: "imap", Body: l}
	switch who {
	case "S":
		l.Role = trace.Reply
	case "c", "s":
		l.Role, l.Bytes = trace.Data, len(text)
	}
	if strings.EqualFold(who, "s") {
		e.From, e.To = "server", "client"
	}
	return e, l
}

func TestPlaces(t *testing.T) {
	for name, lines := range map[string][]struct{ line, command, before, asked string }{
		"tags": {
			{"S: * OK ready", "", "", ""},
			{"C: a1 NOOP", "a1 NOOP", "", ""},
			{"C: a2 UID FETCH 1 FLAGS", "a2 UID FETCH 1 FLAGS", "", ""},
			{"S: * 4 EXISTS", "a1 NOOP", "", ""},
			{"S: a2 OK out of turn", "a2 UID FETCH 1 FLAGS", "", ""},
			{"S: a1 OK", "a1 NOOP", "", ""},
			{"S: * 5 EXISTS", "", "", ""},
			{"S: a9 OK nobody asked", "", "", ""},
		},
		"idle": {
			{"C: a1 IDLE", "a1 IDLE", "", ""},
			{"S: + idling", "a1 IDLE", "", ""},
			{"S: * 5 EXISTS", "a1 IDLE", "", ""},
			{"C: DONE", "a1 IDLE", "", ""},
			{"S: a1 OK", "a1 IDLE", "", ""},
			{"C: DONE", "DONE", "", ""},
		},
		"authenticate": {
			{"C: a1 AUTHENTICATE LOGIN", "a1 AUTHENTICATE LOGIN", "", ""},
			{"S: + VXNlcm5hbWU6", "a1 AUTHENTICATE LOGIN", "", "+ VXNlcm5hbWU6"},
			{"C: YW5uYQ==", "a1 AUTHENTICATE LOGIN", "", "+ VXNlcm5hbWU6"},
			{"S: + UGFzc3dvcmQ6", "a1 AUTHENTICATE LOGIN", "", "+ UGFzc3dvcmQ6"},
			{"C: c2VjcmV0", "a1 AUTHENTICATE LOGIN", "", "+ UGFzc3dvcmQ6"},
			{"S: a1 OK", "a1 AUTHENTICATE LOGIN", "", ""},
		},
		"literals of both sides at once": {
			{"C: a1 FETCH 1 (UID BODY[])", "a1 FETCH 1 (UID BODY[])", "", ""},
			{"C: a2 APPEND Sent {3}", "a2 APPEND Sent {3}", "", ""},
			{"S: * 1 FETCH (UID 7 BODY[] {5}", "a1 FETCH 1 (UID BODY[])", "", ""},
			{"s: he", "a1 FETCH 1 (UID BODY[])", "* 1 FETCH (UID 7 BODY[] {5}", ""},
			{"c: abc", "a2 APPEND Sent {3}", "a2 APPEND Sent {3}", ""},
			{"s: llo", "a1 FETCH 1 (UID BODY[])", "* 1 FETCH (UID 7 BODY[] {5}", ""},
			{"C: ", "a2 APPEND Sent {3}", "a2 APPEND Sent {3}", ""},
			{"S: )", "a1 FETCH 1 (UID BODY[])", "* 1 FETCH (UID 7 BODY[] {5}", ""},
			{"S: a1 OK", "a1 FETCH 1 (UID BODY[])", "", ""},
			{"S: a2 OK", "a2 APPEND Sent {3}", "", ""},
		},
		"two literals": {
			{"C: a1 LOGIN {4}", "a1 LOGIN {4}", "", ""},
			{"S: + go ahead", "a1 LOGIN {4}", "", ""},
			{"c: anna", "a1 LOGIN {4}", "a1 LOGIN {4}", ""},
			{"C:  {6+}", "a1 LOGIN {4} {6+}", "a1 LOGIN {4}", ""},
			{"c: secret", "a1 LOGIN {4} {6+}", "a1 LOGIN {4} {6+}", ""},
			{"C: ", "a1 LOGIN {4} {6+}", "a1 LOGIN {4} {6+}", ""},
			{"S: a1 OK", "a1 LOGIN {4} {6+}", "", ""},
		},
		"a literal refused": {
			{"C: a1 APPEND INBOX {99999999}", "a1 APPEND INBOX {99999999}", "", ""},
			{"S: a1 NO [TOOBIG] no", "a1 APPEND INBOX {99999999}", "", ""},
			{"C: a2 NOOP", "a2 NOOP", "", ""},
		},
		"no tag": {
			{"C: hello", "hello", "", ""},
			{"S: * BAD what?", "hello", "", ""},
			{"C: a1 NOOP", "a1 NOOP", "", ""},
			{"S: * 1 EXISTS", "a1 NOOP", "", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var talk Talk
			for _, c := range lines {
				e, l := event(c.line)
				if got, want := talk.Take(e, l), (Place{c.command, c.before, c.asked}); got != want {
					t.Errorf("%s\n got %+v\nwant %+v", c.line, got, want)
				}
			}
		})
	}
}

func TestIdle(t *testing.T) {
	var talk Talk
	for _, c := range []struct {
		line string
		idle bool
	}{{"C: a1 IDLE", false}, {"S: + go", true}, {"S: * 1 EXISTS", true}, {"C: DONE", false}, {"S: a1 OK", false}} {
		talk.Take(event(c.line))
		if talk.Idle() != c.idle {
			t.Errorf("after %q idle is %v", c.line, talk.Idle())
		}
	}
}

func TestLiteral(t *testing.T) {
	for line, want := range map[string]int{"a {812}": 812, "{0}": 0, "x {7+}": 7, "~{7}": 7,
		"": -1, "{}": -1, "{a}": -1, "{1} ": -1, "}": -1, "{-1}": -1, "{99999999999}": -1, "{4294967296}": -1} {
		n, ok := Literal(line)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d, want %d", line, n, want)
		}
	}
}

func TestLetter(t *testing.T) {
	for line, want := range map[string]bool{
		"* 1 FETCH (BODY[] {5}":                                   true,
		"* 1 FETCH (UID 3 BODY[HEADER.FIELDS (FROM TO)] {5}":      true,
		"* 1 FETCH (BODY[1.2]<0> {5}":                             true,
		"* 1 FETCH (RFC822 {5}":                                   true,
		"* 1 FETCH (BINARY[1] ~{5}":                               true,
		`a1 APPEND Sent (\Seen) "01-Mar-2026 10:00:00 +0000" {5}`: true,
		"a1 APPEND {4}":                                           false,
		"a1 APPEND {4} {5}":                                       true,
		"a1 LOGIN {4}":                                            false,
		"* LIST () \"/\" {4}":                                     false,
		"* 1 FETCH (ENVELOPE (NIL {4}":                            false,
		"* OK [X] {4}":                                            false,
		"":                                                        false,
	} {
		if got := Letter(line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

// A command with a literal is one command, whatever the client says; nothing
// panics, and what is remembered has a limit.
func FuzzTake(f *testing.F) {
	f.Add("S: * OK\nC: a {1}\nc: x\nC:  {2+}\nc: yy\nC: \nS: a OK")
	f.Fuzz(func(t *testing.T, in string) {
		var talk Talk
		commands := 0
		for line := range strings.SplitSeq(in, "\n") {
			e, l := event(line)
			if l.Role == trace.Command {
				commands++
			}
			if p := talk.Take(e, l); len(p.Before) > maxBefore+len(in) || len(p.Command) > maxBefore+len(in) {
				t.Fatalf("%d octets are remembered", len(p.Before)+len(p.Command))
			}
			if talk.Size() > commands {
				t.Fatalf("%d commands wait, %d were said", talk.Size(), commands)
			}
		}
	})
}
