package inspector

import (
	"strings"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// The letter shown is that of the last literal which was one, until the client
// asks for something else.
func TestLetterInLiteral(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Session(stagetest.Ilon, stagetest.MX1, "imap", 143, `
S: * OK ready
C: a1 FETCH 1:2 BODY[]
S: * 1 FETCH (BODY[] {8}
s: A: b\r\n\r\n
S: )
S: * 2 FETCH (BODY[] {8}
s: C: d\r\n
s: \r\n
S: )
S: a1 OK
C: a2 LOGIN {4}
c: ilon
C:  {6+}`)
	show := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range map[int]string{
		3: "", 4: "", 5: "A: b\r\n\r\n", 6: "A: b\r\n\r\n", 7: "", 8: "C: d\r\n", 9: "C: d\r\n\r\n", 11: "C: d\r\n\r\n", 12: "", 13: "",
	} {
		if got := letterSoFar(show, step); got != want {
			t.Errorf("after step %d the letter is %q, want %q", step, got, want)
		}
	}
}

// Whatever a device or a mailbox does, it can be told in both languages.
func TestHappeningsAreTold(t *testing.T) {
	var bodies []trace.Payload
	for _, a := range strings.Fields("compose send sent failed poll nothing listed fetched read marked moved gone search set closed offline online lost") {
		bodies = append(bodies, &trace.Device{Action: a, Folder: "INBOX", UID: "1.7", Subject: "x", Flags: []string{`\Seen`},
			Holds: trace.HoldsText, Size: 3, Bytes: 5, New: 2, Offline: 1, Text: "far"})
	}
	for _, a := range strings.Fields("add remove flags create delete rename subscribe unsubscribe") {
		bodies = append(bodies, &trace.Store{Action: a, Mailbox: "a@x.test", Folder: "Work", UID: "1.7", Bytes: 4, To: "Play", Total: 4, Limit: 9})
	}
	for _, c := range []string{"dnsbl", "spf", "greylist", "dkim", "dmarc", "content", "forged", "filter", "dance"} {
		for _, r := range strings.Fields("pass fail softfail neutral none policy temperror permerror wait removed deliver junk refuse maybe") {
			bodies = append(bodies, &trace.Verdict{Check: c, Result: r, Value: "a@x.test", Identity: "mailfrom", Asked: []string{"TXT x.test"}, Addr: "192.0.2.1", Reason: "so it is"})
		}
	}
	for _, l := range words.Langs {
		for _, body := range bodies {
			e := &trace.Event{From: stagetest.Ilon, Body: body}
			if len(Headline(l, e, nil, "")) == 0 || len(facts(l, e)) == 0 {
				t.Errorf("%s: nothing is told of %+v", l, body)
			}
		}
	}
	e := &trace.Event{Body: &trace.Device{Action: "marked", Folder: "INBOX", UID: "1.7", Flags: []string{`\Seen`, "$lunch"}, Holds: trace.HoldsHeader}}
	told := ""
	for _, f := range facts(words.EN, e) {
		told += f.label + ": " + f.value + "\n"
	}
	for _, want := range []string{"folder: INBOX", "marks: read, $lunch", "only the header"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not among the facts:\n%s", want, told)
		}
	}
}

// A folder that was renamed is listed once, one that was removed not at all.
func TestBoxesFollowFolders(t *testing.T) {
	var h holdings
	for _, b := range []trace.Store{
		{Action: "add", Mailbox: "a@x.test", Folder: "Work", Count: 2},
		{Action: "add", Mailbox: "a@x.test", Folder: "Old", Count: 1},
		{Action: "subscribe", Mailbox: "a@x.test", Folder: "Old"},
		{Action: "rename", Mailbox: "a@x.test", Folder: "Work", To: "Play", Count: 2},
		{Action: "delete", Mailbox: "a@x.test", Folder: "Old"},
	} {
		h.store(&b)
	}
	if len(h.boxes) != 1 || h.boxes[0].Folder != "Play" || h.boxes[0].Count != 2 {
		t.Errorf("mailboxes are %+v", h.boxes)
	}
}
