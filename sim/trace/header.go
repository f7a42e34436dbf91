package trace

import "time"

// Version is the version of the recording's form that this program writes.
const Version = 1

// Header is what a recording says before its first event.
type Header struct {
	Lesson string    // name, "" if no lesson was played
	Number int       // of the lesson in the curriculum; 0 if none
	Title  Words     // of the lesson; nil if none
	Side   string    // which telling of the lesson, "POP3" or "IMAP"; "" if it is told once
	Start  time.Time // simulated date and time of the start, UTC
	World  World
}

// World is who takes part, in the order in which a map places them.
type World struct {
	Domains      []Domain
	Hosts        []Host
	Eavesdropper *Eavesdropper // nil if nobody listens
}

// Eavesdropper is somebody who hears what is not meant for her: a stranger on
// the same wireless network. She takes part in nothing.
type Eavesdropper struct {
	Name  string   // a host name that nobody else has
	Title Words    // "Eve"
	Place Words    // where she sits: "the café"
	Hears []string // hosts: whatever they send or are sent
}

// Domain is one island of the map.
type Domain struct {
	Name  string
	Title Words // "our office"
}

// HostKind is what a host is for.
type HostKind string

// The kinds of hosts.
const (
	Server  HostKind = "server"
	DNS     HostKind = "dns"
	Laptop  HostKind = "laptop"
	Phone   HostKind = "phone"
	Browser HostKind = "browser"
	Foreign HostKind = "foreign" // the computer on which this program runs
)

// Device tells whether hosts of this kind are somebody's own.
func (k HostKind) Device() bool { return k == Laptop || k == Phone || k == Browser }

// Host is one machine of the simulated internet.
type Host struct {
	Name    string // as From and To of events have it
	Addr    string // simulated IP address
	Domain  string // whose island it stands on; "" for none
	Kind    HostKind
	Title   Words  // of a device: whose it is
	Account string // of a device: its user's address
	Receive string // of a device: how it gets its mail, "pop3" or "imap"
	MX      int    // preference of a server; 0 if it takes no mail for its domain
}

// Recording is a trace with its header.
type Recording struct {
	Header Header
	*Trace
}
