package imap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailscope/protocol/imap/letter"
	"mailscope/protocol/wire"
)

// turn is one thing that a scripted server does: it reads octets up to and
// including want, and then answers.
type turn struct{ want, answer string }

// scripted returns a Client of a server that follows a script, after the
// greeting. What the client says differently fails the test.
func scripted(t *testing.T, greeting string, turns ...turn) *Client {
	t.Helper()
	ours, theirs := net.Pipe()
	deadline := time.Now().Add(10 * time.Second)
	ours.SetDeadline(deadline)
	theirs.SetDeadline(deadline)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer theirs.Close()
		if _, err := io.WriteString(theirs, greeting); err != nil {
			return
		}
		r := bufio.NewReader(theirs)
		for _, s := range turns {
			got := make([]byte, len(s.want))
			if n, err := io.ReadFull(r, got); err != nil || string(got) != s.want {
				if n > 0 {
					t.Errorf("client said %q, want %q", got[:n], s.want)
				}
				return
			}
			if _, err := io.WriteString(theirs, s.answer); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { ours.Close(); <-ended })
	c := NewClient(ours, wire.Options{})
	if _, err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

const hello = "* OK [CAPABILITY IMAP4rev1 SASL-IR] ready\r\n"

func TestClientGreeting(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"* OK ready\r\n", ""},
		{"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n", "preauth"},
		{"* BYE [UNAVAILABLE] too many\r\n", "connection refused: BYE [UNAVAILABLE] too many"},
		{"* BAD\r\n", "read greeting: want a greeting at octet 0"},
		{"+ OK\r\n", "read greeting: want a greeting at octet 0"},
		{"220 mail.test ESMTP\r\n", "read greeting: want OK, NO or BAD at octet 4"},
		{"", "read greeting: unexpected EOF"},
	} {
		ours, theirs := net.Pipe()
		go func() { io.WriteString(theirs, tt.in); theirs.Close() }()
		c := NewClient(ours, wire.Options{})
		preauth, err := c.Greet(t.Context())
		if got := fmt.Sprint(err); err != nil && got != tt.want || err == nil && preauth != (tt.want == "preauth") {
			t.Errorf("%q: preauth %v, %v; want %s", tt.in, preauth, err, tt.want)
		}
		if preauth && !c.Has("imap4REV1") {
			t.Errorf("capabilities %q", c.Caps())
		}
		c.Close()
	}
}

func TestClientLogin(t *testing.T) {
	c := scripted(t, hello,
		turn{"a1 LOGIN anna \"two words\"\r\n", "a1 NO [AUTHENTICATIONFAILED] wrong\r\n"},
		turn{"a2 AUTHENTICATE PLAIN AGFubmEAc2VjcmV0\r\n", "a2 OK in\r\n"},
		turn{"a3 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 IDLE \r\na3 OK\r\n"})
	err := c.Login("anna", "two words")
	refused, ok := errors.AsType[*ReplyError](err)
	if !ok || refused.Status != "NO" || !refused.HasCode("AUTHENTICATIONFAILED") || refused.Temporary() || !c.Has("SASL-IR") {
		t.Errorf("wrong password: %v, capabilities %q", err, c.Caps())
	}
	if err := c.AuthenticatePlain("anna", "secret"); err != nil || c.Caps() != nil {
		t.Errorf("AuthenticatePlain: %v, capabilities %q", err, c.Caps())
	}
	if caps, err := c.Capability(); err != nil || !slices.Equal(caps, []string{"IMAP4rev1", "IDLE"}) {
		t.Errorf("Capability = %q, %v", caps, err)
	}
}

func TestClientAuthenticatesInTwoSteps(t *testing.T) {
	c := scripted(t, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n",
		turn{"a1 AUTHENTICATE PLAIN\r\n", "+ \r\n"},
		turn{"AGFubmEAc2VjcmV0\r\n", "* CAPABILITY IMAP4rev1 MOVE\r\na1 OK in\r\n"},
		turn{"a2 AUTHENTICATE PLAIN\r\n", "+ \r\n"},
		turn{"AGEAYg==\r\n", "+ bW9yZQ==\r\n"},
		turn{"*\r\n", "a2 BAD cancelled\r\n"},
		turn{"a3 NOOP\r\n", "a3 OK\r\n"})
	if err := c.Login("anna", "secret"); !errors.Is(err, ErrNotOffered) {
		t.Errorf("Login: %v", err)
	}
	if err := c.AuthenticatePlain("anna", "secret"); err != nil || !c.Has("MOVE") {
		t.Errorf("AuthenticatePlain: %v, %q", err, c.Caps())
	}
	if err := c.AuthenticatePlain("a", "b"); err == nil || !strings.HasPrefix(err.Error(), "AUTHENTICATE: ") {
		t.Errorf("a challenge that PLAIN does not know: %v", err)
	}
	if err := c.Noop(); err != nil {
		t.Error(err)
	}
}

