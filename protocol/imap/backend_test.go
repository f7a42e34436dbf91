package imap

import (
	"cmp"
	"context"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// memory is a Backend for tests: accounts by user, each with an INBOX, all
// with the password "secret".
type memory map[string]*memoryAccount

func newMemory(users ...string) memory {
	b := memory{}
	for _, u := range users {
		b[u] = &memoryAccount{boxes: map[string]*memoryBox{}, subs: map[string]bool{}}
		b[u].add(inbox, "")
	}
	return b
}

func (b memory) Login(_ context.Context, _ net.Conn, user, password string) (Account, error) {
	if a := b[user]; a != nil && password == "secret" {
		return a, nil
	}
	return nil, ErrAuth
}

func (b memory) Secret(user string) (string, bool) { return "secret", b[user] != nil }

// memoryAccount guards everything in it by one lock.
type memoryAccount struct {
	mu       sync.Mutex
	boxes    map[string]*memoryBox // nil is a name without a mailbox
	subs     map[string]bool
	validity uint32 // of the last mailbox made
	limit    Quota  // what is used is counted when asked
}

type memoryBox struct {
	*memoryAccount
	use       string
	deleted   bool
	recent    uint32 // the last UID that a session was given
	st        Status // UIDNext, UIDValidity and HighestModSeq; the rest is counted when asked
	messages  []*Message
	gone      map[uint32]uint64 // mod-sequences by UID
	forgotten uint64            // what was removed up to here is not known any more
	keywords  map[string]string // by small letters
	watchers  map[*func()]bool
}

func (a *memoryAccount) locked() (unlock func()) {
	a.mu.Lock()
	return a.mu.Unlock
}

func (a *memoryAccount) add(name, use string) *memoryBox {
	a.validity++
	a.boxes[name] = &memoryBox{memoryAccount: a, use: use, st: Status{UIDNext: 1, UIDValidity: a.validity, HighestModSeq: 1},
		gone: map[uint32]uint64{}, keywords: map[string]string{}, watchers: map[*func()]bool{}}
	return a.boxes[name]
}

func (a *memoryAccount) Mailboxes() (list []MailboxInfo) {
	defer a.locked()()
	for name, box := range a.boxes {
		info := MailboxInfo{Name: name, NoSelect: box == nil, Children: len(a.below(name)) > 0, Subscribed: a.subs[name]}
		if box != nil {
			info.Use = box.use
		}
		list = append(list, info)
	}
	for name := range a.subs {
		if _, ok := a.boxes[name]; !ok {
			list = append(list, MailboxInfo{Name: name, Gone: true, Children: len(a.below(name)) > 0, Subscribed: true})
		}
	}
	slices.SortFunc(list, func(x, y MailboxInfo) int {
		switch {
		case x.Name == inbox:
			return -1
		case y.Name == inbox:
			return 1
		}
		return strings.Compare(x.Name, y.Name)
	})
	return list
}

// below lists the names below one.
func (a *memoryAccount) below(name string) []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(a.boxes)), func(n string) bool { return !strings.HasPrefix(n, name+"/") })
}

func (a *memoryAccount) box(name string) (*memoryBox, error) {
	if box := a.boxes[name]; box != nil {
		return box, nil
	}
	return nil, ErrNoMailbox
}

func (a *memoryAccount) Status(name string) (Status, error) {
	defer a.locked()()
	box, err := a.box(name)
	if err != nil {
		return Status{}, err
	}
	return box.status(), nil
}

func (a *memoryAccount) Create(name, use string) error {
	defer a.locked()()
	name = strings.TrimSuffix(name, "/")
	switch {
	case slices.Contains(strings.Split(name, "/"), ""), name == noName:
		return ErrCannot
	case a.boxes[name] != nil:
		return ErrExists
	}
	for i, c := range name {
		if _, ok := a.boxes[name[:i]]; c == Delimiter && !ok {
			a.add(name[:i], "")
		}
	}
	a.add(name, use)
	return nil
}

func (a *memoryAccount) Delete(name string) error {
	defer a.locked()()
	box, ok := a.boxes[name]
	below := len(a.below(name)) > 0
	switch {
	case !ok:
		return ErrNoMailbox
	case name == inbox || box == nil && below:
		return ErrCannot
	}
	if delete(a.boxes, name); below {
		a.boxes[name] = nil
	}
	if box != nil {
		box.deleted = true
		box.remove(box.messages)
	}
	return nil
}

