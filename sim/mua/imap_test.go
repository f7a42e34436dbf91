package mua_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailscope/protocol/imap"
	"mailscope/sim/clock"
	"mailscope/sim/mailbox"
	"mailscope/sim/mua"
	"mailscope/sim/network"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// mirrors is an office whose devices get their mail by IMAP.
type mirrors struct {
	t                      *testing.T
	w                      *world.World
	c                      *clock.Sim
	laptop, phone, browser *mua.Device
	seen                   int
}

func newMirrors(t *testing.T) *mirrors {
	t.Helper()
	o := &mirrors{t: t}
	o.w, o.c, o.laptop, o.phone = start(t, strings.NewReplacer("pop3]", "pop3, imap]", "{kind: laptop}", "{kind: laptop, receive: imap}",
		"{kind: phone, leave_copies: true}", "{kind: phone, receive: imap}, {kind: browser, receive: imap}").Replace(office))
	o.browser = o.w.Device("anna-browser.alfa.example")
	return o
}

// do wants something to go well, and lets the world settle.
func (o *mirrors) do(what string, err error) {
	o.t.Helper()
	if err != nil {
		o.t.Errorf("%s: %v", what, err)
	}
	if err := o.c.Settle(o.t.Context(), time.Minute); err != nil {
		o.t.Fatal(err)
	}
}

// deliver puts a letter into Anna's inbox.
func (o *mirrors) deliver(draft mua.Draft) {
	o.t.Helper()
	draft.To = []string{"anna@alfa.example"}
	l, err := o.browser.Compose(draft)
	if err != nil {
		o.t.Fatal(err)
	}
	o.w.Home("anna@alfa.example").Store().Box("anna@alfa.example").Deliver(mailbox.Message{Letter: l.ID, Date: o.c.Date(), Data: l.Data})
	o.do("deliver", nil)
}

func (o *mirrors) sync(d *mua.Device, want int) {
	o.t.Helper()
	n, err := d.Look(o.t.Context(), "")
	o.do("sync", err)
	if n != want {
		o.t.Errorf("%d letters are new, want %d", n, want)
	}
}

// happened tells what devices did since it was last called: "phone listed One".
func (o *mirrors) happened() (list []string) {
	for o.seen++; o.seen <= o.w.Trace.Len(); o.seen++ {
		e := o.w.Trace.At(o.seen)
		if b, ok := e.Body.(*trace.Device); ok && b.Action != "poll" && b.Action != "compose" {
			host := strings.TrimSuffix(strings.TrimPrefix(e.From, "anna-"), ".alfa.example")
			list = append(list, strings.TrimSpace(strings.Join([]string{host, b.Action, b.Subject + b.Reason, strings.Join(b.Flags, "")}, " ")))
		}
	}
	o.seen--
	return list
}

func (o *mirrors) want(what string, want ...string) {
	o.t.Helper()
	if got := o.happened(); !slices.Equal(got, want) {
		o.t.Errorf("%s: %q\nwant %q", what, got, want)
	}
}

// said lists the commands of a device, without tags and without those that
// every session begins with.
func (o *mirrors) said(d *mua.Device) (list []string) {
	for seq := 1; seq <= o.w.Trace.Len(); seq++ {
		e := o.w.Trace.At(seq)
		if b, ok := e.Body.(*trace.Line); ok && e.From == d.Host && e.Proto == "imap" && b.Role == trace.Command {
			_, rest, _ := strings.Cut(b.Text, " ")
			list = append(list, rest)
		}
	}
	return list
}

func holds(d *mua.Device) (list []string) {
	for _, k := range d.Letters() {
		list = append(list, fmt.Sprint(k.Folder, " ", k.Letter, " ", k.Holds, k.Flags))
	}
	return list
}

func (o *mirrors) holds(d *mua.Device, want ...string) {
	o.t.Helper()
	if got := holds(d); !slices.Equal(got, want) {
		o.t.Errorf("%s holds %q, want %q", d.Host, got, want)
	}
}

