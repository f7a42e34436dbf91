package imap

import "strings"

// SearchOptions say what a search returns.
type SearchOptions struct {
	Seq bool // sequence numbers rather than UIDs
	// Return is what is wanted of the messages found: "ALL", "COUNT", "MIN",
	// "MAX", "SAVE". Empty means all of them. A server without ESEARCH is
	// asked for all.
	Return []string
}

// Found is what a search found.
type Found struct {
	Numbers  []uint32 // UIDs or sequence numbers, in the order received; none if not asked for
	Count    int
	Min, Max uint32 // 0 if not asked for
	ModSeq   uint64 // the highest of those found, if a MODSEQ key asked for it
}

// Search looks for messages.
//
// RFC 9051 §6.4.4, RFC 4731 (ESEARCH).
func (c *Client) Search(key SearchKey, o SearchOptions) (Found, error) {
	return c.search("SEARCH", o, func(e *encoder) {
		if key.needsCharset() && !e.utf8 { // RFC 9051 §6.4.4: there UTF-8 goes without saying
			e.raw(" CHARSET UTF-8")
		}
		e.octet(' ')
		e.searchTop(key)
	})
}

// Sort looks for messages and puts them in order.
//
// RFC 5256 §3.
func (c *Client) Sort(by []SortKey, key SearchKey, o SearchOptions) (Found, error) {
	o.Return = nil // ESORT (RFC 5267) is another extension
	return c.search("SORT", o, func(e *encoder) {
		e.raw(" (")
		for i, k := range by {
			if i > 0 {
				e.octet(' ')
			}
			if k.Reverse {
				e.raw("REVERSE ")
			}
			e.raw(k.By.String())
		}
		e.raw(") UTF-8 ")
		e.searchTop(key)
	})
}

func (c *Client) search(verb string, o SearchOptions, write func(e *encoder)) (found Found, err error) {
	_, err = c.do(verbOf(verb, o.Seq), func(e *encoder) {
		if len(o.Return) > 0 && (c.Has("ESEARCH") || c.Has("IMAP4rev2")) {
			e.raw(" RETURN ")
			e.words(o.Return)
		}
		write(e)
	}, func(r *response) bool {
		switch data := r.data.(type) {
		case foundNumbers:
			found.Numbers = append(found.Numbers, data.numbers...)
			found.Count, found.ModSeq = len(found.Numbers), data.modseq
		case esearch:
			if data.tag != "" && data.tag != c.tag {
				return false
			}
			found = data.found
		default:
			return false
		}
		return true
	})
	return found, err
}

// searchTop writes a key; several of which all must hold stand side by side.
func (e *encoder) searchTop(k SearchKey) {
	if k.Op == SearchAnd && len(k.Keys) > 0 {
		e.searchList(k.Keys)
		return
	}
	e.searchKey(k)
}

// needsCharset tells whether a text of the key is not ASCII.
func (k *SearchKey) needsCharset() bool {
	if !isASCII(k.Text) {
		return true
	}
	for i := range k.Keys {
		if k.Keys[i].needsCharset() {
			return true
		}
	}
	return false
}

// foundNumbers is what follows SEARCH and SORT.
type foundNumbers struct {
	numbers []uint32
	modseq  uint64
}

// foundNumbers takes numbers, and perhaps a mod-sequence.
//
// RFC 3501 §7.2.5; RFC 7162 §3.1.5.
func (p *parser) foundNumbers() foundNumbers {
	f := foundNumbers{numbers: p.numberList()}
	if p.more() && !p.done() {
		p.expect('(')
		if !p.word("MODSEQ") {
			p.want("MODSEQ")
		}
		p.sp()
		f.modseq = p.number64()
		p.expect(')')
	}
	return f
}

// esearch is what follows ESEARCH.
type esearch struct {
	tag   string
	found Found
}

// extendedFound takes what follows ESEARCH.
//
// RFC 4731 §3.1, RFC 9051 §7.3.2.
func (p *parser) extendedFound() esearch {
	var s esearch
	for p.more() && !p.done() {
		if p.skip('(') {
			if !p.word("TAG") {
				p.want("TAG")
			}
			p.sp()
			s.tag = string(p.astring())
			p.expect(')')
			continue
		}
		name := strings.ToUpper(p.run(&isWord, "a result"))
		if name == "UID" {
			continue
		}
		p.sp()
		s.result(p, name)
	}
	if len(s.found.Numbers) > 0 {
		s.found.Count = len(s.found.Numbers)
	}
	return s
}

func (s *esearch) result(p *parser, name string) {
	switch name {
	case "ALL":
		at := p.at
		set := p.set()
		s.found.Numbers = set.numbers(MaxList)
		if p.err == nil && s.found.Numbers == nil {
			p.at = at
			p.want("fewer numbers, and no star among them")
			return
		}
	case "COUNT":
		s.found.Count = int(p.number())
	case "MIN":
		s.found.Min = p.nzNumber()
	case "MAX":
		s.found.Max = p.nzNumber()
	case "MODSEQ":
		s.found.ModSeq = p.number64()
	default:
		p.value()
	}
}

// ThreadTree is messages that belong together: an answer is below what it
// answers. A Number of 0 stands for a message that is not there.
type ThreadTree struct {
	Number   uint32
	Children []ThreadTree
}

// Thread looks for messages and tells how they belong together. Algorithms
// are "REFERENCES" and "ORDEREDSUBJECT".
//
// RFC 5256 §3.
func (c *Client) Thread(algorithm string, key SearchKey, o SearchOptions) ([]ThreadTree, error) {
	var trees []ThreadTree
	_, err := c.do(verbOf("THREAD", o.Seq), func(e *encoder) {
		e.raw(" " + algorithm + " UTF-8 ")
		e.searchTop(key)
	}, func(r *response) bool {
		got, ok := r.data.([]ThreadTree)
		if ok {
			trees = append(trees, got...)
		}
		return ok
	})
	return trees, err
}

// threads takes what follows THREAD.
//
// RFC 5256 §5.
func (p *parser) threads() []ThreadTree {
	var list []ThreadTree
	if p.more() {
		for p.peek() == '(' {
			list = append(list, p.thread())
		}
	}
	return list
}

// thread takes one thread: numbers each of which is below the one before, and
// then perhaps threads that are all below the last.
func (p *parser) thread() ThreadTree {
	p.expect('(')
	if p.nested++; p.nested > maxNesting {
		p.want("less nesting")
	}
	defer func() { p.nested-- }()
	var top ThreadTree
	last := &top
	if p.peek() != '(' {
		top.Number = p.nzNumber()
	}
	for p.err == nil && !p.skip(')') {
		if p.peek() != '(' {
			p.sp()
		}
		if p.peek() == '(' {
			for p.peek() == '(' {
				last.Children = append(last.Children, p.thread())
			}
			p.expect(')')
			return top
		}
		last.Children = []ThreadTree{{Number: p.nzNumber()}}
		last = &last.Children[0]
	}
	return top
}
