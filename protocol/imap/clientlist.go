package imap

import (
	"slices"
	"strings"
)

// ListOptions choose among the mailboxes and what is told of each.
//
// RFC 5258, RFC 5819, RFC 6154; RFC 9051 §6.3.9.
type ListOptions struct {
	Reference  string
	Subscribed bool     // those subscribed to only
	Return     []string // "SUBSCRIBED", "CHILDREN", "SPECIAL-USE"
	Status     []string // items of STATUS to be told of each
}

// Listed is one mailbox as LIST or LSUB tells of it.
type Listed struct {
	Name    string
	Attrs   []string // such as "\\HasChildren", "\\Sent"
	Delim   string   // parts the levels of Name; "" if there are none
	OldName string   // it was renamed, or asked for by this name: RFC 9051 §6.3.9.7
	Status  *Status  // if it was asked for
}

// Has tells whether the mailbox has an attribute.
func (l *Listed) Has(attr string) bool {
	return slices.ContainsFunc(l.Attrs, func(a string) bool { return strings.EqualFold(a, attr) })
}

// List lists mailboxes whose names match one of some patterns: "*" stands for
// anything, "%" for anything within a level.
//
// RFC 9051 §6.3.9. What a server without LIST-EXTENDED or LIST-STATUS does not
// understand is left out; subscriptions are then asked for with LSUB.
func (c *Client) List(o ListOptions, patterns ...string) ([]Listed, error) {
	extended := c.Has("LIST-EXTENDED") || c.Has("IMAP4rev2")
	verb := "LIST"
	if o.Subscribed && !extended {
		verb = "LSUB"
	}
	var list []Listed
	_, err := c.do(verb, func(e *encoder) {
		if o.Subscribed && extended {
			e.raw(" (SUBSCRIBED)")
		}
		e.octet(' ')
		e.mailbox(o.Reference)
		e.octet(' ')
		e.patterns(patterns)
		if ret := c.listReturn(o, extended); len(ret) > 0 {
			e.raw(" RETURN ")
			e.words(ret)
		}
	}, func(r *response) bool {
		switch data := r.data.(type) {
		case Listed:
			list = append(list, data)
		case namedStatus:
			i := slices.IndexFunc(list, func(l Listed) bool { return l.Name == data.name })
			if i >= 0 {
				list[i].Status = &data.status
			}
		default:
			return false
		}
		return true
	})
	return list, err
}

// listReturn is what LIST is asked to tell.
func (c *Client) listReturn(o ListOptions, extended bool) []string {
	var ret []string
	for _, name := range o.Return {
		if extended || name == "SPECIAL-USE" && c.Has(name) {
			ret = append(ret, name)
		}
	}
	if len(o.Status) > 0 && (c.Has("LIST-STATUS") || c.Has("IMAP4rev2")) {
		ret = append(ret, "STATUS ("+strings.Join(o.Status, " ")+")")
	}
	return ret
}

// patterns writes one pattern, or several in parentheses.
func (e *encoder) patterns(list []string) {
	if len(list) == 1 {
		e.pattern(list[0])
		return
	}
	e.list(len(list), func(i int) { e.pattern(list[i]) })
}

func (e *encoder) pattern(p string) {
	if !e.utf8 {
		p = encodeName(p)
	}
	e.string([]byte(p))
}

// listed takes what follows LIST or LSUB.
//
// RFC 9051 §7.3.1, §9 (mailbox-list).
func (p *parser) listed(asUTF8 bool) Listed {
	l := Listed{Attrs: p.anyFlags()}
	p.sp()
	l.Delim = p.text()
	p.sp()
	l.Name = p.boxName(asUTF8)
	if p.more() {
		p.list(func() {
			item := strings.ToUpper(string(p.astring()))
			p.sp()
			if item == "OLDNAME" {
				p.expect('(')
				l.OldName = p.boxName(asUTF8)
				p.expect(')')
				return
			}
			p.value()
		})
	}
	return l
}

// Create makes a mailbox; use is its special use, such as "\\Archive", or "".
//
// RFC 9051 §6.3.4, RFC 6154 §3.
func (c *Client) Create(name, use string) error {
	_, err := c.do("CREATE", func(e *encoder) {
		e.octet(' ')
		e.mailbox(name)
		if use != "" {
			e.raw(" (USE (" + use + "))")
		}
	}, nil)
	return err
}

// Delete removes a mailbox and what is in it.
//
// RFC 9051 §6.3.5.
func (c *Client) Delete(name string) error { return c.named("DELETE", name) }

// Subscribe puts a mailbox on the list of those to be shown.
//
// RFC 9051 §6.3.7.
func (c *Client) Subscribe(name string) error { return c.named("SUBSCRIBE", name) }

// Unsubscribe takes a mailbox off that list.
//
// RFC 9051 §6.3.8.
func (c *Client) Unsubscribe(name string) error { return c.named("UNSUBSCRIBE", name) }

// named sends a command whose only argument is a mailbox.
func (c *Client) named(verb, name string) error {
	_, err := c.do(verb, func(e *encoder) {
		e.octet(' ')
		e.mailbox(name)
	}, nil)
	return err
}

// Rename gives a mailbox another name.
//
// RFC 9051 §6.3.6.
func (c *Client) Rename(from, to string) error {
	_, err := c.do("RENAME", func(e *encoder) {
		e.octet(' ')
		e.mailbox(from)
		e.octet(' ')
		e.mailbox(to)
	}, nil)
	return err
}

// Namespaces are where mailboxes are: one's own, those of others, and shared
// ones.
//
// RFC 2342, RFC 9051 §6.3.10.
type Namespaces struct{ Personal, Others, Shared []Namespace }

// Namespace is a prefix of names, and what parts their levels.
type Namespace struct{ Prefix, Delim string }

// Namespace asks where mailboxes are.
func (c *Client) Namespace() (Namespaces, error) {
	var n Namespaces
	_, err := c.do("NAMESPACE", nil, func(r *response) bool {
		got, ok := r.data.(Namespaces)
		if ok {
			n = got
		}
		return ok
	})
	return n, err
}

func (p *parser) namespaces(asUTF8 bool) Namespaces {
	var n Namespaces
	for _, to := range []*[]Namespace{&n.Personal, &n.Others, &n.Shared} {
		p.sp()
		if p.word("NIL") {
			continue
		}
		p.expect('(')
		for p.skip('(') {
			prefix := p.boxName(asUTF8)
			p.sp()
			*to = append(*to, Namespace{prefix, p.text()})
			for p.more() {
				p.value()
			}
			p.expect(')')
		}
		p.expect(')')
	}
	return n
}