func TestMirrorFetchesWhatIsAskedFor(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "Отчёт", Text: "Проверь третью страницу\n", Attach: []mua.Attachment{{"plan.pdf", 50_000}, {"photo.jpg", 10}}})
	o.sync(o.laptop, 1)
	o.holds(o.laptop, "INBOX L1 header[]")
	o.do("read", o.laptop.Read(t.Context(), 0))
	o.holds(o.laptop, `INBOX L1 text[\Seen]`)
	o.do("attachment", o.laptop.Attachment(t.Context(), 0))
	o.holds(o.laptop, `INBOX L1 text[\Seen]`)
	o.do("attachment", o.laptop.Attachment(t.Context(), 0))
	o.holds(o.laptop, `INBOX L1 whole[\Seen]`)
	o.do("no more attachments", o.laptop.Attachment(t.Context(), 0))
	o.do("read again", o.laptop.Read(t.Context(), 0))
	o.want("events", "laptop listed Отчёт", "laptop fetched Отчёт", "laptop read Отчёт", `laptop marked Отчёт \Seen`,
		`laptop fetched Отчёт \Seen`, `laptop fetched Отчёт \Seen`, `laptop read Отчёт \Seen`)
	want := []string{"LOGIN anna@alfa.example a", `LIST "" "*" RETURN (SPECIAL-USE)`, "SELECT INBOX",
		"UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)", "IDLE", "",
		"UID FETCH 1 BODY.PEEK[1]", `UID STORE 1 +FLAGS (\Seen)`, "IDLE", "", "UID FETCH 1 BODY.PEEK[2]", "IDLE", "", "UID FETCH 1 BODY.PEEK[3]", "IDLE"}
	if got := o.said(o.laptop); !slices.Equal(got, want) {
		t.Errorf("said %q\nwant %q", got, want)
	}
	var last *trace.Device
	for seq := 1; seq <= o.w.Trace.Len(); seq++ {
		if b, ok := o.w.Trace.At(seq).Body.(*trace.Device); ok && b.Action == "read" {
			last = b
			if b.Text != "Проверь третью страницу\n" {
				t.Errorf("read %q", b.Text)
			}
		}
	}
	if last == nil || last.Bytes < 60_000 || last.Bytes > last.Size || last.Offline != 1 || last.Count != 1 {
		t.Errorf("the sums are %+v", last)
	}
}

// TestAttachmentBeforeText: what came first makes no text readable.
func TestAttachmentBeforeText(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "One", Text: "Hello\n", Attach: []mua.Attachment{{"a.pdf", 100}, {"b.pdf", 100}}})
	o.sync(o.laptop, 1)
	o.do("attachment", o.laptop.Attachment(t.Context(), 0))
	o.do("attachment", o.laptop.Attachment(t.Context(), 0))
	o.holds(o.laptop, "INBOX L1 header[]")
	o.do("read", o.laptop.Read(t.Context(), 0))
	o.holds(o.laptop, `INBOX L1 whole[\Seen]`)
}

