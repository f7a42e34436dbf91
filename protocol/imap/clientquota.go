package imap

import "slices"

// QuotaRoot is a limit that some mailboxes share.
//
// RFC 9208 §3.2.
type QuotaRoot struct {
	Name      string
	Resources []Resource
}

// Resource is one thing that is limited: STORAGE in units of 1024 octets,
// MESSAGE in messages.
//
// RFC 9208 §5.
type Resource struct {
	Name        string
	Used, Limit uint64
}

// Quota asks for the limits of a quota root.
//
// RFC 9208 §4.1.1.
func (c *Client) Quota(root string) (QuotaRoot, error) {
	q := QuotaRoot{Name: root}
	_, err := c.do("GETQUOTA", func(e *encoder) {
		e.octet(' ')
		e.astring(root)
	}, func(r *response) bool {
		got, ok := r.data.(QuotaRoot)
		if ok && got.Name == root {
			q = got
		}
		return ok
	})
	return q, err
}

// QuotaOf asks for the limits that hold for a mailbox.
//
// RFC 9208 §4.1.2.
func (c *Client) QuotaOf(mailbox string) ([]QuotaRoot, error) {
	var list []QuotaRoot
	_, err := c.do("GETQUOTAROOT", func(e *encoder) {
		e.octet(' ')
		e.mailbox(mailbox)
	}, func(r *response) bool {
		switch data := r.data.(type) {
		case []string: // the names of the roots come first
			if r.name != "QUOTAROOT" {
				return false
			}
			for _, name := range data {
				list = append(list, QuotaRoot{Name: name})
			}
		case QuotaRoot:
			if i := slices.IndexFunc(list, func(q QuotaRoot) bool { return q.Name == data.Name }); i >= 0 {
				list[i] = data
			}
		default:
			return false
		}
		return true
	})
	return list, err
}

// quota takes what follows QUOTA.
func (p *parser) quota() QuotaRoot {
	q := QuotaRoot{Name: string(p.astring())}
	p.sp()
	p.list(func() {
		r := Resource{Name: p.keyword()}
		p.sp()
		r.Used = p.number64()
		p.sp()
		r.Limit = p.number64()
		q.Resources = append(q.Resources, r)
	})
	return q
}

// quotaRoots takes what follows QUOTAROOT.
func (p *parser) quotaRoots(asUTF8 bool) []string {
	p.boxName(asUTF8)
	names := []string{}
	for p.more() {
		names = append(names, string(p.astring()))
	}
	return names
}
