package dialogue

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// echo greets, says every line back, and hangs up at "bye" or after a minute.
type echo struct{ served int }

func (s *echo) SetUp(words []string) error {
	if words[0] != "loud" {
		return fmt.Errorf("no such set-up")
	}
	return nil
}

func (s *echo) Serve(_ context.Context, nc net.Conn) {
	defer nc.Close()
	s.served++
	nc.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(nc, "hello\r\n")
	for in := bufio.NewReader(nc); ; {
		line, err := in.ReadString('\n')
		if err != nil || line == "bye\r\n" {
			return
		}
		io.WriteString(nc, line)
	}
}

func (s *echo) Check() error {
	if s.served > 2 {
		return fmt.Errorf("too many sessions")
	}
	return nil
}

func TestPlay(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"all is well", "# remark\n@ loud\nS: hello\nC: {a*3}\nR: \"b\\r\\n\"\nS: aaa\nS: b\nC: bye\nE:", ""},
		{"two connections", "S: hello\nC2: x\nS2: hello\nS2: x\nX2:\nC: y\nS: y", ""},
		{"time passes", "S: hello\nT: 1m\nE:", ""},
		{"another line", "S: hello\nC: x\nS: xy", "3: S: xy: got"},
		{"another octet", "S: hello\nC: xz\nS: xy", `3: S: xy: got "xz\r\n"`},
		{"nothing comes", "S: hello\nS: more", `2: S: more: got "", EOF`},
		{"no end", "S: hello\nC: x\nE:", `3: E:: got "x\r\n"`},
		{"no such step", "S: hello\nQ: x", "2: Q: x: no such step"},
		{"no such set-up", "@ quiet", "1: @ quiet: no such set-up"},
		{"set up late", "S: hello\n@ loud", "2: @ loud: the dialogue has begun"},
		{"what is wrong afterwards", "S: hello\nS2: hello\nS3: hello", " too many sessions"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := ""
				if err := play(t.Context(), &echo{}, tt.text+"\n"); err != nil {
					got = err.Error()
				}
				if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
					t.Errorf("play says %q, want %q", got, tt.want)
				}
			})
		})
	}
}
