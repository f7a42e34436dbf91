package mailbox

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"mailscope/protocol/imap"
)

// filled is a box with n letters in its inbox.
func filled(t testing.TB, n int) (*Box, *Folder) {
	t.Helper()
	b := NewStore().Create("anna@romashka.example", 7)
	for i := range n {
		b.Deliver(Message{Letter: fmt.Sprint("L", i+1), Data: []byte("Subject: a\r\n\r\n")})
	}
	return b, b.inbox()
}

func open(t testing.TB, b *Box, name string) imap.Mailbox {
	t.Helper()
	f, err := b.Open(name)
	if err != nil {
		t.Fatalf("open %q: %v", name, err)
	}
	return f
}

func TestRemovalByPOP3IsSeenBySessionsOfIMAP(t *testing.T) {
	b, f := filled(t, 3)
	drop := b.Messages()
	_, modseq := f.UIDs()
	b.Remove([]uint32{2})
	changed, gone, now, complete := f.Since(modseq)
	if len(changed) != 0 || !slices.Equal(gone, []uint32{2}) || now != modseq+1 || !complete {
		t.Errorf("since %d: changed %v, gone %v, now %d, complete %v", modseq, changed, gone, now, complete)
	}
	if string(drop[1].Data) != "Subject: a\r\n\r\n" {
		t.Error("the maildrop of an open POP3 session lost a letter")
	}
}

