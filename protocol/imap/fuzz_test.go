package imap

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/imap/letter"
	"mailscope/protocol/wire"
)

// again reads in with read and, if that went well, checks that what write
// makes of it is read as the same value.
func again[T any](t *testing.T, in []byte, read func(*parser) T, write func(*encoder, T)) {
	t.Helper()
	p := newParser(in)
	v := read(p)
	if p.err != nil {
		if at := p.err.(*wire.SyntaxError).At; at < 0 || at > len(in) {
			t.Errorf("%q: mistake at %d", in, at)
		}
		return
	}
	text := written(true, func(e *encoder) { write(e, v) })
	p = newParser(text)
	w := read(p)
	if p.end(); p.err != nil || !reflect.DeepEqual(v, w) {
		t.Errorf("%q was written as %q and read as %+v, %v; want %+v", in, text, w, p.err, v)
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{"1", "1:*,*:1,4294967295", "$", "5:3,4", "0", "1,,2"} {
		f.Add(s, uint32(7))
	}
	f.Fuzz(func(t *testing.T, in string, largest uint32) {
		again(t, []byte(in), (*parser).set, func(e *encoder, s NumSet) { e.buf = appendSet(e.buf, s) })
		p := newParser([]byte(in))
		s := p.set()
		r := s.resolve(largest)
		for i, x := range r {
			if x.First > x.Last || i > 0 && uint64(x.First) <= uint64(r[i-1].Last)+1 {
				t.Fatalf("%q up to %d: %v", in, largest, r)
			}
		}
		for _, x := range s.Ranges { // the slow way
			for _, n := range []uint32{x.First, x.Last} {
				if n == Star {
					n = largest
				}
				if !r.Contains(n) {
					t.Errorf("%q up to %d: %v lacks %d", in, largest, r, n)
				}
			}
		}
	})
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"INBOX", "&BB8EQAQ4BDIENQRC-", "R&-D", "&", "&AA-", "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "Привет & пока"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if name, ok := decodeName(in); ok && encodeName(name) != in {
			t.Errorf("%q came back as %q", in, encodeName(name))
		}
		valid := strings.ToValidUTF8(in, "")
		if name, ok := decodeName(encodeName(valid)); !ok || name != valid {
			t.Errorf("%q was written as %q and read as %q, %v", valid, encodeName(valid), name, ok)
		}
	})
}

