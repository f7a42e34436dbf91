package lesson

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mailscope/sim/mailbox"
	"mailscope/sim/trace"
)

// HasLetters tells what is in a folder of a mailbox on its server: how many
// letters, or one letter and its flags.
type HasLetters struct {
	Address string    `yaml:"address"`
	Folder  string    `yaml:"folder"` // "" is the inbox
	Letters *int      `yaml:"letters"`
	Unseen  *int      `yaml:"unseen"`
	Letter  string    `yaml:"letter"` // is there
	Flags   *[]string `yaml:"flags"`  // that the letter has, no others
}

// HasKept tells what a device keeps: how many letters, how many of them how
// far, or one letter.
type HasKept struct {
	Name    string    `yaml:"name"`
	Letters *int      `yaml:"letters"`
	Headers *int      `yaml:"headers"` // without the text
	Text    *int      `yaml:"text"`    // with the text, but not all that comes with it
	Whole   *int      `yaml:"whole"`
	Letter  string    `yaml:"letter"`
	Folder  string    `yaml:"folder"` // of the letter; "" is any
	Holds   string    `yaml:"holds"`  // of the letter: header, text, whole
	Flags   *[]string `yaml:"flags"`  // of the letter
}

// HasFolders tells which folders a mailbox has.
type HasFolders struct {
	Address    string    `yaml:"address"`
	Names      []string  `yaml:"names"`      // all of them: the inbox first, the others by name
	Subscribed *[]string `yaml:"subscribed"` // those that mail programs show, likewise
}

// number is one number that is expected, if it is.
type number struct {
	want *int
	got  int
	of   string
}

// differing tells which numbers are not as expected.
func differing(list ...number) string {
	var wrong []string
	for _, n := range list {
		if n.want != nil && *n.want != n.got {
			wrong = append(wrong, fmt.Sprintf("%d %s", n.got, n.of))
		}
	}
	return strings.Join(wrong, ", ")
}

func (h *HasLetters) verify(p *player) string {
	s := p.world.Home(h.Address)
	if s == nil {
		return "no such mailbox"
	}
	box, err := s.Store().Box(h.Address).Open(cmp.Or(h.Folder, mailbox.Inbox))
	if err != nil {
		return err.Error()
	}
	st := box.Status()
	if got := differing(number{h.Letters, st.Messages, "letters"}, number{h.Unseen, st.Unseen, "unread"}); got != "" || h.Letter == "" {
		return got
	}
	uids, _ := box.UIDs()
	i := slices.IndexFunc(uids, func(uid uint32) bool { return box.Message(uid).Ref == h.Letter })
	if i < 0 {
		return "no letter " + h.Letter
	}
	return flags(h.Flags, box.Message(uids[i]).Flags)
}

// flags compares flags, in any order.
func flags(want *[]string, got []string) string {
	if want == nil || slices.Equal(slices.Sorted(slices.Values(*want)), slices.Sorted(slices.Values(got))) {
		return ""
	}
	return fmt.Sprintf("flags %v", got)
}

func (h *HasKept) verify(p *player) string {
	kept := p.world.Device(h.Name).Letters()
	holds := map[string]int{}
	at := -1
	for i, k := range kept {
		holds[k.Holds]++
		if k.Letter == h.Letter && (h.Folder == "" || h.Folder == k.Folder) {
			at = i
		}
	}
	got := differing(number{h.Letters, len(kept), "letters"}, number{h.Headers, holds[trace.HoldsHeader], "headers alone"},
		number{h.Text, holds[trace.HoldsText], "with the text alone"}, number{h.Whole, holds[trace.HoldsWhole], "whole"})
	switch {
	case got != "" || h.Letter == "":
		return got
	case at < 0:
		return "no letter " + h.Letter
	case h.Holds != "" && h.Holds != kept[at].Holds:
		return fmt.Sprintf("it holds %q of %s", kept[at].Holds, h.Letter)
	}
	return flags(h.Flags, kept[at].Flags)
}

