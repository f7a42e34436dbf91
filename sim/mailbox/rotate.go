package mailbox

import (
	"time"

	"mailscope/protocol/imap"
)

// Rotation has letters removed that came into a folder longer ago than After.
type Rotation struct {
	Folder string
	After  time.Duration
}

// SetRotation says what Rotate removes. From now on the box remembers when
// each letter came into its folder, by the clock now.
func (b *Box) SetRotation(list []Rotation, now func() time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rotation, b.now = list, now
}

// Rotate removes what has been in its folder for too long. Folders that do
// not exist are passed over. It returns how many letters went.
func (b *Box) Rotate() (removed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rotation {
		f, err := b.folder(r.Folder)
		if err != nil {
			continue
		}
		before := b.now().Add(-r.After)
		if gone := f.drop(func(m *imap.Message) bool { return f.since(m).Before(before) }); gone != nil {
			removed += len(gone)
			f.changed()
		}
	}
	return removed
}

// came remembers when a letter came into the folder, if the box rotates.
func (f *Folder) came(uid uint32) {
	if f.box.now == nil {
		return
	}
	if f.arrivals == nil {
		f.arrivals = map[uint32]time.Time{}
	}
	f.arrivals[uid] = f.box.now()
}

// since is when a letter came into the folder: a letter of last year that was
// thrown away today is new in the bin.
func (f *Folder) since(m *imap.Message) time.Time {
	if t, ok := f.arrivals[m.UID]; ok {
		return t
	}
	return m.Date
}
