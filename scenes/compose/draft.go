// Package compose is the form in which a letter is written to anyone in the
// simulated world, and in the name of anyone.
package compose

import "mailscope/sim/trace"

// Account is somebody who can be written to.
type Account struct {
	Address string      // anna@romashka.example
	Title   trace.Words // "Anna"
	Writes  bool        // has a device to write on
}

// Draft is a letter as it was written.
type Draft struct {
	By      string   // address of an account that writes
	From    string   // address that stands in the letter; "" is By
	Sender  string   // address that stands on the envelope; "" is By
	To      []string // addresses, one at least
	Subject string
	Text    string // lines end with LF
}
