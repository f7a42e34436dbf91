package imap

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

func TestAppend(t *testing.T) {
	long := "Subject: long\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 20_000)
	for name, c := range map[string]struct {
		letter string
		o      *goimap.AppendOptions
		flags  []goimap.Flag
		date   time.Time
	}{
		"plain": {"Subject: a\r\n\r\na\r\n", nil, []goimap.Flag{`\Recent`}, time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)},
		"flags and date": {"Subject: a\r\n\r\na\r\n", &goimap.AppendOptions{Flags: []goimap.Flag{goimap.FlagSeen, "$Work"},
			Time: time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", -4*3600))},
			[]goimap.Flag{"$Work", `\Seen`, `\Recent`}, time.Date(2020, 1, 2, 7, 4, 5, 0, time.UTC)},
		"8bit": {"Subject: Привет\r\n\r\n\xff\xfe\r\n", nil, []goimap.Flag{`\Recent`}, time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)},
		"long": {long, nil, []goimap.Flag{`\Recent`}, time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)},
	} {
		for _, offer := range []Offer{Full(), Full().Without("LITERAL+"), Full().Without("LITERAL+", "LITERAL-")} {
			t.Run(name, func(t *testing.T) {
				s := serveMemory(t, func(s *Server) { s.Offer = offer })
				client := s.signIn(t, nil)
				same(t, "append", got(t)(appended(client, "INBOX", c.letter, c.o)), &goimap.AppendData{UID: 1, UIDValidity: 1})
				got(t)(client.Select("INBOX", nil).Wait())
				m := got(t)(client.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{Flags: true, InternalDate: true, RFC822Size: true,
					BodySection: []*goimap.FetchItemBodySection{{Peek: true}}}).Collect()).([]*imapclient.FetchMessageBuffer)[0]
				same(t, "flags", m.Flags, c.flags)
				same(t, "size", m.RFC822Size, int64(len(c.letter)))
				if string(m.BodySection[0].Bytes) != c.letter {
					t.Error("the letter came back changed")
				}
				if !m.InternalDate.Equal(c.date) {
					t.Errorf("date %v, want %v", m.InternalDate, c.date)
				}
			})
		}
	}
}

func TestAppendRefused(t *testing.T) {
	for _, offer := range []Offer{Full(), Full().Without("LITERAL+")} {
		s := serveMemory(t, func(s *Server) { s.Offer, s.MaxSize = offer, 10_000 })
		c := s.signIn(t, nil)
		_, err := appended(c, "nowhere", "Subject: a\r\n\r\n", nil)
		refused(t, err, goimap.ResponseCodeTryCreate)
		_, err = appended(c, "INBOX", strings.Repeat("x", 10_001), nil)
		refused(t, err, goimap.ResponseCodeTooBig)
		// After that, go-imap's client hangs up.
		got(t)(appended(s.signIn(t, nil), "INBOX", strings.Repeat("x", 10_000), nil))
	}
}

func TestStore(t *testing.T) {
	for name, c := range map[string]struct {
		store goimap.StoreFlags
		want  []goimap.Flag
	}{
		"add":         {goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagSeen, "$work"}}, []goimap.Flag{"$Work", `\Flagged`, `\Seen`}},
		"remove":      {goimap.StoreFlags{Op: goimap.StoreFlagsDel, Flags: []goimap.Flag{goimap.FlagFlagged, "$never"}}, []goimap.Flag{"$Work"}},
		"set":         {goimap.StoreFlags{Op: goimap.StoreFlagsSet, Flags: []goimap.Flag{goimap.FlagDraft}}, []goimap.Flag{`\Draft`}},
		"set to none": {goimap.StoreFlags{Op: goimap.StoreFlagsSet}, nil},
	} {
		for _, silent := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", silent), func(t *testing.T) {
				s := serveMemory(t)
				s.fill(t, inbox, "Subject: a\n\na\n", "Subject: b\n\nb\n")
				box, _ := s.memory["ana"].Open(inbox)
				box.Recent()
				box.SetFlags([]uint32{2}, SetFlags, []string{Flagged, "$Work"}, NoModSeq)
				client := s.open(t, "INBOX", nil)
				c.store.Silent = silent
				told := got(t)(client.Store(goimap.UIDSetNum(2, 77), &c.store, nil).Collect()).([]*imapclient.FetchMessageBuffer)
				if silent {
					same(t, "told", len(told), 0)
				} else {
					same(t, "told", *told[0], imapclient.FetchMessageBuffer{SeqNum: 2, UID: 2, Flags: c.want})
				}
				m := got(t)(client.Fetch(goimap.SeqSetNum(2), &goimap.FetchOptions{Flags: true}).Collect()).([]*imapclient.FetchMessageBuffer)[0]
				same(t, "flags", m.Flags, c.want)
			})
		}
	}
}

