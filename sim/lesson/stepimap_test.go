package lesson

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// mirrored is small with IMAP, other steps and other expectations.
func mirrored(steps, expect string) string {
	from, to := strings.Index(small, "steps:"), strings.Index(small, "expect:")
	text := strings.NewReplacer("pop3]", "imap]", "{kind: laptop}", "{kind: laptop, receive: imap}, {kind: browser, receive: imap}").Replace(small[:from]) +
		"steps:" + steps + "\n" + small[to:to+len("expect:")] + expect
	return strings.NewReplacer("LAPTOP", "anna-laptop.alfa.example", "BROWSER", "anna-browser.alfa.example", "ANNA", "anna@alfa.example").Replace(text)
}

const sorting = `
  - send: {device: LAPTOP, to: [ANNA], subject: One, text: Hello, attach: [{name: a.pdf, octets: 900}]}
  - send: {device: LAPTOP, to: [ANNA], subject: Two, text: Hello}
  - send: {device: LAPTOP, to: [ANNA], subject: Three, text: Hello}
  - sync: LAPTOP
  - read: {device: LAPTOP, letter: 1}
  - attachment: {device: LAPTOP, subject: One}
  - flag: {device: LAPTOP, letter: 2, add: ['\Flagged', Work], remove: ['\Answered']}
  - folder: {device: LAPTOP, create: Old/2026}
  - folder: {device: LAPTOP, unsubscribe: Junk}
  - folder: {device: LAPTOP, rename: Old, to: New}
  - move: {device: LAPTOP, letter: 2, to: New/2026}
  - sync: {device: BROWSER, folder: New/2026}
  - read: {device: BROWSER, folder: New/2026, letter: 1}
  - read: {device: LAPTOP, subject: Nine}
  - delete: {device: LAPTOP, letter: 2}
  - quota: LAPTOP
  - search: {device: LAPTOP, from: anna, since: 2026-09-01, before: 2026-09-02, larger: 1000}
  - empty: {device: LAPTOP, folder: Trash}
  - close: LAPTOP`

func TestStepsWithIMAP(t *testing.T) {
	l, err := Parse("sorting.yaml", []byte(mirrored(sorting, `
  - {mailbox: {address: ANNA, letters: 1, unseen: 0}, says: {en: a}}
  - {mailbox: {address: ANNA, letter: L1, flags: ['\Seen']}, says: {en: b}}
  - {mailbox: {address: ANNA, folder: New/2026, letter: L2, flags: [Work, '\Seen', '\Flagged']}, says: {en: c}}
  - {folders: {address: ANNA, names: [INBOX, Archive, Drafts, Junk, New, New/2026, Sent, Trash]}, says: {en: d}}
  - {device: {name: LAPTOP, letters: 2, headers: 1, whole: 1, letter: L1, holds: whole, folder: INBOX, flags: ['\Seen']}, says: {en: e}}
  - {device: {name: BROWSER, letters: 1, headers: 0, text: 0, whole: 0}, says: {en: f}}
  - {bytes: {host: LAPTOP, proto: imap, letter: L2, min: 1, max: 2000}, says: {en: g}}
  - {trips: {host: LAPTOP, proto: imap, with: mail.alfa.example, min: 30, max: 60}, says: {en: h}}
  - {sees: {kind: device, action: search, new: 1}, says: {en: i}}`)))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil || !res.OK() {
		t.Fatalf("%v, %+v", err, res.Checks)
	}
	var did []string
	for seq := 1; seq <= res.Recording.Len(); seq++ {
		if b, ok := res.Recording.At(seq).Body.(*trace.Device); ok && !slices.Contains([]string{"compose", "send", "sent", "poll"}, b.Action) {
			did = append(did, strings.TrimSpace(b.Action+" "+b.Subject+" "+b.Reason))
		}
	}
	want := []string{"listed One", "listed Two", "listed Three", "fetched One", "read One", "marked One", "fetched One", "marked Two", "moved Two",
		"listed Two", "fetched Two", "read Two", "marked Two", "failed Nine no such letter on this device", "moved Three", "search", "gone Three", "closed"}
	if !slices.Equal(did, want) {
		t.Errorf("devices did %q\nwant %q", did, want)
	}
}