func TestDevicesSeeWhatTheOtherDoes(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "One"})
	o.sync(o.laptop, 1)
	o.sync(o.phone, 1)
	o.deliver(mua.Draft{Subject: "Two"})
	o.deliver(mua.Draft{Subject: "Three"})
	o.want("new letters", "laptop listed One", "phone listed One", "laptop listed Two", "phone listed Two", "laptop listed Three", "phone listed Three")
	o.do("read", o.phone.Read(t.Context(), 1))
	o.want("reading", "phone fetched Two", "phone read Two", `phone marked Two \Seen`, `laptop marked Two \Seen`)
	o.do("flag", o.laptop.Flag(t.Context(), 0, []string{imap.Flagged, "Work"}, nil))
	o.do("flag", o.laptop.Flag(t.Context(), 0, nil, []string{imap.Flagged}))
	o.want("flags", `laptop marked One Work\Flagged`, `phone marked One Work\Flagged`, `laptop marked One Work`, "phone marked One Work")
	o.do("move", o.phone.Move(t.Context(), 0, "Archive"))
	o.want("moving", "phone moved One Work", "laptop gone One Work")
	o.do("delete", o.laptop.Delete(t.Context(), 0, false))
	o.want("deleting", `laptop moved Two \Seen`, `phone gone Two \Seen`)
	o.do("delete", o.laptop.Delete(t.Context(), 0, true)) // "Three", before "Two" in the trash
	o.want("deleting for good", `laptop marked Three \Deleted`, "laptop gone Three \\Deleted", "phone gone Three")
	o.holds(o.phone, "Archive L1 header[Work]")
	o.holds(o.laptop, `Trash L2 header[\Seen]`)
	o.do("empty", o.laptop.Empty(t.Context(), "Trash"))
	o.holds(o.laptop)
	o.do("nothing to empty", o.laptop.Empty(t.Context(), "Trash"))
	n, err := o.laptop.Look(t.Context(), "Archive")
	o.do("look", err)
	if n != 1 {
		t.Errorf("%d letters in the archive", n)
	}
	o.sync(o.phone, 0)
	if n, err := o.phone.Look(t.Context(), "Archive"); n != 0 || err != nil { // it was moved there by the phone itself
		t.Errorf("the phone lists %d letters, %v", n, err)
	}
	o.holds(o.phone, "Archive L1 header[Work]")
}

func TestChangesWithoutANetwork(t *testing.T) {
	o := newMirrors(t)
	for _, s := range []string{"One", "Two", "Three", "Four"} {
		o.deliver(mua.Draft{Subject: s, Text: "The text of " + s + "\n"})
	}
	o.sync(o.laptop, 4)
	o.do("read", o.laptop.Read(t.Context(), 0))
	o.do("offline", o.laptop.Connect(false))
	o.happened()
	if err := o.laptop.Read(t.Context(), 1); !errors.Is(err, mua.ErrOffline) {
		t.Errorf("read what is on the server: %v", err)
	}
	o.do("read", o.laptop.Read(t.Context(), 0))
	if n, err := o.laptop.Search(t.Context(), mua.Query{Text: "TEXT OF ONE"}); n != 1 || err != nil {
		t.Errorf("Search = %d, %v", n, err)
	}
	o.do("flag", o.laptop.Flag(t.Context(), 0, []string{imap.Flagged}, nil))
	o.do("flag", o.laptop.Flag(t.Context(), 2, []string{imap.Answered}, nil))
	o.do("move", o.laptop.Move(t.Context(), 1, "Archive"))
	o.do("delete", o.laptop.Delete(t.Context(), 2, true)) // "Four": "Two" is at the end now
	o.holds(o.laptop, `INBOX L1 whole[\Flagged \Seen]`, `INBOX L3 header[\Answered]`, "Archive L2 header[]")
	for what, err := range map[string]error{"folder": o.laptop.Folder(t.Context(), mua.FolderChange{Create: "x"}),
		"empty": o.laptop.Empty(t.Context(), "Trash"), "quota": o.laptop.Quota(t.Context()), "flag what was moved": o.laptop.Flag(t.Context(), 2, []string{"x"}, nil)} {
		if !errors.Is(err, mua.ErrOffline) {
			t.Errorf("%s: %v", what, err)
		}
	}
	o.sync(o.phone, 4)
	o.do("delete", o.phone.Delete(t.Context(), 2, true)) // "Three" is gone before the laptop can say that it was answered
	o.deliver(mua.Draft{Subject: "Five"})
	o.happened()
	o.do("online", o.laptop.Connect(true))
	o.sync(o.laptop, 1)
	o.holds(o.laptop, `INBOX L1 whole[\Flagged \Seen]`, "Archive L2 header[]", "INBOX L5 header[]")
	o.holds(o.phone, `INBOX L1 header[\Flagged \Seen]`, "INBOX L5 header[]")
	o.want("making up", "laptop online", "laptop gone Three \\Answered", "laptop listed Five",
		"phone gone Two", "phone gone Four", `phone marked One \Flagged\Seen`)
	if k := o.laptop.Letters()[1]; !strings.HasSuffix(k.UID, ".1") {
		t.Errorf("the letter that was moved has the UID %q", k.UID)
	}
}