func TestStoreUnchangedSince(t *testing.T) {
	s := serveMemory(t)
	s.fill(t, inbox, "Subject: a\n\na\n", "Subject: b\n\nb\n")
	c := s.signIn(t, nil)
	state := got(t)(c.Select("INBOX", &goimap.SelectOptions{CondStore: true}).Wait()).(*goimap.SelectData)
	other := s.open(t, "INBOX", nil)
	must(t, other.Store(goimap.SeqSetNum(2), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{"$Other"}}, nil).Close())
	told := got(t)(c.Store(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagSeen}},
		&goimap.StoreOptions{UnchangedSince: state.HighestModSeq}).Collect()).([]*imapclient.FetchMessageBuffer)
	same(t, "told", *told[0], imapclient.FetchMessageBuffer{SeqNum: 1, ModSeq: state.HighestModSeq + 2})
	list := got(t)(c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{Flags: true}).Collect()).([]*imapclient.FetchMessageBuffer)
	same(t, "first", list[0].Flags, []goimap.Flag{`\Seen`, `\Recent`})
	same(t, "second", list[1].Flags, []goimap.Flag{"$Other", `\Recent`})
}

func TestCopyMoveExpunge(t *testing.T) {
	s := serveMemory(t)
	must(t, s.memory["ana"].Create("Архив", ""))
	s.fill(t, inbox, "Subject: 1\n\n", "Subject: 2\n\n", "Subject: 3\n\n", "Subject: 4\n\n", "Subject: 5\n\n", "Subject: 6\n\n")
	c := s.open(t, "INBOX", nil)
	same(t, "copy", got(t)(c.Copy(goimap.UIDSetNum(1, 3, 99), "Архив").Wait()),
		&goimap.CopyData{UIDValidity: 2, SourceUIDs: goimap.UIDSetNum(1, 3), DestUIDs: goimap.UIDSetNum(1, 2)})
	_, err := c.Copy(goimap.SeqSetNum(1), "nowhere").Wait()
	refused(t, err, goimap.ResponseCodeTryCreate)
	same(t, "copy of none", got(t)(c.Copy(goimap.UIDSetNum(99), "Архив").Wait()), &goimap.CopyData{})

	same(t, "move", got(t)(c.Move(goimap.SeqSetNum(2, 4), "Архив").Wait()),
		&imapclient.MoveData{UIDValidity: 2, SourceUIDs: goimap.UIDSetNum(2, 4), DestUIDs: goimap.UIDSetNum(3, 4)})
	same(t, "messages", c.Mailbox().NumMessages, uint32(4))
	_, err = c.Move(goimap.SeqSetNum(1), "nowhere").Wait()
	refused(t, err, goimap.ResponseCodeTryCreate)

	deleted := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagDeleted}}
	must(t, c.Store(goimap.UIDSetNum(1, 3, 6), deleted, nil).Close())
	same(t, "UID expunge", got(t)(c.UIDExpunge(goimap.UIDSetNum(3, 5)).Collect()), []uint32{2})
	same(t, "expunge", got(t)(c.Expunge().Collect()), []uint32{1, 2})
	same(t, "nothing left to expunge", got(t)(c.Expunge().Collect()), []uint32(nil))
	same(t, "left", got(t)(c.UIDSearch(&goimap.SearchCriteria{}, nil).Wait()).(*goimap.SearchData).AllUIDs(), []goimap.UID{5})

	must(t, c.Store(goimap.UIDSetNum(5), deleted, nil).Close())
	must(t, c.UnselectAndExpunge().Wait())
	same(t, "messages", *got(t)(c.Status("INBOX", &goimap.StatusOptions{NumMessages: true}).Wait()).(*goimap.StatusData).NumMessages, uint32(0))
	same(t, "archive", *got(t)(c.Status("Архив", &goimap.StatusOptions{NumMessages: true}).Wait()).(*goimap.StatusData).NumMessages, uint32(4))
}

// heard collects, as text, what a session is told without asking.
func heard() (chan string, *imapclient.Options) {
	said := make(chan string, 100)
	return said, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Expunge: func(seq uint32) { said <- fmt.Sprint("expunge ", seq) },
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				said <- fmt.Sprint("exists ", *d.NumMessages)
			}
			if d.Flags != nil {
				said <- fmt.Sprint("flags ", d.Flags[5:])
			}
		},
		Fetch: func(m *imapclient.FetchMessageData) {
			b, err := m.Collect()
			said <- fmt.Sprintf("fetch %d %v %v", b.SeqNum, b.Flags, err)
		},
	}}
}

func expect(t *testing.T, said <-chan string, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case s := <-said:
			if s != w {
				t.Errorf("told %q, want %q", s, w)
			}
		case <-time.After(patience):
			t.Fatalf("was not told %q", w)
		}
	}
}

