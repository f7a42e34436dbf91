package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailscope/protocol/imap"
)

// side is one of two servers that hold the same letters.
type side struct {
	name    string
	addr    string
	deliver func(data []byte)
}

// bothServers starts our server and go-imap's in-memory server, and puts the
// same letters into the INBOX of both.
func bothServers(b *testing.B, letters [][]byte) []side {
	b.Helper()
	box := NewStore().Create("anna@romashka.example", 1)
	user := imapmemserver.NewUser("anna", "x")
	if err := user.Create("INBOX", nil); err != nil {
		b.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	theirs := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:         goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapIMAP4rev2: {}},
		InsecureAuth: true,
		Logger:       log.New(io.Discard, "", 0),
	})
	sides := []side{
		{"mailscope", listen(b, func(ctx context.Context, ln net.Listener) error {
			return (&imap.Server{Hostname: "bench.test", Backend: oneBox{box}, ClearAuth: true}).Serve(ctx, ln)
		}), func(data []byte) { box.Deliver(Message{Data: data}) }},
		{"go-imap", listen(b, func(ctx context.Context, ln net.Listener) error {
			defer context.AfterFunc(ctx, func() { theirs.Close() })()
			theirs.Serve(ln) // it ends with an error when it is closed
			return nil
		}), func(data []byte) {
			if _, err := user.Append("INBOX", sized{bytes.NewReader(data)}, &goimap.AppendOptions{}); err != nil {
				b.Error(err)
			}
		}},
	}
	for _, s := range sides {
		for _, l := range letters {
			s.deliver(l)
		}
	}
	return sides
}

type sized struct{ *bytes.Reader }

func (s sized) Size() int64 { return s.Reader.Size() }

type oneBox struct{ *Box }

func (o oneBox) Login(context.Context, net.Conn, string, string) (imap.Account, error) {
	return o.Box, nil
}

// listen runs a server on a port of its own until the benchmark ends.
func listen(b *testing.B, serve func(context.Context, net.Listener) error) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := serve(ctx, ln); err != nil {
			b.Error(err)
		}
	})
	b.Cleanup(func() { cancel(); running.Wait() })
	return ln.Addr().String()
}

// caller is a client that does no more than count what comes.
type caller struct {
	b  *testing.B
	nc net.Conn
	r  *bufio.Reader
}

// call signs in and selects the INBOX.
func call(b *testing.B, addr string) *caller {
	b.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { nc.Close() })
	c := &caller{b, nc, bufio.NewReaderSize(nc, 64<<10)}
	c.patience()
	c.line() // the greeting
	c.do("LOGIN anna x")
	c.do("SELECT INBOX")
	return c
}

func (c *caller) line() string {
	text, err := c.hear()
	if err != nil {
		c.b.Fatal(err)
	}
	return text
}

// patience bounds the wait for what is read next.
func (c *caller) patience() { c.nc.SetReadDeadline(time.Now().Add(10 * time.Second)) }

// hear reads one line.
func (c *caller) hear() (string, error) {
	var text []byte
	for {
		part, err := c.r.ReadSlice('\n')
		text = append(text, part...)
		if err != bufio.ErrBufferFull {
			return string(text), err
		}
	}
}

// do says a command and reads up to its tagged response, literals by their
// size. It returns the octets read.
func (c *caller) do(command string) (octets int) {
	fmt.Fprintf(c.nc, "x %s\r\n", command)
	c.patience()
	for {
		part, err := c.r.ReadSlice('\n')
		for err == bufio.ErrBufferFull {
			octets += len(part)
			part, err = c.r.ReadSlice('\n')
		}
		if err != nil {
			c.b.Fatal(err)
		}
		octets += len(part)
		switch {
		case bytes.HasPrefix(part, []byte("x OK")):
			return octets
		case bytes.HasPrefix(part, []byte("x ")):
			c.b.Fatalf("%s: %s", command, part)
		case bytes.HasSuffix(part, []byte("}\r\n")):
			n, _ := strconv.Atoi(string(part[bytes.LastIndexByte(part, '{')+1 : len(part)-3]))
			if _, err := c.r.Discard(n); err != nil {
				c.b.Fatal(err)
			}
			octets += n
		}
	}
}