func (a *memoryAccount) Rename(from, to string) error {
	defer a.locked()()
	if _, ok := a.boxes[from]; !ok {
		return ErrNoMailbox
	}
	if _, ok := a.boxes[to]; ok {
		return ErrExists
	}
	switch {
	case from == inbox:
		a.boxes[inbox].transfer(a.boxes[inbox].messages, a.add(to, ""), true)
		return nil
	case strings.HasPrefix(to, from+"/"):
		return ErrCannot
	}
	for _, n := range append(a.below(from), from) {
		a.boxes[to+n[len(from):]] = a.boxes[n]
		delete(a.boxes, n)
	}
	return nil
}

func (a *memoryAccount) Subscribe(name string, on bool) error {
	defer a.locked()()
	if delete(a.subs, name); on {
		a.subs[name] = true
	}
	return nil
}

func (a *memoryAccount) Append(name string, data []byte, flags []string, date time.Time) (UID, error) {
	defer a.locked()()
	box, err := a.box(name)
	if err == nil {
		err = a.room(1, int64(len(data)))
	}
	if err != nil {
		return UID{}, err
	}
	defer box.changed()
	return box.put(Message{Flags: box.spelled(flags), Date: date, Data: data}), nil
}

func (a *memoryAccount) Open(name string) (Mailbox, error) {
	defer a.locked()()
	box, err := a.box(name)
	if err != nil {
		return nil, err
	}
	return box, nil
}

func (a *memoryAccount) Quota() Quota {
	defer a.locked()()
	return a.used()
}

func (a *memoryAccount) used() Quota {
	q := a.limit
	for _, box := range a.boxes {
		if box != nil {
			st := box.status()
			q.Storage, q.Messages = q.Storage+st.Size, q.Messages+st.Messages
		}
	}
	return q
}

func (a *memoryAccount) room(letters int, octets int64) error {
	q := a.used()
	if q.MaxSize > 0 && q.Storage+octets > q.MaxSize || q.Max > 0 && q.Messages+letters > q.Max {
		return ErrOverQuota
	}
	return nil
}

func (a *memoryAccount) Close() error { return nil }

func (b *memoryBox) put(m Message) UID {
	m.UID, m.ModSeq = b.st.UIDNext, b.st.HighestModSeq+1
	b.st.UIDNext++
	b.messages = append(b.messages, &m)
	return UID{b.st.UIDValidity, m.UID}
}

func (b *memoryBox) remove(gone []*Message) {
	b.messages = slices.DeleteFunc(slices.Clone(b.messages), func(m *Message) bool { return slices.Contains(gone, m) })
	for _, m := range gone {
		b.gone[m.UID] = b.st.HighestModSeq + 1
	}
	b.changed()
}

func (b *memoryBox) changed() {
	b.st.HighestModSeq++
	for notify := range b.watchers {
		(*notify)()
	}
}

