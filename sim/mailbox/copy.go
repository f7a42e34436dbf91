package mailbox

import "mailscope/protocol/imap"

// Copy adds copies to the end of another folder of the box, all or none. A
// folder that was deleted while open has nothing to copy.
func (f *Folder) Copy(uids []uint32, name string) (from []uint32, to []imap.UID, err error) {
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	g, err := f.box.folder(name)
	if err != nil {
		return nil, nil, err
	}
	var size int64
	for _, uid := range uids {
		if i := f.index(uid); i >= 0 {
			size += int64(len(f.messages[i].Data))
			from = append(from, uid)
		}
	}
	if err := f.box.room(len(from), size); err != nil {
		return nil, nil, err
	}
	to, err = f.box.copy(f, g, from, false)
	if err != nil {
		return nil, nil, err
	}
	return from, to, nil
}

// Move is Copy and removal in one step (RFC 6851). It needs no room.
func (f *Folder) Move(uids []uint32, name string) (from []uint32, to []imap.UID, err error) {
	f.box.mu.Lock()
	defer f.box.mu.Unlock()
	g, err := f.box.folder(name)
	if err != nil {
		return nil, nil, err
	}
	for _, uid := range uids {
		if f.index(uid) >= 0 {
			from = append(from, uid)
		}
	}
	to, err = f.box.move(f, g, from)
	if err != nil {
		return nil, nil, err
	}
	return from, to, nil
}

// copy copies messages that are there; g tells its watchers. If they are
// moving, their octets count once until they are dropped from f.
func (b *Box) copy(f, g *Folder, uids []uint32, moving bool) ([]imap.UID, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	var flags []string
	for _, uid := range uids {
		flags = append(flags, f.messages[f.index(uid)].Flags...)
	}
	if _, err := g.keywords.spelled(flags, true); err != nil {
		return nil, err
	}
	to := make([]imap.UID, len(uids))
	for i, uid := range uids {
		m := *f.messages[f.index(uid)]
		m.Flags, _ = g.keywords.spelled(m.Flags, true) // it knows them all
		if moving {
			b.passing += int64(len(m.Data))
		}
		to[i] = imap.UID{Validity: g.validity, Number: g.add(m).UID}
	}
	g.changed()
	return to, nil
}

// move moves messages that are there.
func (b *Box) move(f, g *Folder, uids []uint32) ([]imap.UID, error) {
	to, err := b.copy(f, g, uids, true)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	moved := among(uids)
	// In one folder, the copies have UIDs above those of uids.
	f.drop(func(m *imap.Message) bool { return moved[m.UID] })
	f.changed()
	return to, nil
}
