package imap

import (
	"bytes"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailscope/protocol/wire"
)

// deafConn is a connection on which everything was said already.
type deafConn struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer
}

func (m *deafConn) Read(b []byte) (int, error)         { return m.in.Read(b) }
func (m *deafConn) Write(b []byte) (int, error)        { return m.out.Write(b) }
func (m *deafConn) Close() error                       { return nil }
func (m *deafConn) SetReadDeadline(t time.Time) error  { return nil }
func (m *deafConn) SetWriteDeadline(t time.Time) error { return nil }

// written gives what f writes.
func written(asUTF8 bool, f func(e *encoder)) []byte {
	m := &deafConn{}
	e := &encoder{conn: wire.NewConn(m, wire.Options{}), utf8: asUTF8}
	f(e)
	e.end()
	e.conn.Flush()
	return bytes.TrimSuffix(m.out.Bytes(), []byte("\r\n"))
}

// again writes a response as a server does.
func (r *response) again(e *encoder) {
	e.raw(r.tag + " ")
	if r.number > 0 || strings.Contains("EXISTS RECENT EXPUNGE FETCH", r.name) {
		e.number32(r.number)
		e.octet(' ')
	}
	e.raw(r.name)
	switch data := r.data.(type) {
	case nil:
		if r.code != "" {
			e.raw(" [" + r.code + "]")
		}
		if r.text != "" {
			e.raw(" " + r.text)
		}
	case []string:
		switch r.name {
		case "FLAGS":
			e.octet(' ')
			e.words(data)
		case "QUOTAROOT":
			e.raw(" x")
			for _, name := range data {
				e.octet(' ')
				e.string([]byte(name))
			}
		default:
			for _, w := range data {
				e.raw(" " + w)
			}
		}
	case Listed:
		e.octet(' ')
		e.words(data.Attrs)
		e.octet(' ')
		e.nstr(data.Delim)
		e.octet(' ')
		e.mailbox(data.Name)
		if data.OldName != "" {
			e.raw(" (OLDNAME (")
			e.mailbox(data.OldName)
			e.raw("))")
		}
	case namedStatus:
		e.octet(' ')
		e.mailbox(data.name)
		st := data.status
		e.raw(" (")
		for _, v := range []struct {
			name  string
			value uint64
		}{{"MESSAGES", uint64(st.Messages)}, {"UNSEEN", uint64(st.Unseen)}, {"DELETED", uint64(st.Deleted)}, {"SIZE", uint64(st.Size)},
			{"UIDNEXT", uint64(st.UIDNext)}, {"UIDVALIDITY", uint64(st.UIDValidity)}, {"HIGHESTMODSEQ", st.HighestModSeq}} {
			if v.name != "MESSAGES" {
				e.octet(' ')
			}
			e.raw(v.name + " ")
			e.number64(v.value)
		}
		e.octet(')')
	case foundNumbers:
		for _, n := range data.numbers {
			e.octet(' ')
			e.number32(n)
		}
		if data.modseq > 0 {
			e.raw(" (MODSEQ ")
			e.number64(data.modseq)
			e.octet(')')
		}
	case esearch:
		data.again(e)
	case []ThreadTree:
		e.octet(' ')
		for _, tree := range data {
			tree.again(e)
		}
	case vanished:
		if data.earlier {
			e.raw(" (EARLIER)")
		}
		e.set(data.uids)
	case Namespaces:
		for _, list := range [][]Namespace{data.Personal, data.Others, data.Shared} {
			if len(list) == 0 {
				e.raw(" NIL")
				continue
			}
			e.raw(" (")
			for _, n := range list {
				e.octet('(')
				e.mailbox(n.Prefix)
				e.octet(' ')
				e.nstr(n.Delim)
				e.octet(')')
			}
			e.octet(')')
		}
	case [][2]string:
		e.octet(' ')
		e.pairs(data)
	case QuotaRoot:
		e.octet(' ')
		e.string([]byte(data.Name))
		e.raw(" (")
		for i, res := range data.Resources {
			if i > 0 {
				e.octet(' ')
			}
			e.raw(res.Name + " ")
			e.number64(res.Used)
			e.octet(' ')
			e.number64(res.Limit)
		}
		e.octet(')')
	case *Fetched:
		e.octet(' ')
		data.again(e)
	}
}

func (e *encoder) nstr(s string) {
	if s == "" {
		e.raw("NIL")
		return
	}
	e.string([]byte(s))
}

func (s esearch) again(e *encoder) {
	if s.tag != "" {
		e.raw(" (TAG ")
		e.string([]byte(s.tag))
		e.octet(')')
	}
	e.raw(" UID")
	for _, v := range []struct {
		name  string
		value uint64
	}{{"COUNT", uint64(s.found.Count)}, {"MIN", uint64(s.found.Min)}, {"MAX", uint64(s.found.Max)}, {"MODSEQ", s.found.ModSeq}} {
		if v.value > 0 {
			e.raw(" " + v.name + " ")
			e.number64(v.value)
		}
	}
	if len(s.found.Numbers) > 0 {
		e.raw(" ALL")
		e.set(NumSet{Ranges: rangesOf(s.found.Numbers)})
	}
}

