package mua

import (
	"context"
	"slices"
	"strings"

	"mailscope/protocol/imap"
	"mailscope/protocol/imap/letter"
	"mailscope/sim/network"
)

// FolderChange is something that a user does to a folder; one of the names is
// set, To beside Rename.
type FolderChange struct {
	Create, Delete, Subscribe, Unsubscribe string
	Rename, To                             string
}

// folder changes the folders on the server. A new one is subscribed to, so
// that other programs show it.
func (m *mirror) folder(ctx context.Context, f FolderChange) error {
	if m.away {
		return ErrOffline
	}
	return m.with(ctx, network.Cut{}, func() error {
		if name := f.Delete + f.Rename; m.at != nil && within(m.at.name, name) { // not while it is open
			if err := m.enter(inbox); err != nil {
				return err
			}
		}
		switch {
		case f.Create != "":
			if err := m.c.Create(f.Create, ""); err != nil {
				return err
			}
			return m.c.Subscribe(f.Create)
		case f.Delete != "":
			if err := m.c.Delete(f.Delete); err != nil {
				return err
			}
			m.forgetFolder(f.Delete)
			return nil
		case f.Rename != "":
			if err := m.c.Rename(f.Rename, f.To); err != nil {
				return err
			}
			m.renamed(f.Rename, f.To)
			return nil
		case f.Unsubscribe != "":
			return m.c.Unsubscribe(f.Unsubscribe)
		}
		return m.c.Subscribe(f.Subscribe)
	})
}

// within tells whether a folder is another one, or below it.
func within(name, top string) bool {
	return top != "" && (name == top || strings.HasPrefix(name, top+"/"))
}

// forgetFolder takes the letters of a folder off the device.
func (m *mirror) forgetFolder(name string) {
	delete(m.folders, name)
	if m.home == name {
		m.home = inbox
	}
	for i := len(m.Letters()) - 1; i >= 0; i-- {
		if k, err := m.letter(i); err == nil && k.Folder == name {
			m.bury(i)
		}
	}
}

// renamed gives a folder, and those below it, their new names.
func (m *mirror) renamed(from, to string) {
	renamed := func(name string) string {
		if !within(name, from) {
			return name
		}
		return to + strings.TrimPrefix(name, from)
	}
	for _, name := range m.knownFolders() {
		f := m.folders[name]
		delete(m.folders, name)
		f.name = renamed(name)
		m.folders[f.name] = f
	}
	for use, name := range m.uses {
		m.uses[use] = renamed(name)
	}
	m.home = renamed(m.home)
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.kept {
		m.kept[i].Folder = renamed(m.kept[i].Folder)
	}
}

// search asks the server, or, without a network, goes through what is here.
func (m *mirror) search(ctx context.Context, q Query) (hits int, err error) {
	if m.away {
		return q.hits(m.Letters()), nil
	}
	err = m.with(ctx, network.Cut{}, func() error {
		if err := m.enter(q.folder()); err != nil {
			return err
		}
		found, err := m.c.Search(q.key(), imap.SearchOptions{Return: []string{"ALL"}})
		hits = found.Count
		return err
	})
	return hits, err
}

// key is what is sought, as IMAP says it.
func (q Query) key() imap.SearchKey {
	var keys []imap.SearchKey
	add := func(is bool, k imap.SearchKey) {
		if is {
			keys = append(keys, k)
		}
	}
	not := func(k imap.SearchKey) imap.SearchKey {
		return imap.SearchKey{Op: imap.SearchNot, Keys: []imap.SearchKey{k}}
	}
	flag := func(name string) imap.SearchKey { return imap.SearchKey{Op: imap.SearchFlag, Flag: name} }
	add(q.Unseen, not(flag(imap.Seen)))
	add(q.Flagged, flag(imap.Flagged))
	add(q.From != "", imap.SearchKey{Op: imap.SearchHeader, Field: "From", Text: q.From})
	add(q.Subject != "", imap.SearchKey{Op: imap.SearchHeader, Field: "Subject", Text: q.Subject})
	add(!q.Since.IsZero(), imap.SearchKey{Op: imap.SearchSince, Date: q.Since})
	add(!q.Before.IsZero(), imap.SearchKey{Op: imap.SearchBefore, Date: q.Before})
	add(q.Larger > 0, imap.SearchKey{Op: imap.SearchLarger, Number: uint64(max(q.Larger, 0))})
	add(q.Body != "", imap.SearchKey{Op: imap.SearchBody, Text: q.Body})
	add(q.Text != "", imap.SearchKey{Op: imap.SearchText, Text: q.Text})
	return imap.SearchKey{Op: imap.SearchAnd, Keys: keys}
}

// hits counts the letters that match among those whose text is on the device.
func (q Query) hits(kept []Kept) int {
	n := 0
	for _, k := range kept {
		if k.readable() && q.matches(k) {
			n++
		}
	}
	return n
}

// matches tells whether a letter that is here is what is sought.
func (q Query) matches(k Kept) bool {
	header, _ := letter.Split(k.Data)
	has := func(flag string) bool { return slices.Contains(k.Flags, flag) }
	sent, _ := letter.SentDate(letter.Value(header, "date"))
	switch {
	case k.Folder != "" && k.Folder != q.folder(),
		q.Unseen && has(imap.Seen), q.Flagged && !has(imap.Flagged), q.Larger > 0 && k.Size <= q.Larger,
		!q.Since.IsZero() && sent.Before(q.Since), !q.Before.IsZero() && !sent.Before(q.Before),
		q.From != "" && !letter.NewPattern(q.From).InField(header, "from"),
		q.Subject != "" && !letter.NewPattern(q.Subject).InField(header, "subject"),
		q.Body != "" && !letter.NewPattern(q.Body).InBody(k.Data),
		q.Text != "" && !letter.NewPattern(q.Text).InText(k.Data):
		return false
	}
	return true
}
