package world

import (
	"context"
	"fmt"
	"net/smtp"
	"sync"
	"sync/atomic"
	"testing"

	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// Faults come and go while programs from outside send letters. Whatever a
// program heard 250 for is in the mailbox; what it did not hear may be there,
// too; and every fault is recorded.
func TestFaultsComeAndGo(t *testing.T) {
	spec := &Spec{}
	f, err := Decode("village.yaml", []byte(village), spec)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	live, err := Serve(ctx, spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	const at = "mx.beta.test"
	faults := []fault.Fault{
		{Type: fault.Down, Host: at}, {Type: fault.Refused, Host: at, Every: 2}, {Type: fault.Slow, Host: at, Latency: "1ms"},
		{Type: fault.Cut, Host: at, Unanswered: fault.Letter, Every: 2}, {Type: fault.Cut, Host: at, Bytes: 200, Every: 3, Name: "short"},
		{Type: fault.Reply, Host: at, Command: "RCPT*", Reply: "451 4.3.0 not now", Every: 2}, {Type: fault.Disk, Host: at},
		{Type: fault.Strip, Host: at}, {Type: fault.Certificate, Host: at, Certificate: "expired"}, {Type: fault.Down, Host: "ns.example", Name: "ns"},
	}
	over := make(chan struct{}, 4*30) // one letter or another was sent, or not
	var senders sync.WaitGroup
	var heard, tried atomic.Int64
	addr := live.Net.Endpoint(at, 25).String()
	for i := range 4 {
		senders.Go(func() {
			for j := range 30 {
				tried.Add(1)
				text := fmt.Appendf(nil, "Subject: %d.%d\r\n\r\nHello\r\n", i, j)
				if hand(addr, text) == nil {
					heard.Add(1)
				}
				over <- struct{}{}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		senders.Wait()
	}()
	on, off := 0, 0
	for sending := true; sending; {
		for _, f := range faults {
			if err := live.Break(f); err != nil {
				t.Fatal(err)
			}
			on++
			live.Faults()
			if f.Type != fault.Down { // nobody gets through to a host that is down
				select {
				case <-over:
				case <-done:
				}
			}
			if err := live.Mend(f.Called()); err != nil {
				t.Fatal(err)
			}
			off++
		}
		select {
		case <-done:
			sending = false
		default:
		}
	}
	cancel()
	if err := live.Wait(); err != nil {
		t.Error(err)
	}
	n := int64(len(live.Home(bob).Store().Box(bob).Messages()))
	if n < heard.Load() || n > tried.Load() {
		t.Errorf("%d letters in the mailbox, %d were answered for, %d sent", n, heard.Load(), tried.Load())
	}
	for seq := 1; seq <= live.Trace.Len(); seq++ {
		if b, ok := live.Trace.At(seq).Body.(*trace.Fault); ok {
			switch b.Action {
			case "on":
				on--
			case "off":
				off--
			}
		}
	}
	if on != 0 || off != 0 {
		t.Errorf("%d and %d faults are not recorded", on, off)
	}
}

// hand has the standard library's client send a letter, in clear.
func hand(addr string, text []byte) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail("me@you.test"); err != nil {
		return err
	}
	if err := c.Rcpt(bob); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Close()
}
