package imap

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// lettersOf makes messages of headers, one a line, its fields parted by "|".
// Each is sent a minute after the one before if it does not tell when.
func lettersOf(lines ...string) []placed {
	var msgs []placed
	for i, l := range lines {
		data := strings.ReplaceAll(l, "|", "\r\n") + "\r\n\r\n"
		date := time.Date(2026, 11, 24, 10, i, 0, 0, time.UTC)
		msgs = append(msgs, placed{uint32(i + 1), &Message{UID: uint32(i+1) * 10, Date: date, Data: []byte(data)}})
	}
	return msgs
}

func TestThread(t *testing.T) {
	for _, c := range []struct {
		name            string
		lines           []string
		subject, linked string
	}{
		{"none", nil, "", ""},
		{"apart", []string{"Subject: a", "Subject: b"}, "(1)(2)", "(1)(2)"},
		{"one subject", []string{"Subject: a", "Subject: RE: A", "Subject: b", "Subject: [x] a"}, "(1 (2)(4))(3)", "((1 2)(4))(3)"},
		{"a chain", []string{
			"Message-ID: <1@x>|Subject: a",
			"Message-ID: <2@x>|References: <1@x>|Subject: b",
			"Message-ID: <3@x>|References: <1@x> <2@x>|Subject: c",
		}, "(1)(2)(3)", "(1 2 3)"},
		{"a chain backwards", []string{
			"Message-ID: <3@x>|References: <1@x> <2@x>|Date: 3 Jan 2026 10:00 GMT",
			"Message-ID: <2@x>|References: <1@x>|Date: 2 Jan 2026 10:00 GMT",
			"Message-ID: <1@x>|Date: 1 Jan 2026 10:00 GMT",
		}, "(3 (2)(1))", "(3 2 1)"},
		{"a fork", []string{
			"Message-ID: <1@x>",
			"Message-ID: <2@x>|In-Reply-To: <1@x>",
			"Message-ID: <3@x>|In-Reply-To: text <1@x> <9@x>",
			"Message-ID: <4@x>|In-Reply-To: <2@x>",
		}, "(1 (2)(3)(4))", "(1 (2 4)(3))"},
		{"missing in between", []string{
			"Message-ID: <1@x>|Subject: a",
			"Message-ID: <3@x>|References: <1@x> <2@x>|Subject: b",
		}, "(1)(2)", "(1 2)"},
		{"missing at the top", []string{
			"Message-ID: <2@x>|References: <1@x>|Subject: a",
			"Message-ID: <3@x>|References: <1@x>|Subject: b",
			"Message-ID: <4@x>|References: <5@x>|Subject: c",
		}, "(1)(2)(3)", "((1)(2))(3)"},
		{"a loop", []string{
			"Message-ID: <1@x>|References: <2@x>|Subject: a",
			"Message-ID: <2@x>|References: <1@x>|Subject: b",
			"Message-ID: <3@x>|References: <3@x>|Subject: c",
		}, "(1)(2)(3)", "(2 1)(3)"},
		{"one id twice", []string{
			"Message-ID: <1@x>|Subject: a",
			"Message-ID: <1@x>|Subject: b",
			"Message-ID: <2@x>|References: <1@x>|Subject: c",
		}, "(1)(2)(3)", "(1 3)(2)"},
		{"a reply joins", []string{
			"Subject: Re: a|Message-ID: <1@x>",
			"Subject: a|Message-ID: <2@x>",
			"Subject: Re: a|Message-ID: <3@x>",
		}, "(1 (2)(3))", "(2 (1)(3))"},
		{"replies without what they reply to", []string{
			"Subject: Re: a", "Subject: Re: a", "Subject: Re: a",
		}, "(1 (2)(3))", "((1)(2)(3))"},
		{"missing tops of one subject", []string{
			"Message-ID: <1@x>|References: <8@x>|Subject: a",
			"Message-ID: <2@x>|References: <8@x>|Subject: b",
			"Message-ID: <3@x>|References: <9@x>|Subject: a",
			"Message-ID: <4@x>|References: <9@x>|Subject: c",
			"Subject: Re: a",
		}, "(1 (3)(5))(2)(4)", "((1)(2)(3)(4)(5))"},
	} {
		msgs := lettersOf(c.lines...)
		if got := string(appendThreads(nil, threadBySubject(msgs), false)); got != c.subject {
			t.Errorf("%s: by subject %s, want %s", c.name, got, c.subject)
		}
		if got := string(appendThreads(nil, threadByReferences(msgs), false)); got != c.linked {
			t.Errorf("%s: by references %s, want %s", c.name, got, c.linked)
		}
	}
	if got := string(appendThreads(nil, threadByReferences(lettersOf("Subject: a", "Subject: b")), true)); got != "(10)(20)" {
		t.Error("UIDs:", got)
	}
}

// FuzzThread: whoever refers to whom, each letter is in one thread, once.
func FuzzThread(f *testing.F) {
	f.Add([]byte{0x12, 0x21, 0x33, 0x0f, 0x45})
	f.Fuzz(func(t *testing.T, links []byte) {
		var lines []string
		for i, l := range links[:min(len(links), 200)] {
			lines = append(lines, fmt.Sprintf("Message-ID: <%d@x>|References: <%d@x> <%d@x>|Subject: %s%d",
				i%16, l>>4, l&15, []string{"", "Re: "}[l%2], l%5))
		}
		seen := make(map[uint32]int)
		var count func(nodes []*threadNode)
		count = func(nodes []*threadNode) {
			for _, n := range nodes {
				if seen[n.seq]++; n.seq == 0 && len(n.children) < 2 {
					t.Error("a node without a letter holds nothing together")
				}
				count(n.children)
			}
		}
		for _, threads := range [][]*threadNode{threadByReferences(lettersOf(lines...)), threadBySubject(lettersOf(lines...))} {
			clear(seen)
			count(threads)
			for i := range lines {
				if seen[uint32(i+1)] != 1 {
					t.Fatalf("letter %d is there %d times", i+1, seen[uint32(i+1)])
				}
			}
		}
	})
}

func TestSort(t *testing.T) {
	msgs := lettersOf(
		"Subject: Re: b|From: Zoe <c@x>|To: Группа: a@x;|Date: 3 Jan 2026 10:00 +0500",
		"Subject: [x] A|From: b@x|To: =?utf-8?b?0JDQvdC90LA=?= <z@x>|Date: 3 Jan 2026 06:00 GMT|X: long",
		"Subject: c|From: (Anna) a@x|To: B@x",
	)
	msgs[2].Message.Date = msgs[0].Date.Add(-time.Hour)
	for _, c := range []struct{ keys, want string }{
		{"", "123"},
		{"ARRIVAL", "312"},
		{"reverse ARRIVAL", "213"},
		{"DATE", "123"},
		{"SUBJECT", "213"},
		{"FROM", "321"},
		{"CC", "123"},
		{"TO", "321"},
		{"SIZE", "312"},
		{"DISPLAYFROM", "321"},
		{"DISPLAYTO", "321"},
		{"CC reverse SUBJECT", "312"},
	} {
		var keys []SortKey
		reverse := false
		for _, w := range strings.Fields(c.keys) {
			if w == "reverse" {
				reverse = true
				continue
			}
			by, ok := sortByName(w)
			if !ok || by.String() != w {
				t.Fatal(w)
			}
			keys = append(keys, SortKey{by, reverse})
			reverse = false
		}
		sorted := append([]placed(nil), msgs...)
		sortMessages(sorted, keys)
		got := ""
		for _, m := range sorted {
			got += fmt.Sprint(m.seq)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.keys, got, c.want)
		}
	}
}