func FuzzStrings(f *testing.F) {
	for _, s := range []string{"NIL", `"a\"b\\"`, "{3}\r\nabc", "{3+}\r\nabc", "{3}\r\nab", "{99999999999}\r\n", "atom]", `"\x"`, "\"\x80\"", `"Привет"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		again(t, in, (*parser).astring, func(e *encoder, s []byte) { e.astring(string(s)) })
		again(t, in, func(p *parser) []byte { return slices.Clone(p.str()) }, func(e *encoder, s []byte) { e.string(s) })
	})
}

func FuzzFetchItems(f *testing.F) {
	for _, s := range []string{"ALL", "(FLAGS UID)", "BODY[]", "BODY.PEEK[1.2.HEADER.FIELDS (a \"b c\")]<5.7>", "BINARY.SIZE[1]", "RFC822.TEXT", "BODY[1.MIME]", "BODY[1.]", "BODY[.TEXT]"} {
		f.Add([]byte(s))
	}
	letter3 := letterNumber(3)
	f.Fuzz(func(t *testing.T, in []byte) {
		again(t, in, (*parser).fetchItems, func(e *encoder, items []FetchItem) {
			e.list(len(items), func(i int) { e.fetchItem(items[i], true) })
		})
		for _, it := range newParser(in).fetchItems() {
			if it.Op == FetchBody {
				letter.Get(letter3, it.Section)
			}
		}
	})
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"ALL", "OR (1:3 UNSEEN) NOT UID *", "HEADER a \"\"", "SENTSINCE 5-Nov-2026 LARGER 7", "MODSEQ \"/flags/x\" all 5", strings.Repeat("NOT ", 200) + "ALL", "TEXT {12}\r\nПривет"} {
		f.Add([]byte(s))
	}
	all := []placed{{1, &Message{UID: 3, Data: letterNumber(3), Flags: []string{Seen}}}, {2, &Message{UID: 9, Data: letterNumber(1)}}}
	f.Fuzz(func(t *testing.T, in []byte) {
		again(t, in, (*parser).searchKeys, func(e *encoder, k SearchKey) { e.searchKey(k) })
		p := newParser(in)
		key := p.searchKeys()
		if p.err != nil {
			return
		}
		key.resolve(func(s NumSet) resolved { return s.resolve(2) }, func(s NumSet) resolved { return s.resolve(9) }, nil)
		s := searcher{time.Unix(0, 0), func(uint32) bool { return false }}
		yes, no := s.matcher(key), s.matcher(notKey(key))
		for _, m := range all {
			if yes(m) == no(m) {
				t.Errorf("%q: message %d is found both by it and by its contrary", in, m.seq)
			}
		}
	})
}

// FuzzSession says anything to a server in one of its states. Whatever it is,
// every line of the server is one that may be, and the mailbox stays sound.
func FuzzSession(f *testing.F) {
	for state, text := range []string{
		"a AUTHENTICATE PLAIN\r\n*\r\nb LOGIN {4}\r\nanna {6}\r\nsecret\r\n",
		"a CREATE x/y\r\nb RENAME x z\r\nc LIST (SUBSCRIBED) \"\" * RETURN (STATUS (MESSAGES))\r\nd APPEND INBOX (\\Seen x) {11+}\r\nSubject: x\n\r\ne DELETE z\r\n",
		"a FETCH 1:* (BODY[] ENVELOPE BODYSTRUCTURE)\r\nb STORE 1,3 +FLAGS (\\Deleted k)\r\nc EXPUNGE\r\nd MOVE 1 INBOX\r\ne UID SEARCH RETURN (SAVE) ALL\r\nf FETCH $ UID\r\n",
		"a SELECT INBOX (QRESYNC (1 1 1:5))\r\nb UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)\r\nc IDLE\r\nDONE\r\nd SORT (REVERSE DATE) UTF-8 ALL\r\ne THREAD REFERENCES UTF-8 ALL\r\n",
	} {
		f.Add(uint8(state), []byte(text))
	}
	before := []string{"", "x1 LOGIN anna secret\r\n", "x1 LOGIN anna secret\r\nx2 SELECT INBOX\r\n", "x1 LOGIN anna secret\r\nx2 ENABLE QRESYNC IMAP4rev2\r\nx3 EXAMINE INBOX\r\n"}
	f.Fuzz(func(t *testing.T, state uint8, text []byte) {
		m := newMemory("anna")
		for i := range 4 {
			if _, err := m["anna"].Append(inbox, letterNumber(i+1), nil, time.Unix(0, 0)); err != nil {
				t.Fatal(err)
			}
		}
		srv := &Server{Hostname: "mail.test", Backend: m, MaxSize: 1000, ClearAuth: true}
		said := append([]byte(before[int(state)%len(before)]), text...)
		checkOutput(t, said, converse(t, srv, said))

		box, err := m["anna"].Open(inbox)
		if err != nil {
			t.Fatal("the inbox is gone")
		}
		uids, _ := box.UIDs()
		want := ""
		for i, uid := range uids {
			want += fmt.Sprintf("* %d FETCH (UID %d)\r\n", i+1, uid)
		}
		got := converse(t, srv, []byte("x1 LOGIN anna secret\r\nx2 SELECT INBOX\r\nx3 UID FETCH 1:* UID\r\nx4 LOGOUT\r\n"))
		if !strings.Contains(string(got), want+"x3 OK FETCH completed\r\n") {
			t.Errorf("after %q the mailbox has %v, and a session says %q", said, uids, got)
		}
	})
}

// converse says everything at once, hangs up, and returns what came.
func converse(t *testing.T, srv *Server, said []byte) []byte {
	t.Helper()
	client, server := net.Pipe()
	client.SetDeadline(time.Now().Add(20 * time.Second))
	ended := make(chan struct{})
	go func() { defer close(ended); srv.ServeConn(context.Background(), server, false) }()
	heard := make(chan []byte)
	go func() {
		got, _ := io.ReadAll(client)
		heard <- got
	}()
	client.Write(said) // the server may hang up before the end
	client.SetReadDeadline(time.Now().Add(20 * time.Second))
	// A pipe has no half close: the server sees the end once it has answered.
	go func() { client.Write([]byte("\r\nlast LOGOUT\r\n")); client.Close() }()
	got := <-heard
	<-ended
	return got
}

// checkOutput checks that each line of a server is untagged, a continuation, or
// begins with a tag that the client used, and that literals are whole.
func checkOutput(t *testing.T, said, got []byte) {
	t.Helper()
	tags := map[string]bool{"last": true}
	for line := range bytes.SplitSeq(said, []byte("\n")) {
		tag, _, _ := bytes.Cut(bytes.TrimRight(line, "\r"), []byte(" "))
		tags[string(tag)] = true
	}
	for rest := got; len(rest) > 0; {
		line, after, ok := bytes.Cut(rest, []byte("\r\n"))
		if !ok {
			return // it was cut off by the hanging up
		}
		first, _, _ := bytes.Cut(line, []byte(" "))
		if s := string(first); s != "*" && s != "+" && !tags[s] {
			t.Fatalf("%q: a line of the server is %q", said, line)
		}
		for {
			size, _, found := literalTail(line)
			if !found {
				break
			}
			if size > len(after) {
				return
			}
			line, after, _ = bytes.Cut(after[size:], []byte("\r\n"))
		}
		rest = after
	}
}