func TestBrowserForgets(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "Тема", Text: "Hello\n"})
	o.do("create", o.phone.Folder(t.Context(), mua.FolderChange{Create: "Работа"}))
	o.sync(o.browser, 1)
	o.do("read", o.browser.Read(t.Context(), 0))
	o.do("read", o.browser.Read(t.Context(), 0))
	fetches := 0
	for _, line := range o.said(o.browser) {
		if strings.HasSuffix(line, "BODY.PEEK[1]") {
			fetches++
		}
	}
	if fetches != 2 || !slices.Contains(o.said(o.browser), "ENABLE IMAP4rev2") {
		t.Errorf("said %q", o.said(o.browser))
	}
	for seq := 1; seq <= o.w.Trace.Len(); seq++ {
		e := o.w.Trace.At(seq)
		if b, ok := e.Body.(*trace.Device); ok && e.From == o.browser.Host && (b.Bytes > 0 || b.Offline > 0 || b.Holds != "") {
			t.Errorf("%s: a browser keeps %+v", b.Action, b)
		}
	}
	o.do("close", o.browser.Leave())
	if n := len(o.browser.Letters()); n != 0 {
		t.Errorf("%d letters are left", n)
	}
	o.do("offline", o.browser.Connect(false))
	if _, err := o.browser.Poll(t.Context()); !errors.Is(err, mua.ErrOffline) {
		t.Errorf("Poll: %v", err)
	}
}

func TestSentLettersAreKeptOnTheServer(t *testing.T) {
	o := newMirrors(t)
	send := func(d *mua.Device, subject string) {
		t.Helper()
		l, err := d.Compose(mua.Draft{To: []string{"anna@alfa.example"}, Subject: subject})
		if err != nil {
			t.Fatal(err)
		}
		o.do("send", d.Send(t.Context(), l))
	}
	sent := func() (list []string) {
		f, err := o.w.Home("anna@alfa.example").Store().Box("anna@alfa.example").Open("Sent")
		if err != nil {
			t.Fatal(err)
		}
		uids, _ := f.UIDs()
		for _, uid := range uids {
			m := f.Message(uid)
			list = append(list, m.Ref+" "+mua.SubjectOf(m.Data)+fmt.Sprint(m.Flags))
		}
		return list
	}
	send(o.laptop, "Early")
	if got := sent(); len(got) != 0 {
		t.Errorf("put away without a session: %q", got)
	}
	o.sync(o.laptop, 1)
	send(o.laptop, "Late")
	if got := sent(); !slices.Equal(got, []string{`L1 Early[\Seen]`, `L2 Late[\Seen]`}) {
		t.Errorf("sent %q", got)
	}
}

func TestFoldersOfAMirror(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "One"})
	o.sync(o.laptop, 1)
	change := func(f mua.FolderChange) {
		t.Helper()
		o.do(fmt.Sprintf("%+v", f), o.laptop.Folder(t.Context(), f))
	}
	change(mua.FolderChange{Create: "Работа/2026"})
	o.do("move", o.laptop.Move(t.Context(), 0, "Работа/2026"))
	if _, err := o.laptop.Look(t.Context(), "Работа/2026"); err != nil {
		t.Error(err)
	}
	change(mua.FolderChange{Rename: "Работа", To: "Дела"})
	o.holds(o.laptop, "Дела/2026 L1 header[]")
	o.do("read", o.laptop.Read(t.Context(), 0))
	change(mua.FolderChange{Unsubscribe: "Junk"})
	change(mua.FolderChange{Subscribe: "Junk"})
	change(mua.FolderChange{Delete: "Дела/2026"})
	o.holds(o.laptop)
	if err := o.laptop.Folder(t.Context(), mua.FolderChange{Delete: "Nowhere"}); err == nil {
		t.Error("a folder that is not there was deleted")
	}
	if err := o.laptop.Quota(t.Context()); err != nil {
		t.Errorf("the session did not survive a refusal: %v", err)
	}
}

