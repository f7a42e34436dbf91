package imap

import (
	"strings"
	"time"

	"mailscope/protocol/imap/letter"
)

// FetchOptions say how messages are fetched.
type FetchOptions struct {
	Seq          bool   // the set holds sequence numbers
	ChangedSince uint64 // only messages that changed later, if not 0: RFC 7162 §3.1.4.1
	Vanished     bool   // with ChangedSince: tell what is gone since: RFC 7162 §3.2.6
}

// Fetched is what one response tells of a message.
//
// RFC 9051 §7.5.2.
type Fetched struct {
	Seq       uint32
	UID       uint32    // 0 if not told
	Flags     []string  // nil if not told
	Date      time.Time // of arrival; zero if not told
	Size      int64     // octets; 0 if not told
	ModSeq    uint64    // 0 if not told
	Envelope  *Envelope
	Structure *Structure
	Bodies    []Body
}

// Body is octets of a message.
type Body struct {
	Section letter.Section
	Binary  bool   // without its transfer encoding
	Partial bool   // from octet From of the section on
	From    uint32 // octets
	Data    []byte // nil if there is no such section
}

// Whole is the octets of a section, nil if they did not come as a whole.
func (f *Fetched) Whole(path ...int) []byte {
	for _, b := range f.Bodies {
		if b.Section.What == letter.Whole && !b.Binary && !b.Partial && sameInts(b.Section.Path, path) {
			return b.Data
		}
	}
	return nil
}

func sameInts(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Fetch asks for items of messages. each is called for every message as soon
// as its response was read; it must not use the Client. A message may come
// more than once, and so may one that was not asked for, with its flags.
//
// RFC 9051 §6.4.5, §6.4.9.
func (c *Client) Fetch(set NumSet, items []FetchItem, o FetchOptions, each func(*Fetched)) error {
	_, err := c.do(verbOf("FETCH", o.Seq), func(e *encoder) {
		e.set(set)
		e.octet(' ')
		e.fetchItems(items)
		if o.ChangedSince > 0 {
			e.raw(" (CHANGEDSINCE ")
			e.number64(o.ChangedSince)
			if o.Vanished {
				e.raw(" VANISHED")
			}
			e.octet(')')
		}
	}, func(r *response) bool {
		f, ok := r.data.(*Fetched)
		if ok {
			each(f)
		}
		return ok
	})
	return err
}

func (e *encoder) fetchItems(items []FetchItem) {
	if len(items) == 1 {
		e.fetchItem(items[0], true)
		return
	}
	e.list(len(items), func(i int) { e.fetchItem(items[i], true) })
}

// fetched takes what follows FETCH.
//
// RFC 9051 §9 (msg-att). Items that are not known are passed over.
func (p *parser) fetched(seq uint32) *Fetched {
	f := &Fetched{Seq: seq}
	p.list(func() { p.fetchedItem(f) })
	return f
}

func (p *parser) fetchedItem(f *Fetched) {
	name := p.itemName()
	bracket := p.peek() == '['
	if it, ok := simpleItems[name]; ok && it.name != "" { // RFC822 and its kin
		p.sp()
		f.Bodies = append(f.Bodies, Body{Section: it.Section, Data: p.octets()})
		return
	}
	switch {
	case name == "BODY" && bracket:
		b := Body{Section: p.section()}
		p.body(f, b)
		return
	case name == "BINARY" && bracket:
		b := Body{Section: p.partSection(), Binary: true}
		p.body(f, b)
		return
	case bracket: // BINARY.SIZE, and what else there may be
		p.skipTo(']')
	}
	p.sp()
	switch name {
	case "FLAGS":
		f.Flags = p.anyFlags()
	case "UID":
		f.UID = p.nzNumber()
	case "INTERNALDATE":
		f.Date = p.dateTime()
	case "RFC822.SIZE":
		f.Size = int64(p.number64())
	case "MODSEQ":
		p.expect('(')
		f.ModSeq = p.number64()
		p.expect(')')
	case "ENVELOPE":
		f.Envelope = p.envelope()
	case "BODYSTRUCTURE", "BODY":
		f.Structure = p.structure()
	default:
		p.value()
	}
}

// body takes where a partial begins, and the octets.
func (p *parser) body(f *Fetched, b Body) {
	if p.skip('<') {
		b.Partial, b.From = true, p.number()
		p.expect('>')
	}
	p.sp()
	b.Data = p.octets()
	f.Bodies = append(f.Bodies, b)
}

// octets takes NIL, which is nil, or a string of any octets.
func (p *parser) octets() []byte {
	p.skip('~')
	if p.peek() == '{' {
		return p.literal8()
	}
	s, ok := p.nstring()
	if ok && s == nil {
		s = []byte{}
	}
	return s
}

// skipTo passes over everything up to c.
func (p *parser) skipTo(c byte) {
	i := strings.IndexByte(string(p.rest()), c)
	if i < 0 {
		p.want("a closing bracket")
		return
	}
	p.at += i + 1
}
