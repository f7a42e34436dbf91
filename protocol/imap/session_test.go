package imap

import (
	"cmp"
	"context"
	"errors"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// site is a server on loopback with two accounts, ana and vera, that go-imap's
// client speaks to.
type site struct {
	memory
	addr string
}

// patience is how long a client waits for what must come.
const patience = 20 * time.Second

func serveMemory(t *testing.T, change ...func(*Server)) *site {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{newMemory("ana", "vera"), ln.Addr().String()}
	srv := &Server{Hostname: "mail.test", Backend: s.memory, ClearAuth: true,
		Now: func() time.Time { return time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC) }}
	for _, f := range change {
		f(srv)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- srv.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s
}

// dial opens a session that is not signed in; o may be nil.
func (s *site) dial(t *testing.T, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(patience))
	c := imapclient.New(conn, o)
	t.Cleanup(func() { c.Close() })
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	return c
}

// signIn opens a session of ana's.
func (s *site) signIn(t *testing.T, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c := s.dial(t, o)
	must(t, c.Login("ana", "secret").Wait())
	return c
}

// open opens a session of ana's in a mailbox.
func (s *site) open(t *testing.T, mailbox string, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c := s.signIn(t, o)
	got(t)(c.Select(mailbox, nil).Wait())
	return c
}

