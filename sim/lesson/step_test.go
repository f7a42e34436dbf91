package lesson

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// played plays small with other steps and without expectations, and tells
// what happened on its laptop: "fetched Hi" and the sums.
func played(t *testing.T, steps string) (did []string, err error) {
	t.Helper()
	from, to := strings.Index(small, "steps:"), strings.Index(small, "narrate:")
	l, err := Parse("steps.yaml", []byte(small[:from]+"steps:"+strings.ReplaceAll(steps, "LAPTOP", "anna-laptop.alfa.example")))
	if err != nil || to < from {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	for seq := 1; seq <= res.Recording.Len(); seq++ {
		switch b := res.Recording.At(seq).Body.(type) {
		case *trace.Device:
			if b.Action != "compose" && b.Action != "send" && b.Action != "sent" {
				did = append(did, fmt.Sprintf("%s %s|%s%s new %d, holds %q %v of %d: %d letters, %d octets, %d offline",
					b.Action, b.Subject, b.Text, b.Reason, b.New, b.Holds, b.Flags, b.Size, b.Count, b.Bytes, b.Offline))
			}
		case *trace.Close:
			if b.Reason != "" {
				did = append(did, "close "+b.Reason)
			}
		}
	}
	return did, err
}

const letters = `
  - send: {device: LAPTOP, to: [anna@alfa.example], subject: Отчёт, text: Проверь третью страницу}
  - send: {device: LAPTOP, to: [anna@alfa.example], subject: Hi, text: Hello}`

func TestStepsOfADevice(t *testing.T) {
	for _, tt := range []struct {
		name, steps string
		want        []string // with the sizes of the letters as A and B
	}{
		{"read, search and delete", letters + `
  - poll: LAPTOP
  - read: {device: LAPTOP, letter: 1}
  - search: {device: LAPTOP, text: СТРАНИЦУ}
  - delete: {device: LAPTOP, letter: 1}
  - search: {device: LAPTOP, text: отчёт}
  - poll: LAPTOP`, []string{
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`fetched Отчёт| new 1, holds "whole" [] of A: 1 letters, A octets, 1 offline`,
			`fetched Hi| new 2, holds "whole" [] of B: 2 letters, AB octets, 2 offline`,
			`read Отчёт|Проверь третью страницу
 new 0, holds "whole" [\Seen] of A: 2 letters, AB octets, 2 offline`,
			`search |СТРАНИЦУ new 1, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`gone Отчёт| new 0, holds "" [\Seen] of A: 1 letters, B octets, 1 offline`,
			`search |отчёт new 0, holds "" [] of 0: 1 letters, B octets, 1 offline`,
			`poll | new 0, holds "" [] of 0: 1 letters, B octets, 1 offline`,
			`nothing | new 0, holds "" [] of 0: 1 letters, B octets, 1 offline`,
		}},
		{"what was deleted on the device does not come again", letters + `
  - set: {device: LAPTOP, leave_copies: true, delete_after: 240h}
  - poll: LAPTOP
  - delete: {device: LAPTOP, letter: 2}
  - poll: LAPTOP`, []string{
			"set |leave_copies: true\ndelete_after: 240h" + ` new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`fetched Отчёт| new 1, holds "whole" [] of A: 1 letters, A octets, 1 offline`,
			`fetched Hi| new 2, holds "whole" [] of B: 2 letters, AB octets, 2 offline`,
			`gone Hi| new 0, holds "" [] of B: 1 letters, A octets, 1 offline`,
			`poll | new 0, holds "" [] of 0: 1 letters, A octets, 1 offline`,
			`nothing | new 0, holds "" [] of 0: 1 letters, A octets, 1 offline`,
		}},
		{"no network", letters + `
  - poll: LAPTOP
  - offline: LAPTOP
  - poll: LAPTOP
  - read: {device: LAPTOP, letter: 2}
  - online: LAPTOP
  - poll: LAPTOP
  - lose: LAPTOP`, []string{
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`fetched Отчёт| new 1, holds "whole" [] of A: 1 letters, A octets, 1 offline`,
			`fetched Hi| new 2, holds "whole" [] of B: 2 letters, AB octets, 2 offline`,
			`offline | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`poll | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`failed |no network new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			"read Hi|Hello\n" + ` new 0, holds "whole" [\Seen] of B: 2 letters, AB octets, 2 offline`,
			`online | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`poll | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`nothing | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`lost | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
		}},
		{"cut off before QUIT", letters + `
  - poll: {device: LAPTOP, cut: {after: "DELE 2"}}
  - poll: LAPTOP`, []string{
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`fetched Отчёт| new 1, holds "whole" [] of A: 1 letters, A octets, 1 offline`,
			`fetched Hi| new 2, holds "whole" [] of B: 2 letters, AB octets, 2 offline`,
			`close connection lost`,
			`failed |send QUIT: connection lost new 2, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`poll | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
			`nothing | new 0, holds "" [] of 0: 2 letters, AB octets, 2 offline`,
		}},
		{"cut off in a letter", letters + `
  - poll: {device: LAPTOP, cut: {bytes: 500}}
  - poll: LAPTOP`, []string{
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`close connection lost`,
			`failed |read reply to RETR 1: connection lost new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`poll | new 0, holds "" [] of 0: 0 letters, 0 octets, 0 offline`,
			`fetched Отчёт| new 1, holds "whole" [] of A: 1 letters, A octets, 1 offline`,
			`fetched Hi| new 2, holds "whole" [] of B: 2 letters, AB octets, 2 offline`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			did, err := played(t, tt.steps)
			if err != nil {
				t.Fatal(err)
			}
			sizes := strings.NewReplacer("of A", fmt.Sprint("of ", first), "of B", fmt.Sprint("of ", second), "AB oct", fmt.Sprint(first+second, " oct"),
				"A oct", fmt.Sprint(first, " oct"), "B oct", fmt.Sprint(second, " oct"))
			for i, w := range tt.want {
				tt.want[i] = sizes.Replace(w)
			}
			if !slices.Equal(did, tt.want) {
				t.Errorf("it did\n%s\nwant\n%s", strings.Join(did, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestASenderIsToldWhatWasAskedFor(t *testing.T) {
	for notify, want := range map[string]int{"": 1, ", notify: [success, delay]": 2, ", notify: [never]": 1} {
		did, err := played(t, `
  - send: {device: LAPTOP, to: [anna@alfa.example], subject: Hi, text: Hello`+notify+`}
  - poll: LAPTOP`)
		if n := strings.Count(strings.Join(did, "\n"), "fetched "); err != nil || n != want {
			t.Errorf("%q: %d letters, want %d: %v", notify, n, want, err)
		}
	}
}

// Octets of the two letters as they are stored.
const first, second = 556, 477

func TestStepsThatCannotBe(t *testing.T) {
	for steps, want := range map[string]string{
		"\n  - delete: {device: LAPTOP, letter: 1}":                                    "lesson small: steps[0]: no such letter on this device",
		"\n  - read: {device: LAPTOP, letter: 1}":                                      "lesson small: steps[0]: no such letter on this device",
		letters + "\n  - poll: {device: LAPTOP, cut: {after: TOP}}":                    "lesson small: steps[2]: poll.cut: the conversation ended before it came there",
		letters + "\n  - offline: LAPTOP\n  - poll: {device: LAPTOP, cut: {bytes: 9}}": "lesson small: steps[3]: poll.cut: the conversation ended before it came there",
	} {
		if _, err := played(t, steps); err == nil || err.Error() != want {
			t.Errorf("%s: %v", steps, err)
		}
	}
}
