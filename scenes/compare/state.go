package compare

import (
	"maps"
	"slices"

	"mailscope/sim/trace"
)

// Holds is what a place keeps of a letter.
type Holds uint8

// What can be kept. Text and Whole can be read without a network.
const (
	Nothing Holds = iota
	Known         // it is on the list, and nothing of it is kept
	Header
	Text
	Whole
)

// Copy is what one place keeps of one letter.
type Copy struct {
	Letter    int // index in Side.Letters
	Holds     Holds
	Read      bool
	Important bool
	folder    string
	octets    int // on a server
	folders   int // on a server: in how many folders it lies
}

// Device is a person's device at some moment.
type Device struct {
	Host    string
	Count   int // letters that it knows of
	Bytes   int // octets that it keeps
	Offline int // letters that it can show without a network
	Away    bool
	Lost    bool
	Last    string // what it did last: the action of its last event
	Met     bool   // it did anything yet

	copies  []Copy // by letter
	whole   int    // octets of the letters kept whole
	legible int    // letters with their text
}

// Box is the mailbox of one account at some moment.
type Box struct {
	Mailbox string
	Host    string // the server that keeps it; "" if it never gets a letter
	Count   int    // letters in all folders
	Bytes   int    // octets in all folders

	copies []Copy // by letter
	sum    int    // octets, as counted here
}

// State is what one side has come to after a number of steps.
type State struct {
	Step    int
	Devices []Device // those of Side.Cast, in its order
	Boxes   []Box    // of the accounts of those devices, in order of appearance

	wire  wire
	talks map[int]talk // open receiving connections
	risky int          // the device that may be lost, by its place among Devices
	gone  int          // letters that went with lost devices
	near  []uint8      // by letter: devices on which it is legible
	lies  []uint8      // by letter: mailboxes in which it lies
	read  int          // letters legible on any device
	alone int          // letters legible on the device that may be lost, and nowhere else
}

func newState(s *Side) State {
	st := State{talks: make(map[int]talk), risky: max(slices.Index(s.Cast, s.risky), 0)}
	for _, host := range s.Cast {
		st.Devices = append(st.Devices, Device{Host: host})
	}
	for _, account := range s.boxes {
		st.Boxes = append(st.Boxes, Box{Mailbox: account, Host: s.servers[account]})
	}
	return st
}

// clone copies all that an event may change.
func (st *State) clone() State {
	c := *st
	c.Devices, c.Boxes = slices.Clone(st.Devices), slices.Clone(st.Boxes)
	for i := range c.Devices {
		c.Devices[i].copies = slices.Clone(c.Devices[i].copies)
	}
	for i := range c.Boxes {
		c.Boxes[i].copies = slices.Clone(c.Boxes[i].copies)
	}
	c.talks = maps.Clone(st.talks)
	c.near, c.lies = slices.Clone(st.near), slices.Clone(st.lies)
	return c
}

// size is about how many things it holds.
func (st *State) size() int {
	n := len(st.talks) + len(st.near)
	for i := range st.Devices {
		n += len(st.Devices[i].copies)
	}
	for i := range st.Boxes {
		n += len(st.Boxes[i].copies)
	}
	return n
}

// apply takes in the event of the next step; letter is its letter's index, -1
// if it has none that matters.
func (st *State) apply(s *Side, e *trace.Event, letter int) {
	st.Step++
	for len(st.near) <= letter {
		st.near, st.lies = append(st.near, 0), append(st.lies, 0)
	}
	switch b := e.Body.(type) {
	case *trace.Connect:
		st.connect(e)
	case *trace.Close:
		delete(st.talks, e.Conn)
	case *trace.Line:
		st.line(s, e, b)
	case *trace.Store:
		if i := slices.Index(s.boxes, b.Mailbox); i >= 0 {
			st.store(i, b, letter)
		}
	case *trace.Device:
		if i := slices.Index(s.Cast, e.From); i >= 0 {
			st.device(s, i, b, letter)
		}
	}
}

// store takes in a change in a mailbox.
func (st *State) store(box int, b *trace.Store, letter int) {
	x := &st.Boxes[box]
	switch b.Action {
	case "add":
		st.add(x, b, letter, 1)
	case "remove":
		st.add(x, b, letter, -1)
	case "flags":
		if letter >= 0 && letter < len(x.copies) {
			c := &x.copies[letter]
			c.Read, c.Important = flagged(b.Flags)
		}
	case "delete":
		for i := range x.copies {
			if c := &x.copies[i]; c.Holds != Nothing && c.folder == b.Folder {
				st.add(x, &trace.Store{Bytes: c.octets}, i, -1)
			}
		}
	case "rename":
		for i := range x.copies {
			if c := &x.copies[i]; c.folder == b.Folder {
				c.folder = b.To
			}
		}
	}
	x.Bytes = x.sum
	if b.Total > 0 {
		x.Bytes = b.Total
	}
}

