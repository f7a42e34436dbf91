package mailbox

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestUIDsAreNeverGivenTwice(t *testing.T) {
	b := NewStore().Create("anna@romashka.example", 7)
	first, _ := b.Deliver(Message{Letter: "L1"})
	b.Remove([]uint32{first.UID, 99})
	second, count := b.Deliver(Message{Letter: "L2"})
	if second.UID <= first.UID || count != 1 {
		t.Errorf("second letter has UID %d of %d letters, first had %d", second.UID, count, first.UID)
	}
	if got := b.Unique(second); got != "7.2" {
		t.Errorf("Unique = %q", got)
	}
}

func TestMaildropHasOneHolder(t *testing.T) {
	b := NewStore().Create("anna@romashka.example", 1)
	if err := b.LockDrop(); err != nil {
		t.Fatal(err)
	}
	if err := b.LockDrop(); err != ErrLocked {
		t.Errorf("second lock: %v", err)
	}
	b.UnlockDrop()
	if err := b.LockDrop(); err != nil {
		t.Errorf("after unlock: %v", err)
	}
}

func TestAddressesIgnoreCase(t *testing.T) {
	s := NewStore()
	b := s.Create("Anna@Romashka.example", 1)
	if s.Box("anna@romashka.EXAMPLE") != b || s.Create("ANNA@romashka.example", 2) != b || s.Box("boris@romashka.example") != nil {
		t.Error("mailboxes are told apart by capital letters")
	}
}

func TestDeliverFromManyGoroutines(t *testing.T) {
	b := NewStore().Create("anna@romashka.example", 1)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				b.Deliver(Message{})
			}
		})
	}
	wg.Wait()
	for i, m := range b.Messages() {
		if m.UID != uint32(i+1) {
			t.Fatalf("message %d has UID %d", i, m.UID)
		}
	}
}

func TestDeliverToSpecialUse(t *testing.T) {
	box := NewStore().Create("anna@romashka.example", 1)
	for _, tt := range []struct {
		use  string
		want int // in the inbox afterwards
	}{{`\Junk`, 0}, {"", 1}, {`\Flagged`, 2}} {
		if box.DeliverInto(box.FolderFor(tt.use), nil, Message{Data: []byte("x\r\n")}); len(box.Messages()) != tt.want {
			t.Errorf("%q: %d letters in the inbox, want %d", tt.use, len(box.Messages()), tt.want)
		}
	}
	if err := box.Delete("Junk"); err != nil {
		t.Fatal(err)
	}
	if box.DeliverInto(box.FolderFor(`\Junk`), nil, Message{Data: []byte("x\r\n")}); len(box.Messages()) != 3 {
		t.Error("without a folder for it, the letter is lost")
	}
}

func TestDeliverInto(t *testing.T) {
	box := NewStore().Create("anna@romashka.example", 1)
	if err := box.Create("Ёлки/2026", ""); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, folder string
		flags, want  []string
	}{
		{"Ёлки/2026", "Ёлки/2026", []string{"b", `\seen`, "B", `\Recent`}, []string{`\Seen`, "b"}},
		{"inbox", "INBOX", nil, nil},
		{"Nowhere", "", []string{`\Seen`}, []string{`\Seen`}},
		{"Ёлки/2026", "Ёлки/2026", []string{strings.Repeat("x", maxKeyword+1)}, nil},
	} {
		folder, ok := box.Find(tt.name)
		if ok != (tt.folder != "") || ok && folder != tt.folder {
			t.Errorf("%q is %q, %v", tt.name, folder, ok)
		}
		if !ok {
			folder = Inbox
		}
		m, _ := box.DeliverInto(tt.name, tt.flags, Message{Data: []byte("x\r\n")})
		f := box.folders[folder]
		if got := f.messages[f.index(m.UID)].Flags; !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.name, got, tt.want)
		}
	}
}
