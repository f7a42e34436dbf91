package dialogue

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"mailscope/protocol/internal/testcert"
)

// patience is how long, in simulated time, a step may take: longer than any
// server's own timeout.
const patience = 24 * time.Hour

// peer is one connection's client.
type peer struct {
	nc      net.Conn
	r       *bufio.Reader
	pending string         // said but not sent
	out     chan func()    // what the writer does
	w       io.Writer      // the writer's own
	ended   sync.WaitGroup // the server's session and the writer
}

// connect opens a connection to s.
func connect(ctx context.Context, s Server) *peer {
	client, server := net.Pipe()
	out := make(chan func(), 64) // the writer's own: hangUp takes p.out away
	p := &peer{nc: client, r: bufio.NewReader(client), out: out, w: client}
	client.SetDeadline(time.Now().Add(patience))
	p.ended.Go(func() { s.Serve(ctx, server) })
	p.ended.Go(func() {
		for do := range out {
			do()
		}
		client.Close()
	})
	return p
}

// send lets what was said go out; replies can be read meanwhile.
func (p *peer) send() {
	if text := p.pending; text != "" && p.out != nil {
		p.out <- func() { io.WriteString(p.w, text) } // a server that is gone fails the next step
	}
	p.pending = ""
}

// secure turns to TLS after what was said. Nothing else may have come.
func (p *peer) secure() error {
	if n := p.r.Buffered(); n > 0 {
		rest, _ := p.r.Peek(n)
		return fmt.Errorf("the server said %q in clear", rest)
	}
	p.nc.SetDeadline(time.Now().Add(patience))
	conn := tls.Client(p.nc, testcert.Client())
	done := make(chan error, 1)
	p.out <- func() {
		done <- conn.Handshake()
		p.w = conn
	}
	if err := <-done; err != nil {
		return err
	}
	p.r.Reset(conn)
	return nil
}

// hear reads exactly want. When it differs, all up to the line's end is told.
func (p *peer) hear(want string) error {
	p.nc.SetDeadline(time.Now().Add(patience))
	got := make([]byte, 0, len(want))
	for len(got) < len(want) {
		b, err := p.r.ReadByte()
		if err != nil {
			return fmt.Errorf("got %q, %v", got, err)
		}
		got = append(got, b)
		if b != want[len(got)-1] {
			for err == nil && b != '\n' {
				b, err = p.r.ReadByte()
				got = append(got, b)
			}
			return fmt.Errorf("got %q, %v", got, err)
		}
	}
	return nil
}

func (p *peer) hearEnd() error {
	p.nc.SetDeadline(time.Now().Add(patience))
	if got, err := p.r.ReadString('\n'); err != io.EOF || got != "" {
		return fmt.Errorf("got %q, %v", got, err)
	}
	return nil
}

// hangUp sends what was said, closes the connection, and waits for the
// session to end.
func (p *peer) hangUp() {
	p.send()
	if p.out != nil {
		close(p.out)
		p.out = nil
	}
	p.ended.Wait()
}
