package mailbox

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"mailscope/protocol/imap"
)

// view is what a session knows of a folder, brought up to date by Since alone.
type view struct {
	modseq uint64
	flags  map[uint32][]string
}

func (v *view) follow(t *testing.T, f *Folder) {
	changed, gone, now, complete := f.Since(v.modseq)
	if !complete || now < v.modseq {
		t.Errorf("Since(%d): complete %t, up to %d", v.modseq, complete, now)
	}
	for _, m := range changed {
		v.flags[m.UID] = m.Flags
	}
	for _, uid := range gone {
		delete(v.flags, uid)
	}
	v.modseq = now
}

// TestSessionsAgree lets several goroutines change a box while others follow.
func TestSessionsAgree(t *testing.T) {
	b := newBox("anna@romashka.example", 1)
	inbox, archive := b.folders[Inbox], b.folders["Archive"]
	views := make([]view, 4)
	var wg sync.WaitGroup
	for n := range views {
		views[n].flags = map[uint32][]string{}
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			for range 400 {
				uids, _ := inbox.UIDs()
				if !slices.IsSorted(uids) {
					t.Error("UIDs do not rise")
				}
				some := slices.DeleteFunc(uids, func(uint32) bool { return r.IntN(8) > 0 })
				switch r.IntN(7) {
				case 0, 1, 2:
					b.Deliver(Message{Data: []byte("x\r\n")})
				case 3:
					inbox.SetFlags(some, imap.FlagOp(r.IntN(3)), []string{seen, deleted, "Work"}[r.IntN(3):], imap.NoModSeq)
				case 4:
					inbox.Expunge(nil)
				case 5:
					inbox.Move(some, "Archive")
				case 6:
					archive.Copy(some, Inbox)
				}
				views[n].follow(t, inbox)
			}
		})
	}
	wg.Wait()
	for n := range views {
		views[n].follow(t, inbox)
		uids, modseq := inbox.UIDs()
		if len(uids) != len(views[n].flags) || modseq != views[n].modseq {
			t.Fatalf("view %d has %d letters, the folder %d", n, len(views[n].flags), len(uids))
		}
		unseen := 0
		for _, uid := range uids {
			m := inbox.Message(uid)
			if got, ok := views[n].flags[uid]; !ok || !slices.Equal(got, m.Flags) {
				t.Fatalf("view %d has %v of letter %d, the folder %v", n, got, uid, m.Flags)
			}
			if !has(m, seen) {
				unseen++
			}
		}
		if s := inbox.Status(); s.Unseen != unseen || s.Messages != len(uids) || s.Messages == 0 {
			t.Fatalf("Status = %+v with %d letters, %d unseen", s, len(uids), unseen)
		}
	}
	if q := b.Quota(); q.Messages != len(inbox.uids)+len(archive.uids) || q.Storage != int64(3*q.Messages) {
		t.Errorf("Quota = %+v", q)
	}
}

func TestKeywordsHaveALimit(t *testing.T) {
	b := newBox("anna@romashka.example", 1)
	many := make([]string, maxKeywords+1)
	for i := range many {
		many[i] = "k" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
	}
	if _, err := b.Append(Inbox, nil, many, time.Time{}); err != imap.ErrLimit {
		t.Errorf("Append with %d keywords: %v", len(many), err)
	}
	if s := b.inbox().Status(); len(s.Keywords) != 0 || s.Messages != 0 {
		t.Errorf("a refused letter left %d keywords", len(s.Keywords))
	}
}

func TestFoldersAndQuota(t *testing.T) {
	b := newBox("anna@romashka.example", 1)
	b.Create("a/b", "")
	open, err := b.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want error
	}{
		{"delete a parent", b.Delete("a"), nil},
		{"delete a name", b.Delete("a"), imap.ErrCannot},
		{"create INBOX", b.Create("inbox", ""), imap.ErrExists},
		{"delete INBOX", b.Delete("Inbox"), imap.ErrCannot},
		{"empty level", b.Create("x//y", ""), imap.ErrCannot},
		{"control", b.Create("x\x00", ""), imap.ErrCannot},
		{"rename a parent", b.Rename("a", "c"), nil},
		{"rename below itself", b.Rename("c", "c/d"), imap.ErrCannot},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	if _, err := b.Open("c/b"); err != nil {
		t.Errorf("c/b: %v", err)
	}
	if _, _, err := open.SetFlags(nil, imap.AddFlags, nil, imap.NoModSeq); err != imap.ErrNoMailbox {
		t.Errorf("the deleted folder takes flags: %v", err)
	}
	b.SetLimit(Limit{Octets: 10})
	if err := b.Room(11); err != imap.ErrLimit {
		t.Errorf("Room(11) = %v", err)
	}
	b.Deliver(Message{Data: make([]byte, 8)})
	if err := b.Room(3); err != imap.ErrOverQuota {
		t.Errorf("Room(3) = %v", err)
	}
	if err := b.Room(2); err != nil {
		t.Errorf("Room(2) = %v", err)
	}
}
