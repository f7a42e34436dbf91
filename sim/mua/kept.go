package mua

import (
	"slices"

	"mailscope/protocol/imap"
	"mailscope/sim/trace"
)

// Kept is what a device knows of one letter.
type Kept struct {
	Folder string   // on the server; "" if it was fetched by POP3
	UID    string   // the server's unique id
	Letter string   // in the trace
	Flags  []string // that it has on the device; sorted
	Size   int      // octets of the whole letter
	Holds  string   // what of it is kept: trace.HoldsWhole, …; "" for nothing
	Data   []byte   // that, as fetched; of IMAP what the server told of it, written as a letter

	num       uint32          // UID; 0 if it is not known
	structure *imap.Structure // what it consists of; nil if it came by POP3
	parts     []string        // paths of those that are here
	extra     int             // octets of those that are not in Data
}

// Letters lists what the device keeps, oldest first.
func (d *Device) Letters() []Kept {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.kept)
}

// letter is one of Letters, counted from 0.
func (d *Device) letter(i int) (Kept, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i < 0 || i >= len(d.kept) {
		return Kept{}, ErrNoLetter
	}
	return d.kept[i], nil
}

// keep adds a letter.
func (d *Device) keep(k Kept) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = append(d.kept, k)
}

// update changes what is known of a letter.
func (d *Device) update(i int, k Kept) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept[i] = k
}

// insert adds a letter behind those of its folder with a lower UID.
func (d *Device) insert(k Kept) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.kept, func(o Kept) bool { return o.Folder == k.Folder && (o.num > k.num && k.num > 0 || o.num == 0) })
	if i < 0 || k.num == 0 {
		i = len(d.kept)
	}
	d.kept = slices.Insert(d.kept, i, k)
}

// find is the place among Letters of the letter with a UID, -1 if it is not
// there.
func (d *Device) find(folder string, num uint32) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.IndexFunc(d.kept, func(k Kept) bool { return k.Folder == folder && k.num == num && num > 0 })
}

// Nth is the place among Letters of letter number n, counted from 1, of a
// folder: by POP3 there is but one. It is ErrNoLetter if there is none.
func (d *Device) Nth(folder string, n int) (int, error) {
	for i, k := range d.Letters() {
		if k.Folder != "" && k.Folder != folder {
			continue
		}
		if n--; n == 0 {
			return i, nil
		}
	}
	return 0, ErrNoLetter
}

// Titled is the place among Letters of the first letter of a folder with a
// subject. If there is none its user looks for it in vain: that is recorded,
// and ErrNoLetter.
func (d *Device) Titled(folder, subject string) (int, error) {
	done, err := d.use()
	if err != nil {
		return 0, err
	}
	defer done()
	for i, k := range d.Letters() {
		if (k.Folder == "" || k.Folder == folder) && SubjectOf(k.Data) == subject {
			return i, nil
		}
	}
	d.record("", &trace.Device{Action: "failed", Subject: subject, Reason: ErrNoLetter.Error()})
	return 0, ErrNoLetter
}

// forget removes a letter.
func (d *Device) forget(i int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = slices.Delete(d.kept, i, i+1)
}

// record appends an event of this device's own, with its sums.
func (d *Device) record(letter string, p *trace.Device) {
	p.Account = d.Account
	d.mu.Lock()
	p.Count = len(d.kept)
	for _, k := range d.kept {
		if d.Browser { // what a page shows is gone with it
			break
		}
		p.Bytes += len(k.Data) + k.extra
		if k.readable() {
			p.Offline++
		}
	}
	d.mu.Unlock()
	d.net.Record(trace.Event{From: d.Host, Letter: letter, Body: p})
}

// about records what happened to a letter.
func (d *Device) about(k Kept, p *trace.Device) {
	p.Subject, p.Folder, p.UID, p.Flags, p.Holds, p.Size = SubjectOf(k.Data), k.Folder, k.UID, k.Flags, k.Holds, k.Size
	d.record(k.Letter, p)
}