func (h *HasFolders) verify(p *player) string {
	s := p.world.Home(h.Address)
	if s == nil {
		return "no such mailbox"
	}
	var names, subscribed []string
	for _, f := range s.Store().Box(h.Address).Mailboxes() {
		if !f.Gone {
			names = append(names, f.Name)
		}
		if f.Subscribed {
			subscribed = append(subscribed, f.Name)
		}
	}
	if !slices.Equal(names, h.Names) {
		return strings.Join(names, ", ")
	}
	if h.Subscribed != nil && !slices.Equal(subscribed, *h.Subscribed) {
		return "subscribed: " + strings.Join(subscribed, ", ")
	}
	return ""
}

// Measure is a number of octets or of round trips within bounds, as the
// recording has it.
type Measure struct {
	Host   string `yaml:"host"`   // to which the octets came, or which asked
	With   string `yaml:"with"`   // the host at the other end; "" is any
	Proto  string `yaml:"proto"`  // "" is any
	Letter string `yaml:"letter"` // about which the lines were; "" is any
	Min    *int   `yaml:"min"`
	Max    *int   `yaml:"max"`
}

func (m *Measure) within(n int, of string) string {
	if m.Min != nil && n < *m.Min || m.Max != nil && n > *m.Max {
		return fmt.Sprintf("%d %s", n, of)
	}
	return ""
}

// about tells whether an event is a line that counts.
func (m *Measure) about(e *trace.Event) (*trace.Line, bool) {
	l, ok := e.Body.(*trace.Line)
	return l, ok && is(m.Proto, e.Proto) && is(m.Letter, e.Letter) && (m.With == "" || m.With == e.From || m.With == e.To)
}

// octets counts what came to the host.
func (m *Measure) octets(t *trace.Trace) (n int) {
	for seq := 1; seq <= t.Len(); seq++ {
		if l, ok := m.about(t.At(seq)); ok && t.At(seq).To == m.Host {
			n += l.Bytes
		}
	}
	return n
}

// trips counts how often the host spoke and was then answered.
func (m *Measure) trips(t *trace.Trace) (n int) {
	asked := map[int]bool{} // connections on which the host spoke last
	for seq := 1; seq <= t.Len(); seq++ {
		e := t.At(seq)
		if _, ok := m.about(e); !ok {
			continue
		}
		if e.To == m.Host && asked[e.Conn] {
			n++
		}
		asked[e.Conn] = e.From == m.Host
	}
	return n
}

// check tells what is wrong with an expectation of this file, and with which
// of its keys; "" if nothing.
func (e *Expect) check(hosts, devices map[string]bool) (key, wrong string) {
	if m := e.Mailbox; m != nil && !strings.Contains(m.Address, "@") {
		return "mailbox.address", fmt.Sprintf("want an address, got %q", m.Address)
	}
	if f := e.Folders; f != nil && !strings.Contains(f.Address, "@") {
		return "folders.address", fmt.Sprintf("want an address, got %q", f.Address)
	}
	for key, m := range map[string]*Measure{"bytes": e.Bytes, "trips": e.Trips} {
		switch {
		case m == nil:
		case !hosts[m.Host]:
			return key + ".host", fmt.Sprintf("no host %q", m.Host)
		case m.With != "" && !hosts[m.With]:
			return key + ".with", fmt.Sprintf("no host %q", m.With)
		case m.Min == nil && m.Max == nil:
			return key, "want min or max"
		}
	}
	if m := e.Mailbox; m != nil && m.Letters == nil && m.Unseen == nil && m.Letter == "" {
		return "mailbox", "want letters, unseen or letter"
	}
	if d := e.Device; d != nil {
		switch {
		case !devices[d.Name]:
			return "device.name", fmt.Sprintf("no device %q", d.Name)
		case d.Letters == nil && d.Headers == nil && d.Text == nil && d.Whole == nil && d.Letter == "":
			return "device", "want letters, headers, text, whole or letter"
		}
	}
	return "", ""
}
