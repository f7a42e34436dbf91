package mua

import (
	"context"
	"fmt"
	"slices"

	"mailscope/protocol/imap"
	"mailscope/sim/trace"
)

// rest has the device idle in the folder to which it returns, and sleep until
// there is news.
//
// RFC 2177.
func (m *mirror) rest() error {
	if err := m.enter(m.home); err != nil {
		return err
	}
	for {
		if err := m.news(); err != nil || !m.c.Has("IDLE") && !m.c.Has("IMAP4rev2") {
			return err
		}
		if err := m.c.Idle(); err != nil {
			return err
		}
		if err := m.hear(); err != nil {
			return err
		}
		if !m.behind() {
			m.sleep()
			if m.conn.Arriving() == 0 {
				return nil
			}
		}
		if err := m.awake(); err != nil { // something came while it fell asleep, or there is something to fetch
			return err
		}
	}
}

// sleep waits, without a goroutine of its own, until something comes.
func (m *mirror) sleep() {
	nap := m.nap
	m.conn.OnArrival(func(context.Context) { m.woken(nap) })
}

// awake ends the idling; what was said meanwhile is taken in.
func (m *mirror) awake() error {
	m.nap++
	m.conn.OnArrival(nil)
	if !m.c.Idling() {
		return nil
	}
	m.conn.SetLetter("")
	return m.c.Done()
}

// woken reads what has come while the device slept, and does what it asks for.
func (m *mirror) woken(nap int) {
	m.talk.Lock()
	defer m.talk.Unlock()
	if m.lost || m.c == nil || m.nap != nap {
		return
	}
	err := m.react()
	if err != nil {
		m.drop()
	}
	m.went(0, err)
}

// react is what a device does that was woken: it listens, and fetches what it
// heard of.
func (m *mirror) react() error {
	m.came = 0
	if m.conn.Arriving() == 0 { // the server hung up
		return m.c.IdleRead()
	}
	if err := m.hear(); err != nil {
		return err
	}
	if m.behind() {
		if err := m.awake(); err != nil {
			return err
		}
		return m.rest()
	}
	m.sleep()
	if m.conn.Arriving() == 0 {
		return nil
	}
	if err := m.awake(); err != nil {
		return err
	}
	return m.rest()
}

// hear reads what has come, and no more.
func (m *mirror) hear() error {
	for m.parting == nil && (m.c.Pending() || m.conn.Arriving() > 0) {
		if err := m.c.IdleRead(); err != nil {
			return err
		}
	}
	return m.parting
}

// behind tells whether there are letters of which the device knows nothing.
func (m *mirror) behind() bool { return int(m.c.Selected().Messages) > len(m.at.uids) }

// told takes in what the server says beside its answers.
func (m *mirror) told(u imap.Update) {
	if u.Kind == imap.UpdateText {
		if u.Status == "BYE" {
			m.parting = fmt.Errorf("the server hung up: %s", u.Text)
		}
		return
	}
	f := m.at
	if f == nil {
		return
	}
	switch u.Kind {
	case imap.UpdateExpunge:
		if i := int(u.Number) - 1; i < len(f.uids) {
			m.lose(f.uids[i])
		}
	case imap.UpdateVanished:
		for _, uid := range slices.Clone(f.uids) {
			if u.UIDs.Contains(uid) {
				m.lose(uid)
			}
		}
	case imap.UpdateFetch:
		m.flagged(u.Fetched)
	}
}

// lose takes a message out of the selected folder. If its letter was not moved
// from here, it is gone.
func (m *mirror) lose(uid uint32) {
	f := m.at
	if i, ok := slices.BinarySearch(f.uids, uid); ok {
		f.uids = slices.Delete(f.uids, i, i+1)
	}
	if m.leaving[uid] {
		return
	}
	if i := m.find(f.name, uid); i >= 0 {
		m.bury(i)
	}
}

// bury takes a letter off the device.
func (m *mirror) bury(i int) {
	k, err := m.letter(i)
	if err != nil {
		return
	}
	m.forget(i)
	k.Holds = ""
	m.about(k, &trace.Device{Action: "gone"})
}

// flagged takes in the flags of a message, unless the device knows better:
// what was changed here has yet to be told to the server.
func (m *mirror) flagged(got *imap.Fetched) {
	f, uid := m.at, got.UID
	if uid == 0 && int(got.Seq) <= len(f.uids) && got.Seq > 0 {
		uid = f.uids[got.Seq-1]
	}
	i := m.find(f.name, uid)
	if got.Flags == nil || i < 0 || m.pending(f.name, uid) {
		return
	}
	m.mark(i, sorted(got.Flags))
}

// mark gives a letter flags.
func (m *mirror) mark(i int, flags []string) {
	k, err := m.letter(i)
	if err != nil || slices.Equal(k.Flags, flags) {
		return
	}
	k.Flags = flags
	m.update(i, k)
	m.about(k, &trace.Device{Action: "marked"})
}
