package mailbox

import (
	"slices"
	"sort"
	"time"

	"mailscope/protocol/imap"
)

// maxGone is how many removed letters a folder remembers at least.
const maxGone = 10_000

// Folder is one folder of a Box; it is the imap.Mailbox of every session that
// has it open. The lock of the box guards it.
type Folder struct {
	box      *Box
	name     string
	use      string
	validity uint32
	next     uint32 // UIDNEXT
	recent   uint32 // the first UID that no session was given as \Recent
	modseq   uint64
	flagged  uint64 // the last modseq at which flags changed

	uids     []uint32 // rising
	messages []*imap.Message
	keywords keywords
	unseen   int
	deleted  int // letters with \Deleted
	size     int64
	dropping int64 // octets of those with \Deleted

	gone      []removal // by modseq
	forgotten uint64    // the last modseq of which a removal was forgotten

	arrivals map[uint32]time.Time // when letters came, by UID, if the box rotates

	watchers []*func() // in the order in which they came
	removed  bool      // the folder itself
}

type removal struct {
	uid    uint32
	modseq uint64
}

var _ imap.Mailbox = (*Folder)(nil)

// add stores a letter, whose flags have the folder's spelling.
func (f *Folder) add(m imap.Message) *imap.Message {
	m.UID, m.ModSeq = f.next, f.modseq+1
	f.next++
	f.uids = append(f.uids, m.UID)
	f.messages = append(f.messages, &m)
	f.came(m.UID)
	f.count(&m, 1)
	f.tell(Added, &m, len(f.uids))
	return &m
}

// count brings the sums up to date with a message that comes (1) or goes (-1).
func (f *Folder) count(m *imap.Message, n int) {
	if !has(m, seen) {
		f.unseen += n
	}
	octets := int64(n) * int64(len(m.Data))
	if has(m, deleted) {
		f.deleted += n
		f.dropping += octets
	}
	f.size += octets
	f.box.size += octets
	f.box.letters += n
}

func has(m *imap.Message, flag string) bool {
	_, ok := slices.BinarySearch(m.Flags, flag)
	return ok
}

