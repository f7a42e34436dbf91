package imap

import (
	"slices"
	"strings"
)

// Selected is an open mailbox, as far as the server told of it.
//
// RFC 9051 §6.3.2, §7.3.5, §7.4; RFC 7162 §3.1.2.1 (HIGHESTMODSEQ).
type Selected struct {
	Name          string
	ReadOnly      bool
	Messages      uint32
	Recent        uint32
	Flags         []string // that are in use here
	Permanent     []string // that can be set for good; nil if the server did not say
	FirstUnseen   uint32   // sequence number; 0 if not told
	UIDValidity   uint32
	UIDNext       uint32 // 0 if not told
	HighestModSeq uint64 // 0 if the mailbox has no mod-sequences
}

// Update is what a server tells beside the answer to a command.
type Update struct {
	Kind    UpdateKind
	Number  uint32   // of UpdateExists and UpdateRecent how many, of UpdateExpunge the sequence number
	UIDs    NumSet   // of UpdateVanished
	Earlier bool     // UpdateVanished tells of a time before this session
	Fetched *Fetched // of UpdateFetch
	Status  string   // of UpdateText: OK, NO, BAD or BYE
	Code    string   // of UpdateText: what stood in brackets
	Text    string
}

// UpdateKind is what an Update tells of.
type UpdateKind uint8

// The kinds of Updates.
const (
	UpdateExists UpdateKind = iota // messages have come, or this is how many there are
	UpdateRecent
	UpdateExpunge  // a message is gone, and those after it have a lower number
	UpdateVanished // messages are gone: RFC 7162 §3.2.10
	UpdateFetch    // of a message, mostly that it has other flags
	UpdateText     // for people, or a response code
)

// note takes in what a response says of the session's state.
func (c *Client) note(r *response) {
	switch r.name {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		c.noteCode(r)
		if r.name == "BYE" {
			c.parting = r.refusal("session")
		}
	case "CAPABILITY":
		c.caps, c.capsNew = r.data.([]string), true
	case "ENABLED":
		for _, name := range r.data.([]string) {
			c.enabled(name)
		}
	}
	if c.box != nil {
		c.box.note(r)
	}
}

// enabled notes what the server will do from now on.
//
// RFC 5161, RFC 9051 §6.3.1; RFC 6855 §3 and RFC 9051 §5.1 (names in UTF-8).
func (c *Client) enabled(name string) {
	name = strings.ToUpper(name)
	c.on = append(c.on, name)
	switch name {
	case "IMAP4REV2", "UTF8=ACCEPT":
		c.out.utf8 = true
	}
}

// noteCode takes in what a response code says.
//
// RFC 9051 §7.1.
func (c *Client) noteCode(r *response) {
	if p := r.codeArgs("CAPABILITY"); p != nil {
		var list []string
		for !p.done() {
			list = append(list, p.run(&isWord, "a capability"))
			p.more()
		}
		if p.err == nil {
			c.caps, c.capsNew = list, true
		}
	}
	if r.codeArgs("CLOSED") != nil && c.box != nil { // what came so far was about another mailbox
		*c.box = Selected{Name: c.box.Name}
	}
}

// note takes in what a response says of the mailbox.
func (b *Selected) note(r *response) {
	switch r.name {
	case "EXISTS":
		b.Messages = r.number
	case "RECENT":
		b.Recent = r.number
	case "EXPUNGE": // RFC 9051 §7.5.1
		b.Messages -= min(b.Messages, 1)
	case "VANISHED": // RFC 7162 §3.2.10.2
		if v := r.data.(vanished); !v.earlier {
			b.Messages -= uint32(min(uint64(b.Messages), v.uids.count()))
		}
	case "FLAGS":
		b.Flags = r.data.([]string)
	case "OK", "NO":
		b.noteCode(r)
	}
}

func (b *Selected) noteCode(r *response) {
	for name, field := range map[string]*uint32{"UIDVALIDITY": &b.UIDValidity, "UIDNEXT": &b.UIDNext, "UNSEEN": &b.FirstUnseen} {
		if p := r.codeArgs(name); p != nil {
			if n := p.nzNumber(); p.err == nil {
				*field = n
			}
		}
	}
	if p := r.codeArgs("HIGHESTMODSEQ"); p != nil {
		if n := p.number64(); p.err == nil {
			b.HighestModSeq = n
		}
	}
	if p := r.codeArgs("PERMANENTFLAGS"); p != nil {
		if flags := p.anyFlags(); p.err == nil {
			b.Permanent = flags
		}
	}
	switch {
	case r.codeArgs("READ-ONLY") != nil:
		b.ReadOnly = true
	case r.codeArgs("READ-WRITE") != nil:
		b.ReadOnly = false
	case r.codeArgs("NOMODSEQ") != nil:
		b.HighestModSeq = 0
	}
}

// Keeps tells whether a flag set here stays after the session, as far as the
// server told.
//
// RFC 9051 §7.1, PERMANENTFLAGS.
func (b *Selected) Keeps(flag string) bool {
	if b.Permanent == nil {
		return true
	}
	if slices.ContainsFunc(b.Permanent, func(f string) bool { return strings.EqualFold(f, flag) }) {
		return true
	}
	return !strings.HasPrefix(flag, `\`) && slices.Contains(b.Permanent, `\*`)
}

// tell passes a response on that is no answer.
func (c *Client) tell(r *response) {
	if c.OnUpdate == nil {
		return
	}
	u := Update{Number: r.number}
	switch r.name {
	case "EXISTS":
		u.Kind = UpdateExists
	case "RECENT":
		u.Kind = UpdateRecent
	case "EXPUNGE":
		u.Kind = UpdateExpunge
	case "VANISHED":
		v := r.data.(vanished)
		u.Kind, u.UIDs, u.Earlier = UpdateVanished, v.uids, v.earlier
	case "FETCH":
		u.Kind, u.Fetched = UpdateFetch, r.data.(*Fetched)
	case "OK", "NO", "BAD", "BYE":
		u.Kind, u.Status, u.Code, u.Text = UpdateText, r.name, r.code, r.text
	default:
		return
	}
	c.OnUpdate(u)
}

// vanished is the UIDs of messages that are gone.
//
// RFC 7162 §3.2.10.
type vanished struct {
	earlier bool
	uids    NumSet
}

func (p *parser) vanished() vanished {
	p.sp()
	var v vanished
	if p.skip('(') {
		v.earlier = p.word("EARLIER")
		p.expect(')')
		p.sp()
	}
	at := p.at
	v.uids = p.set()
	if v.uids.Result || slices.ContainsFunc(v.uids.Ranges, func(r Range) bool { return r.First == Star || r.Last == Star }) {
		p.at = at
		p.want("UIDs")
		return vanished{}
	}
	return v
}

// Contains tells whether a number is in a set without "*".
func (s NumSet) Contains(n uint32) bool { return s.resolve(0).Contains(n) }

// count is how many numbers a set without "*" holds.
func (s NumSet) count() uint64 {
	n := uint64(0)
	for _, r := range s.resolve(0) {
		n += uint64(r.Last) - uint64(r.First) + 1
	}
	return n
}
