package network

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// talk has a client say two commands to a server that answers each with two
// lines and a block, and returns the trace and how it ended on both ends.
func talk(t *testing.T, place Cut) (list []string, client, server error) {
	t.Helper()
	n, _ := pair(t)
	n.Serial = true
	got := accept(t, listen(t, n, 25))
	c := dial(t, n)
	c.CutAt(place)
	ended := make(chan error, 1)
	go func() {
		s := <-got
		defer s.Close()
		conn := wire.NewConn(s, s.Wire())
		for {
			if _, err := conn.ReadLine(wire.Command, 100); err != nil {
				ended <- err
				return
			}
			conn.WriteLine(wire.Reply, "+OK")
			conn.WriteDot([]byte("one\r\ntwo\r\n"))
			conn.Flush()
		}
	}()
	conn := wire.NewConn(c, c.Wire())
	for _, line := range []string{"RETR 1", "RETR 2"} {
		conn.WriteLine(wire.Command, line)
		if client = conn.Flush(); client != nil {
			break
		}
		if _, client = conn.ReadLine(wire.Reply, 100); client != nil {
			break
		}
		if _, client = conn.ReadDot(100); client != nil {
			break
		}
	}
	c.Close()
	return events(n), client, <-ended
}

func TestCut(t *testing.T) {
	const (
		lost  = "close anna.test>mail.test 1 &{Reason:connection lost}"
		ended = "close anna.test>mail.test 1 &{Reason:}"
	)
	after := func(want string) Cut { return Cut{After: func(line string) bool { return line == want }} }
	for _, tt := range []struct {
		name  string
		place Cut
		lines int // on the wire
		last  string
		end   string
	}{
		{"after the first", after("RETR 1"), 4, "{Text:. ", lost},
		{"after the last", after("RETR 2"), 8, "{Text:. ", ended},
		{"after what is never said", after("QUIT"), 8, "{Text:. ", ended},
		{"before an octet comes of the second", Cut{Bytes: 18}, 5, "{Text:RETR 2 ", lost},
		{"in the second block", Cut{Bytes: 18 + 12}, 7, "{Text:one ", lost},
		{"at its end", Cut{Bytes: 36}, 8, "{Text:. ", ended},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, client, server := talk(t, tt.place)
			lines := list[1 : len(list)-1]
			if len(lines) != tt.lines || !strings.Contains(lines[len(lines)-1], tt.last) || list[len(list)-1] != tt.end {
				t.Errorf("recorded %q", list)
			}
			if (tt.end == lost) != errors.Is(client, ErrCut) || server == nil {
				t.Errorf("the client has %v, the server %v", client, server)
			}
			if tt.end == ended && server != io.EOF {
				t.Errorf("the server has %v", server)
			}
		})
	}
}

// A connection from outside breaks at the same places, at the server's end.
func TestCutOfForeignPrograms(t *testing.T) {
	for _, tt := range []struct {
		f     fault.Fault
		heard string // by the program
		said  string // of it, as recorded
		line  string // lost
	}{
		{fault.Fault{Unanswered: "RETR 1"}, "", "RETR 1", "+OK"},
		{fault.Fault{Unanswered: "retr 2"}, "+OK one ", "RETR 1 RETR 2", "+OK"},
		{fault.Fault{After: "RETR 1"}, "+OK one ", "RETR 1", ""},
		{fault.Fault{Bytes: 8 + 5 + 2}, "+OK on", "RETR 1", ""},
		{fault.Fault{Bytes: 8 + 10 + 3}, "+OK one ", "RETR 1", ""},
		{fault.Fault{After: "QUIT"}, "+OK one +OK one ", "RETR 1 RETR 2", ""},
	} {
		t.Run(tt.f.Detail(), func(t *testing.T) {
			n, _ := pair(t)
			tt.f.Type, tt.f.Host, tt.f.Name = fault.Cut, "mail.test", "snip"
			if err := n.Faults.Add(tt.f); err != nil {
				t.Fatal(err)
			}
			l := listen(t, n, 110)
			got := accept(t, l)
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(10 * time.Second))
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				s := <-got
				defer s.Close()
				conn := wire.NewConn(s, s.Wire())
				for {
					if _, err := conn.ReadLine(wire.Command, 100); err != nil {
						return
					}
					conn.WriteLine(wire.Reply, "+OK")
					conn.WriteLine(wire.Data, "one")
					if conn.Flush() != nil {
						return
					}
				}
			}()
			heard := ""
			buf := bufio.NewReader(c)
		talk:
			for _, line := range []string{"RETR 1", "RETR 2"} {
				if _, err := io.WriteString(c, line+"\r\n"); err != nil {
					break
				}
				for range 2 {
					text, err := buf.ReadString('\n')
					heard += strings.ReplaceAll(text, "\r\n", " ")
					if err != nil {
						break talk
					}
				}
			}
			c.Close()
			<-ended
			said, struck := "", 0
			for seq := 1; seq <= n.Trace.Len(); seq++ {
				e := n.Trace.At(seq)
				switch b := e.Body.(type) {
				case *trace.Line:
					if b.Role == trace.Command {
						said = strings.TrimSpace(said + " " + b.Text)
					}
				case *trace.Fault:
					if struck++; b.Action != "struck" || b.Name != "snip" || b.Line != tt.line || e.Conn != 1 {
						t.Errorf("recorded %+v", b)
					}
				}
			}
			if heard != tt.heard || said != tt.said || (struck != 1) != (tt.f.After == "QUIT") {
				t.Errorf("heard %q, said %q, struck %d times", heard, said, struck)
			}
		})
	}
}
