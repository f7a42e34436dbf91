package imap

import (
	"strconv"
	"strings"

	"mailscope/protocol/imap/letter"
)

// FetchOp is a kind of data item of FETCH.
type FetchOp uint8

// What FETCH can ask for. RFC822 and its kin are FetchBody with a name of
// their own.
const (
	FetchFlags FetchOp = iota
	FetchUID
	FetchInternalDate
	FetchSize
	FetchModSeq // RFC 7162 §3.1.4
	FetchEnvelope
	FetchStructure  // BODYSTRUCTURE
	FetchBasic      // BODY, without brackets
	FetchBody       // BODY[…]
	FetchBinary     // BINARY[…]: RFC 3516 §4.2
	FetchBinarySize // BINARY.SIZE[…]
)

// FetchItem is one data item that FETCH asks for.
//
// RFC 3501 §6.4.5, RFC 9051 §6.4.5.
type FetchItem struct {
	Op      FetchOp
	Section letter.Section // of FetchBody, FetchBinary and FetchBinarySize
	Peek    bool           // \Seen is not set by it
	Partial *Partial       // nil means all of the section
	name    string         // in the response: "RFC822.TEXT"; "" means what Section says
}

// Partial is a stretch of a section, in octets.
type Partial struct{ From, Count uint32 }

// simpleItems are the items without brackets.
var simpleItems = map[string]FetchItem{
	"FLAGS":         {Op: FetchFlags},
	"UID":           {Op: FetchUID},
	"INTERNALDATE":  {Op: FetchInternalDate},
	"RFC822.SIZE":   {Op: FetchSize},
	"MODSEQ":        {Op: FetchModSeq},
	"ENVELOPE":      {Op: FetchEnvelope},
	"BODYSTRUCTURE": {Op: FetchStructure},
	"BODY":          {Op: FetchBasic},
	"RFC822":        {Op: FetchBody, name: "RFC822"},
	"RFC822.HEADER": {Op: FetchBody, name: "RFC822.HEADER", Peek: true, Section: letter.Section{What: letter.Header}},
	"RFC822.TEXT":   {Op: FetchBody, name: "RFC822.TEXT", Section: letter.Section{What: letter.Text}},
}

var fetchMacros = map[string][]string{
	"FAST": {"FLAGS", "INTERNALDATE", "RFC822.SIZE"},
	"ALL":  {"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"},
	"FULL": {"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"},
}

// maxItems is how many items one FETCH may ask for.
const maxItems = 200

// fetchItems takes a macro, an item, or items in parentheses.
func (p *parser) fetchItems() []FetchItem {
	var items []FetchItem
	if p.peek() != '(' {
		at := p.at
		if macro := fetchMacros[p.itemName()]; macro != nil && p.peek() != '[' {
			for _, name := range macro {
				items = append(items, simpleItems[name])
			}
			return items
		}
		p.at = at
		return append(items, p.fetchItem())
	}
	p.fullList(func() {
		if len(items) == maxItems {
			p.want("fewer items")
		}
		items = append(items, p.fetchItem())
	})
	return items
}

// itemName takes the name of an item, up to a bracket.
func (p *parser) itemName() string {
	rest := p.rest()
	n := 0
	for n < len(rest) && isAtom[rest[n]] && rest[n] != '[' {
		n++
	}
	if n == 0 {
		p.want("an item")
		return ""
	}
	p.at += n
	return strings.ToUpper(string(rest[:n]))
}

// fetchItem takes one item.
func (p *parser) fetchItem() FetchItem {
	at := p.at
	name := p.itemName()
	var it FetchItem
	switch name {
	case "BODY", "BODY.PEEK":
		if name == "BODY" && p.peek() != '[' {
			return simpleItems[name]
		}
		it = FetchItem{Op: FetchBody, Peek: name == "BODY.PEEK", Section: p.section()}
	case "BINARY", "BINARY.PEEK":
		it = FetchItem{Op: FetchBinary, Peek: name == "BINARY.PEEK", Section: p.partSection()}
	case "BINARY.SIZE":
		return FetchItem{Op: FetchBinarySize, Peek: true, Section: p.partSection()}
	default:
		it, ok := simpleItems[name]
		if !ok && p.err == nil {
			p.at = at
			p.want("an item to fetch")
		}
		return it
	}
	if p.skip('<') {
		it.Partial = &Partial{From: p.number()}
		p.expect('.')
		it.Partial.Count = p.nzNumber()
		p.expect('>')
	}
	return it
}

