package pop3

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"mailscope/protocol/wire"
)

// FuzzSession says anything to a server. Each line must get one well-formed
// reply, and nothing may be removed unless QUIT is said after a login.
func FuzzSession(f *testing.F) {
	f.Add("USER anna\r\nPASS secret\r\nDELE 1\r\nQUIT\r\n")
	f.Add("USER anna\r\nPASS secret\r\nLIST\r\nUIDL\r\nRETR 2\r\nTOP 3 1\r\nCAPA\r\nDELE 1\r\n")
	f.Add("USER anna\r\nPASS secret\r\nDELE 1\nQUIT\n")
	f.Add("APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\nDELE 1\r\nRSET\r\nquit\r\n")
	f.Fuzz(func(t *testing.T, in string) {
		st := newStore()
		offer := everything
		offer.APOP = true
		srv := newServer(st, offer)
		var h history
		srv.Wire = func(net.Conn) wire.Options { return wire.Options{Tap: h.tap} }

		ours, theirs := net.Pipe()
		var running sync.WaitGroup
		said, ended := make(chan struct{}), make(chan struct{})
		running.Go(func() { defer close(said); io.WriteString(ours, in) })
		running.Go(func() { io.Copy(io.Discard, ours) })
		running.Go(func() { defer close(ended); srv.ServeConn(t.Context(), theirs, false) })
		select {
		case <-said:
		case <-ended:
		}
		ours.Close()
		running.Wait()

		for _, bad := range h.bad {
			t.Errorf("server sent %q", bad)
		}
		if h.replies > h.commands+1 || h.replies < h.commands {
			t.Errorf("%d commands got %d replies", h.commands, h.replies)
		}
		if commits := st.commits(); len(commits) > 1 || len(commits) == 1 && !(h.loggedIn && h.verb == "QUIT") {
			t.Errorf("removed %v after %q, logged in: %v", commits, h.verb, h.loggedIn)
		}
		if st.left() != 0 {
			t.Error("maildrop left open")
		}
	})
}

// history is what a server's tap tells of one session.
type history struct {
	commands, replies int
	verb              string // of the last command
	loggedIn          bool
	bad               []string // lines that no client could read
}

func (h *history) tap(l wire.Line) {
	text := string(l.Text)
	switch l.Role {
	case wire.Command:
		h.commands++
		verb, _, _ := strings.Cut(text, " ")
		h.verb = strings.ToUpper(verb)
	case wire.Reply:
		h.replies++
		ok, _, _, err := parseReply(text)
		if err != nil || l.Bytes > maxReply || strings.ContainsAny(text, "\r\n\x00") {
			h.bad = append(h.bad, text)
		}
		if ok && (h.verb == "PASS" || h.verb == "APOP") {
			h.loggedIn = true
		}
	case wire.Data:
		for line := range strings.SplitSeq(text, "\r\n") {
			if strings.ContainsAny(line, "\r\n") {
				h.bad = append(h.bad, text)
			}
		}
	}
}

// BenchmarkRetr fetches 1,000 letters of 4 KiB over loopback.
func BenchmarkRetr(b *testing.B) {
	const letters, size = 1000, 4 << 10
	st := newStore()
	text := bytes.Repeat([]byte(strings.Repeat("x", 62)+"\r\n"), size/64)
	anna := st.accounts["anna"]
	anna.letters, anna.text = nil, nil
	for range letters {
		anna.letters = append(anna.letters, Info{size, "uid"})
		anna.text = append(anna.text, text)
	}
	c := login(b, connect(b, listen(b, newServer(st, everything))), "anna", "secret")
	b.SetBytes(letters * size)
	for b.Loop() {
		for i := range letters {
			if _, err := c.Retr(i + 1); err != nil {
				b.Fatal(err)
			}
		}
	}
}
