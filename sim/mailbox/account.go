package mailbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mailscope/protocol/imap"
)

var _ imap.Account = (*Box)(nil)

// make makes a folder; there is none of that name.
func (b *Box) make(name, use string) {
	b.folders[name] = &Folder{box: b, name: name, use: use, validity: b.validity, next: 1, recent: 1, modseq: 1,
		keywords: keywords{}}
	b.validity++
	b.tellOf(Created, name, "")
}

// folder finds a folder. Names alone are none.
func (b *Box) folder(name string) (*Folder, error) {
	if f := b.folders[folded(name)]; f != nil {
		return f, nil
	}
	return nil, imap.ErrNoMailbox
}

// Mailboxes lists folders and subscribed names, INBOX first.
func (b *Box) Mailboxes() []imap.MailboxInfo {
	b.mu.RLock()
	defer b.mu.RUnlock()
	parents := map[string]bool{}
	var list []imap.MailboxInfo
	for name, f := range b.folders {
		for _, p := range above(name) {
			parents[p] = true
		}
		info := imap.MailboxInfo{Name: name, NoSelect: f == nil, Subscribed: b.subs[name]}
		if f != nil {
			info.Use = f.use
		}
		list = append(list, info)
	}
	for name := range b.subs {
		if _, ok := b.folders[name]; !ok {
			list = append(list, imap.MailboxInfo{Name: name, Gone: true, Subscribed: true})
		}
	}
	for i := range list {
		list[i].Children = parents[list[i].Name]
	}
	slices.SortFunc(list, func(x, y imap.MailboxInfo) int {
		if x.Name == Inbox || y.Name == Inbox {
			return cmp.Compare(rank(x.Name), rank(y.Name))
		}
		return cmp.Compare(x.Name, y.Name)
	})
	return list
}

func rank(name string) int {
	if name == Inbox {
		return 0
	}
	return 1
}

// Status counts what a folder holds.
func (b *Box) Status(name string) (imap.Status, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f, err := b.folder(name)
	if err != nil {
		return imap.Status{}, err
	}
	return f.status(), nil
}

// Create makes a folder, and those above it that are missing.
func (b *Box) Create(name, use string) error {
	name, err := named(name)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.folders[name] != nil {
		return imap.ErrExists
	}
	return b.grow(name, use)
}

// grow makes a folder and those above it.
func (b *Box) grow(name, use string) error {
	if err := b.raise(name); err != nil {
		return err
	}
	b.make(name, use)
	return nil
}

// raise makes the folders above a name, if there is room for them and it.
func (b *Box) raise(name string) error {
	missing := slices.DeleteFunc(above(name), func(p string) bool { _, ok := b.folders[p]; return ok })
	if len(b.folders)+len(missing)+1 > maxFolders {
		return imap.ErrLimit
	}
	for _, p := range missing {
		b.make(p, "")
	}
	return nil
}

// below lists the names under a name, sorted.
func (b *Box) below(name string) []string {
	var names []string
	for n := range b.folders {
		if strings.HasPrefix(n, name+delimiter) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

// Delete removes a folder and what it holds.
func (b *Box) Delete(name string) error {
	name = folded(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	f, ok := b.folders[name]
	switch {
	case !ok:
		return imap.ErrNoMailbox
	case name == Inbox:
		return imap.ErrCannot
	}
	if len(b.below(name)) == 0 {
		delete(b.folders, name)
	} else if f == nil {
		return imap.ErrCannot
	} else {
		b.folders[name] = nil
	}
	b.retire(f, false)
	if f != nil {
		f.drop(func(*imap.Message) bool { return true })
		f.removed = true
		b.tellOf(Deleted, name, "")
		f.changed()
	}
	return nil
}

// Rename moves a folder and those below it. Of INBOX only the letters move.
func (b *Box) Rename(from, to string) error {
	to, err := named(to)
	if err != nil {
		return err
	}
	from = folded(from)
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.folders[from]; !ok {
		return imap.ErrNoMailbox
	}
	if _, ok := b.folders[to]; ok {
		return imap.ErrExists
	}
	if from == Inbox {
		if err := b.grow(to, ""); err != nil {
			return err
		}
		_, err := b.move(b.inbox(), b.folders[to], slices.Clone(b.inbox().uids))
		return err
	}
	if strings.HasPrefix(to, from+delimiter) {
		return imap.ErrCannot
	}
	names := append([]string{from}, b.below(from)...)
	for _, n := range names {
		moved := to + n[len(from):]
		if _, err := named(moved); err != nil {
			return err
		}
		if _, ok := b.folders[moved]; ok {
			return imap.ErrExists
		}
	}
	if err := b.raise(to); err != nil {
		return err
	}
	for _, n := range names {
		f, moved := b.folders[n], to+n[len(from):]
		b.folders[moved] = f
		delete(b.folders, n)
		b.retire(f, true)
		if f != nil {
			f.name = moved
			b.tellOf(Renamed, n, moved)
		}
	}
	return nil
}

// retire remembers that a folder's name is free again: whatever has that name
// later needs a higher UIDVALIDITY (RFC 3501 §2.3.1.1). A folder that goes on
// under another name gets one, if that name may have had its own before.
func (b *Box) retire(f *Folder, goesOn bool) {
	if f == nil {
		return
	}
	before := b.retired
	b.retired = max(b.retired, f.validity)
	if goesOn && f.validity <= before {
		f.validity = b.validity
		b.validity++
	}
}

// Subscribe puts a name on the list of subscriptions, or takes it off.
func (b *Box) Subscribe(name string, on bool) error {
	name, err := named(name)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case on == b.subs[name]:
	case !on:
		delete(b.subs, name)
		b.tellOf(Unsubscribed, name, "")
	case len(b.subs) >= maxFolders:
		return imap.ErrLimit
	default:
		b.subs[name] = true
		b.tellOf(Subscribed, name, "")
	}
	return nil
}

// Open opens a folder.
func (b *Box) Open(name string) (imap.Mailbox, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f, err := b.folder(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Append stores a letter in a folder.
func (b *Box) Append(name string, data []byte, flags []string, date time.Time) (imap.UID, error) {
	return b.Put(name, "", data, flags, date)
}

// Put is Append of a letter that has an id in the trace.
func (b *Box) Put(name, letter string, data []byte, flags []string, date time.Time) (imap.UID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := b.folder(name)
	if err != nil {
		return imap.UID{}, err
	}
	if err := b.room(1, int64(len(data))); err != nil {
		return imap.UID{}, err
	}
	if flags, err = f.keywords.spelled(flags, true); err != nil {
		return imap.UID{}, err
	}
	m := f.add(imap.Message{Flags: flags, Date: date, Data: data, Ref: letter})
	f.changed()
	return imap.UID{Validity: f.validity, Number: m.UID}, nil
}

// Close ends one session's use of the account; others go on.
func (b *Box) Close() error { return nil }