// add puts a letter into one folder more, or takes it out of one.
func (st *State) add(x *Box, b *trace.Store, letter, n int) {
	if letter < 0 {
		return
	}
	for len(x.copies) <= letter {
		x.copies = append(x.copies, Copy{Letter: len(x.copies)})
	}
	c := &x.copies[letter]
	before := c.Holds
	if c.folders += n; c.folders < 0 {
		c.folders = 0
		return // it was never seen coming
	}
	x.Count += n
	if n > 0 {
		if c.folders == 1 {
			c.octets = b.Bytes
		}
		c.folder = b.Folder
		c.Read, c.Important = flagged(b.Flags)
	}
	x.sum += n * c.octets
	c.Holds = Nothing
	if c.folders > 0 {
		c.Holds = Whole
	}
	if before == c.Holds {
		return
	}
	st.count(letter, func() {
		if c.Holds == Whole {
			st.lies[letter]++
		} else {
			st.lies[letter]--
		}
	})
}

// count lets change alter where a letter lies, and keeps the sums right.
func (st *State) count(letter int, change func()) {
	readable, alone := st.near[letter] > 0, st.isAlone(letter)
	change()
	if now := st.near[letter] > 0; now != readable {
		st.read += sign(now)
	}
	if now := st.isAlone(letter); now != alone {
		st.alone += sign(now)
	}
}

func sign(up bool) int {
	if up {
		return 1
	}
	return -1
}

// isAlone tells whether a letter would go with the device that may be lost.
func (st *State) isAlone(letter int) bool {
	return len(st.Devices) > 0 && st.onlyOn(&st.Devices[st.risky], letter)
}

// onlyOn tells whether a device has the text of a letter, and nobody else.
func (st *State) onlyOn(d *Device, letter int) bool {
	return letter < len(d.copies) && d.copies[letter].Holds >= Text && st.near[letter] == 1 && st.lies[letter] == 0
}

// device takes in what a device did.
func (st *State) device(s *Side, i int, b *trace.Device, letter int) {
	d := &st.Devices[i]
	d.Last, d.Met = b.Action, true
	switch b.Action {
	case "offline":
		d.Away = true
	case "online":
		d.Away = false
	case "lost":
		st.lose(s, i)
	}
	if letter >= 0 {
		st.keep(s, i, b, letter)
	}
	d.Count, d.Bytes, d.Offline = b.Count, b.Bytes, b.Offline
	switch {
	case d.Lost:
		d.Count, d.Bytes, d.Offline = 0, 0, 0
	case b.Bytes == 0 && b.Offline == 0: // recorded before devices told their sums, or nothing is kept
		d.Bytes, d.Offline = d.whole, d.legible
	}
}

// keep changes what a device has of a letter.
func (st *State) keep(s *Side, i int, b *trace.Device, letter int) {
	d := &st.Devices[i]
	for len(d.copies) <= letter {
		d.copies = append(d.copies, Copy{Letter: len(d.copies)})
	}
	c := &d.copies[letter]
	seen, important := flagged(b.Flags)
	switch b.Action {
	case "listed", "fetched":
		c.Read, c.Important = c.Read && b.Folder == "" || seen, important
	case "read":
		c.Read = true
	case "marked":
		c.Read, c.Important = seen, important
	case "moved", "gone":
	default:
		return // a letter that it sent
	}
	now := c.Holds
	switch {
	case b.Action == "gone":
		now = Nothing
	case b.Holds == trace.HoldsHeader:
		now = Header
	case b.Holds == trace.HoldsText:
		now = Text
	case b.Holds == trace.HoldsWhole:
		now = Whole
	case b.Action == "fetched" && b.Size == 0: // recorded before devices told what they keep
		now = Whole
	case b.Action == "listed", b.Action == "fetched", b.Size > 0:
		now = Known
	}
	st.hold(s, d, letter, now)
}

// hold has a device keep so much of a letter.
func (st *State) hold(s *Side, d *Device, letter int, now Holds) {
	c := &d.copies[letter]
	if c.Holds == now {
		return
	}
	st.count(letter, func() {
		if now >= Text && c.Holds < Text {
			st.near[letter]++
			d.legible++
		} else if now < Text && c.Holds >= Text {
			st.near[letter]--
			d.legible--
		}
		if c.Holds == Whole {
			d.whole -= s.Letters[letter].Size
		}
		if now == Whole {
			d.whole += s.Letters[letter].Size
		}
		c.Holds = now
	})
}

// lose takes a device away with everything on it.
func (st *State) lose(s *Side, i int) {
	d := &st.Devices[i]
	d.Lost = true
	for letter := range d.copies {
		if st.onlyOn(d, letter) {
			st.gone++
		}
		st.hold(s, d, letter, Nothing)
	}
}

// Gone is how many letters went with lost devices.
func (st *State) Gone() int { return st.gone }

// flagged tells whether a letter was read, and whether it is important.
func flagged(flags []string) (read, important bool) {
	return slices.Contains(flags, `\Seen`), slices.Contains(flags, `\Flagged`)
}

// Letters are the letters that a device shows, the oldest first.
func (d *Device) Letters() []Copy { return present(d.copies) }

// Letters are the letters that lie in a mailbox, the oldest first.
func (b *Box) Letters() []Copy { return present(b.copies) }

func present(all []Copy) []Copy {
	var found []Copy
	for _, c := range all {
		if c.Holds != Nothing {
			found = append(found, c)
		}
	}
	return found
}
