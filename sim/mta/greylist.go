package mta

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"mailscope/sim/trace"
)

// Limits of a greylist (RFC 6647 §4.2, §5).
const (
	maxTriplets = 10_000
	greyRetry   = 24 * time.Hour      // simulated, for which a first attempt is remembered
	greyMemory  = 36 * 24 * time.Hour // for which one who came again is
)

// triplet is what a greylist knows a delivery by (RFC 6647 §2.4).
type triplet struct {
	client   netip.Addr
	from, to string
}

// grey is what is remembered of a triplet; times are simulated.
type grey struct {
	first, last time.Duration
	passed      bool
}

// expired tells whether it is forgotten.
func (g grey) expired(now time.Duration) bool {
	if g.passed {
		return now-g.last > greyMemory
	}
	return now-g.first > greyRetry
}

// greylist is the triplets of one server. Its zero value is empty.
type greylist struct{ seen map[triplet]grey }

// pass tells how long a delivery has to wait yet, 0 if not at all, and
// remembers that it was tried.
func (l *greylist) pass(t triplet, now, delay time.Duration) (wait time.Duration, known bool) {
	t.from, t.to = strings.ToLower(t.from), strings.ToLower(t.to)
	g, known := l.seen[t]
	if !known || g.expired(now) {
		l.makeRoom(now)
		g, known = grey{first: now}, false
	}
	g.last = now
	g.passed = g.passed || now-g.first >= delay
	l.seen[t] = g
	if g.passed {
		return 0, known
	}
	return g.first + delay - now, known
}

// makeRoom drops what is forgotten once there is too much, and then the tenth
// that was tried longest ago.
func (l *greylist) makeRoom(now time.Duration) {
	if l.seen == nil {
		l.seen = map[triplet]grey{}
	}
	if len(l.seen) < maxTriplets {
		return
	}
	var tried []time.Duration
	for t, g := range l.seen {
		if g.expired(now) {
			delete(l.seen, t)
			continue
		}
		tried = append(tried, g.last)
	}
	if len(tried) < maxTriplets {
		return
	}
	slices.Sort(tried)
	for t, g := range l.seen {
		if g.last <= tried[len(tried)/10] {
			delete(l.seen, t)
		}
	}
}

// greylisted asks the greylist about one recipient: how long to wait, 0 for
// not at all.
func (r *receiver) greylisted(letter, to string) time.Duration {
	_, addr := r.conn.Peer()
	s := r.s
	s.disk.mu.Lock()
	wait, known := s.disk.grey.pass(triplet{addr, r.from, to}, s.net.Clock.Now(), r.set.Filter.Greylist)
	s.disk.mu.Unlock()
	v := &trace.Verdict{Check: "greylist", Source: "envelope", Identity: "mailfrom", Value: r.from, Addr: addr.String(), Result: "pass",
		Reason: "this client has come again with this envelope"}
	switch {
	case wait > 0 && known:
		v.Result, v.Reason = "wait", fmt.Sprintf("it is %s too early", wait.Round(time.Second))
	case wait > 0:
		v.Result, v.Reason = "wait", fmt.Sprintf("client, sender and recipient are seen for the first time: %s to wait", wait)
	}
	s.record(letter, v)
	return wait
}