func TestSearchOnTheServer(t *testing.T) {
	o := newMirrors(t)
	o.deliver(mua.Draft{Subject: "Отчёт за май", Text: "Проверь третью страницу\n"})
	o.deliver(mua.Draft{Subject: "Обед?", Text: "Пойдём в столовую\n", Attach: []mua.Attachment{{"menu.pdf", 9000}}})
	o.sync(o.laptop, 2)
	o.do("flag", o.laptop.Flag(t.Context(), 0, []string{imap.Flagged}, nil))
	day := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		q    mua.Query
		want int
	}{
		{mua.Query{Text: "ТРЕТЬЮ"}, 1}, {mua.Query{Subject: "отчёт"}, 1}, {mua.Query{Body: "отчёт"}, 0}, {mua.Query{From: "anna"}, 2},
		{mua.Query{Flagged: true}, 1}, {mua.Query{Unseen: true, Larger: 5000}, 1}, {mua.Query{Since: day}, 2}, {mua.Query{Before: day}, 0},
		{mua.Query{Text: "третью", Folder: "Archive"}, 0},
	} {
		if n, err := o.laptop.Search(t.Context(), tt.q); n != tt.want || err != nil {
			t.Errorf("%+v: %d letters, %v; want %d", tt.q, n, err, tt.want)
		}
	}
	o.holds(o.laptop, `INBOX L1 header[\Flagged]`, "INBOX L2 header[]")
}

func TestMirrorFailures(t *testing.T) {
	o := newMirrors(t)
	password := o.laptop.Password
	o.laptop.Password = "wrong"
	if _, err := o.laptop.Poll(t.Context()); err == nil || err.Error() != "LOGIN refused: NO [AUTHENTICATIONFAILED] user or password is wrong" {
		t.Errorf("wrong password: %v", err)
	}
	o.laptop.Password = password
	if _, err := o.laptop.PollUntil(t.Context(), network.Cut{After: func(line string) bool { return strings.HasSuffix(line, "SELECT INBOX") }}); !errors.Is(err, network.ErrCut) {
		t.Errorf("cut: %v", err)
	}
	o.sync(o.laptop, 0)
	if _, err := o.laptop.Look(t.Context(), "Nowhere"); err == nil {
		t.Error("a folder that is not there was opened")
	}
	if err := o.laptop.Flag(t.Context(), 0, []string{"x"}, nil); !errors.Is(err, mua.ErrNoLetter) {
		t.Errorf("flag nothing: %v", err)
	}
	o.do("lose", o.laptop.Lose())
	if err := o.laptop.Quota(t.Context()); !errors.Is(err, mua.ErrLost) {
		t.Errorf("a lost device asks: %v", err)
	}
}