// path takes part numbers with dots between them, and tells whether a dot is
// left over behind them.
func (p *parser) path() (path []int, dot bool) {
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		if len(path) > letter.MaxDepth {
			p.want("a shorter path")
			return nil, false
		}
		path = append(path, int(min(p.nzNumber(), 1<<30)))
		if dot = p.skip('.'); !dot {
			return path, false
		}
	}
	return path, dot
}

// partSection takes what stands between the brackets of BINARY[…].
func (p *parser) partSection() letter.Section {
	p.expect('[')
	path, dot := p.path()
	if dot {
		p.want("a part's number")
	}
	p.expect(']')
	return letter.Section{Path: path}
}

// section takes what stands between the brackets of BODY[…].
func (p *parser) section() letter.Section {
	p.expect('[')
	var s letter.Section
	var dot bool
	s.Path, dot = p.path()
	if len(s.Path) > 0 && !dot || p.peek() == ']' && !dot {
		p.expect(']')
		return s
	}
	switch p.choose("HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME") {
	case "HEADER":
		s.What = letter.Header
	case "HEADER.FIELDS":
		s.What, s.Fields = letter.Fields, p.fieldNames()
	case "HEADER.FIELDS.NOT":
		s.What, s.Fields = letter.FieldsNot, p.fieldNames()
	case "TEXT":
		s.What = letter.Text
	case "MIME":
		s.What = letter.MIME
		if len(s.Path) == 0 {
			p.want("a part's number before MIME")
		}
	}
	p.expect(']')
	return s
}

// maxFields is how many header fields one section may name.
const maxFields = 1000

func (p *parser) fieldNames() (names []string) {
	p.sp()
	p.fullList(func() {
		if len(names) == maxFields {
			p.want("fewer fields")
		}
		names = append(names, string(p.astring()))
	})
	return names
}

// fetchItem writes an item as a command has it (asked) or as its response
// does: there, PEEK and the length of a partial are left out.
func (e *encoder) fetchItem(it FetchItem, asked bool) {
	if it.name != "" {
		e.raw(it.name)
		return
	}
	switch it.Op {
	case FetchBody:
		e.raw("BODY")
	case FetchBinary:
		e.raw("BINARY")
	case FetchBinarySize:
		e.raw("BINARY.SIZE")
	default:
		e.raw(simpleNames[it.Op])
		return
	}
	if asked && it.Peek && it.Op != FetchBinarySize {
		e.raw(".PEEK")
	}
	e.section(it.Section)
	if it.Partial != nil {
		e.octet('<')
		e.number32(it.Partial.From)
		if asked {
			e.octet('.')
			e.number32(it.Partial.Count)
		}
		e.octet('>')
	}
}

var simpleNames = map[FetchOp]string{FetchFlags: "FLAGS", FetchUID: "UID", FetchInternalDate: "INTERNALDATE",
	FetchSize: "RFC822.SIZE", FetchModSeq: "MODSEQ", FetchEnvelope: "ENVELOPE", FetchStructure: "BODYSTRUCTURE", FetchBasic: "BODY"}

// section writes a section in its brackets.
func (e *encoder) section(s letter.Section) {
	e.octet('[')
	for i, n := range s.Path {
		if i > 0 {
			e.octet('.')
		}
		e.buf = strconv.AppendInt(e.buf, int64(n), 10)
	}
	if len(s.Path) > 0 && s.What != letter.Whole {
		e.octet('.')
	}
	e.raw([...]string{letter.Whole: "", letter.Header: "HEADER", letter.Fields: "HEADER.FIELDS ",
		letter.FieldsNot: "HEADER.FIELDS.NOT ", letter.Text: "TEXT", letter.MIME: "MIME"}[s.What])
	if s.What == letter.Fields || s.What == letter.FieldsNot {
		e.list(len(s.Fields), func(i int) { e.astring(s.Fields[i]) })
	}
	e.octet(']')
}
