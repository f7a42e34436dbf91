// Package smtp is both ends of the Simple Mail Transfer Protocol: a server
// that hands each letter to a backend, and a client that sends letters.
//
// RFC 5321, with SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531),
// PIPELINING (RFC 2920), CHUNKING (RFC 3030), DSN (RFC 3461), STARTTLS
// (RFC 3207), AUTH (RFC 4954) and ENHANCEDSTATUSCODES (RFC 2034).
package smtp

import "crypto/tls"

// Mail is what a MAIL command says.
type Mail struct {
	From  string // address; "" is the null reverse-path
	Size  int    // octets as declared; 0 if not
	Body  string // "7BIT", "8BITMIME" or "" if not said
	UTF8  bool   // SMTPUTF8 was asked for
	Ret   string // "FULL", "HDRS" or "" if not said
	EnvID string // decoded from xtext
	Auth  string // the submitter, "<>" if unknown, "" if not said
}

// Rcpt is what a RCPT command says.
type Rcpt struct {
	To     string   // address, or "Postmaster" alone
	Notify []string // "NEVER", or any of "SUCCESS", "FAILURE", "DELAY"; nil if not said
	ORcpt  string   // "rfc822;ana@alfa.test", decoded from xtext
}

// Envelope is what the servers act on: one letter's sender and recipients.
type Envelope struct {
	Helo  string               // the name that the client gave itself
	ESMTP bool                 // it said EHLO
	User  string               // who logged in; "" if nobody
	TLS   *tls.ConnectionState // nil if the connection is in clear
	Mail  Mail
	Rcpts []Rcpt // in the order given
}

// Offer is what a server offers in its reply to EHLO. The zero Offer is a
// server of 1982, which does not know EHLO.
type Offer struct {
	EHLO          bool
	Size          bool
	EightBitMIME  bool
	SMTPUTF8      bool
	Pipelining    bool
	Chunking      bool
	DSN           bool
	EnhancedCodes bool
	VRFY          bool // without it VRFY is refused with 502
	Help          bool
	StartTLS      bool     // needs Server.TLS
	Auth          []string // mechanisms of package sasl
}

// Full offers everything but STARTTLS and AUTH.
func Full() Offer {
	return Offer{EHLO: true, Size: true, EightBitMIME: true, SMTPUTF8: true, Pipelining: true,
		Chunking: true, DSN: true, EnhancedCodes: true, VRFY: true, Help: true}
}
