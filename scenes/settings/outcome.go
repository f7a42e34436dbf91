package settings

import (
	"cmp"
	"strings"

	"mailscope/sim/trace"
)

// Kinds of outcomes.
const (
	Inbox   = "inbox"
	Junk    = "junk"
	Waits   = "waits"   // in a queue
	Refused = "refused" // for good
	Unsent  = "unsent"  // the writer's own server or device did not let it go
)

// Outcome is what has become of a letter for one recipient.
type Outcome struct {
	Address string // of the recipient; of the writer, if the letter was not sent
	Kind    string
	Why     string // as the trace has it; "" if there is nothing to say
	Judged  string // why the filter of the recipient's server decided so, as the trace has it; "" if none did
	Unasked bool   // another server brought it, and no filter looked at it
	Times   int    // how often it came into the mailbox
	Held    bool   // it came, but the server that brought it does not know and will bring it again
}

// Outcomes tells what has become, up to the event seq, of the letter that was
// written last until then: by recipient, in the order in which each was first
// heard of.
func Outcomes(rec trace.Recording, seq int) []Outcome {
	start := written(rec, seq)
	if start == 0 {
		return nil
	}
	c := newCourse(rec.Header.World)
	for letter, at := rec.At(start).Letter, start+1; at <= min(seq, rec.Len()); at++ {
		if e := rec.At(at); e.Letter == letter {
			c.take(e)
		}
	}
	for i, o := range c.list {
		c.list[i].Held = o.Times > 0 && c.again[o.Address] != ""
	}
	return c.list
}

// written is the event with which somebody wrote the last letter until seq; 0
// if nobody did.
func written(rec trace.Recording, seq int) int {
	at := min(seq, rec.Len())
	for ; at > 0; at-- {
		if d, ok := rec.At(at).Body.(*trace.Device); ok && d.Action == "compose" {
			break
		}
	}
	return at
}

// course is what has become of one letter so far.
type course struct {
	list    []Outcome
	devices map[string]bool   // hosts that are
	domains map[string]string // of hosts
	brought map[string]bool   // servers that got it from another server
	judged  map[string]string // why a server's filter let it in
	turned  map[string]string // why a domain's filter did not
	again   map[string]string // recipients for whom a server will try again: which
}

func newCourse(w trace.World) *course {
	c := &course{devices: map[string]bool{}, domains: map[string]string{}, brought: map[string]bool{},
		judged: map[string]string{}, turned: map[string]string{}, again: map[string]string{}}
	for _, h := range w.Hosts {
		c.devices[h.Name], c.domains[h.Name] = h.Kind.Device(), h.Domain
	}
	return c
}

// of is what is told of a recipient so far.
func (c *course) of(address string) *Outcome {
	for i := range c.list {
		if c.list[i].Address == address {
			return &c.list[i]
		}
	}
	c.list = append(c.list, Outcome{Address: address})
	return &c.list[len(c.list)-1]
}

// take takes in what happened to the letter next.
func (c *course) take(e *trace.Event) {
	switch b := e.Body.(type) {
	case *trace.Device:
		if b.Action == "failed" {
			*c.of(b.Account) = Outcome{Address: b.Account, Kind: Unsent, Why: b.Reason}
		}
	case *trace.Line:
		if b.Role == trace.Data && !c.devices[e.From] {
			c.brought[e.To] = true
		}
	case *trace.Verdict:
		switch {
		case b.Check == "filter" && b.Result == "refuse":
			c.turned[c.domains[e.From]] = b.Reason
		case b.Check == "filter":
			c.judged[e.From] = b.Reason
		}
	case *trace.Queue:
		for _, r := range b.Recipients {
			c.queued(r, e.From, b)
		}
	case *trace.Store:
		if kind := map[string]string{"INBOX": Inbox, "Junk": Junk}[b.Folder]; kind != "" && b.Action == "add" {
			address := cmp.Or(b.Mailbox, "?")
			o, why := c.of(address), c.judged[e.From]
			*o = Outcome{Address: address, Kind: kind, Judged: why, Unasked: why == "" && c.brought[e.From], Times: o.Times + 1}
		}
	}
}

// queued tells how it goes on for one recipient after a change in the queue of
// a host.
func (c *course) queued(recipient, host string, q *trace.Queue) {
	if c.again[recipient] == host {
		delete(c.again, recipient)
	}
	switch q.Action {
	case "deferred":
		c.again[recipient] = host
		if o := c.of(recipient); o.Times == 0 {
			*o = Outcome{Address: recipient, Kind: Waits, Why: q.Reason}
		}
	case "bounced":
		_, domain, _ := strings.Cut(recipient, "@")
		*c.of(recipient) = Outcome{Address: recipient, Kind: Refused, Why: q.Reason, Judged: c.turned[domain]}
	}
}