func (t ThreadTree) again(e *encoder) {
	e.octet('(')
	if t.Number > 0 {
		e.number32(t.Number)
		if len(t.Children) > 0 {
			e.octet(' ')
		}
	}
	for _, c := range t.Children {
		c.again(e)
	}
	e.octet(')')
}

func (f *Fetched) again(e *encoder) {
	before := "("
	item := func(name string) {
		e.raw(before + name + " ")
		before = " "
	}
	if f.UID > 0 {
		item("UID")
		e.number32(f.UID)
	}
	if f.Flags != nil {
		item("FLAGS")
		e.words(f.Flags)
	}
	if !f.Date.IsZero() {
		item("INTERNALDATE")
		e.dateTime(f.Date)
	}
	if f.Size > 0 {
		item("RFC822.SIZE")
		e.number(f.Size)
	}
	if f.ModSeq > 0 {
		item("MODSEQ")
		e.octet('(')
		e.number64(f.ModSeq)
		e.octet(')')
	}
	if f.Envelope != nil {
		item("ENVELOPE")
		f.Envelope.again(e)
	}
	if f.Structure != nil {
		item("BODYSTRUCTURE")
		f.Structure.again(e)
	}
	for _, b := range f.Bodies {
		e.raw(before)
		it := FetchItem{Op: FetchBody, Section: b.Section}
		if b.Binary {
			it.Op = FetchBinary
		}
		if b.Partial {
			it.Partial = &Partial{From: b.From}
		}
		e.fetchItem(it, false)
		e.octet(' ')
		before = " "
		switch {
		case b.Data == nil:
			e.raw("NIL")
		default:
			e.literal8(b.Data)
		}
	}
	if before == "(" {
		e.raw(before)
	}
	e.octet(')')
}

func (v *Envelope) again(e *encoder) {
	e.octet('(')
	e.nstr(v.Date)
	e.octet(' ')
	e.nstr(v.Subject)
	for _, list := range [][]Address{v.From, v.Sender, v.ReplyTo, v.To, v.Cc, v.Bcc} {
		e.octet(' ')
		if list == nil {
			e.raw("NIL")
			continue
		}
		e.octet('(')
		for _, a := range list {
			e.octet('(')
			e.nstr(a.Name)
			e.octet(' ')
			e.nstr(a.Route)
			e.octet(' ')
			e.nstr(a.Mailbox)
			e.octet(' ')
			if a.Group {
				e.raw("NIL")
			} else {
				e.string([]byte(a.Host))
			}
			e.octet(')')
		}
		e.octet(')')
	}
	e.octet(' ')
	e.nstr(v.InReplyTo)
	e.octet(' ')
	e.nstr(v.MessageID)
	e.octet(')')
}

func (s *Structure) again(e *encoder) {
	e.octet('(')
	params := func(list []Param) {
		if list == nil {
			e.raw("NIL")
			return
		}
		before := "("
		for _, p := range list {
			e.raw(before)
			e.string([]byte(p.Name))
			e.octet(' ')
			e.nstr(p.Value)
			before = " "
		}
		e.octet(')')
	}
	if len(s.Parts) > 0 {
		for _, p := range s.Parts {
			p.again(e)
		}
		e.octet(' ')
		e.nstr(s.Subtype)
		e.octet(' ')
		params(s.Params)
	} else {
		for _, v := range []string{s.Type, s.Subtype} {
			e.nstr(v)
			e.octet(' ')
		}
		params(s.Params)
		for _, v := range []string{s.ID, s.Description, s.Encoding} {
			e.octet(' ')
			e.nstr(v)
		}
		e.octet(' ')
		e.number32(s.Size)
		if s.Message != nil {
			e.octet(' ')
			s.Envelope.again(e)
			e.octet(' ')
			s.Message.again(e)
		}
		e.octet(' ')
		e.number32(s.Lines)
		e.octet(' ')
		e.nstr(s.MD5)
	}
	if s.Disposition == "" && s.DispositionParams == nil {
		e.raw(" NIL ")
	} else {
		e.raw(" (")
		e.nstr(s.Disposition)
		e.octet(' ')
		params(s.DispositionParams)
		e.raw(") ")
	}
	if s.Language == nil {
		e.raw("NIL")
	} else {
		before := "("
		for _, l := range s.Language {
			e.raw(before)
			e.nstr(l)
			before = " "
		}
		e.octet(')')
	}
	e.octet(' ')
	e.nstr(s.Location)
	e.octet(')')
}

// fixed compares dates by what is written of them.
var fixed = cmp.Comparer(func(a, b time.Time) bool { return a.Format(dateTimeForm) == b.Format(dateTimeForm) })