// fill puts letters into a mailbox of ana's, one a day from 1 March 2026.
func (s *site) fill(t *testing.T, mailbox string, letters ...string) {
	t.Helper()
	for i, l := range letters {
		date := time.Date(2026, 3, 1+i, 12, 0, 0, 0, time.FixedZone("", 3*3600))
		if _, err := s.memory["ana"].Append(mailbox, []byte(strings.ReplaceAll(l, "\n", "\r\n")), nil, date); err != nil {
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got gives what a command of go-imap's returned besides its error.
func got(t *testing.T) func(v any, err error) any {
	return func(v any, err error) any {
		t.Helper()
		must(t, err)
		return v
	}
}

// refused checks the response code of a NO, or that it was BAD if code is "".
func refused(t *testing.T, err error, code goimap.ResponseCode) {
	t.Helper()
	var e *goimap.Error
	if !errors.As(err, &e) {
		t.Errorf("%v, want it refused with %q", err, code)
		return
	}
	want := goimap.StatusResponseTypeNo
	if code == "" {
		want = goimap.StatusResponseTypeBad
	}
	if e.Type != want || e.Code != code {
		t.Errorf("%v, want %s %q", e, want, code)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

func TestSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		signIn func(*imapclient.Client) error
		code   goimap.ResponseCode // of the refusal
		ok     bool
	}{
		"login":              {func(c *imapclient.Client) error { return c.Login("ana", "secret").Wait() }, "", true},
		"wrong password":     {func(c *imapclient.Client) error { return c.Login("ana", "guess").Wait() }, goimap.ResponseCodeAuthenticationFailed, false},
		"odd password":       {func(c *imapclient.Client) error { return c.Login("ana", `a"\ё`).Wait() }, goimap.ResponseCodeAuthenticationFailed, false},
		"plain":              {func(c *imapclient.Client) error { return c.Authenticate(sasl.NewPlainClient("", "ana", "secret")) }, "", true},
		"plain, as herself":  {func(c *imapclient.Client) error { return c.Authenticate(sasl.NewPlainClient("ana", "ana", "secret")) }, "", true},
		"plain, for another": {func(c *imapclient.Client) error { return c.Authenticate(sasl.NewPlainClient("vera", "ana", "secret")) }, goimap.ResponseCodeAuthenticationFailed, false},
	} {
		for _, offer := range []Offer{Full(), Full().Without("SASL-IR"), Full().Without("LITERAL+", "LITERAL-")} {
			t.Run(name, func(t *testing.T) {
				s := serveMemory(t, func(s *Server) { s.Offer = offer })
				client := s.dial(t, nil)
				err := c.signIn(client)
				if c.ok {
					must(t, err)
					refused(t, client.Login("ana", "secret").Wait(), "")
				} else {
					refused(t, err, c.code)
					refused(t, client.Create("x", nil).Wait(), "")
				}
				must(t, client.Logout().Wait())
			})
		}
	}
}

func TestAskAboutServer(t *testing.T) {
	s := serveMemory(t)
	c := s.dial(t, nil)
	before := got(t)(c.Capability().Wait()).(goimap.CapSet)
	if !before.Has(goimap.CapIMAP4rev2) || !before.Has(goimap.CapIMAP4rev1) || !before.Has("AUTH=PLAIN") || before.Has(goimap.CapCondStore) {
		t.Errorf("before the login: %v", before)
	}
	same(t, "id", got(t)(c.ID(&goimap.IDData{Name: "test", Version: "1"}).Wait()), &goimap.IDData{Name: "mailscope", Vendor: "mailscope"})
	must(t, c.Login("ana", "secret").Wait())
	after := got(t)(c.Capability().Wait()).(goimap.CapSet)
	for _, capability := range []goimap.Cap{goimap.CapMove, goimap.CapIdle, goimap.CapCondStore, goimap.CapBinary, "QUOTA"} {
		if !after.Has(capability) {
			t.Errorf("%s is missing among %v", capability, after)
		}
	}
	if limit, ok := after.AppendLimit(); !ok || limit == nil || *limit != DefaultMaxSize {
		t.Errorf("append limit %v, %v", limit, ok)
	}
	same(t, "namespace", got(t)(c.Namespace().Wait()), &goimap.NamespaceData{Personal: []goimap.NamespaceDescriptor{{Delim: '/'}}})
	enabled := got(t)(c.Enable(goimap.CapUTF8Accept, goimap.CapIMAP4rev2, goimap.CapMetadata).Wait()).(*imapclient.EnableData)
	same(t, "enabled", enabled.Caps, goimap.CapSet{goimap.CapUTF8Accept: {}, goimap.CapIMAP4rev2: {}})
	same(t, "id of nobody", got(t)(c.ID(nil).Wait()), &goimap.IDData{Name: "mailscope", Vendor: "mailscope"})
	must(t, c.Noop().Wait())
	must(t, c.Logout().Wait())
}

// TestRev2Only: a server that speaks nothing older need not name what is part
// of IMAP4rev2, nor wait for it to be enabled.
func TestRev2Only(t *testing.T) {
	s := serveMemory(t, func(s *Server) { s.Offer = Offer{"IMAP4REV2": true, "AUTH=PLAIN": true} })
	c := s.dial(t, nil)
	must(t, c.Authenticate(sasl.NewPlainClient("", "ana", "secret")))
	must(t, c.Create("Отчёт", nil).Wait())
	s.fill(t, inbox, "Subject: a\n\na\n", "Subject: b\n\nb\n")
	got(t)(c.Select("INBOX", nil).Wait())
	same(t, "count", got(t)(c.Search(&goimap.SearchCriteria{}, &goimap.SearchOptions{ReturnCount: true}).Wait()).(*goimap.SearchData).Count, uint32(2))
	moved := got(t)(c.Move(goimap.UIDSetNum(1), "Отчёт").Wait()).(*imapclient.MoveData)
	same(t, "moved", moved, &imapclient.MoveData{UIDValidity: 2, SourceUIDs: goimap.UIDSetNum(1), DestUIDs: goimap.UIDSetNum(1)})
	idle := got(t)(c.Idle()).(*imapclient.IdleCommand)
	must(t, cmp.Or(idle.Close(), idle.Wait()))
	must(t, c.Unselect().Wait())
	list := got(t)(c.List("", "О*", &goimap.ListOptions{ReturnStatus: &goimap.StatusOptions{NumMessages: true, Size: true}}).Collect()).([]*goimap.ListData)
	same(t, "list", row(list[0]), "Отчёт: hasnochildren *")
	_, err := c.GetQuota("").Wait()
	refused(t, err, "")
}

func TestSelect(t *testing.T) {
	system := []goimap.Flag{`\Answered`, `\Flagged`, `\Deleted`, `\Seen`, `\Draft`}
	for name, c := range map[string]struct {
		rev2    bool
		options *goimap.SelectOptions
		want    goimap.SelectData
	}{
		"plain":     {false, nil, goimap.SelectData{PermanentFlags: append(slices.Clone(system), "$Work", `\*`)}},
		"condstore": {false, &goimap.SelectOptions{CondStore: true}, goimap.SelectData{PermanentFlags: append(slices.Clone(system), "$Work", `\*`)}},
		"read only": {false, &goimap.SelectOptions{ReadOnly: true}, goimap.SelectData{}},
		"rev2": {true, nil, goimap.SelectData{PermanentFlags: append(slices.Clone(system), "$Work", `\*`),
			List: &goimap.ListData{Mailbox: "Work/Отчёт", Delim: '/'}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveMemory(t)
			must(t, s.memory["ana"].Create("Work/Отчёт", ""))
			s.fill(t, "Work/Отчёт", "Subject: a\n\na\n", "Subject: b\n\nb\n")
			box, _ := s.memory["ana"].Open("Work/Отчёт")
			box.SetFlags([]uint32{1}, AddFlags, []string{Seen, "$Work"}, NoModSeq)
			client := s.signIn(t, nil)
			if c.rev2 {
				got(t)(client.Enable(goimap.CapIMAP4rev2).Wait())
			}
			data := got(t)(client.Select("Work/Отчёт", c.options).Wait()).(*goimap.SelectData)
			c.want.Flags = append(slices.Clone(system), "$Work")
			c.want.NumMessages, c.want.UIDNext, c.want.UIDValidity, c.want.HighestModSeq = 2, 3, 3, 4
			if c.want.List != nil {
				c.want.List.Attrs = data.List.Attrs
			}
			if c.want.PermanentFlags == nil {
				c.want.PermanentFlags = data.PermanentFlags[:0]
			}
			same(t, "select", data, &c.want)
			if c.options != nil && c.options.ReadOnly {
				refused(t, client.Store(goimap.SeqSetNum(1), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: system[:1]}, nil).Close(), "READ-ONLY")
				refused(t, client.Expunge().Close(), "READ-ONLY")
			}
			must(t, client.Unselect().Wait())
			refused(t, client.Unselect().Wait(), "")
			_, err := client.Select("nowhere", nil).Wait()
			refused(t, err, goimap.ResponseCodeNonExistent)
			refused(t, client.Expunge().Close(), "")
		})
	}
}

// row is what LIST told of a mailbox, short.
func row(d *goimap.ListData) string {
	attrs := make([]string, len(d.Attrs))
	for i, a := range d.Attrs {
		attrs[i] = strings.ToLower(strings.TrimPrefix(string(a), `\`))
	}
	slices.Sort(attrs)
	text := d.Mailbox + ": " + strings.Join(attrs, " ")
	if d.ChildInfo != nil {
		text += " (subscribed below)"
	}
	if d.Status != nil {
		text += " " + strings.Repeat("*", int(*d.Status.NumMessages))
	}
	return text
}

func TestList(t *testing.T) {
	s := serveMemory(t)
	ana := s.memory["ana"]
	for _, name := range []string{"Work/Отчёт", "Work/R+D", `odd "\ name`, "Sent", "Gone/Leaf"} {
		must(t, ana.Create(name, map[string]string{"Sent": `\Sent`}[name]))
	}
	must(t, ana.Delete("Gone"))
	for _, name := range []string{"Work/R+D", "Sent", "Nowhere"} {
		must(t, ana.Subscribe(name, true))
	}
	s.fill(t, "Sent", "Subject: a\n\na\n", "Subject: b\n\nb\n")

	all := []string{"INBOX: hasnochildren", "Gone: haschildren noselect", "Gone/Leaf: hasnochildren", "Sent: hasnochildren sent",
		"Work: haschildren", "Work/R+D: hasnochildren", "Work/Отчёт: hasnochildren", `odd "\ name: hasnochildren`}
	messages := &goimap.StatusOptions{NumMessages: true}
	for name, c := range map[string]struct {
		ref, pattern string
		options      *goimap.ListOptions
		want         []string
	}{
		"all":          {"", "*", nil, all},
		"top":          {"", "%", nil, []string{all[0], all[1], all[3], all[4], all[7]}},
		"inbox":        {"", "inBox", nil, all[:1]},
		"below":        {"", "Work/%", nil, all[5:7]},
		"reference":    {"Work/", "R*", nil, all[5:6]},
		"Cyrillic":     {"", "*Отч*", nil, all[6:7]},
		"none":         {"", "work", nil, nil},
		"delimiter":    {"", "", nil, []string{": noselect"}},
		"subscribed":   {"", "*", &goimap.ListOptions{SelectSubscribed: true}, []string{"Nowhere: hasnochildren nonexistent subscribed", "Sent: hasnochildren sent subscribed", "Work/R+D: hasnochildren subscribed"}},
		"and told":     {"", "Sent", &goimap.ListOptions{ReturnSubscribed: true, ReturnChildren: true}, []string{"Sent: hasnochildren sent subscribed"}},
		"special":      {"", "*", &goimap.ListOptions{SelectSpecialUse: true}, all[3:4]},
		"special told": {"", "S*", &goimap.ListOptions{ReturnSpecialUse: true}, all[3:4]},
		"remote":       {"", "S*", &goimap.ListOptions{SelectRemote: true}, all[3:4]},
		"recursive":    {"", "%", &goimap.ListOptions{SelectSubscribed: true, SelectRecursiveMatch: true}, []string{"Nowhere: hasnochildren nonexistent subscribed", "Sent: hasnochildren sent subscribed", "Work: haschildren (subscribed below)"}},
		"status":       {"", "%", &goimap.ListOptions{ReturnStatus: messages}, []string{all[0] + " ", all[1], all[3] + " **", all[4] + " ", all[7] + " "}},
	} {
		for _, rev2 := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				client := s.signIn(t, nil)
				if rev2 {
					got(t)(client.Enable(goimap.CapIMAP4rev2).Wait())
				}
				var rows []string
				for _, d := range got(t)(client.List(c.ref, c.pattern, c.options).Collect()).([]*goimap.ListData) {
					same(t, "delimiter of "+d.Mailbox, d.Delim, '/')
					rows = append(rows, row(d))
				}
				same(t, "list", rows, c.want)
			})
		}
	}
}

func TestFolders(t *testing.T) {
	s := serveMemory(t)
	c := s.signIn(t, nil)
	must(t, c.Create("Работа/2026", nil).Wait())
	must(t, c.Create("Posted", &goimap.CreateOptions{SpecialUse: []goimap.MailboxAttr{goimap.MailboxAttrSent}}).Wait())
	refused(t, c.Create("Posted", nil).Wait(), goimap.ResponseCodeAlreadyExists)
	refused(t, c.Create("inbox", nil).Wait(), goimap.ResponseCodeAlreadyExists)
	refused(t, c.Create("x//y", nil).Wait(), goimap.ResponseCodeCannot)
	must(t, c.Create("R&D", nil).Wait())
	must(t, c.Rename("Работа", "Дела", nil).Wait())
	refused(t, c.Rename("Работа", "Дела", nil).Wait(), goimap.ResponseCodeNonExistent)
	must(t, c.Subscribe("Дела/2026").Wait())
	must(t, c.Subscribe("Posted").Wait())
	must(t, c.Unsubscribe("Posted").Wait())
	must(t, c.Delete("Дела").Wait())
	refused(t, c.Delete("Дела").Wait(), goimap.ResponseCodeCannot)
	refused(t, c.Delete("INBOX").Wait(), goimap.ResponseCodeCannot)
	var rows []string
	for _, d := range got(t)(c.List("", "*", &goimap.ListOptions{ReturnSubscribed: true}).Collect()).([]*goimap.ListData) {
		rows = append(rows, row(d))
	}
	same(t, "mailboxes", rows, []string{"INBOX: hasnochildren", "Posted: hasnochildren sent", "R&D: hasnochildren", "Дела: haschildren noselect", "Дела/2026: hasnochildren subscribed"})

	s.fill(t, inbox, "Subject: a\n\na\n")
	must(t, c.Rename("INBOX", "Old", nil).Wait())
	same(t, "old", *got(t)(c.Status("Old", &goimap.StatusOptions{NumMessages: true}).Wait()).(*goimap.StatusData).NumMessages, uint32(1))
	same(t, "inbox", *got(t)(c.Status("INBOX", &goimap.StatusOptions{NumMessages: true}).Wait()).(*goimap.StatusData).NumMessages, uint32(0))
}

func TestStatus(t *testing.T) {
	s := serveMemory(t)
	c := s.signIn(t, nil)
	must(t, c.Create("Отчёт", nil).Wait())
	s.fill(t, "Отчёт", "Subject: a\n\na\n", "Subject: b\n\nb\n", "Subject: c\n\nccc\n")
	box, _ := s.memory["ana"].Open("Отчёт")
	box.SetFlags([]uint32{1}, AddFlags, []string{Seen}, NoModSeq)
	box.SetFlags([]uint32{3}, AddFlags, []string{Deleted}, NoModSeq)
	data := got(t)(c.Status("Отчёт", &goimap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true, NumUnseen: true,
		NumDeleted: true, Size: true, AppendLimit: true, DeletedStorage: true, HighestModSeq: true}).Wait())
	same(t, "status", data, &goimap.StatusData{Mailbox: "Отчёт", NumMessages: new(uint32(3)), UIDNext: 4, UIDValidity: 2, NumUnseen: new(uint32(2)),
		NumDeleted: new(uint32(1)), Size: new(int64(53)), AppendLimit: new(uint32(DefaultMaxSize)), DeletedStorage: new(int64(19)), HighestModSeq: 6})
	_, err := c.Status("nowhere", &goimap.StatusOptions{NumMessages: true}).Wait()
	refused(t, err, goimap.ResponseCodeNonExistent)
}

