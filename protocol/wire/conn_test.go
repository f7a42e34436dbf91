package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// reading returns a Conn that receives in, and the lines its tap sees.
func reading(t *testing.T, in string) (*Conn, *[]string) {
	t.Helper()
	a, b := net.Pipe()
	t.Cleanup(func() { a.Close(); b.Close() })
	go func() { io.WriteString(b, in); b.Close() }()
	var seen []string
	return NewConn(a, Options{Tap: func(l Line) { seen = append(seen, string(l.Text)) }}), &seen
}

func TestOnlyCRLFEndsALine(t *testing.T) {
	c, seen := reading(t, "a\nb\rc\r\nnext\r\n")
	for _, want := range []string{"a\nb\rc", "next"} {
		line, err := c.ReadLine(Command, 512)
		if err != nil || string(line) != want {
			t.Fatalf("ReadLine = %q, %v; want %q", line, err, want)
		}
	}
	if _, err := c.ReadLine(Command, 512); err != io.EOF {
		t.Errorf("at the end: %v, want EOF", err)
	}
	if len(*seen) != 2 {
		t.Errorf("tap saw %q", *seen)
	}
}

func TestLongLineIsDiscardedToItsEnd(t *testing.T) {
	for _, size := range []int{511, 4095, 8191, 8192, 8193, 1 << 20} {
		c, _ := reading(t, strings.Repeat("x", size)+"\r\nQUIT\r\n")
		if line, err := c.ReadLine(Command, 512); err != ErrLineTooLong || len(line) > 512 {
			t.Fatalf("%d octets: %d octets, %v", size, len(line), err)
		}
		if line, err := c.ReadLine(Command, 512); string(line) != "QUIT" || err != nil {
			t.Errorf("after %d octets: %q, %v", size, line, err)
		}
	}
}

func TestReadDot(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		err      error
	}{
		{"a\r\n..b\r\n.\r\n", "a\r\n.b\r\n", nil},
		{".\r\n", "", nil},
		{"a\n.\r\nb\r\n.\r\n", "", ErrBareNewline},
		{"a\r\n.\nb\r\n.\r\n", "", ErrBareNewline},
		{"a\r\n.\rb\r\n.\r\n", "", ErrBareNewline},
		{strings.Repeat("x", 101) + "\r\n.\r\n", "", ErrTooBig},
		{strings.Repeat("x\r\n", 40) + ".\r\n", "", ErrTooBig},
		{"a\r\n", "", io.ErrUnexpectedEOF},
	} {
		c, _ := reading(t, tt.in+"QUIT\r\n")
		data, err := c.ReadDot(100)
		if string(data) != tt.want || !errors.Is(err, tt.err) && !strings.HasSuffix(tt.in, "a\r\n") {
			t.Errorf("ReadDot(%q) = %q, %v; want %q, %v", tt.in, data, err, tt.want, tt.err)
		}
		if tt.err == io.ErrUnexpectedEOF {
			continue
		}
		if line, err := c.ReadLine(Command, 512); string(line) != "QUIT" {
			t.Errorf("after %q: %q, %v", tt.in, line, err)
		}
	}
}

// FuzzDot sends any lines through a dot-stuffed block and wants them back.
func FuzzDot(f *testing.F) {
	f.Add([]byte("a\r\n.\r\n..\r\n\r\nb"))
	f.Fuzz(func(t *testing.T, in []byte) {
		want := bytes.NewBuffer(nil)
		for line := range bytes.SplitSeq(in, []byte("\r\n")) {
			if hasBare(line) {
				return
			}
			want.Write(line)
			want.WriteString("\r\n")
		}
		a, b := net.Pipe()
		defer a.Close()
		defer b.Close()
		go func() {
			w := NewConn(b, Options{})
			w.WriteDot(want.Bytes())
			w.Flush()
		}()
		got, err := NewConn(a, Options{}).ReadDot(want.Len())
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%q came back as %q, %v", want.Bytes(), got, err)
		}
	})
}
