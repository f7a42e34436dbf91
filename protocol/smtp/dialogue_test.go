package smtp

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/wire"
)

// TestDialogues plays testdata/*.txt. In such a file "C: " lines are sent
// with CR LF and "R: " ones as they are, in Go's quotes; consecutive ones go
// out together. "S: " lines must come, and "E:" means the server closes.
// {x*600} stands for 600 times x. "@ " lines set the server up.
func TestDialogues(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	if len(files) < 30 {
		t.Fatalf("only %d dialogues", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			play(t, file, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"))
		})
	}
}

func play(t *testing.T, file string, lines []string) {
	box := &office{}
	s := &Server{Hostname: "mx.beta.test", Offer: Full(), Backend: box}
	wantLetters := 0
	for _, line := range lines {
		if d, ok := strings.CutPrefix(line, "@ "); ok {
			wantLetters = max(wantLetters, setUp(t, s, box, d))
		}
	}
	client, server := net.Pipe()
	client.SetDeadline(time.Now().Add(10 * time.Second))
	ended := make(chan struct{})
	go func() { defer close(ended); s.converse(context.Background(), server, false) }()
	c := wire.NewConn(client, wire.Options{})
	var out strings.Builder
	for i, line := range lines {
		kind, text, _ := strings.Cut(line, ": ")
		text = expand(text)
		if kind == "S" || kind == "E:" {
			sendAll(client, &out)
		}
		switch kind {
		case "C":
			out.WriteString(text + "\r\n")
		case "R":
			raw, err := strconv.Unquote(text)
			if err != nil {
				t.Fatalf("%s:%d: %v", file, i+1, err)
			}
			out.WriteString(raw)
		case "S":
			got, err := c.ReadLine(wire.Reply, 4096)
			if err != nil || string(got) != text {
				t.Errorf("%s:%d: got %q, %v\nwant %q", file, i+1, got, err, text)
				client.Close()
				<-ended
				return
			}
		case "E:":
			if got, err := c.ReadLine(wire.Reply, 4096); err != io.EOF {
				t.Errorf("%s:%d: got %q, %v; want the end", file, i+1, got, err)
			}
		}
	}
	if out.Len() > 0 {
		io.WriteString(client, out.String())
	}
	client.Close()
	<-ended
	if len(box.letters) != wantLetters {
		t.Errorf("%s: %d letters accepted, want %d: %q", file, len(box.letters), wantLetters, box.letters)
	}
}

// sendAll sends what was gathered; replies are read meanwhile.
func sendAll(nc net.Conn, out *strings.Builder) {
	if out.Len() > 0 {
		text := out.String()
		out.Reset()
		go io.WriteString(nc, text)
	}
}

// setUp obeys one "@ " line; the number of letters to expect is its result.
func setUp(t *testing.T, s *Server, box *office, line string) int {
	words := strings.Fields(line)
	n := 0
	if len(words) > 1 {
		n, _ = strconv.Atoi(words[1])
	}
	switch words[0] {
	case "letters":
		return n
	case "1982":
		s.Offer = Offer{}
	case "plain":
		s.Offer = Offer{EHLO: true}
	case "auth":
		s.Offer.Auth = words[1:]
	case "require":
		s.RequireAuth = true
	case "maxsize":
		s.MaxSize = n
	case "maxrcpts":
		s.MaxRcpts = n
	case "maxerrors":
		s.MaxErrors = n
	case "maxtransactions":
		s.MaxTransactions = n
	case "refuse":
		box.refuse = &Reply{n, words[2], []string{strings.Join(words[3:], " ")}}
	case "refuseletter":
		box.data = fmt.Errorf("keep: %w", &Reply{n, words[2], []string{strings.Join(words[3:], " ")}})
	case "failopen":
		box.refuse = io.ErrShortWrite
	default:
		t.Fatalf("unknown set-up %q", line)
	}
	return 0
}

var times = regexp.MustCompile(`\{(.)\*(\d+)\}`)

func expand(s string) string {
	return times.ReplaceAllStringFunc(s, func(m string) string {
		p := times.FindStringSubmatch(m)
		n, _ := strconv.Atoi(p[2])
		return strings.Repeat(p[1], n)
	})
}