// TestWhatIsThereInstead: each expectation tells what it found.
func TestWhatIsThereInstead(t *testing.T) {
	var expect strings.Builder
	var want []string
	for _, tt := range []struct{ what, got string }{
		{"mailbox: {address: ANNA, letters: 2, unseen: 1}", "1 letters, 0 unread"},
		{"mailbox: {address: ANNA, letter: L9}", "no letter L9"},
		{"mailbox: {address: ANNA, folder: No, letters: 0}", "no such mailbox"},
		{"mailbox: {address: eve@alfa.example, letters: 0}", "no such mailbox"},
		{"mailbox: {address: ANNA, letter: L1, flags: []}", `flags [\Seen]`},
		{"folders: {address: ANNA, names: [INBOX]}", "INBOX, Archive, Drafts, Junk, New, New/2026, Sent, Trash"},
		{"folders: {address: eve@alfa.example, names: [INBOX]}", "no such mailbox"},
		{"device: {name: LAPTOP, letters: 1, text: 1}", "2 letters, 0 with the text alone"},
		{"device: {name: LAPTOP, letter: L3}", "no letter L3"},
		{"device: {name: LAPTOP, letter: L1, holds: text}", `it holds "whole" of L1`},
		{"device: {name: LAPTOP, letter: L1, flags: [x]}", `flags [\Seen]`},
		{"bytes: {host: LAPTOP, proto: dns, min: 1}", "0 octets"},
		{"trips: {host: LAPTOP, proto: imap, letter: L9, min: 1}", "0 round trips"},
		{"trips: {host: LAPTOP, with: ns.example, min: 1}", "0 round trips"},
	} {
		fmt.Fprintf(&expect, "\n  - {%s, says: {en: x}}", tt.what)
		want = append(want, tt.got)
	}
	if got := failures(t, mirrored(sorting, expect.String())); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMistakesWithIMAP(t *testing.T) {
	lesson := mirrored("\n  - sync: LAPTOP", "\n  - {device: {name: LAPTOP, letters: 1}, says: {en: x}}")
	var list []mistake
	for _, tt := range []struct{ step, want string }{
		{"sync: eve", `sync: no device "eve"`},
		{"sync: {device: eve}", `sync.device: no device "eve"`},
		{"quota: eve", `quota: no device "eve"`},
		{"close: eve", `close: no device "eve"`},
		{"flag: {device: LAPTOP, letter: 1}", "flag: want add or remove"},
		{"flag: {device: LAPTOP, letter: 1, add: [two words]}", "flag: no flag is called two words"},
		{"flag: {device: LAPTOP, add: [x]}", "flag.letter: letters are counted from 1, got 0"},
		{"read: {device: LAPTOP, letter: 1, subject: x}", "read.subject: want letter or subject, not both"},
		{"move: {device: LAPTOP, letter: 1}", "move.to: want the name of a folder"},
		{"attachment: {device: eve, letter: 1}", `attachment.device: no device "eve"`},
		{"folder: {device: LAPTOP}", "folder: want one of create"},
		{"folder: {device: LAPTOP, create: a, delete: b}", "folder: want one of create"},
		{"folder: {device: LAPTOP, rename: a}", "folder.to: want rename, and to with it"},
		{"empty: {device: LAPTOP}", "empty.folder: want the name of a folder"},
		{"search: {device: LAPTOP, since: May}", "search.since: want a day such as 2026-09-01"},
		{"search: {device: LAPTOP, larger: -1}", "search.larger: want a number of octets"},
		{"send: {device: LAPTOP, to: [ANNA], notify: [never, success]}", `send.notify: want never alone, or some of success, failure, delay; got ["never" "success"]`},
		{"send: {device: LAPTOP, to: [ANNA], attach: [{name: x}]}", "send.attach[0]: want a name, and 1 to 8388608 octets"},
	} {
		step := strings.NewReplacer("LAPTOP", "anna-laptop.alfa.example", "ANNA", "anna@alfa.example").Replace(tt.step)
		list = append(list, mistake{"sync: anna-laptop.alfa.example", step, "small.yaml:13: steps[0]." + tt.want})
	}
	for expect, want := range map[string]string{
		"device: {name: anna-laptop.alfa.example}":            "device: want letters, headers, text, whole or letter",
		"mailbox: {address: anna@alfa.example}":               "mailbox: want letters, unseen or letter",
		"mailbox: {address: anna, letters: 1}":                `mailbox.address: want an address, got "anna"`,
		"folders: {address: anna, names: [INBOX]}":            `folders.address: want an address, got "anna"`,
		"bytes: {host: eve, min: 1}":                          `bytes.host: no host "eve"`,
		"trips: {host: anna-laptop.alfa.example}":             "trips: want min or max",
		"trips: {host: mail.alfa.example, with: eve, min: 1}": `trips.with: no host "eve"`,
		"trips: {host: eve, min: 1}":                          `trips.host: no host "eve"`,
		"bytes: {host: ns.example, proto: dns}":               "bytes: want min or max",
	} {
		list = append(list, mistake{"device: {name: anna-laptop.alfa.example, letters: 1}", expect, "small.yaml:15: expect[0]." + want})
	}
	mistakes(t, lesson, list)
}
