package network

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"
)

// TestArrivalWakesOnce: a client that sleeps is woken through the clock, once,
// however much has come, and knows how much that is.
func TestArrivalWakesOnce(t *testing.T) {
	n, c := pair(t)
	got := accept(t, listen(t, n, 25))
	client := dial(t, n)
	defer client.Close()
	server := <-got
	woken := 0
	settle := func() {
		t.Helper()
		if err := c.Settle(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprint(server, "before")
	settle()
	client.OnArrival(func(context.Context) { woken++ })
	settle()
	if woken != 0 || client.Arriving() != 6 {
		t.Errorf("woken %d times by %d octets that were there", woken, client.Arriving())
	}
	fmt.Fprint(server, "one")
	fmt.Fprint(server, "two")
	settle()
	if woken != 1 || client.Arriving() != 12 {
		t.Errorf("woken %d times, %d octets", woken, client.Arriving())
	}
	if _, err := io.ReadFull(client, make([]byte, 9)); err != nil || client.Arriving() != 3 {
		t.Errorf("%d octets are left, %v", client.Arriving(), err)
	}
	client.OnArrival(func(context.Context) { woken += 10 })
	client.OnArrival(nil)
	fmt.Fprint(server, "three")
	client.OnArrival(func(context.Context) { woken += 100 })
	server.Close()
	settle()
	if woken != 101 {
		t.Errorf("woken %d; want once more, by the end", woken)
	}
}

func TestBreak(t *testing.T) {
	n, _ := pair(t)
	n.Serial = true
	got := accept(t, listen(t, n, 25))
	client := dial(t, n)
	server := <-got
	go func() { io.Copy(io.Discard, server); server.Close() }()
	if err := client.Break(); err != nil {
		t.Fatal(err)
	}
	if list := events(n); len(list) != 2 || list[1] != "close anna.test>mail.test 1 &{Reason:connection lost}" {
		t.Errorf("events %q", list)
	}
}