// FuzzResponse: what could be read comes back when it is written again.
func FuzzResponse(f *testing.F) {
	for _, in := range []string{
		"* OK [CAPABILITY IMAP4rev1 \"]\"] hi", "a1 NO [TRYCREATE]", "+ go", "* BYE", "* PREAUTH x",
		"* CAPABILITY IMAP4rev1 AUTH=PLAIN ", "* ENABLED", "* 3 EXISTS", "* FLAGS (\\Seen \\* Work)", "* XLIST ((", "* 0 RECENT",
		"* LIST (\\Sent) \"/\" &BCA- (\"CHILDINFO\" (\"SUBSCRIBED\") OLDNAME (\"inbox\"))", "* LSUB () NIL {3}\r\na&-", "* STATUS x (MESSAGES 3 SIZE 4 X (1 2))",
		"* SEARCH 1 2 (MODSEQ 5)", "* SORT", "* ESEARCH (TAG \"a1\") UID ALL 1:3,7 COUNT 4 MIN 1", "* THREAD (2)(3 6 (4 23)(44 7))((5)(1))",
		"* VANISHED (EARLIER) 1:3,7", "* NAMESPACE ((\"\" \"/\")) NIL ((\"#x\" NIL \"a\" (\"b\")))", "* ID (\"name\" NIL)", "* QUOTA \"\" (STORAGE 1 2)", "* QUOTAROOT INBOX \"\"",
		"* 1 FETCH (UID 5 FLAGS (\\seen) BODY[1.HEADER.FIELDS (a \"b c\")]<0> {3}\r\na\x00b INTERNALDATE \" 1-Sep-2026 10:00:00 +0300\" MODSEQ (3) RFC822.SIZE 3)",
		"* 1 FETCH (ENVELOPE (\"d\" {2}\r\n\xff\" NIL ((NIL NIL \"g\" NIL)(\"n\" \"@r\" \"m\" \"h\")(NIL NIL NIL NIL)) NIL NIL NIL NIL NIL \"<1@x>\"))",
		"* 1 FETCH (BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 6 2 NIL (\"inline\" NIL) (\"en\" \"ru\") \"loc\")(\"message\" \"rfc822\" NIL NIL NIL NIL 3 " +
			"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"a\" \"b\" NIL NIL NIL NIL 3) 4) \"mixed\" (\"boundary\" \"b\") NIL \"de\" NIL (x 3)) BINARY[1] ~{1}\r\n\x00 RFC822 NIL)",
	} {
		f.Add([]byte(in), true)
		f.Add([]byte(in), false)
	}
	f.Fuzz(func(t *testing.T, in []byte, asUTF8 bool) {
		r, err := parseResponse(in, asUTF8)
		if err != nil {
			if r != nil || len(in) > 0 && err.(*wire.SyntaxError).At > len(in) {
				t.Errorf("%q: %v and %v", in, r, err)
			}
			return
		}
		if f, ok := r.data.(*Fetched); ok && f.Structure != nil {
			f.Structure.Walk(func([]int, *Structure) {})
		}
		if _, known := replies[r.name]; !known && !isStatus([]byte("* "+r.name)) || r.tag == "+" || bytes.ContainsAny([]byte(r.text), "\r\n") {
			return
		}
		out := written(asUTF8, r.again)
		back, err := parseResponse(out, asUTF8)
		if err != nil {
			t.Fatalf("%q was written as %q, which cannot be read: %v", in, out, err)
		}
		all := cmp.Exporter(func(reflect.Type) bool { return true })
		if diff := cmp.Diff(r, back, all, fixed); diff != "" {
			t.Errorf("%q came back as %q:\n%s", in, out, diff)
		}
	})
}

// FuzzClient: whatever a server says, the limits hold.
func FuzzClient(f *testing.F) {
	f.Add([]byte("* OK\r\n* 1 FETCH (BODY[] {3}\r\nabc)\r\n* 1 EXPUNGE\r\na1 OK\r\n+\r\n* BYE\r\na2 OK\r\n"))
	f.Add([]byte("* OK [CAPABILITY LITERAL+]\r\n* 1 FETCH (BODY[] {99}\r\na1 NO\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		c := NewClient(&deafConn{in: bytes.NewReader(in)}, wire.Options{})
		c.MaxLetter, c.MaxList = 50, 4
		told := 0
		c.OnUpdate = func(Update) { told++ }
		if _, err := c.Greet(t.Context()); err != nil {
			return
		}
		defer c.Close()
		err := c.Fetch(Nums(1), []FetchItem{{Op: FetchBody}}, FetchOptions{}, func(f *Fetched) {
			told++
			size := 0
			for _, b := range f.Bodies {
				size += len(b.Data)
			}
			if size > 50 {
				t.Errorf("%d octets were let in", size)
			}
		})
		if told > 5 {
			t.Errorf("%d responses were let in", told)
		}
		if err == nil && c.Idle() == nil {
			for c.IdleRead() == nil {
			}
		}
	})
}
