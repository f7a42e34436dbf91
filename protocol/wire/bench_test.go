package wire

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// replay is a connection whose reads give the same text again and again and
// whose writes vanish.
type replay struct {
	net.Conn
	text []byte
	at   int
}

func (r *replay) Read(b []byte) (int, error) {
	n := copy(b, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}
func (r *replay) Write(b []byte) (int, error)      { return len(b), nil }
func (r *replay) SetReadDeadline(time.Time) error  { return nil }
func (r *replay) SetWriteDeadline(time.Time) error { return nil }

// benchmark runs work untapped and with a tap that keeps nothing.
func benchmark(b *testing.B, text []byte, work func(c *Conn) error) {
	for _, name := range []string{"untapped", "tapped"} {
		b.Run(name, func(b *testing.B) {
			seen := 0
			o := Options{}
			if name == "tapped" {
				o.Tap = func(l Line) { seen += l.Bytes }
			}
			c := NewConn(&replay{text: text}, o)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := work(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTap(b *testing.B) {
	benchmark(b, []byte("RCPT TO:<ana@alfa.test>\r\n"), func(c *Conn) error {
		_, err := c.ReadLine(Command, 512)
		return err
	})
}

func BenchmarkReadDot(b *testing.B) {
	letter := append(bytes.Repeat([]byte("a line of the usual length, such as people and programs write it\r\n"), 1<<10), ".\r\n"...)
	benchmark(b, letter, func(c *Conn) error {
		_, err := c.ReadDot(1 << 20)
		return err
	})
}

func BenchmarkWriteDot(b *testing.B) {
	letter := bytes.Repeat([]byte("a line of the usual length, such as people and programs write it\r\n"), 1<<10)
	benchmark(b, letter, func(c *Conn) error { return c.WriteDot(letter) })
}
