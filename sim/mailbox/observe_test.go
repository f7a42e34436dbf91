package mailbox

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mailscope/protocol/imap"
)

// told has every change of a store told as one line: what, where, which
// letter, and the sums afterwards.
func told(s *Store) *[]string {
	var list []string
	s.Observe(func(c Change) {
		folder := c.Folder
		if c.To != "" {
			folder += " → " + c.To
		}
		list = append(list, fmt.Sprintf("%s %s %s %s %d %v: %d letters, %d of %d octets",
			c.Action, folder, c.UID, c.Letter, c.Octets, c.Flags, c.Count, c.Total, c.Limit))
	})
	return &list
}

func TestEveryChangeIsToldInOrder(t *testing.T) {
	s := NewStore()
	b := s.Create("anna@romashka.example", 7)
	b.SetLimit(Limit{Octets: 100})
	inbox := b.inbox()
	list := told(s)
	for _, tt := range []struct {
		what string
		do   func() error
		want []string
	}{
		{"delivery", func() error { b.Deliver(Message{Letter: "L1", Data: make([]byte, 10)}); return nil },
			[]string{"add INBOX 7.1 L1 10 []: 1 letters, 10 of 100 octets"}},
		{"create", func() error { return b.Create("Work/Old", "") },
			[]string{"create Work   0 []: 0 letters, 10 of 100 octets", "create Work/Old   0 []: 0 letters, 10 of 100 octets"}},
		{"append", func() error { _, err := b.Append("Work", make([]byte, 5), []string{`\seen`}, time.Time{}); return err },
			[]string{`add Work 13.1  5 [\Seen]: 1 letters, 15 of 100 octets`}},
		{"flags", func() error {
			_, _, err := inbox.SetFlags([]uint32{1}, imap.AddFlags, []string{"Todo"}, imap.NoModSeq)
			return err
		},
			[]string{"flags INBOX 7.1 L1 10 [Todo]: 1 letters, 15 of 100 octets"}},
		{"the same flags", func() error {
			_, _, err := inbox.SetFlags([]uint32{1}, imap.AddFlags, []string{"todo"}, imap.NoModSeq)
			return err
		}, nil},
		{"copy", func() error { _, _, err := inbox.Copy([]uint32{1}, "Work"); return err },
			[]string{"add Work 13.2 L1 10 [Todo]: 2 letters, 25 of 100 octets"}},
		{"move", func() error { _, _, err := b.folders["Work"].Move([]uint32{1, 2}, "Work/Old"); return err },
			[]string{`add Work/Old 14.1  5 [\Seen]: 1 letters, 25 of 100 octets`, "add Work/Old 14.2 L1 10 [Todo]: 2 letters, 25 of 100 octets",
				"remove Work 13.1  5 []: 1 letters, 25 of 100 octets", "remove Work 13.2 L1 10 []: 0 letters, 25 of 100 octets"}},
		{"rename", func() error { return b.Rename("Work", "Done") },
			[]string{"rename Work → Done   0 []: 0 letters, 25 of 100 octets", "rename Work/Old → Done/Old   0 []: 2 letters, 25 of 100 octets"}},
		{"subscribe", func() error { return b.Subscribe("Done/Old", true) },
			[]string{"subscribe Done/Old   0 []: 2 letters, 25 of 100 octets"}},
		{"subscribe again", func() error { return b.Subscribe("Done/Old", true) }, nil},
		{"unsubscribe", func() error { return b.Subscribe("Done/Old", false) },
			[]string{"unsubscribe Done/Old   0 []: 2 letters, 25 of 100 octets"}},
		{"delete", func() error { return b.Delete("Done/Old") },
			[]string{"remove Done/Old 14.1  5 []: 1 letters, 20 of 100 octets", "remove Done/Old 14.2 L1 10 []: 0 letters, 10 of 100 octets",
				"delete Done/Old   0 []: 0 letters, 10 of 100 octets"}},
		{"expunge", func() error {
			if _, _, err := inbox.SetFlags([]uint32{1}, imap.SetFlags, []string{deleted}, imap.NoModSeq); err != nil {
				return err
			}
			return inbox.Expunge(nil)
		}, []string{`flags INBOX 7.1 L1 10 [\Deleted]: 1 letters, 10 of 100 octets`, "remove INBOX 7.1 L1 10 []: 0 letters, 0 of 100 octets"}},
		{"removal by POP3", func() error {
			b.Deliver(Message{Letter: "L2", Data: make([]byte, 1)})
			b.Remove([]uint32{2})
			return nil
		}, []string{"add INBOX 7.2 L2 1 []: 1 letters, 1 of 100 octets", "remove INBOX 7.2 L2 1 []: 0 letters, 0 of 100 octets"}},
		{"refused", func() error {
			if b.Create("Done", "") == nil || b.Delete(Inbox) == nil {
				t.Error("not refused")
			}
			return nil
		}, nil},
	} {
		*list = nil
		if err := tt.do(); err != nil {
			t.Fatalf("%s: %v", tt.what, err)
		}
		if !slices.Equal(*list, tt.want) {
			t.Errorf("%s: told %q\nwant %q", tt.what, *list, tt.want)
		}
	}
}

func TestBoxesMadeLaterAreObserved(t *testing.T) {
	s := NewStore()
	list := told(s)
	s.Create("anna@romashka.example", 7).Deliver(Message{})
	if len(*list) != 1 {
		t.Errorf("told %q", *list)
	}
}
