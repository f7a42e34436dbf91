package imap

import (
	"slices"
	"testing"
	"time"
)

// someNumbers is a NumberSet.
type someNumbers []uint32

func (s someNumbers) Contains(n uint32) bool { return slices.Contains(s, n) }

func TestMatch(t *testing.T) {
	msgs := lettersOf(
		"From: =?utf-8?b?0JDQvdC90LA=?= <anna@x>|Date: Mon, 23 Nov 2026 23:30:00 -0800|Subject: one|Cc: c@x",
		"From: boris@y|Subject: two|Content-Type: text/plain; charset=koi8-r||\xf0\xd2\xc9\xd7\xc5\xd4",
		"From: carol@z|Date: Wed, 25 Nov 2026 00:30:00 +0300|Subject: three three",
	)
	msgs[0].Flags, msgs[0].ModSeq = []string{`\Seen`, "Work"}, 5
	msgs[1].ModSeq = 7
	msgs[2].Message.Date = time.Date(2026, 11, 25, 1, 0, 0, 0, time.FixedZone("", 3*3600)) // still the 24th in UTC
	s := searcher{
		now:    time.Date(2026, 11, 24, 10, 10, 0, 0, time.UTC),
		recent: func(uid uint32) bool { return uid == 20 },
	}
	at := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	seen := SearchKey{Op: SearchFlag, Flag: `\seen`}
	subject := func(text string) SearchKey { return SearchKey{Op: SearchHeader, Field: "SUBJECT", Text: text} }
	for _, c := range []struct {
		name string
		key  SearchKey
		want string
	}{
		{"ALL", SearchKey{}, "123"},
		{"SEEN", seen, "1"},
		{"UNSEEN", SearchKey{Op: SearchNot, Keys: []SearchKey{seen}}, "23"},
		{"KEYWORD work", SearchKey{Op: SearchFlag, Flag: "work"}, "1"},
		{"RECENT", SearchKey{Op: SearchRecent}, "2"},
		{"1,3", SearchKey{Op: SearchSeq, Set: someNumbers{1, 3}}, "13"},
		{"UID 30", SearchKey{Op: SearchUID, Set: someNumbers{30}}, "3"},
		{"MODSEQ 7", SearchKey{Op: SearchModSeq, Number: 7}, "2"},
		{"OR", SearchKey{Op: SearchOr, Keys: []SearchKey{subject("TWO"), seen}}, "12"},
		{"AND", SearchKey{Keys: []SearchKey{subject("o"), {Op: SearchNot, Keys: []SearchKey{seen}}}}, "2"},
		{"LARGER", SearchKey{Op: SearchLarger, Number: uint64(len(msgs[1].Data))}, "1"},
		{"SMALLER", SearchKey{Op: SearchSmaller, Number: uint64(len(msgs[1].Data))}, "3"},
		{"SMALLER 0", SearchKey{Op: SearchSmaller}, ""},
		{"BEFORE", SearchKey{Op: SearchBefore, Date: at(25)}, "12"},
		{"ON", SearchKey{Op: SearchOn, Date: at(25)}, "3"},
		{"SINCE", SearchKey{Op: SearchSince, Date: at(24)}, "123"},
		{"SENTBEFORE", SearchKey{Op: SearchSentBefore, Date: at(24)}, "1"},
		{"SENTON", SearchKey{Op: SearchSentOn, Date: at(23)}, "1"},
		{"SENTSINCE", SearchKey{Op: SearchSentSince, Date: at(24)}, "3"},
		{"OLDER 600", SearchKey{Op: SearchOlder, Number: 600}, "1"},
		{"YOUNGER 599", SearchKey{Op: SearchYounger, Number: 599}, "23"},
		{"YOUNGER 2^64-1", SearchKey{Op: SearchYounger, Number: 1<<64 - 1}, "123"},
		{"FROM", SearchKey{Op: SearchHeader, Field: "From", Text: "АННА"}, "1"},
		{"HEADER CC", SearchKey{Op: SearchHeader, Field: "cc"}, "1"},
		{"BODY", SearchKey{Op: SearchBody, Text: "привет"}, "2"},
		{"TEXT", SearchKey{Op: SearchText, Text: "three T"}, "3"},
		{"TEXT in both", SearchKey{Op: SearchText, Text: "ПРИВЕТ"}, "2"},
	} {
		match := s.matcher(c.key)
		got := ""
		for _, m := range msgs {
			if match(m) {
				got += string(rune('0' + m.seq))
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if !searchCharset("utf-8") || searchCharset("koi8-r") {
		t.Error("charsets")
	}
}
