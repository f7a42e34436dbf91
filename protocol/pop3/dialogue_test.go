package pop3

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

const testStamp = "<1896.697170952@dbc.mtview.ca.us>" // RFC 1939 §7

// everything is what a test server offers unless its dialogue says otherwise;
// APOP would change the greeting.
var everything = Offer{Capa: true, Top: true, UIDL: true, User: true, Pipelining: true, RespCodes: true, UTF8: true}

func newServer(st *store, offer Offer) *Server {
	return &Server{Hostname: "mail.test", Offer: offer, Backend: st, Stamp: func() string { return testStamp }}
}

// TestDialogues plays testdata/*.txt against a server. C: is said to it (in Go
// quotes if it holds what a text file cannot), S: must be its answer; X: cuts
// the connection, E: wants the server to; D: names the letters that must have
// been removed, from 0. "offer:" and "errors:" come first and set the server up.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d dialogues, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			play(t, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"))
		})
	}
}

func play(t *testing.T, lines []string) {
	t.Helper()
	st := newStore()
	srv := newServer(st, everything)
	var d *dialogue
	for i, line := range lines {
		kind, arg, _ := strings.Cut(line, ":")
		arg = strings.TrimPrefix(arg, " ")
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case kind == "offer":
			srv.Offer = Offer{}
			for name := range strings.FieldsSeq(arg) {
				reflect.ValueOf(&srv.Offer).Elem().FieldByName(name).SetBool(true)
			}
			continue
		case kind == "errors":
			srv.MaxErrors, _ = strconv.Atoi(arg)
			continue
		case d == nil:
			d = dial(t, srv)
		}
		if err := d.step(st, kind, arg); err != nil {
			t.Fatalf("line %d: %s: %v", i+1, line, err)
		}
	}
	d.cut()
	if n := st.left(); n != 0 {
		t.Errorf("%d maildrops left open", n)
	}
}

// dialogue is a raw client of a server over a pipe.
type dialogue struct {
	nc    net.Conn
	r     *bufio.Reader
	ended chan struct{} // closed when the server's session has ended
}

func dial(t *testing.T, srv *Server) *dialogue {
	t.Helper()
	ours, theirs := net.Pipe()
	d := &dialogue{nc: ours, r: bufio.NewReader(ours), ended: make(chan struct{})}
	ours.SetDeadline(time.Now().Add(10 * time.Second))
	go func() {
		defer close(d.ended)
		srv.serve(t.Context(), theirs)
	}()
	t.Cleanup(d.cut)
	return d
}

// cut closes the connection and waits for the session to end.
func (d *dialogue) cut() {
	d.nc.Close()
	<-d.ended
}

func (d *dialogue) step(st *store, kind, arg string) error {
	switch kind {
	case "C":
		if strings.HasPrefix(arg, `"`) {
			unquoted, err := strconv.Unquote(arg)
			if err != nil {
				return err
			}
			arg = unquoted
		}
		_, err := io.WriteString(d.nc, arg+"\r\n")
		return err
	case "S":
		got, err := d.r.ReadString('\n')
		if err != nil || got != arg+"\r\n" {
			return fmt.Errorf("server said %q, %v", got, err)
		}
	case "E":
		if got, err := d.r.ReadString('\n'); err != io.EOF {
			return fmt.Errorf("server said %q, %v", got, err)
		}
	case "X":
		d.cut()
	case "D":
		d.cut()
		return removed(st, arg)
	default:
		return fmt.Errorf("no such step")
	}
	return nil
}

// removed compares what was committed with want: "nothing" is no commit at
// all, "none marked" one of no letters.
func removed(st *store, want string) error {
	all := st.commits()
	got := "nothing"
	if len(all) == 1 {
		got = strings.Trim(fmt.Sprint(all[0]), "[]")
		if got == "" {
			got = "none marked"
		}
	}
	if got != want || len(all) > 1 {
		return fmt.Errorf("removed %v", all)
	}
	return nil
}
