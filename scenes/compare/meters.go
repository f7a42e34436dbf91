package compare

import (
	"slices"
	"time"

	"mailscope/sim/trace"
)

// ID names a meter. What each one measures is told in docs/compare.md too.
type ID string

// The meters. All but the last five count what went over connections that
// speak POP3 or IMAP; what devices hand in by SMTP is the same on both sides
// and not counted.
const (
	// Connections that were opened.
	Connections ID = "connections"
	// Commands said by clients. What continues a command (the password after
	// AUTH, what follows a literal, the DONE of an IDLE) is part of it.
	Commands ID = "commands"
	// Trips are the times that a client waited for its server: for the
	// greeting, and whenever the server answers after the client spoke. Several
	// commands sent without waiting are one trip; what the server says of its
	// own accord is none.
	Trips ID = "trips"
	// Up and Down are octets from clients to servers and back, line ends
	// included, as before encryption.
	Up   ID = "up"
	Down ID = "down"
	// Link is the time that these conversations would take over a slow mobile
	// link (LinkLatency one way, LinkSpeed): each connection costs one trip for
	// TCP's own handshake, each of Trips one more, and then the octets have to
	// pass. It is computed from those numbers; what TLS would add is left out.
	Link ID = "link"
	// Work is what the server went through: the octets that it sent, and those
	// of the letters in the folder at each IMAP search for a text (TEXT, BODY).
	Work ID = "work"
	// Stored are letters, and ServerBytes octets, in the mailboxes of the
	// devices' owners.
	Stored      ID = "stored"
	ServerBytes ID = "server"
	// Sees are the letters that a device knows of; one meter a device.
	Sees ID = "sees"
	// DeviceBytes are the octets of letters that a device keeps; one meter a
	// device.
	DeviceBytes ID = "device"
	// Offline are the letters whose text a device can show without a network;
	// one meter a device. Readable counts each letter once, on whatever device.
	Offline  ID = "offline"
	Readable ID = "readable"
	// Lost are letters of which no text is left once one device is lost: on no
	// server, and on no other device. Before that it tells how many would be.
	Lost ID = "lost"
)

// The slow mobile link of the meter Link.
const (
	LinkLatency = 300 * time.Millisecond // one way
	LinkSpeed   = 64_000                 // bits a second
)

// Unit is what a meter's values count.
type Unit string

// The units.
const (
	Times   Unit = "times"   // a bare number
	Letters Unit = "letters" // letters
	Octets  Unit = "octets"  // octets
	Span    Unit = "time"    // nanoseconds
)

// Meter is one row of the differences.
type Meter struct {
	ID     ID
	Unit   Unit
	Device string // host name, of a meter about one device; "" otherwise
	Values [2]int64
	Most   int64 // the highest value that either side has at any moment
}

// meters are the rows, in the order of State.values.
func meters(cast []string, risky string) []Meter {
	all := []Meter{
		{ID: Connections, Unit: Times}, {ID: Commands, Unit: Times}, {ID: Trips, Unit: Times},
		{ID: Up, Unit: Octets}, {ID: Down, Unit: Octets}, {ID: Link, Unit: Span}, {ID: Work, Unit: Octets},
		{ID: Stored, Unit: Letters}, {ID: ServerBytes, Unit: Octets},
	}
	for _, per := range []Meter{{ID: Sees, Unit: Letters}, {ID: DeviceBytes, Unit: Octets}, {ID: Offline, Unit: Letters}} {
		for _, host := range cast {
			per.Device = host
			all = append(all, per)
		}
	}
	all = append(all, Meter{ID: Readable, Unit: Letters})
	if len(cast) > 0 {
		all = append(all, Meter{ID: Lost, Unit: Letters, Device: cast[max(slices.Index(cast, risky), 0)]})
	}
	return all
}

// values adds the meters' values to all, in the order of meters.
func (st *State) values(all []int64) []int64 {
	w := &st.wire
	count := func(n int) { all = append(all, int64(n)) }
	count(w.Connections)
	count(w.Commands)
	count(w.Trips)
	count(w.Up)
	count(w.Down)
	all = append(all, int64(w.link()))
	count(w.Down + w.Searched)
	stored, octets := 0, 0
	for i := range st.Boxes {
		stored += st.Boxes[i].Count
		octets += st.Boxes[i].Bytes
	}
	count(stored)
	count(octets)
	for i := range st.Devices {
		count(st.Devices[i].Count)
	}
	for i := range st.Devices {
		count(st.Devices[i].Bytes)
	}
	for i := range st.Devices {
		count(st.Devices[i].Offline)
	}
	count(st.read)
	if len(st.Devices) > 0 {
		count(st.gone + st.alone)
	}
	return all
}

// link is how long it all would take over the slow mobile link.
func (w *wire) link() time.Duration {
	waits := time.Duration(w.Trips+w.Connections) * 2 * LinkLatency
	return waits + time.Duration(w.Up+w.Down)*8*time.Second/LinkSpeed
}

// Meters are the differences at a moment.
func (p *Pair) Meters(moment int) []Meter {
	all := slices.Clone(p.meters)
	left, right := p.Steps(moment)
	for side, step := range []int{left, right} {
		for i, v := range p.Sides[side].At(step).values(nil) {
			all[i].Values[side] = v
			all[i].Most = max(all[i].Most, p.most[side][i])
		}
	}
	return all
}

// Chief are the meters that fit beside the picture: what the last device of
// the cast sees, round trips, octets fetched and stored, letters to be read
// without a network and letters that can be lost.
func Chief(all []Meter) []Meter {
	var sees, chief []Meter
	for _, m := range all {
		switch m.ID {
		case Sees:
			sees = append(sees, m)
		case Trips, Down, ServerBytes, Readable, Lost:
			chief = append(chief, m)
		}
	}
	if len(sees) > 0 {
		chief = append(sees[len(sees)-1:], chief...)
	}
	return chief
}

// Kind is what a host is, by the worlds of both sides.
func (p *Pair) Kind(host string) trace.HostKind {
	for _, s := range p.Sides {
		for _, h := range s.Show.Recording().Header.World.Hosts {
			if h.Name == host {
				return h.Kind
			}
		}
	}
	return ""
}