func TestQuota(t *testing.T) {
	s := serveMemory(t)
	s.memory["ana"].limit = Quota{MaxSize: 10 << 10, Max: 3}
	c := s.signIn(t, nil)
	s.fill(t, inbox, "Subject: a\n\n"+strings.Repeat("a", 1100)+"\n")
	want := imapclient.QuotaData{Resources: map[goimap.QuotaResourceType]imapclient.QuotaResourceData{
		"STORAGE": {Usage: 2, Limit: 10}, "MESSAGE": {Usage: 1, Limit: 3}}}
	same(t, "root", got(t)(c.GetQuotaRoot("INBOX").Wait()), []imapclient.QuotaData{want})
	same(t, "quota", got(t)(c.GetQuota("").Wait()), &want)
	_, err := c.GetQuota("other").Wait()
	refused(t, err, goimap.ResponseCodeNonExistent)
	refused(t, c.SetQuota("", map[goimap.QuotaResourceType]int64{"STORAGE": 1}).Wait(), goimap.ResponseCodeNoPerm)

	_, err = appended(c, "INBOX", strings.Repeat("a", 10<<10), nil)
	refused(t, err, goimap.ResponseCodeOverQuota)
	got(t)(c.Select("INBOX", nil).Wait())
	got(t)(c.Copy(goimap.SeqSetNum(1), "INBOX").Wait())
	got(t)(c.Copy(goimap.SeqSetNum(1), "INBOX").Wait())
	_, err = c.Copy(goimap.SeqSetNum(1), "INBOX").Wait()
	refused(t, err, goimap.ResponseCodeOverQuota)
}

func appended(c *imapclient.Client, mailbox, letter string, o *goimap.AppendOptions) (*goimap.AppendData, error) {
	cmd := c.Append(mailbox, int64(len(letter)), o)
	_, err := cmd.Write([]byte(letter))
	err = cmp.Or(err, cmd.Close())
	data, refusal := cmd.Wait()
	return data, cmp.Or(refusal, err)
}
