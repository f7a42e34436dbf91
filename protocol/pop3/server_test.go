package pop3

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// listen serves srv on loopback until the test ends.
func listen(t testing.TB, srv *Server) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr().String()
}

func connect(t testing.TB, addr string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	t.Cleanup(func() { nc.Close() })
	return nc
}

func TestPipelining(t *testing.T) {
	st := newStore()
	nc := connect(t, listen(t, newServer(st, everything)))
	if _, err := io.WriteString(nc, "USER anna\r\nPASS secret\r\nDELE 3\r\nLIST\r\nTOP 1 0\r\nQUIT\r\n"); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(nc)
	want := strings.ReplaceAll(`+OK mail.test POP3 server ready
+OK send PASS
+OK 3 messages (87 octets)
+OK message 3 marked as deleted
+OK 2 messages (54 octets)
1 23
2 31
.
+OK top of message follows
Subject: one

.
+OK bye
`, "\n", "\r\n")
	if string(got) != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if err := removed(st, "2"); err != nil {
		t.Error(err)
	}
}

// TestForeignClient lets the standard library's reader of dot-stuffed text
// take a letter.
func TestForeignClient(t *testing.T) {
	c := textproto.NewConn(connect(t, listen(t, newServer(newStore(), everything))))
	for _, line := range []string{"", "USER anna", "PASS secret", "RETR 2"} {
		if line != "" {
			if err := c.PrintfLine("%s", line); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := c.ReadLine(); !strings.HasPrefix(got, "+OK") {
			t.Fatalf("%s: %q, %v", line, got, err)
		}
	}
	got, err := c.ReadDotBytes()
	if want := "Subject: two\n\n.dot\n..\nend\n"; string(got) != want || err != nil {
		t.Errorf("letter is %q, %v; want %q", got, err, want)
	}
}

func TestTooManyConnections(t *testing.T) {
	srv := newServer(newStore(), everything)
	srv.MaxConns = 1
	addr := listen(t, srv)
	first := bufio.NewReader(connect(t, addr))
	if got, err := first.ReadString('\n'); !strings.HasPrefix(got, "+OK") {
		t.Fatalf("first connection: %q, %v", got, err)
	}
	got, err := io.ReadAll(connect(t, addr))
	if want := "-ERR [SYS/TEMP] too many connections, try later\r\n"; string(got) != want || err != nil {
		t.Errorf("second connection: %q, %v", got, err)
	}
}

// TestStopDeletesNothing ends Serve in the middle of a session.
func TestStopDeletesNothing(t *testing.T) {
	st := newStore()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer(st, everything).Serve(ctx, ln) }()
	c := login(t, connect(t, ln.Addr().String()), "anna", "secret")
	if err := c.Dele(1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := removed(st, "nothing"); err != nil || st.left() != 0 {
		t.Errorf("%v, %d maildrops left open", err, st.left())
	}
	if err := c.Noop(); err == nil {
		t.Error("the session survived its server")
	}
}

// TestAutologout waits ten minutes after each of two commands.
func TestAutologout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore()
		ours, theirs := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			newServer(st, everything).ServeConn(t.Context(), theirs, false)
		}()
		c := login(t, ours, "anna", "secret")
		if err := c.Dele(1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Minute - time.Second)
		if err := c.Noop(); err != nil {
			t.Fatalf("before the timeout: %v", err)
		}
		start := time.Now()
		if rest, err := io.ReadAll(ours); len(rest) > 0 || err != nil {
			t.Errorf("at the timeout: %q, %v", rest, err)
		}
		if d := time.Since(start); d != 10*time.Minute {
			t.Errorf("logged out after %v", d)
		}
		<-ended
		if err := removed(st, "nothing"); err != nil || st.left() != 0 {
			t.Errorf("%v, %d maildrops left open", err, st.left())
		}
	})
}

// TestSilentReader stops reading in the middle of a letter.
func TestSilentReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore()
		srv := newServer(st, everything)
		srv.Timeout = time.Minute
		ours, theirs := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			srv.ServeConn(t.Context(), theirs, false)
		}()
		defer ours.Close()
		login(t, ours, "anna", "secret")
		io.WriteString(ours, "RETR 1\r\n")
		<-ended
		if st.left() != 0 {
			t.Error("maildrop left open")
		}
	})
}
