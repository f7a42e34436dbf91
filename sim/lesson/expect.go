package lesson

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message/textproto"

	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Expect is one thing that must have come true at the end.
type Expect struct {
	Says trace.Words `yaml:"says"` // what it proves
	Side string      `yaml:"side"` // on which it must come true; "" is every one

	Sees      *Match           `yaml:"sees"`  // such an event happened
	Times     int              `yaml:"times"` // with sees: exactly so often; 0 means at least once
	Apart     []world.Duration `yaml:"apart"` // with sees: one event after the other, give or take a minute; one less than there are
	Never     *Match           `yaml:"never"` // no such event happened
	Order     []Match          `yaml:"order"` // such events happened, in this order
	Mailbox   *HasLetters      `yaml:"mailbox"`
	Device    *HasKept         `yaml:"device"`
	Delivered *Delivered       `yaml:"delivered"`
	Received  *Received        `yaml:"received"`
	Bytes     *Measure         `yaml:"bytes"`
	Trips     *Measure         `yaml:"trips"`
	Folders   *HasFolders      `yaml:"folders"`
}

// Delivered says that a letter is in the mailboxes, or on the devices, of its
// recipients, octet for octet as it was sent, below the fields that servers
// put on top.
type Delivered struct {
	Letter string   `yaml:"letter"`
	To     []string `yaml:"to"`
}

// Received says which servers a letter's Received fields name, the first one
// that it passed first.
type Received struct {
	Letter string   `yaml:"letter"`
	To     string   `yaml:"to"`
	By     []string `yaml:"by"`
}

// verdicts tells for each expectation what was there instead, "" if all is
// well or the expectation is not about this side; for one more, if there is
// something that was never said, what.
func (p *player) verdicts() (got []string, unsaid *Check) {
	for i := range p.lesson.Expect {
		e := &p.lesson.Expect[i]
		if !p.on(e.Side) {
			got = append(got, "")
			continue
		}
		got = append(got, p.tagged(p.verify(e)))
	}
	if i := p.next(); i < len(p.lesson.Narrate) {
		unsaid = &Check{Text: p.lesson.Narrate[i].Say, Got: p.tagged(fmt.Sprintf("narrate[%d]: no event matches", i))}
	}
	return got, unsaid
}

// tagged puts the name of the side, if there are two, before a verdict.
func (p *player) tagged(got string) string {
	if got == "" || p.side.Name == "" {
		return got
	}
	return p.side.Name + ": " + got
}

// verify tells what was there instead of what is expected, "" if all is well.
func (p *player) verify(e *Expect) string {
	switch {
	case e.Sees != nil:
		n := p.count(e.Sees)
		if n == 0 || e.Times > 0 && n != e.Times {
			return fmt.Sprintf("%d such events", n)
		}
		if e.Apart != nil {
			return p.apart(e.Sees, e.Apart)
		}
	case e.Never != nil:
		if n := p.count(e.Never); n > 0 {
			return fmt.Sprintf("%d such events", n)
		}
	case len(e.Order) > 0:
		return p.order(e.Order)
	case e.Mailbox != nil:
		return e.Mailbox.verify(p)
	case e.Device != nil:
		return e.Device.verify(p)
	case e.Bytes != nil:
		return e.Bytes.within(e.Bytes.octets(p.world.Trace), "octets")
	case e.Trips != nil:
		return e.Trips.within(e.Trips.trips(p.world.Trace), "round trips")
	case e.Folders != nil:
		return e.Folders.verify(p)
	case e.Delivered != nil:
		for _, to := range e.Delivered.To {
			if got := p.delivered(e.Delivered.Letter, to); got != "" {
				return got
			}
		}
	case e.Received != nil:
		return p.received(e.Received)
	}
	return ""
}

func (p *player) count(m *Match) int {
	n := 0
	for seq := 1; seq <= p.world.Trace.Len(); seq++ {
		if m.Matches(p.world.Trace.At(seq)) {
			n++
		}
	}
	return n
}

// apart tells how far apart events are, if it is not as wanted.
func (p *player) apart(m *Match, want []world.Duration) string {
	var gaps []string
	ok, last := true, time.Duration(-1)
	for seq := 1; seq <= p.world.Trace.Len(); seq++ {
		e := p.world.Trace.At(seq)
		if !m.Matches(e) {
			continue
		}
		if last >= 0 {
			gap := e.At - last
			ok = ok && len(gaps) < len(want) && (gap-time.Duration(want[len(gaps)])).Abs() < time.Minute
			gaps = append(gaps, gap.Round(time.Second).String())
		}
		last = e.At
	}
	if ok && len(gaps) == len(want) {
		return ""
	}
	return "apart: " + strings.Join(gaps, ", ")
}

func (p *player) order(want []Match) string {
	at := 0
	for seq := 1; seq <= p.world.Trace.Len() && at < len(want); seq++ {
		if want[at].Matches(p.world.Trace.At(seq)) {
			at++
		}
	}
	if at < len(want) {
		return fmt.Sprintf("order[%d] did not come after the one before", at)
	}
	return ""
}

// find looks for a letter in an address's mailbox, then on its devices.
func (p *player) find(letter, address string) []byte {
	if s := p.world.Home(address); s != nil {
		for _, m := range s.Store().Box(address).Messages() {
			if m.Letter == letter {
				return m.Data
			}
		}
	}
	for _, d := range p.world.DevicesOf(address) {
		for _, k := range d.Letters() {
			if k.Letter == letter {
				return k.Data
			}
		}
	}
	return nil
}

func (p *player) delivered(letter, address string) string {
	sent, got := p.sent[letter], p.find(letter, address)
	switch {
	case sent == nil:
		return "no letter " + letter + " was sent"
	case got == nil:
		return address + " has no letter " + letter
	case !bytes.HasSuffix(got, sent.Data):
		return "the letter to " + address + " was changed on the way"
	}
	return ""
}

func (p *player) received(e *Received) string {
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(p.find(e.Letter, e.To))))
	if err != nil {
		return e.To + " has no letter " + e.Letter
	}
	var by []string
	for f := h.FieldsByKey("Received"); f.Next(); {
		words := strings.Fields(f.Value())
		if i := slices.Index(words, "by"); i >= 0 && i+1 < len(words) {
			by = append(by, words[i+1])
		}
	}
	slices.Reverse(by) // the newest field stands on top
	if !slices.Equal(by, e.By) {
		return strings.Join(by, ", ")
	}
	return ""
}
