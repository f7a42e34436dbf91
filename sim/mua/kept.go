package mua

import (
	"slices"

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
	Data   []byte   // that, as fetched
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
		p.Bytes += len(k.Data)
		if k.Holds == trace.HoldsText || k.Holds == trace.HoldsWhole {
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