// TestMirrorAtAPlainServer: a server of 2003, without anything that came
// later; it hangs up while the device sleeps.
func TestMirrorAtAPlainServer(t *testing.T) {
	c := clock.NewSim(time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC))
	n := network.New(c, trace.New(), func(string, string) network.Link { return network.Link{} })
	n.Serial = true
	mail, anna := netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("192.0.2.100")
	n.AddHost("mail.test", mail)
	n.AddHost("anna.test", anna)
	store := mailbox.NewStore()
	box := store.Create("anna@test", 7)
	for i, s := range []string{"One", "Two", "Three"} {
		box.Deliver(mailbox.Message{Letter: fmt.Sprint("L", i+1), Date: c.Date(), Data: []byte("Subject: " + s + "\r\n\r\nHello\r\n")})
	}
	for _, idle := range []bool{false, true} {
		offer := imap.Offer{"IMAP4REV1": true, "IDLE": idle}
		box.Deliver(mailbox.Message{Letter: "L8", Date: c.Date(), Data: []byte("Subject: Eight\r\n\r\nHello\r\n")})
		ctx, cancel := context.WithCancel(t.Context())
		srv := &imap.Server{Hostname: "mail.test", Offer: offer, Backend: only{box}, ClearAuth: true,
			Later: func(f func()) { c.After(0, func(context.Context) { f() }) },
			About: func(nc net.Conn, at int64, ref string) { nc.(*network.Conn).About(at, ref) }}
		ln, err := n.Listen("mail.test", 143)
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error)
		go func() { served <- srv.Serve(ctx, ln) }()
		d := mua.New(mua.Config{Host: "anna.test", Account: "anna@test", Password: "a", Server: mail, Receive: "imap"}, n, nil)
		count := len(box.Messages())
		if got, err := d.Poll(t.Context()); got != count || err != nil {
			t.Errorf("Poll = %d, %v", got, err)
		}
		for what, err := range map[string]error{"read": d.Read(t.Context(), 0), "flag": d.Flag(t.Context(), 0, []string{imap.Flagged}, nil), "delete": d.Delete(t.Context(), 0, false)} {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		// Behind the device's back, while it is away:
		if err := d.Connect(false); err != nil {
			t.Fatal(err)
		}
		box.Deliver(mailbox.Message{Letter: "L9", Date: c.Date(), Data: []byte("Subject: Nine\r\n\r\nHello\r\n")})
		f, _ := box.Open("INBOX")
		uids, _ := f.UIDs()
		f.SetFlags(uids[:1], imap.AddFlags, []string{imap.Answered}, imap.NoModSeq)
		box.Remove(uids[1:2])
		if err := d.Connect(true); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Poll(t.Context()); got != 1 || err != nil {
			t.Errorf("second Poll = %d, %v", got, err)
		}
		inbox := slices.DeleteFunc(d.Letters(), func(k mua.Kept) bool { return k.Folder != "INBOX" })
		if len(inbox) != len(box.Messages()) || !slices.Contains(inbox[0].Flags, imap.Answered) {
			t.Errorf("the device shows %q of %d letters", holds(d), len(box.Messages()))
		}
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := c.Settle(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		last := n.Trace.At(n.Trace.Len())
		if b, ok := last.Body.(*trace.Device); idle && (!ok || b.Action != "failed") {
			t.Errorf("the server hung up, and then: %+v", last.Body)
		}
		d.Close()
	}
}

// only is a Backend with one account.
type only struct{ box *mailbox.Box }

func (o only) Login(context.Context, net.Conn, string, string) (imap.Account, error) {
	return o.box, nil
}

// TestMirrorsInRealTime: where everything runs freely no news is lost, however
// it falls between two commands.
func TestMirrorsInRealTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	c := clock.NewReal(ctx)
	n := network.New(c, trace.New(), func(string, string) network.Link { return network.Link{} })
	mail, anna := netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("192.0.2.100")
	n.AddHost("mail.test", mail)
	n.AddHost("anna.test", anna)
	box := mailbox.NewStore().Create("anna@test", 7)
	srv := &imap.Server{Hostname: "mail.test", Backend: only{box}, ClearAuth: true}
	ln, err := n.Listen("mail.test", 143)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
		c.Wait()
	}()
	d := mua.New(mua.Config{Host: "anna.test", Account: "anna@test", Password: "a", Server: mail, Receive: "imap"}, n, nil)
	defer d.Close()
	if _, err := d.Poll(ctx); err != nil {
		t.Fatal(err)
	}
	const letters = 300
	more, stop := n.Trace.Subscribe()
	defer stop()
	var postman sync.WaitGroup
	defer postman.Wait()
	postman.Go(func() {
		for i := range letters {
			box.Deliver(mailbox.Message{Letter: fmt.Sprint("L", i+1), Date: c.Date(), Data: []byte("Subject: x\r\n\r\nHello\r\n")})
		}
	})
	for i := 0; len(d.Letters()) < letters; i++ {
		if i%10 == 9 { // between two commands of its own
			if err := d.Flag(ctx, 0, []string{fmt.Sprint("k", i)}, nil); err != nil && !errors.Is(err, mua.ErrNoLetter) {
				t.Fatal(err)
			}
		}
		select {
		case <-more:
		case <-ctx.Done():
			t.Fatalf("%d letters of %d are known", len(d.Letters()), letters)
		}
	}
}
