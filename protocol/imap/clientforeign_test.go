package imap

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailscope/protocol/imap/letter"
	"mailscope/protocol/wire"
)

// foreignServer starts go-imap's server with a user anna, and gives its
// address.
func foreignServer(t *testing.T, caps ...imap.Cap) string {
	t.Helper()
	user := imapmemserver.NewUser("anna", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	offer := imap.CapSet{}
	for _, c := range caps {
		offer[c] = struct{}{}
	}
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: offer, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { srv.Serve(ln); close(ended) }()
	t.Cleanup(func() { srv.Close(); <-ended })
	return ln.Addr().String()
}

// signedInAt is a session of anna's.
func signedInAt(t *testing.T, addr string) *Client {
	t.Helper()
	var d net.Dialer
	nc, err := d.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c := NewClient(nc, wire.Options{Timeout: 10 * time.Second})
	t.Cleanup(func() { c.Close() })
	if _, err := c.Greet(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := c.AuthenticatePlain("anna", "secret"); err != nil {
		t.Fatal(err)
	}
	if c.Caps() == nil {
		if _, err := c.Capability(); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

const greetings = "From: =?utf-8?B?0JDQvdC90LA=?= <anna@x.test>\r\nTo: b@x.test\r\nSubject: =?utf-8?q?=D0=94=D0=B0?=\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\n" +
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n" +
	"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n"

// TestClientAtForeignServer: the everyday commands at another's server, of the
// old protocol and the new one. The new one is not enabled: go-imap's server
// reads names of mailboxes in UTF-7 all the same.
func TestClientAtForeignServer(t *testing.T) {
	t.Run("rev1", func(t *testing.T) { everyday(t, signedInAt(t, foreignServer(t, imap.CapIMAP4rev1))) })
	t.Run("rev2", func(t *testing.T) {
		everyday(t, signedInAt(t, foreignServer(t, imap.CapIMAP4rev1, imap.CapIMAP4rev2)))
	})
}

// TestClientAtOwnServer is the same at ours, with less and less of it.
func TestClientAtOwnServer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		offer  Offer
		enable []string
	}{
		{"everything", Full(), nil},
		{"rev2", Full(), []string{"IMAP4rev2"}},
		{"qresync", Full(), []string{"QRESYNC"}},
		{"without MOVE", Full().Without("MOVE", "IMAP4rev2", "LITERAL+", "LIST-EXTENDED"), nil},
		{"rev1", Offer{"IMAP4REV1": true, "IDLE": true, "UNSELECT": true, "AUTH=PLAIN": true, "UIDPLUS": true}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := &Server{Hostname: "mail.test", Offer: tt.offer, Backend: newMemory("anna"), ClearAuth: true}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
			served := make(chan error, 1)
			go func() { served <- srv.Serve(ctx, ln) }()
			t.Cleanup(func() {
				cancel()
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
			c := signedInAt(t, ln.Addr().String())
			if len(tt.enable) > 0 {
				if on, err := c.Enable(tt.enable...); err != nil || !slices.Equal(on, tt.enable) {
					t.Errorf("Enable = %q, %v", on, err)
				}
			}
			everyday(t, c)
		})
	}
}

func everyday(t *testing.T, c *Client) {
	told := updates(c)
	do := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	do("Create", c.Create("Работа & дом", ""))
	do("Subscribe", c.Subscribe("Работа & дом"))
	list, err := c.List(ListOptions{}, "*")
	do("List", err)
	if len(list) != 2 || list[0].Name != "INBOX" || list[1].Name != "Работа & дом" {
		t.Errorf("List = %+v", list)
	}
	if list, err := c.List(ListOptions{Subscribed: true}, "*"); err != nil || len(list) != 1 {
		t.Errorf("List of subscriptions = %+v, %v", list, err)
	}
	date := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for i := range 3 {
		_, err = c.Append("INBOX", []byte(strings.Replace(greetings, "Hello", strings.Repeat("Hello ", 1+2000*i), 1)), []string{Flagged}, date)
		do("Append", err)
	}
	st, err := c.Status("INBOX", "MESSAGES", "UNSEEN", "UIDNEXT")
	if err != nil || st.Messages != 3 || st.Unseen != 3 || st.UIDNext != 4 {
		t.Errorf("Status = %+v, %v", st, err)
	}
	box, err := c.Select("INBOX", SelectOptions{})
	if err != nil || box.Messages != 3 || box.UIDNext != 4 || box.UIDValidity == 0 {
		t.Errorf("Select = %+v, %v", box, err)
	}
	var got []*Fetched
	take := func(f *Fetched) { got = append(got, f) }
	do("Fetch", c.Fetch(NumSet{Ranges: []Range{{1, Star}}}, []FetchItem{{Op: FetchUID}, {Op: FetchFlags}, {Op: FetchInternalDate}, {Op: FetchSize}, {Op: FetchEnvelope}, {Op: FetchStructure}},
		FetchOptions{}, take))
	if len(got) != 3 || got[0].UID != 1 || got[0].Size != int64(len(greetings)+1) || !got[0].Date.Equal(date) || !hasFlag(got[0].Flags, Flagged) ||
		Text(got[0].Envelope.Subject) != "Да" || Text(got[0].Envelope.From[0].Name) != "Анна" || got[0].Envelope.From[0].Addr() != "anna@x.test" {
		t.Fatalf("Fetch = %+v, %+v", got[0], got[0].Envelope)
	}
	if sent, ok := got[0].Envelope.Sent(); !ok || !sent.Equal(date) {
		t.Errorf("sent %v", sent)
	}
	path, part := got[0].Structure.TextPart()
	if !slices.Equal(path, []int{1}) || part.MediaType() != "text/plain" || got[0].Structure.Parts[1].Filename() != "plan.pdf" {
		t.Errorf("text part %v, %+v", path, got[0].Structure)
	}
	got = nil
	do("Fetch", c.Fetch(Nums(1, 3), []FetchItem{{Op: FetchBody, Peek: true, Section: letter.Section{Path: path}}}, FetchOptions{}, take))
	if len(got) != 2 || string(got[0].Whole(1)) != "Hello " || len(got[1].Whole(1)) != 6*4001 {
		t.Errorf("Fetch = %+v", got)
	}
	_, err = c.Store(Nums(1, 2), AddFlags, []string{Seen, Deleted}, StoreOptions{})
	do("Store", err)
	found, err := c.Search(allKeys(hasKey(Seen), SearchKey{Op: SearchBody, Text: "Hello"}), SearchOptions{Return: []string{"ALL"}})
	if err != nil || !slices.Equal(found.Numbers, []uint32{1, 2}) || found.Count != 2 {
		t.Errorf("Search = %v, %v", found, err)
	}
	copied, err := c.Copy(Nums(1, 2), "Работа & дом")
	if err != nil || !slices.Equal(copied.To, []uint32{1, 2}) {
		t.Errorf("Copy = %v, %v", copied, err)
	}
	_, err = c.Copy(Nums(1), "Nowhere")
	if refused, ok := errors.AsType[*ReplyError](err); !ok || !refused.HasCode("TRYCREATE") {
		t.Errorf("Copy to nowhere: %v", err)
	}
	_, err = c.Move(Nums(3), "Работа & дом")
	do("Move", err)
	do("Expunge", c.Expunge(NumSet{}))
	if box.Messages != 0 {
		t.Errorf("%d messages left", box.Messages)
	}
	var fetched, expunged int
	for _, what := range *told {
		switch {
		case strings.HasPrefix(what, "fetch 1 1 "), strings.HasPrefix(what, "fetch 2 2 "):
			fetched++
		case strings.HasPrefix(what, "expunge "), strings.HasPrefix(what, "vanished "):
			expunged++
		}
	}
	if fetched != 2 || expunged != 3 && !c.Enabled("QRESYNC") || expunged == 0 {
		t.Errorf("told %q", *told)
	}
	do("Rename", c.Rename("Работа & дом", "Дом"))
	box, err = c.Select("Дом", SelectOptions{ReadOnly: true})
	if err != nil || box.Messages != 3 || !box.ReadOnly {
		t.Errorf("Select = %+v, %v", box, err)
	}
	do("Idle", c.Idle())
	do("Done", c.Done())
	do("Unselect", c.Unselect())
	do("Delete", c.Delete("Дом"))
	do("Logout", c.Logout())
}
