package mua

import (
	"context"
	"slices"
	"time"

	"mailscope/protocol/imap"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// change is something that a user did to a letter, and that the server has to
// be told.
type change struct {
	kind        changeKind
	of          ref
	add, remove []string // flags, of marking; of putting those that it has
	to          string   // folder, of moving and of putting
	data        []byte   // of putting
	date        time.Time
}

type changeKind uint8

const (
	marking  changeKind = iota
	moving              // to another folder
	deleting            // for good
	putting             // a letter that was sent, into a folder
)

// ref says which letter is meant.
type ref struct {
	folder string
	num    uint32 // UID
	letter string // in the trace
}

func (k Kept) ref() ref { return ref{k.Folder, k.num, k.Letter} }

// make tells the server of a change, or keeps it until there is a network.
func (m *mirror) make(ctx context.Context, ch change) error {
	if m.away {
		return m.later(ch)
	}
	return m.with(ctx, network.Cut{}, func() error { return m.perform(ch) })
}

// later does to the device's own letters what the server will be told.
func (m *mirror) later(ch change) error {
	if m.Browser || ch.of.num == 0 { // a letter moved without a network has no UID yet
		return ErrOffline
	}
	i := m.find(ch.of.folder, ch.of.num)
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	switch ch.kind {
	case marking:
		flags := marked(k.Flags, ch.add, ch.remove)
		if slices.Equal(flags, k.Flags) {
			return nil
		}
		m.mark(i, flags)
	case moving:
		m.forget(i)
		k.Folder, k.UID, k.num = ch.to, "", 0
		m.insert(k)
		m.about(k, &trace.Device{Action: "moved"})
	case deleting:
		m.bury(i)
	}
	m.todo = append(m.todo, ch)
	return nil
}

// marked is flags with some more and some less; sorted.
func marked(flags, add, remove []string) []string {
	list := slices.DeleteFunc(slices.Concat(flags, add), func(f string) bool { return slices.Contains(remove, f) })
	slices.Sort(list)
	return slices.Compact(list)
}

// pending tells whether the server has yet to be told of a change to a letter.
func (m *mirror) pending(folder string, uid uint32) bool {
	return slices.ContainsFunc(m.todo, func(ch change) bool { return ch.of.folder == folder && ch.of.num == uid })
}

// replay tells the server what was done without a network. What it refuses is
// recorded and given up.
func (m *mirror) replay() error {
	for len(m.todo) > 0 {
		ch := m.todo[0]
		err := m.perform(ch)
		if !m.usable(err) {
			return err
		}
		m.todo = m.todo[1:]
		m.went(0, err)
	}
	return nil
}

// perform tells the server of a change.
func (m *mirror) perform(ch change) error {
	if ch.kind != putting {
		if err := m.enter(ch.of.folder); err != nil {
			return err
		}
		if !slices.Contains(m.at.uids, ch.of.num) { // somebody else was faster
			return ErrNoLetter
		}
	}
	m.conn.SetLetter(ch.of.letter)
	defer m.conn.SetLetter("")
	uid := imap.Nums(ch.of.num)
	switch ch.kind {
	case marking:
		return m.store(uid, ch.add, ch.remove)
	case moving:
		return m.transfer(ch)
	case deleting:
		if err := m.store(uid, []string{imap.Deleted}, nil); err != nil {
			return err
		}
		if !m.c.Has("UIDPLUS") && !m.c.Has("IMAP4rev2") {
			uid = imap.NumSet{}
		}
		return m.c.Expunge(uid)
	}
	_, err := m.c.Append(ch.to, ch.data, ch.add, ch.date)
	return err
}

func (m *mirror) store(set imap.NumSet, add, remove []string) error {
	for _, s := range []struct {
		op    imap.FlagOp
		flags []string
	}{{imap.AddFlags, add}, {imap.RemoveFlags, remove}} {
		if len(s.flags) == 0 {
			continue
		}
		if _, err := m.c.Store(set, s.op, s.flags, imap.StoreOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// transfer moves a letter to another folder, and finds it there again by what
// the server says of it.
func (m *mirror) transfer(ch change) error {
	from, uid := m.at, ch.of.num
	m.leaving[uid] = true
	defer delete(m.leaving, uid)
	copied, err := m.c.Move(imap.Nums(uid), ch.to)
	if err != nil {
		return err
	}
	to := folder{validity: copied.UIDValidity}
	var num uint32
	if len(copied.To) == 1 {
		num = copied.To[0]
	}
	i := m.find(from.name, uid)
	k, err := m.letter(i)
	if err != nil { // it was moved here before the server knew
		m.settle(ch, to.unique(num), num)
		return nil
	}
	m.forget(i)
	k.Folder, k.UID, k.num = ch.to, to.unique(num), num
	if num > 0 {
		m.insert(k)
	}
	m.about(k, &trace.Device{Action: "moved"})
	return nil
}

// settle gives a letter that was moved without a network its UID.
func (m *mirror) settle(ch change, unique string, num uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, k := range m.kept {
		if k.Folder == ch.to && k.num == 0 && k.Letter == ch.of.letter {
			m.kept[i].UID, m.kept[i].num = unique, num
			return
		}
	}
}

// flag changes the flags of a letter.
func (m *mirror) flag(ctx context.Context, i int, add, remove []string) error {
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	return m.make(ctx, change{kind: marking, of: k.ref(), add: add, remove: remove})
}

// move puts a letter into another folder.
func (m *mirror) move(ctx context.Context, i int, to string) error {
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	return m.make(ctx, change{kind: moving, of: k.ref(), to: to})
}

// remove deletes a letter: into the trash, or for good if it is there already
// or the user wants it so.
func (m *mirror) remove(ctx context.Context, i int, forGood bool) error {
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	trash := m.called(`\Trash`)
	if forGood || k.Folder == trash {
		return m.make(ctx, change{kind: deleting, of: k.ref()})
	}
	return m.make(ctx, change{kind: moving, of: k.ref(), to: trash})
}

// empty removes everything from a folder.
func (m *mirror) empty(ctx context.Context, name string) error {
	if m.away {
		return ErrOffline
	}
	return m.with(ctx, network.Cut{}, func() error {
		if err := m.enter(name); err != nil {
			return err
		}
		if len(m.at.uids) == 0 {
			return nil
		}
		if _, err := m.c.Store(imap.Nums(m.at.uids...), imap.AddFlags, []string{imap.Deleted}, imap.StoreOptions{Silent: true}); err != nil {
			return err
		}
		return m.c.Expunge(imap.NumSet{})
	})
}

// sent puts a letter that was submitted into the folder for those: at once if
// the device is connected, and otherwise when it is the next time.
func (m *mirror) sent(ctx context.Context, l *Letter) error {
	ch := change{kind: putting, of: ref{letter: l.ID}, add: []string{imap.Seen}, to: m.called(`\Sent`), data: l.Data, date: m.net.Clock.Date()}
	if l.Receipt { // RFC 3503 §3.3: nobody is to send one about this copy
		ch.add = append(ch.add, mdnSent)
	}
	if m.c == nil {
		m.todo = append(m.todo, ch)
		return nil
	}
	return m.with(ctx, network.Cut{}, func() error { return m.perform(ch) })
}