// drop removes the messages that gone tells of, and returns them.
func (f *Folder) drop(gone func(*imap.Message) bool) []*imap.Message {
	var out []*imap.Message
	var kept []*imap.Message
	for _, m := range f.messages {
		if gone(m) {
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return nil
	}
	kept = make([]*imap.Message, 0, len(f.messages)-len(out))
	uids := make([]uint32, 0, cap(kept))
	rest := out
	for i, m := range f.messages {
		if len(rest) > 0 && rest[0] == m {
			rest = rest[1:]
			delete(f.arrivals, m.UID)
			f.count(m, -1)
			f.box.passing = max(0, f.box.passing-int64(len(m.Data)))
			f.tell(Removed, m, len(kept)+len(f.messages)-i-1)
			f.gone = append(f.gone, removal{m.UID, f.modseq + 1})
			continue
		}
		kept, uids = append(kept, m), append(uids, m.UID)
	}
	f.messages, f.uids = kept, uids
	if n := len(f.gone) - maxGone; n > maxGone {
		f.forgotten = f.gone[n-1].modseq
		f.gone = slices.Clone(f.gone[n:])
	}
	return out
}

// changed ends a change of the folder: its mod-sequence rises, and those who
// watch are told.
func (f *Folder) changed() {
	f.modseq++
	for _, notify := range f.watchers {
		(*notify)()
	}
}

// index is where a message stands; -1 if it is gone.
func (f *Folder) index(uid uint32) int {
	if i, ok := slices.BinarySearch(f.uids, uid); ok {
		return i
	}
	return -1
}

// Status counts what the folder holds.
func (f *Folder) Status() imap.Status {
	f.box.mu.RLock()
	defer f.box.mu.RUnlock()
	return f.status()
}

func (f *Folder) status() imap.Status {
	s := imap.Status{
		Messages: len(f.uids), Unseen: f.unseen, Deleted: f.deleted, Size: f.size, DeletedSize: f.dropping,
		Recent:  len(f.uids) - f.firstRecent(),
		UIDNext: f.next, UIDValidity: f.validity, HighestModSeq: f.modseq,
	}
	if f.unseen > 0 {
		i := slices.IndexFunc(f.messages, func(m *imap.Message) bool { return !has(m, seen) })
		s.FirstUnseen = f.uids[i]
	}
	for _, k := range f.keywords {
		s.Keywords = append(s.Keywords, k)
	}
	slices.Sort(s.Keywords)
	return s
}

// UIDs lists all messages.
func (f *Folder) UIDs() ([]uint32, uint64) {
	f.box.mu.RLock()
	defer f.box.mu.RUnlock()
	return slices.Clone(f.uids), f.modseq
}

// Message finds a message; nil if there is none.
func (f *Folder) Message(uid uint32) *imap.Message {
	f.box.mu.RLock()
	defer f.box.mu.RUnlock()
	if i := f.index(uid); i >= 0 {
		return f.messages[i]
	}
	return nil
}

// Since tells what changed after modseq.
func (f *Folder) Since(modseq uint64) (changed []*imap.Message, gone []uint32, now uint64, complete bool) {
	f.box.mu.RLock()
	defer f.box.mu.RUnlock()
	if modseq >= f.modseq {
		return nil, nil, f.modseq, true
	}
	from := 0
	if f.flagged <= modseq { // letters only came: they are at the end
		from = sort.Search(len(f.messages), func(i int) bool { return f.messages[i].ModSeq > modseq })
	}
	for _, m := range f.messages[from:] {
		if m.ModSeq > modseq {
			changed = append(changed, m)
		}
	}
	if modseq < f.forgotten {
		return changed, nil, f.modseq, false
	}
	first := sort.Search(len(f.gone), func(i int) bool { return f.gone[i].modseq > modseq })
	for _, r := range f.gone[first:] {
		gone = append(gone, r.uid)
	}
	slices.Sort(gone)
	return changed, gone, f.modseq, true
}

// Recent claims the letters that came since it was last called.
func (f *Folder) Recent() []uint32 {
	f.box.mu.RLock()
	none := f.recent == f.next
	f.box.mu.RUnlock()
	if none { // so it is for all but one of many sessions
		return nil
	}
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	i := f.firstRecent()
	f.recent = f.next
	return slices.Clone(f.uids[i:])
}

// firstRecent is the index of the first letter that no session was given as
// \Recent.
func (f *Folder) firstRecent() int {
	i, _ := slices.BinarySearch(f.uids, f.recent)
	return i
}

// SetFlags changes flags; a message is replaced only if its flags differ.
func (f *Folder) SetFlags(uids []uint32, op imap.FlagOp, flags []string, unchangedSince uint64) (now []*imap.Message, modified []uint32, err error) {
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	if f.removed {
		return nil, nil, imap.ErrNoMailbox
	}
	flags, err = f.keywords.spelled(flags, op != imap.RemoveFlags)
	if err != nil {
		return nil, nil, err
	}
	now = make([]*imap.Message, 0, len(uids))
	done := false
	for _, uid := range uids {
		i := f.index(uid)
		if i < 0 {
			continue
		}
		old := f.messages[i]
		if old.ModSeq > f.modseq { // named twice
			continue
		}
		if unchangedSince != imap.NoModSeq && old.ModSeq > unchangedSince {
			modified = append(modified, uid)
			continue
		}
		after := changed(old.Flags, op, flags)
		if slices.Equal(old.Flags, after) {
			now = append(now, old)
			continue
		}
		m := *old
		m.Flags, m.ModSeq = after, f.modseq+1
		f.count(old, -1)
		f.count(&m, 1)
		f.messages[i] = &m
		now = append(now, &m)
		f.tell(Flagged, &m, len(f.uids))
		done = true
	}
	if done {
		f.changed()
		f.flagged = f.modseq
	}
	return now, modified, nil
}

// Expunge removes messages that have \Deleted, of uids or of all.
func (f *Folder) Expunge(uids []uint32) error {
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	wanted := among(uids)
	if f.deleted > 0 && f.drop(func(m *imap.Message) bool {
		return has(m, deleted) && (uids == nil || wanted[m.UID])
	}) != nil {
		f.changed()
	}
	return nil
}

func among(uids []uint32) map[uint32]bool {
	set := make(map[uint32]bool, len(uids))
	for _, u := range uids {
		set[u] = true
	}
	return set
}

// Watch has notify called after each change.
func (f *Folder) Watch(notify func()) (stop func()) {
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	f.watchers = append(f.watchers, &notify)
	return func() {
		f.box.mu.Lock()
		defer f.box.mu.Unlock()
		f.watchers = slices.DeleteFunc(f.watchers, func(other *func()) bool { return other == &notify })
	}
}