// changes are what one session does and another is told.
var changes = []struct {
	name string
	do   func(*imapclient.Client) error
	want []string
}{
	{"append", func(c *imapclient.Client) error {
		_, err := appended(c, "INBOX", "Subject: new\r\n\r\n", nil)
		return err
	}, []string{"exists 4"}},
	{"flag", func(c *imapclient.Client) error {
		return c.Store(goimap.SeqSetNum(2), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagFlagged}}, nil).Close()
	}, []string{`fetch 2 [\Flagged \Recent] <nil>`}},
	{"keyword", func(c *imapclient.Client) error {
		return c.Store(goimap.SeqSetNum(2), &goimap.StoreFlags{Op: goimap.StoreFlagsSet, Flags: []goimap.Flag{"$Work"}}, nil).Close()
	}, []string{"flags [$Work]", `fetch 2 [$Work \Recent] <nil>`}},
	{"move", func(c *imapclient.Client) error {
		_, err := c.Move(goimap.SeqSetNum(1, 3), "Old").Wait()
		return err
	}, []string{"expunge 1", "expunge 2"}},
	{"expunge", func(c *imapclient.Client) error {
		return cmp.Or(c.Store(goimap.SeqSetNum(1), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}, nil).Close(), c.Expunge().Close())
	}, nil}, // told of the flag first, or not
	{"copy", func(c *imapclient.Client) error {
		_, err := c.Copy(goimap.SeqSetNum(1), "INBOX").Wait()
		return err
	}, nil},
}

func TestIdle(t *testing.T) {
	for _, rev2 := range []bool{false, true} {
		s := serveMemory(t)
		must(t, s.memory["ana"].Create("Old", ""))
		s.fill(t, inbox, "Subject: 1\n\n", "Subject: 2\n\n", "Subject: 3\n\n")
		said, o := heard()
		c := s.signIn(t, o)
		if rev2 {
			got(t)(c.Enable(goimap.CapIMAP4rev2).Wait())
		}
		got(t)(c.Select("INBOX", nil).Wait())
		for len(said) > 0 {
			<-said
		}
		other := s.open(t, "INBOX", nil)
		idle := got(t)(c.Idle()).(*imapclient.IdleCommand)
		for _, change := range changes[:4] {
			must(t, change.do(other))
			for _, w := range change.want {
				if rev2 {
					w = strings.ReplaceAll(w, ` \Recent]`, "]")
				}
				expect(t, said, w)
			}
		}
		must(t, cmp.Or(idle.Close(), idle.Wait()))
		same(t, "messages", c.Mailbox().NumMessages, uint32(2))
		if len(said) > 0 {
			t.Errorf("told %q as well", <-said)
		}
	}
}

// TestToldLater: without IDLE, changes are told with the next command; while
// numbers must stay what they are, removals are not.
func TestToldLater(t *testing.T) {
	for _, change := range changes {
		if change.want == nil {
			continue
		}
		t.Run(change.name, func(t *testing.T) {
			s := serveMemory(t)
			must(t, s.memory["ana"].Create("Old", ""))
			s.fill(t, inbox, "Subject: 1\n\n", "Subject: 2\n\n", "Subject: 3\n\n")
			said, o := heard()
			c := s.open(t, "INBOX", o)
			for len(said) > 0 {
				<-said
			}
			must(t, change.do(s.open(t, "INBOX", nil)))
			if strings.HasPrefix(change.want[0], "expunge") {
				got(t)(c.Search(&goimap.SearchCriteria{}, nil).Wait())
				same(t, "told", len(said), 0)
				list := got(t)(c.UIDSearch(&goimap.SearchCriteria{}, nil).Wait()).(*goimap.SearchData)
				same(t, "UIDs", list.AllUIDs(), []goimap.UID{2})
			} else {
				must(t, c.Noop().Wait())
			}
			expect(t, said, change.want...)
			same(t, "told as well", len(said), 0)
		})
	}
}

// TestDeletedMailbox: a mailbox that another session deletes is empty from
// then on.
func TestDeletedMailbox(t *testing.T) {
	s := serveMemory(t)
	must(t, s.memory["ana"].Create("Old", ""))
	s.fill(t, "Old", "Subject: 1\n\n")
	said, o := heard()
	c := s.open(t, "Old", o)
	for len(said) > 0 {
		<-said
	}
	must(t, s.signIn(t, nil).Delete("Old").Wait())
	must(t, c.Noop().Wait())
	expect(t, said, "expunge 1")
	_, err := c.Copy(goimap.UIDSetNum(1), "INBOX").Wait()
	must(t, err)
	_, err = c.Select("Old", nil).Wait()
	refused(t, err, goimap.ResponseCodeNonExistent)
}