// letter is a letter of so many octets, with text that a search has to decode.
func letterOf(i, octets int) []byte {
	const text = "Привет! Завтра собираемся у Бориса, захвати чертежи и билеты. The harbour is closed.\r\n"
	head := fmt.Sprintf("Date: Tue, 24 Nov 2026 02:12:48 +0000\r\nFrom: =?utf-8?b?0JDQvdC90LA=?= <anna@romashka.example>\r\n"+
		"To: \"Boris B.\" <boris@rocket.example>, carol@rocket.example\r\nSubject: =?utf-8?b?0J/RgNC40LLQtdGC?= %d\r\n"+
		"Message-ID: <%d@romashka.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", i, i)
	return []byte(head + strings.Repeat(text, max(octets-len(head), 0)/len(text)))
}

func lettersOf(n, octets int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = letterOf(i, octets)
	}
	return list
}

// command measures one command on both servers.
func command(b *testing.B, letters [][]byte, command string) {
	for _, s := range bothServers(b, letters) {
		b.Run(s.name, func(b *testing.B) {
			c := call(b, s.addr)
			octets := 0
			for b.Loop() {
				octets = c.do(command)
			}
			b.SetBytes(int64(octets))
		})
	}
}

// BenchmarkEnvelopes fetches the envelopes of 10,000 letters.
func BenchmarkEnvelopes(b *testing.B) { command(b, lettersOf(10_000, 2<<10), "FETCH 1:* (ENVELOPE)") }

// BenchmarkWhole fetches 1,000 whole letters of 50 KiB.
func BenchmarkWhole(b *testing.B) { command(b, lettersOf(1000, 50<<10), "FETCH 1:* (BODY.PEEK[])") }

// BenchmarkSearchText searches the bodies of 10,000 letters for a text that none
// has, and for one that all have.
func BenchmarkSearchText(b *testing.B) {
	letters := lettersOf(10_000, 2<<10)
	for _, text := range []string{"nowhere", "harbour"} {
		b.Run(text, func(b *testing.B) { command(b, letters, `SEARCH BODY "`+text+`"`) })
	}
}

// BenchmarkIdle tells 100 idling sessions of one delivery.
func BenchmarkIdle(b *testing.B) {
	const sessions = 100
	for _, s := range bothServers(b, lettersOf(100, 2<<10)) {
		b.Run(s.name, func(b *testing.B) {
			idling := make([]*caller, sessions)
			for i := range idling {
				idling[i] = call(b, s.addr)
				idling[i].nc.SetReadDeadline(time.Now().Add(time.Minute))
				fmt.Fprint(idling[i].nc, "x IDLE\r\n")
				for !strings.HasPrefix(idling[i].line(), "+") {
				}
			}
			letter := letterOf(0, 2<<10)
			for b.Loop() {
				s.deliver(letter)
				for _, c := range idling {
					for told := ""; !strings.HasSuffix(told, " EXISTS\r\n"); {
						var err error
						if told, err = c.hear(); err != nil { // seen with go-imap, about once in ten thousand deliveries
							b.Skip("a session was never told")
						}
					}
				}
			}
		})
	}
}

// BenchmarkOpen selects a mailbox of 100,000 letters, and an empty one.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 100_000} {
		box := NewStore().Create("anna@romashka.example", 1)
		for range n {
			box.Deliver(Message{Data: []byte("Subject: x\r\n\r\n")})
		}
		addr := listen(b, func(ctx context.Context, ln net.Listener) error {
			return (&imap.Server{Hostname: "bench.test", Backend: oneBox{box}, ClearAuth: true}).Serve(ctx, ln)
		})
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c := call(b, addr)
			for b.Loop() {
				c.do("SELECT INBOX")
			}
		})
	}
}