// spelled gives keywords the spelling that they were first set with.
func (b *memoryBox) spelled(flags []string) []string {
	out := slices.Clone(flags)
	for i, f := range out {
		if key := strings.ToLower(f); f[0] != '\\' {
			b.keywords[key] = cmp.Or(b.keywords[key], f)
			out[i] = b.keywords[key]
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// find finds those of uids that are there, in their order.
func (b *memoryBox) find(uids ...uint32) (list []*Message) {
	for _, uid := range uids {
		if i, ok := slices.BinarySearchFunc(b.messages, uid, func(m *Message, u uint32) int { return cmp.Compare(m.UID, u) }); ok {
			list = append(list, b.messages[i])
		}
	}
	return list
}

func (b *memoryBox) Status() Status {
	defer b.locked()()
	return b.status()
}

func (b *memoryBox) status() Status {
	s := b.st
	s.Messages, s.Keywords = len(b.messages), slices.Sorted(maps.Values(b.keywords))
	for _, m := range b.messages {
		s.Size += int64(len(m.Data))
		if m.UID > b.recent {
			s.Recent++
		}
		if slices.Contains(m.Flags, Deleted) {
			s.Deleted, s.DeletedSize = s.Deleted+1, s.DeletedSize+int64(len(m.Data))
		}
		if !slices.Contains(m.Flags, Seen) {
			s.Unseen, s.FirstUnseen = s.Unseen+1, cmp.Or(s.FirstUnseen, m.UID)
		}
	}
	return s
}

func (b *memoryBox) UIDs() (uids []uint32, modseq uint64) {
	defer b.locked()()
	for _, m := range b.messages {
		uids = append(uids, m.UID)
	}
	return uids, b.st.HighestModSeq
}

func (b *memoryBox) Message(uid uint32) *Message {
	defer b.locked()()
	if list := b.find(uid); list != nil {
		return list[0]
	}
	return nil
}

func (b *memoryBox) Since(modseq uint64) (changed []*Message, gone []uint32, now uint64, complete bool) {
	defer b.locked()()
	for _, m := range b.messages {
		if m.ModSeq > modseq {
			changed = append(changed, m)
		}
	}
	if modseq < b.forgotten {
		return changed, nil, b.st.HighestModSeq, false
	}
	for uid, at := range b.gone {
		if at > modseq {
			gone = append(gone, uid)
		}
	}
	slices.Sort(gone)
	return changed, gone, b.st.HighestModSeq, true
}

func (b *memoryBox) Recent() (uids []uint32) {
	defer b.locked()()
	for _, m := range b.messages {
		if m.UID > b.recent {
			uids = append(uids, m.UID)
		}
	}
	b.recent = b.st.UIDNext - 1
	return uids
}

func (b *memoryBox) SetFlags(uids []uint32, op FlagOp, flags []string, unchangedSince uint64) (now []*Message, modified []uint32, err error) {
	defer b.locked()()
	if b.deleted {
		return nil, nil, ErrNoMailbox
	}
	flags = b.spelled(flags)
	differ := false
	for _, old := range b.find(uids...) {
		if unchangedSince != NoModSeq && old.ModSeq > unchangedSince {
			modified = append(modified, old.UID)
			continue
		}
		m := *old
		switch op {
		case SetFlags:
			m.Flags = flags
		case AddFlags:
			m.Flags = b.spelled(slices.Concat(old.Flags, flags))
		case RemoveFlags:
			m.Flags = slices.DeleteFunc(slices.Clone(old.Flags), func(f string) bool { return slices.Contains(flags, f) })
		}
		if !slices.Equal(m.Flags, old.Flags) {
			m.ModSeq = b.st.HighestModSeq + 1
			differ = true
		}
		b.messages[slices.Index(b.messages, old)] = &m
		now = append(now, &m)
	}
	if differ {
		b.changed()
	}
	return now, modified, nil
}

func (b *memoryBox) Expunge(uids []uint32) error {
	defer b.locked()()
	gone := slices.DeleteFunc(slices.Clone(b.messages), func(m *Message) bool {
		return !slices.Contains(m.Flags, Deleted) || uids != nil && !slices.Contains(uids, m.UID)
	})
	if len(gone) > 0 {
		b.remove(gone)
	}
	return nil
}

func (b *memoryBox) Copy(uids []uint32, name string) ([]uint32, []UID, error) {
	return b.send(uids, name, false)
}

func (b *memoryBox) Move(uids []uint32, name string) ([]uint32, []UID, error) {
	return b.send(uids, name, true)
}

func (b *memoryBox) send(uids []uint32, name string, move bool) (from []uint32, to []UID, err error) {
	defer b.locked()()
	target, err := b.box(name)
	if err != nil {
		return nil, nil, err
	}
	list := b.find(uids...)
	var octets int64
	for _, m := range list {
		octets += int64(len(m.Data))
	}
	if err := b.room(len(list), octets); err != nil && !move {
		return nil, nil, err
	}
	from, to = b.transfer(list, target, move)
	return from, to, nil
}

func (b *memoryBox) transfer(list []*Message, target *memoryBox, move bool) (from []uint32, to []UID) {
	if len(list) == 0 {
		return nil, nil
	}
	for _, m := range list {
		twin := *m
		twin.Flags = target.spelled(m.Flags)
		from, to = append(from, m.UID), append(to, target.put(twin))
	}
	target.changed()
	if move {
		b.remove(list)
	}
	return from, to
}

func (b *memoryBox) Watch(notify func()) (stop func()) {
	defer b.locked()()
	b.watchers[&notify] = true
	return func() {
		defer b.locked()()
		delete(b.watchers, &notify)
	}
}
