// Package compose is the form in which a letter is written to anyone in the
// simulated world.
package compose

import "mailscope/sim/trace"

// Account is somebody who can write and be written to.
type Account struct {
	Address string      // anna@romashka.example
	Title   trace.Words // "Anna"
}

// Draft is a letter as it was written.
type Draft struct {
	From    string   // address of an account
	To      []string // addresses, one at least
	Subject string
	Text    string // lines end with LF
}
