package inspector

import (
	"strings"
	"testing"

	"mailscope/scenes/explain"
)

func TestCut(t *testing.T) {
	text := "RCPT TO:<ilon@rocket.example>"
	tokens := Cut(text, []explain.Part{
		{Start: 0, End: 8, Kind: explain.Verb, Meaning: "to whom"},
		{Start: 9, End: 13, Kind: explain.EnvelopeText, Meaning: "mailbox"},
		{Start: 12, End: 20, Kind: explain.EnvelopeText, Meaning: "overlaps"},
		{Start: 14, End: 400, Meaning: "outside"},
	}, "smtp", "")
	var got []string
	for _, tok := range tokens {
		got = append(got, tok.Text)
	}
	if want := "RCPT TO:|<|ilon|@rocket.example>"; strings.Join(got, "|") != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if tokens[0].Number != 1 || tokens[1].Number != 0 || tokens[2].Number != 2 {
		t.Errorf("numbers of %+v", tokens)
	}
}

func TestFlow(t *testing.T) {
	for _, c := range []struct {
		text      string
		cols, max int
		want      string
		more      bool
	}{
		{"QUIT", 10, 9, "QUIT", false},
		{"abcdefgh", 3, 9, "abc/def/gh", false},
		{"a\r\nb\r\n\r\nc", 10, 9, "a/b//c", false},
		{"abcdefgh", 3, 2, "abc/def", true},
		{"Ёжик", 2, 9, "Ёж/ик", false},
		{"to whom it goes", 8, 9, "to whom /it goes", false},
		{"to it", 2, 9, "to/it", false},
		{"  a b", 3, 9, "  a/b", false},
		{"mx1.rocket.example", 12, 9, "mx1.rocket./example", false},
		{"go mx1.rocket.example", 12, 9, "go /mx1.rocket./example", false},
		{"one two", 3, 1, "one", true},
	} {
		runs, rows, more := flow([]Token{{Text: c.text}}, c.cols, c.max)
		lines := make([]string, rows)
		for _, r := range runs {
			lines[r.row] += r.text
		}
		if got := strings.Join(lines, "/"); got != c.want || more != c.more {
			t.Errorf("%q in %d columns: %q, %v; want %q, %v", c.text, c.cols, got, more, c.want, c.more)
		}
	}
}

func TestFlowKeepsTokensWhole(t *testing.T) {
	runs, rows, _ := flow([]Token{{Text: "RCPT TO:"}, {Text: "<anna@x>"}}, 12, 9)
	if rows != 2 || len(runs) != 2 || runs[1].row != 1 || runs[1].col != 0 {
		t.Errorf("%+v in %d rows", runs, rows)
	}
}

func TestOnlyNumberedRowsAreHigh(t *testing.T) {
	tokens := []Token{{Text: "250 "}, {Text: "one two", Number: 1}, {Text: "\r\nplain"}}
	runs, rows, _ := flow(tokens, 7, 9)
	room := rowRoom(tokens, runs, rows)
	if len(room) != 3 || room[0] <= room[1] || room[1] <= room[2] || room[2] != 0 {
		t.Errorf("room below the rows %v of %+v", room, runs)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\x00b": "a·b", "a\tb": "a b", "\xff": "\uFFFD", "привет\r\n": "привет\r\n",
	} {
		if got := Printable(in); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}