func TestWatchersAreToldInTheOrderInWhichTheyCame(t *testing.T) {
	b, f := filled(t, 0)
	var told []int
	var stops []func()
	for i := range 5 {
		stops = append(stops, f.Watch(func() { told = append(told, i) }))
	}
	stops[1]()
	stops[1]()
	b.Deliver(Message{})
	if want := []int{0, 2, 3, 4}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func TestRecentIsClaimedOnce(t *testing.T) {
	b, f := filled(t, 2)
	first, again := f.Recent(), f.Recent()
	b.Deliver(Message{})
	if later := f.Recent(); !slices.Equal(first, []uint32{1, 2}) || len(again) != 0 || !slices.Equal(later, []uint32{3}) {
		t.Errorf("claimed %v, then %v, then %v", first, again, later)
	}
}

func TestFlagsChangedMeanwhileAreLeftAlone(t *testing.T) {
	_, f := filled(t, 3)
	_, modseq := f.UIDs()
	set := func(uids []uint32, since uint64, flags ...string) []uint32 {
		t.Helper()
		_, modified, err := f.SetFlags(uids, imap.AddFlags, flags, since)
		if err != nil {
			t.Fatal(err)
		}
		return modified
	}
	set([]uint32{2}, imap.NoModSeq, `\flagged`)
	if modified := set([]uint32{1, 2, 3}, modseq, `\Seen`, "$Todo"); !slices.Equal(modified, []uint32{2}) {
		t.Errorf("modified %v", modified)
	}
	for uid, want := range map[uint32][]string{1: {"$Todo", `\Seen`}, 2: {`\Flagged`}, 3: {"$Todo", `\Seen`}} {
		if got := f.Message(uid).Flags; !slices.Equal(got, want) {
			t.Errorf("letter %d has %q, want %q", uid, got, want)
		}
	}
}

func TestSubscriptionsOutliveTheirMailbox(t *testing.T) {
	b, _ := filled(t, 0)
	for _, err := range []error{b.Create("Архив/2026", ""), b.Subscribe("Архив/2026", true), b.Delete("Архив/2026")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []imap.MailboxInfo{{Name: "Архив"}, {Name: "Архив/2026", Gone: true, Subscribed: true}}
	if got := b.Mailboxes(); !slices.Equal(got[len(got)-2:], want) {
		t.Errorf("listed %+v, want %+v at the end", got, want)
	}
}

func TestANewBoxHasAFolderForEachUse(t *testing.T) {
	b, _ := filled(t, 0)
	want := []imap.MailboxInfo{{Name: Inbox, Subscribed: true}}
	for _, name := range []string{"Archive", "Drafts", "Junk", "Sent", "Trash"} {
		want = append(want, imap.MailboxInfo{Name: name, Use: `\` + name, Subscribed: true})
	}
	if got := b.Mailboxes(); !slices.Equal(got, want) {
		t.Errorf("listed %+v, want %+v", got, want)
	}
}

func TestRenamingTheInboxMovesItsLetters(t *testing.T) {
	b, f := filled(t, 2)
	if err := b.Rename("inbox", "Old"); err != nil {
		t.Fatal(err)
	}
	if in, out := f.Status(), open(t, b, "Old").Status(); in.Messages != 0 || in.UIDNext != 3 || out.Messages != 2 {
		t.Errorf("the inbox has %+v, the new folder %+v", in, out)
	}
}

// A name, a UIDVALIDITY and a UID never stand for two letters (RFC 3501
// §2.3.1.1), however folders come and go.
func TestNoNameHasAUIDValidityTwice(t *testing.T) {
	b, _ := filled(t, 0)
	had := map[string]bool{}
	for i := range 40 {
		for _, act := range []func() error{
			func() error { return b.Create("A", "") },
			func() error { return b.Create("B", "") },
			func() error { return b.Delete("A") },
			func() error { return b.Rename("B", "A") },
		} {
			if err := act(); err != nil {
				t.Fatal(err)
			}
		}
		key := fmt.Sprint("A ", open(t, b, "A").Status().UIDValidity)
		if had[key] {
			t.Fatalf("round %d: %s again", i, key)
		}
		had[key] = true
		if err := b.Rename("A", fmt.Sprint("C", i)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCopyRefusedForKeywordsTeachesNone(t *testing.T) {
	b, f := filled(t, 2)
	if err := b.Create("Full", ""); err != nil {
		t.Fatal(err)
	}
	full := b.folders["Full"]
	for i := range maxKeywords - 1 {
		full.keywords[fmt.Sprint("k", i)] = fmt.Sprint("k", i)
	}
	for uid, flag := range map[uint32]string{1: "one", 2: "two"} {
		if _, _, err := f.SetFlags([]uint32{uid}, imap.AddFlags, []string{flag}, imap.NoModSeq); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := f.Copy([]uint32{1, 2}, "Full")
	if !errors.Is(err, imap.ErrLimit) || len(full.keywords) != maxKeywords-1 || full.Status().Messages != 0 {
		t.Errorf("%v; %d keywords, %d letters", err, len(full.keywords), full.Status().Messages)
	}
}

// A client that is told to create the target first would copy in vain again.
func TestADeletedFolderHasNothingToCopy(t *testing.T) {
	b, _ := filled(t, 0)
	f := open(t, b, "Archive")
	if _, err := b.Append("Archive", []byte("Subject: a\r\n\r\n"), nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := b.Delete("Archive"); err != nil {
		t.Fatal(err)
	}
	for _, transfer := range []func([]uint32, string) ([]uint32, []imap.UID, error){f.Copy, f.Move} {
		if from, to, err := transfer([]uint32{1}, Inbox); len(from)+len(to) > 0 || err != nil {
			t.Errorf("%v to %v, %v", from, to, err)
		}
	}
}

func TestOldRemovalsAreForgotten(t *testing.T) {
	b, f := filled(t, 2*maxGone+4)
	uids, modseq := f.UIDs()
	b.Remove(uids[:2])
	b.Remove(uids[2 : 2*maxGone+1])
	for _, uid := range uids[2*maxGone+1:] {
		b.Remove([]uint32{uid})
	}
	if _, gone, _, complete := f.Since(modseq); complete || gone != nil || len(f.gone) > 2*maxGone {
		t.Errorf("complete %v with %d gone, %d remembered", complete, len(gone), len(f.gone))
	}
	_, gone, _, complete := f.Since(f.modseq - 3)
	if !complete || len(gone) != 3 {
		t.Errorf("lately: complete %v with %v gone", complete, gone)
	}
}

// BenchmarkLetter reports what a stored letter costs beyond its octets; the
// letters share theirs.
func BenchmarkLetter(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	box, _ := filled(b, 0)
	data := []byte("Subject: a\r\n\r\n")
	for b.Loop() {
		box.Deliver(Message{Letter: "L1", Date: time.Unix(0, 0), Data: data})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(box.inbox().uids)), "B/letter")
	runtime.KeepAlive(box)
}

// BenchmarkSelect is what a session takes from a folder when it opens it.
func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{0, 100_000} {
		b.Run(fmt.Sprint("letters-", n), func(b *testing.B) {
			_, f := filled(b, n)
			for b.Loop() {
				f.UIDs()
				f.Status()
				f.Recent()
			}
		})
	}
}