func TestClientLiterals(t *testing.T) {
	const anna = "аня"
	t.Run("asked for", func(t *testing.T) {
		c := scripted(t, hello,
			turn{"a1 LOGIN {6}\r\n", "* OK one moment\r\n+ go on\r\n"},
			turn{anna + " {0}\r\n", "+\r\n"}, turn{"\r\n", "a1 OK\r\n"})
		c.out.err = nil
		if err := c.send("LOGIN", func(e *encoder) { e.octet(' '); e.astring(anna); e.octet(' '); e.literal(nil) }); err != nil {
			t.Fatal(err)
		}
		if _, err := c.finish("LOGIN", nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("refused", func(t *testing.T) {
		c := scripted(t, hello,
			turn{"a1 APPEND INBOX {5}\r\n", "a1 NO [TOOBIG] no\r\n"}, turn{"a2 NOOP\r\n", "a2 OK\r\n"})
		_, err := c.Append("INBOX", []byte("12345"), nil, time.Time{})
		if err == nil || err.Error() != "APPEND refused: NO [TOOBIG] no" {
			t.Errorf("Append: %v", err)
		}
		if err := c.Noop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("not asked for", func(t *testing.T) {
		big := strings.Repeat("x", 5000)
		c := scripted(t, "* OK [CAPABILITY IMAP4rev1 LITERAL-] ready\r\n",
			turn{"a1 APPEND &BB0EMA- (\\Seen) \"25-Nov-2026 09:00:00 +0000\" {2+}\r\nhi\r\n", "a1 OK [APPENDUID 7 12] ok\r\n"},
			turn{"a2 APPEND INBOX {5000}\r\n", "+ ok\r\n"}, turn{big + "\r\n", "a2 OK [APPENDUID 7] ok\r\n"})
		uid, err := c.Append("На", []byte("hi"), []string{Seen}, time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
		if err != nil || uid != (UID{7, 12}) {
			t.Errorf("Append = %v, %v", uid, err)
		}
		if uid, err := c.Append("INBOX", []byte(big), nil, time.Time{}); err != nil || uid != (UID{}) {
			t.Errorf("Append = %v, %v", uid, err)
		}
	})
}

// updates has what a client is told of written down.
func updates(c *Client) *[]string {
	list := &[]string{}
	c.OnUpdate = func(u Update) {
		switch u.Kind {
		case UpdateFetch:
			*list = append(*list, fmt.Sprintf("fetch %d %d %q", u.Fetched.Seq, u.Fetched.UID, u.Fetched.Flags))
		case UpdateVanished:
			*list = append(*list, fmt.Sprint("vanished ", u.UIDs, u.Earlier))
		case UpdateText:
			*list = append(*list, strings.Join([]string{u.Status, u.Code, u.Text}, "|"))
		default:
			*list = append(*list, fmt.Sprint([...]string{"exists ", "recent ", "expunge "}[u.Kind], u.Number))
		}
	}
	return list
}

func TestClientSelects(t *testing.T) {
	c := scripted(t, hello,
		turn{"a1 SELECT INBOX (CONDSTORE)\r\n", "* 3 EXISTS\r\n* 1 RECENT\r\n* FLAGS (\\seen Work)\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] some\r\n" +
			"* OK [UNSEEN 2] first\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 12] next\r\n* OK [HIGHESTMODSEQ 90] latest\r\n* OK [UIDNEXT x] bad\r\na1 OK [READ-WRITE] ok\r\n"},
		turn{"a2 NOOP\r\n", "* 2 EXPUNGE\r\n* 4 EXISTS\r\n* 1 FETCH (FLAGS (\\SEEN))\r\n* NO watch out\r\n* OK [ALERT] disk full {5}\r\n* VANISHED 11:12\r\n* XYZZY who knows {\r\na2 OK\r\n"},
		turn{"a3 EXAMINE \"Two words\" (QRESYNC (7 90 1:11))\r\n", "* 9 EXISTS\r\n* OK [CLOSED]\r\n* VANISHED (EARLIER) 3\r\n* 5 EXISTS\r\n* 5 FETCH (UID 9 FLAGS ())\r\na3 OK [READ-ONLY] ok\r\n"},
		turn{"a4 SELECT Gone\r\n", "a4 NO [NONEXISTENT] none\r\n"})
	told := updates(c)
	box, err := c.Select("INBOX", SelectOptions{CondStore: true})
	want := &Selected{Name: "INBOX", Messages: 3, Recent: 1, Flags: []string{Seen, "Work"}, Permanent: []string{Seen, `\*`},
		FirstUnseen: 2, UIDValidity: 7, UIDNext: 12, HighestModSeq: 90}
	if err != nil || !reflect.DeepEqual(box, want) {
		t.Errorf("Select = %+v, %v; want %+v", box, err, want)
	}
	if !box.Keeps(Seen) || !box.Keeps("Work") || box.Keeps(Draft) {
		t.Error("Keeps")
	}
	if err := c.Noop(); err != nil || box.Messages != 2 {
		t.Errorf("Noop: %v, %d messages", err, box.Messages)
	}
	if box, err = c.Select("Two words", SelectOptions{ReadOnly: true, Resync: &Resync{UIDValidity: 7, ModSeq: 90, Known: NumSet{Ranges: []Range{{1, 11}}}}}); err != nil ||
		!reflect.DeepEqual(box, &Selected{Name: "Two words", ReadOnly: true, Messages: 5}) {
		t.Errorf("Select = %+v, %v", box, err)
	}
	if _, err := c.Select("Gone", SelectOptions{}); err == nil || c.Selected() != nil {
		t.Errorf("Select: %v, %v selected", err, c.Selected())
	}
	if diff := cmp.Diff([]string{"expunge 2", "exists 4", `fetch 1 0 ["\\Seen"]`, "NO||watch out", "OK|ALERT|disk full {5}", "vanished 11:12 false",
		"vanished 3 true", "fetch 5 9 []"}, *told); diff != "" {
		t.Error(diff)
	}
}

func TestClientFetches(t *testing.T) {
	c := scripted(t, hello,
		turn{"a1 UID FETCH 5:* (UID FLAGS ENVELOPE BODY.PEEK[1] BODY[HEADER.FIELDS (From)]<0.10>) (CHANGEDSINCE 9 VANISHED)\r\n",
			"* 1 FETCH (UID 5 FLAGS (\\Seen) X-ODD (a (\"b\" {1}\r\nc)) ENVELOPE (\"d\" {3}\r\nsub NIL NIL NIL ((NIL NIL {1}\r\na \"x\")) NIL NIL NIL \"<1@x>\") BODY[1] {4}\r\nab\r\n BODY[HEADER.FIELDS (\"From\")]<0> NIL)\r\n" +
				"* 2 EXPUNGE\r\n* VANISHED (EARLIER) 1:4\r\n* 2 FETCH (UID 7 BODY[1] \"\" RFC822.SIZE 12 INTERNALDATE \" 1-Sep-2026 10:00:00 +0300\" MODSEQ (12) BINARY.SIZE[1] 5 BINARY[1] ~{3}\r\n\x00\r\n RFC822.TEXT {0}\r\n)\r\na1 OK\r\n"})
	told := updates(c)
	var got []*Fetched
	err := c.Fetch(NumSet{Ranges: []Range{{5, Star}}}, []FetchItem{{Op: FetchUID}, {Op: FetchFlags}, {Op: FetchEnvelope},
		{Op: FetchBody, Peek: true, Section: letter.Section{Path: []int{1}}},
		{Op: FetchBody, Section: letter.Section{What: letter.Fields, Fields: []string{"From"}}, Partial: &Partial{0, 10}}},
		FetchOptions{ChangedSince: 9, Vanished: true}, func(f *Fetched) { got = append(got, f) })
	if err != nil {
		t.Fatal(err)
	}
	want := []*Fetched{
		{Seq: 1, UID: 5, Flags: []string{Seen}, Envelope: &Envelope{Date: "d", Subject: "sub", To: []Address{{Mailbox: "a", Host: "x"}}, MessageID: "<1@x>"},
			Bodies: []Body{{Section: letter.Section{Path: []int{1}}, Data: []byte("ab\r\n")},
				{Section: letter.Section{What: letter.Fields, Fields: []string{"From"}}, Partial: true}}},
		{Seq: 2, UID: 7, Size: 12, Date: time.Date(2026, 9, 1, 10, 0, 0, 0, time.FixedZone("", 3*3600)), ModSeq: 12,
			Bodies: []Body{{Section: letter.Section{Path: []int{1}}, Data: []byte{}}, {Section: letter.Section{Path: []int{1}}, Binary: true, Data: []byte("\x00\r\n")},
				{Section: letter.Section{What: letter.Text}, Data: []byte{}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if string(got[0].Whole(1)) != "ab\r\n" || got[0].Whole() != nil || got[1].Whole(1) == nil {
		t.Error("Whole")
	}
	if diff := cmp.Diff([]string{"expunge 2", "vanished 1:4 true"}, *told); diff != "" {
		t.Error(diff)
	}
}

// TestClientFetchStreams: a message is there before the next one has come.
func TestClientFetchStreams(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	c := NewClient(ours, wire.Options{})
	defer c.Close()
	more := make(chan bool)
	go func() {
		io.WriteString(theirs, hello)
		bufio.NewReader(theirs).ReadString('\n')
		for i := 1; i <= 3; i++ {
			fmt.Fprintf(theirs, "* %d FETCH (FLAGS ())\r\n", i)
			<-more
		}
		io.WriteString(theirs, "a1 OK\r\n")
	}()
	if _, err := c.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := c.Fetch(Nums(1, 2, 3), []FetchItem{{Op: FetchFlags}}, FetchOptions{Seq: true}, func(*Fetched) { n++; more <- true })
	if n != 3 || err != nil {
		t.Errorf("%d messages, %v", n, err)
	}
}

func TestClientCommands(t *testing.T) {
	since := uint64(9)
	for _, tt := range []struct {
		name, caps, want, answer string
		do                       func(*Client) (any, error)
		get                      any
	}{
		{"list", "LIST-EXTENDED LIST-STATUS", `LIST (SUBSCRIBED) "" ("*" "&BCA-%") RETURN (CHILDREN STATUS (MESSAGES))`,
			"* LIST (\\Subscribed \\HasNoChildren) \"/\" &BCA-\r\n* STATUS &BCA- (MESSAGES 3 X-NEW (1))\r\n* LIST (\\NonExistent) NIL \"a b\" (\"CHILDINFO\" (\"SUBSCRIBED\") OLDNAME (c))\r\n",
			func(c *Client) (any, error) {
				return c.List(ListOptions{Subscribed: true, Return: []string{"CHILDREN"}, Status: []string{"MESSAGES"}}, "*", "Р%")
			},
			[]Listed{{Name: "Р", Attrs: []string{`\Subscribed`, `\HasNoChildren`}, Delim: "/", Status: &Status{Messages: 3}}, {Name: "a b", Attrs: []string{`\NonExistent`}, OldName: "c"}}},
		{"old list", "", `LSUB "" "%"`, "* LSUB () \"/\" inbox\r\n",
			func(c *Client) (any, error) {
				return c.List(ListOptions{Subscribed: true, Return: []string{"CHILDREN"}}, "%")
			},
			[]Listed{{Name: "INBOX", Attrs: []string{}, Delim: "/"}}},
		{"namespace", "", "NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL ((\"#shared/\" \"/\" \"X\" (\"a\"))(\"#news.\" NIL))\r\n",
			func(c *Client) (any, error) { return c.Namespace() },
			Namespaces{Personal: []Namespace{{"", "/"}}, Shared: []Namespace{{"#shared/", "/"}, {"#news.", ""}}}},
		{"status", "", "STATUS A&-B (MESSAGES UNSEEN)", "* STATUS C (MESSAGES 9)\r\n* STATUS A&-B (MESSAGES 4 UNSEEN 2 SIZE 5000000000 UIDNEXT 8 UIDVALIDITY 7 HIGHESTMODSEQ 12 DELETED 1 RECENT 0)\r\n",
			func(c *Client) (any, error) { return c.Status("A&B", "MESSAGES", "UNSEEN") },
			Status{Messages: 4, Unseen: 2, Size: 5000000000, UIDNext: 8, UIDValidity: 7, HighestModSeq: 12, Deleted: 1}},
		{"create", "", "CREATE Old (USE (\\Archive))", "", func(c *Client) (any, error) { return nil, c.Create("Old", `\Archive`) }, nil},
		{"rename", "", "RENAME Old \"Very old\"", "", func(c *Client) (any, error) { return nil, c.Rename("Old", "Very old") }, nil},
		{"delete", "", "DELETE Old", "", func(c *Client) (any, error) { return nil, c.Delete("Old") }, nil},
		{"subscribe", "", "SUBSCRIBE \"NIL\"", "", func(c *Client) (any, error) { return nil, c.Subscribe("NIL") }, nil},
		{"unsubscribe", "", "UNSUBSCRIBE \"\"", "", func(c *Client) (any, error) { return nil, c.Unsubscribe("") }, nil},
		{"enable", "", "ENABLE CONDSTORE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT\r\n", func(c *Client) (any, error) {
			on, err := c.Enable("CONDSTORE", "UTF8=ACCEPT")
			if !c.out.utf8 {
				err = errors.New("names are not in UTF-8")
			}
			return on, err
		}, []string{"UTF8=ACCEPT"}},
		{"id", "", `ID ("name" "mail\"scope")`, "* ID (\"name\" \"x\" \"version\" NIL)\r\n", func(c *Client) (any, error) { return c.ID([2]string{"name", `mail"scope`}) },
			[][2]string{{"name", "x"}, {"version", ""}}},
		{"id of nobody", "", `ID NIL`, "* ID NIL\r\n", func(c *Client) (any, error) { return c.ID() }, [][2]string(nil)},
		{"search", "", "UID SEARCH CHARSET UTF-8 UNSEEN SUBJECT {4+}\r\nда", "* SEARCH 4 2 9 (MODSEQ 12)\r\n",
			func(c *Client) (any, error) {
				return c.Search(allKeys(notKey(hasKey(Seen)), SearchKey{Op: SearchHeader, Field: "Subject", Text: "да"}), SearchOptions{Return: []string{"COUNT"}})
			}, Found{Numbers: []uint32{4, 2, 9}, Count: 3, ModSeq: 12}},
		{"search nothing", "", "SEARCH ALL", "* SEARCH \r\n", func(c *Client) (any, error) { return c.Search(SearchKey{}, SearchOptions{Seq: true}) }, Found{}},
		{"esearch", "ESEARCH", "UID SEARCH RETURN (ALL COUNT) FLAGGED", "* ESEARCH (TAG \"z9\") UID ALL 1\r\n* ESEARCH (TAG \"a1\") UID COUNT 4 ALL 1:3,7 MIN 1 MAX 7 MODSEQ 5 NEW (x)\r\n",
			func(c *Client) (any, error) {
				return c.Search(hasKey(Flagged), SearchOptions{Return: []string{"ALL", "COUNT"}})
			},
			Found{Numbers: []uint32{1, 2, 3, 7}, Count: 4, Min: 1, Max: 7, ModSeq: 5}},
		{"sort", "", "UID SORT (REVERSE DATE SUBJECT) UTF-8 ALL", "* SORT 3 1 2\r\n",
			func(c *Client) (any, error) {
				return c.Sort([]SortKey{{SortDate, true}, {By: SortSubject}}, SearchKey{}, SearchOptions{})
			},
			Found{Numbers: []uint32{3, 1, 2}, Count: 3}},
		{"thread", "", "UID THREAD REFERENCES UTF-8 ALL", "* THREAD (2)(3 6 (4 23)(44 7))((5)(1))\r\n",
			func(c *Client) (any, error) { return c.Thread("REFERENCES", SearchKey{}, SearchOptions{}) },
			[]ThreadTree{{Number: 2}, {3, []ThreadTree{{6, []ThreadTree{{4, []ThreadTree{{Number: 23}}}, {44, []ThreadTree{{Number: 7}}}}}}}, {0, []ThreadTree{{Number: 5}, {Number: 1}}}}},
		{"store", "", "UID STORE 1:3 (UNCHANGEDSINCE 9) +FLAGS.SILENT (\\Seen Work)", "* 1 FETCH (UID 1 MODSEQ (10))\r\n",
			func(c *Client) (any, error) {
				return c.Store(Nums(1, 2, 3), AddFlags, []string{Seen, "Work"}, StoreOptions{Silent: true, UnchangedSince: &since})
			}, Nums(2)},
		{"expunge", "", "EXPUNGE", "", func(c *Client) (any, error) { return nil, c.Expunge(NumSet{}) }, nil},
		{"uid expunge", "", "UID EXPUNGE 4", "", func(c *Client) (any, error) { return nil, c.Expunge(Nums(4)) }, nil},
		{"copy", "", "UID COPY 5,3 Work", "", func(c *Client) (any, error) { return c.Copy(NumSet{Ranges: []Range{{5, 5}, {3, 3}}}, "Work") }, Copied{}},
		{"move", "MOVE", "UID MOVE 1:2 Work", "* OK [COPYUID 7 1:2 11:12] moved\r\n* 1 EXPUNGE\r\n", func(c *Client) (any, error) { return c.Move(Nums(1, 2), "Work") },
			Copied{7, []uint32{1, 2}, []uint32{11, 12}}},
		{"quota", "", "GETQUOTA \"\"", "* QUOTA \"\" (STORAGE 10 512 MESSAGE 1 2)\r\n", func(c *Client) (any, error) { return c.Quota("") },
			QuotaRoot{"", []Resource{{"STORAGE", 10, 512}, {"MESSAGE", 1, 2}}}},
		{"quota root", "", "GETQUOTAROOT INBOX", "* QUOTAROOT INBOX \"\" more\r\n* QUOTA \"\" (STORAGE 1 2)\r\n", func(c *Client) (any, error) { return c.QuotaOf("INBOX") },
			[]QuotaRoot{{"", []Resource{{"STORAGE", 1, 2}}}, {Name: "more"}}},
		{"check", "", "CHECK", "", func(c *Client) (any, error) { return nil, c.Check() }, nil},
		{"unselect", "", "UNSELECT", "", func(c *Client) (any, error) { return nil, c.Unselect() }, nil},
		{"close", "", "CLOSE", "", func(c *Client) (any, error) { return nil, c.CloseMailbox() }, nil},
		{"logout", "", "LOGOUT", "* BYE bye\r\n", func(c *Client) (any, error) { return nil, c.Logout() }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ok := "a1 OK done\r\n"
			if tt.name == "store" {
				ok = "a1 OK [MODIFIED 2] some\r\n"
			}
			c := scripted(t, "* OK [CAPABILITY LITERAL+ "+tt.caps+"] ready\r\n", turn{"a1 " + tt.want + "\r\n", tt.answer + ok})
			got, err := tt.do(c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.get, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClientMovesByCopying(t *testing.T) {
	c := scripted(t, "* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n",
		turn{"a1 UID COPY 3 Work\r\n", "a1 OK [COPYUID 7 3 11] ok\r\n"},
		turn{"a2 UID STORE 3 +FLAGS.SILENT (\\Deleted)\r\n", "a2 OK\r\n"},
		turn{"a3 UID EXPUNGE 3\r\n", "* 1 EXPUNGE\r\na3 OK\r\n"})
	if got, err := c.Move(Nums(3), "Work"); err != nil || got.To[0] != 11 {
		t.Errorf("Move = %v, %v", got, err)
	}
	if _, err := c.Store(Nums(1), AddFlags, []string{"two words"}, StoreOptions{}); err == nil {
		t.Error("a flag of two words was sent")
	}
	if _, err := c.Append("INBOX", nil, []string{") {3}\r\n"}, time.Time{}); err == nil {
		t.Error("a flag with a line end was sent")
	}
}

func TestClientIdles(t *testing.T) {
	c := scripted(t, hello,
		turn{"a1 IDLE\r\n", "* 1 EXISTS\r\n+ idling\r\n* 2 EXISTS\r\n* 1 EXPUNGE\r\n"},
		turn{"DONE\r\n", "* 3 EXISTS\r\na1 OK\r\n"},
		turn{"a2 IDLE\r\n", "+ idling\r\na2 NO enough\r\n"},
		turn{"a3 IDLE\r\n", "a3 BAD what\r\n"},
		turn{"a4 IDLE\r\n", "+\r\n* BYE idle for too long\r\n"})
	told := updates(c)
	if err := errors.Join(c.Idle(), c.IdleRead(), c.IdleRead(), c.Done()); err != nil || c.Idling() {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"exists 1", "exists 2", "expunge 1", "exists 3"}, *told); diff != "" {
		t.Error(diff)
	}
	if err := c.Done(); !errors.Is(err, errNotIdle) {
		t.Errorf("Done: %v", err)
	}
	if err := errors.Join(c.Idle(), c.IdleRead()); err == nil || err.Error() != "IDLE refused: NO enough" {
		t.Errorf("the server ends the idling: %v", err)
	}
	if err := c.Idle(); err == nil || err.Error() != "IDLE refused: BAD what" {
		t.Errorf("Idle: %v", err)
	}
	if err := errors.Join(c.Idle(), c.IdleRead(), c.IdleRead()); err == nil || err.Error() != "session ended: BYE idle for too long" {
		t.Errorf("goodbye: %v", err)
	}
}

func TestClientOfABadServer(t *testing.T) {
	fetch := func(c *Client) error {
		return c.Fetch(Nums(1), []FetchItem{{Op: FetchFlags}}, FetchOptions{}, func(*Fetched) {})
	}
	for _, tt := range []struct {
		name, answer, want string
		do                 func(*Client) error
	}{
		{"other protocol", "+OK\r\n", `read reply to NOOP: want "*" or the command's tag at octet 0`, (*Client).Noop},
		{"other tag", "a9 OK\r\n", `read reply to NOOP: want "*" or the command's tag at octet 0`, (*Client).Noop},
		{"cut", "a1 OK", "read reply to NOOP: unexpected EOF", (*Client).Noop},
		{"gone", "", "read reply to NOOP: unexpected EOF", (*Client).Noop},
		{"goodbye", "* BYE [UNAVAILABLE] restart\r\n", "session ended: BYE [UNAVAILABLE] restart", (*Client).Noop},
		{"endless line", "* OK " + strings.Repeat("x", 600) + "\r\n", "read reply to NOOP: line too long", (*Client).Noop},
		{"big literal", "* 1 FETCH (BODY[] {500}\r\n", "read reply to UID FETCH: data too big", fetch},
		{"many literals", "* 1 FETCH (BODY[1] {40}\r\n" + strings.Repeat("x", 40) + " BODY[2] {40}\r\n" + strings.Repeat("x", 40) + " BODY[3] {40}\r\n", "read reply to UID FETCH: data too big", fetch},
		{"cut literal", "* 1 FETCH (BODY[] {5}\r\nabc", "read reply to UID FETCH: unexpected EOF", fetch},
		{"long list", strings.Repeat("* 1 FETCH (FLAGS ())\r\n", 5), "read reply to UID FETCH: too many responses", fetch},
		{"bad item", "* 1 FETCH (UID 0)\r\n", "read reply to UID FETCH: want a number from 1 at octet 15", fetch},
		{"bad name", "* LIST () \"/\" &x\r\n", "read reply to LIST: want the name of a mailbox at octet 14", func(c *Client) error { _, err := c.List(ListOptions{}, "*"); return err }},
		{"refusal", "a1 NO [INUSE] later\r\n", "UID FETCH refused: NO [INUSE] later", fetch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			theirs.SetDeadline(time.Now().Add(10 * time.Second))
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				defer theirs.Close()
				io.WriteString(theirs, hello)
				if _, err := bufio.NewReader(theirs).ReadString('\n'); err == nil {
					io.WriteString(theirs, tt.answer)
				}
			}()
			c := NewClient(ours, wire.Options{})
			defer func() { c.Close(); <-ended }()
			if _, err := c.Greet(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.MaxLetter, c.MaxList = 130, 3
			if err := tt.do(c); err == nil || err.Error() != tt.want {
				t.Errorf("got %v; want %s", err, tt.want)
			}
		})
	}
}

func TestClientEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		defer b.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := NewClient(a, wire.Options{}).Greet(ctx); err == nil {
			t.Error("a silent server greeted")
		}
	})
}
