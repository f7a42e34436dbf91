// Package dialogue plays the dialogue files by which the mail protocols'
// servers are tested.
//
// A file holds one step a line:
//
//	# text        a remark
//	@ word …      sets the server up; these come first
//	C: text       the client says text and CR LF
//	R: "text"     the client sends exactly these octets (Go's quotes)
//	S: text       the server must say text and CR LF
//	W: "text"     the server must send exactly these octets (Go's quotes)
//	L:            both turn to TLS (the padlock closes); the certificate is
//	              that of package testcert
//	T: 10m        simulated time passes
//	E:            the server must close the connection
//	X:            the client closes it
//
// Everywhere {x*600} stands for 600 times x. A letter may be followed by
// a number, as in "C2:", which names another connection; it opens when it is
// first named. What a client says goes out when something else is to happen,
// so that consecutive C and R lines are pipelined.
//
// A literal needs no sign of its own. Its octets are counted with their line
// ends, and its lines are lines of the file:
//
//	C: a1 APPEND inbox {9}
//	S: + go on
//	C: Hello
//	C: Yo
//	S: a1 OK done
package dialogue

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Server is what a dialogue is held with.
type Server interface {
	// SetUp obeys one "@ " line, given word by word.
	SetUp(words []string) error
	// Serve holds one session, from greeting to close.
	Serve(ctx context.Context, nc net.Conn)
	// Check tells what is wrong after all sessions have ended.
	Check() error
}

// Run plays each testdata/*.txt, of which there must be at least least, with a
// server of its own and in simulated time: it starts at midnight UTC of
// 2000-01-01, and a side that waits for nothing fails at once.
func Run(t *testing.T, least int, start func() Server) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < least {
		t.Fatalf("%d dialogues, %v; want at least %d", len(files), err, least)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				if err := play(t.Context(), start(), string(text)); err != nil {
					t.Errorf("%s:%v", file, err)
				}
			})
		})
	}
}

// play holds one dialogue. An error begins with its line number.
func play(ctx context.Context, s Server, text string) error {
	d := &player{ctx: ctx, server: s, peers: map[string]*peer{}}
	err := d.steps(strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
	for _, p := range d.peers {
		p.hangUp()
	}
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return fmt.Errorf(" %w", err)
	}
	return nil
}

// player is a dialogue under way.
type player struct {
	ctx    context.Context
	server Server
	peers  map[string]*peer // by number; "" is the first
	last   *peer            // who spoke in the last step, if a client did
}

var step = regexp.MustCompile(`^([CRSWLTEX])([0-9]*):(?: (.*))?$`)

func (d *player) steps(lines []string) error {
	for i, line := range lines {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var err error
		if words, ok := strings.CutPrefix(line, "@ "); ok {
			err = d.setUp(words)
		} else if m := step.FindStringSubmatch(line); m != nil {
			err = d.step(m[1], m[2], m[3])
		} else {
			err = fmt.Errorf("no such step")
		}
		if err != nil {
			return fmt.Errorf("%d: %s: %w", i+1, line, err)
		}
	}
	return nil
}

func (d *player) setUp(words string) error {
	if len(d.peers) > 0 {
		return fmt.Errorf("the dialogue has begun")
	}
	return d.server.SetUp(strings.Fields(words))
}

func (d *player) step(kind, number, text string) error {
	p := d.peers[number]
	if p == nil {
		p = connect(d.ctx, d.server)
		d.peers[number] = p
	}
	speaks := kind == "C" || kind == "R"
	if d.last != nil && (!speaks || d.last != p) {
		d.last.send()
	}
	d.last = nil
	if speaks {
		d.last = p
	}
	if kind == "R" || kind == "W" {
		var err error
		if text, err = strconv.Unquote(text); err != nil {
			return err
		}
	}
	switch kind {
	case "C":
		p.pending += expand(text) + "\r\n"
	case "R":
		p.pending += expand(text)
	case "S":
		return p.hear(expand(text) + "\r\n")
	case "W":
		return p.hear(expand(text))
	case "L":
		return p.secure()
	case "T":
		wait, err := time.ParseDuration(text)
		time.Sleep(wait) // in simulated time
		return err
	case "E":
		return p.hearEnd()
	case "X":
		p.hangUp()
	}
	return nil
}

var times = regexp.MustCompile(`\{(.)\*(\d+)\}`)

// expand writes {x*3} out as xxx.
func expand(s string) string {
	return times.ReplaceAllStringFunc(s, func(m string) string {
		p := times.FindStringSubmatch(m)
		n, _ := strconv.Atoi(p[2])
		return strings.Repeat(p[1], n)
	})
}
