// Package trace keeps the record of everything that happened in a simulated
// internet: an append-only log of typed events, and its file form.
//
// The trace is the single source of truth. Whatever is shown is a function of
// a trace and a playhead, so an appended event never changes.
package trace

import "time"

// Event is one thing that happened.
type Event struct {
	Seq    int           // position in the trace, from 1; Append sets it
	At     time.Duration // simulated time since the start
	From   string        // host name; who spoke or acted
	To     string        // host name; who heard it, "" if nobody
	Conn   int           // connection, from 1; 0 means none
	Proto  string        // "smtp", "pop3", "imap", "dns"; "" if not on a wire
	Letter string        // "L1": the same through every hop; "" if none
	Cause  int           // Seq of the event that brought this one about; 0 means none
	Body   Payload       // never nil
}

// Kind is what happened, in one word: the name of the event's payload.
type Kind string

// The kinds of events.
const (
	KindConnect Kind = "connect"
	KindClose   Kind = "close"
	KindRefused Kind = "refused"
	KindLine    Kind = "line"
	KindTLS     Kind = "tls"
	KindLookup  Kind = "lookup"
	KindQueue   Kind = "queue"
	KindStore   Kind = "store"
	KindDevice  Kind = "device"
	KindVerdict Kind = "verdict"
	KindChange  Kind = "change"
	KindFault   Kind = "fault"
	KindNote    Kind = "note"
)

// Kind tells which payload the event has.
func (e *Event) Kind() Kind { return e.Body.Kind() }

// Payload is the part of an event that its kind alone has. It is implemented
// by pointers to the structs of this file and by nothing else.
type Payload interface {
	Kind() Kind
	// appendFields adds the payload's fields in their JSON form.
	appendFields(b []byte) []byte
	// decodeField reads the value under key.
	decodeField(r *decoder, key []byte) error
}

// Connect is a connection opened: From dialed To.
type Connect struct {
	Service  string // registered name: "smtp", "submission", "submissions", "pop3", "pop3s", "imap", "imaps", "domain"
	Port     int    // simulated
	FromAddr string // simulated IP address
	ToAddr   string // simulated IP address
	Foreign  bool   // a program from outside the simulation dialed
}

// Close is a connection ended.
type Close struct {
	Reason string // "" for an ordinary end
}

// Refused is a connection that From wanted and did not get.
type Refused struct {
	Service string
	Port    int
	ToAddr  string
	Reason  string // "connection refused", "host down"
}

// Role is what a line is in its dialogue.
type Role string

// The roles of a line.
const (
	Command Role = "command"
	Reply   Role = "reply"
	Data    Role = "data"
)

// Line is one whole line on a connection, or a block of whole lines of data.
type Line struct {
	Text      string // without the final CR LF; lines of a data block are kept apart by CR LF
	Role      Role   // of an IMAP literal Data; what follows it is a line again, often an empty one
	Code      string // of a reply: "250", "+OK", "-ERR", "OK", "NO", "BAD", "BYE", "PREAUTH", "+"; "" otherwise
	Bytes     int    // octets on the wire, line ends and dot-stuffing included
	Encrypted bool   // an eavesdropper could not read it
}

// TLS is the handshake after which an eavesdropper can read no more, or that
// came to nothing. From is the client.
type TLS struct {
	Mode       string    // "starttls", or "tls" from the first octet
	Version    string    // agreed on: "TLS 1.3"; "" if the handshake failed
	Cipher     string    // agreed on: "TLS_AES_128_GCM_SHA256"
	ServerName string    // whom the client asked for, in clear
	Subject    string    // of the server's certificate: its first name
	Issuer     string    // who signed it
	NotBefore  time.Time // from when on it is valid; UTC
	NotAfter   time.Time
	Verified   bool     // the client checked it and found it good; a foreign client keeps that to itself
	Reason     string   // what is wrong with the certificate, or why the handshake failed
	Discarded  int      // octets said in clear before it that nobody read
	Seen       []Record // what an eavesdropper saw of the handshake, in order
}

// Record is one TLS record as an eavesdropper sees it.
type Record struct {
	Server   bool     // sent by the server
	Type     string   // "handshake", "change_cipher_spec", "alert", "application_data", which is all that is encrypted
	Version  string   // as the record says: "TLS 1.2" for everything since then
	Bytes    int      // on the wire; 0 if it differs from run to run
	Messages []string // of a handshake in clear: "client_hello", "server_hello"
}

// What a record of TLS 1.3 adds to what is in it: its header, the type within,
// and the seal (RFC 8446 §5.2).
const (
	RecordOverhead = 5 + 1 + 16
	MaxRecordData  = 1 << 14 // octets in one record
)

// Lookup is one question to a resolver and what came back.
type Lookup struct {
	Name    string        // absolute, with the final dot
	Type    string        // "MX", "TXT", …
	RCode   string        // "NOERROR", "NXDOMAIN", "SERVFAIL", …; "" if nothing came back
	Answers []string      // zone-file form, in the order received; empty if none
	TTL     time.Duration // simulated; 0 means not cached
	Cached  bool          // answered from the resolver's cache: nothing was sent
}

// Queue is a change in a mail server's queue (From).
type Queue struct {
	Action     string        // "accepted", "attempt", "relayed", "delivered", "deferred", "forwarded" from here to others, "bounced", "discarded"
	ID         string        // the queue's name for it, as in the Received field
	Sender     string        // reverse-path, "" for a notification
	Recipients []string      // concerned, in envelope order
	NextHop    string        // host or domain being tried; "" if none
	Attempt    int           // from 1; 0 before the first
	Next       time.Duration // simulated time of the next attempt; 0 if none
	Reason     string        // what the other side said, what went wrong, or to whom it was forwarded
	Length     int           // entries in this queue afterwards
}

// Store is a change in a mailbox kept by the host From. Of letters: "add",
// "remove", "flags". Of folders: "create", "delete", "rename", "subscribe",
// "unsubscribe".
type Store struct {
	Action  string
	Mailbox string   // address
	Folder  string   // "INBOX"; levels parted by a slash
	To      string   // of "rename": the new name
	UID     string   // unique id of the letter in the folder, as UIDL gives it
	Bytes   int      // of the letter
	Count   int      // letters in the folder afterwards
	Flags   []string // of the letter afterwards: "\\Seen", keywords; sorted
	Total   int      // octets in all folders of the mailbox afterwards
	Limit   int      // octets that the mailbox may hold; 0 means no limit
}

// What a device keeps of a letter.
const (
	HoldsHeader = "header" // who, what about and when, no text
	HoldsText   = "text"   // the text, but not all that comes with it
	HoldsWhole  = "whole"
)

// Device is something that a person's device (From) did by itself. Beside
// what one letter went through, each tells the sums of the device.
//
//	compose, send, sent, failed
//	poll       it asks what is new; nothing: there is nothing
//	listed     the header of a letter came
//	fetched    a letter came, or its text, or the rest of it
//	read       its user opened a letter
//	asked      that letter wants its sender told (Text: the addresses), and its
//	           user was asked whether to; Reason is what makes that strange
//	marked     a letter has other flags
//	moved      a letter is in another folder
//	gone       a letter is no longer on the device
//	search     Text was sought, New letters found
//	set        its user changed settings; Text has a line for each: "leave_copies: true"; a password is not told
//	closed     its user closed the mail program
//	offline, online, lost
type Device struct {
	Action  string
	Account string   // address
	Subject string   // of the letter, decoded
	Count   int      // letters that the device knows of afterwards
	New     int      // letters that the poll brought or the search found
	Text    string   // of a letter composed or read: its readable text; what was sought or set; of "asked"
	Reason  string   // of "failed", of "asked"
	Folder  string   // on the server; "" for a letter fetched by POP3
	UID     string   // the server's unique id of the letter
	Flags   []string // that the letter has on the device afterwards; sorted
	Holds   string   // what of the letter is kept afterwards; "" for nothing
	Size    int      // octets of the whole letter
	Bytes   int      // octets of letters kept on the device afterwards
	Offline int      // letters that can be read without a network afterwards
}

// Verdict is what one check of a mail server (From) came to about a letter
// that another server hands it.
//
//	dnsbl     is the client's address on a list? pass, fail, temperror
//	spf       may that address send letters of the return address's domain? (RFC 7208)
//	greylist  has this client come before with this envelope? pass, wait
//	dkim      is a signature in the letter good? none, or one verdict a signature (RFC 6376)
//	dmarc     does either vouch for the From that is seen? (RFC 7489)
//	content   does the text look like spam? pass, fail
//	forged    fields in the letter that spoke in this server's name: removed
//	filter    what becomes of the letter: deliver, junk, refuse
//	sieve     what the script of a recipient (Value) does with a letter that is delivered:
//	          keep, fileinto, discard, redirect, reject; one verdict for each thing done
//
// Results of spf, dkim and dmarc are those of RFC 8601 §2.7.
type Verdict struct {
	Check    string
	Source   string   // what was looked at: "connection", "envelope", "letter", "both"
	Identity string   // whose word it is: "mailfrom", "helo", "header.d", "header.from"; "" where there is no such thing
	Value    string   // what stands there: an address, a name
	Domain   string   // in whose name the letter speaks
	Addr     string   // simulated IP address of the client
	Asked    []string // questions to DNS, in order: "TXT rocket.example"
	Record   string   // what the domain publishes; of sieve: the rule that matched, "" if none
	Term     string   // of spf: the part of Record that decided; of sieve: what the script says, `fileinto "Projects"`
	Result   string
	Aligned  []string // of dmarc: which of "spf", "dkim" vouch for Domain
	Policy   string   // of dmarc: what Domain asks for: "none", "quarantine", "reject"
	Score    int      // of content
	Reason   string   // in a few words, English
	Field    string   // of filter: the Authentication-Results that it writes on top of the letter, folded, without the final CR LF
}

// Change is a setting that an administrator changed. From is the server whose
// setting it is, or the name server that tells from now on what Domain says of
// itself: "spf", "dkim", "dmarc", "mx", "records".
type Change struct {
	Domain string // whose administrator it was
	Key    string // as in a world's description: "spf", "starttls", "filter"
	Old    string // in a line, or a line each for a list; "" for nothing
	New    string // likewise
}

// Fault is something that goes wrong on purpose, at the host From or between
// From and To.
//
//	on      from here on it may
//	struck  it did, to this very line, packet or connection
//	off     it is mended
type Fault struct {
	Action string
	Type   string // of the catalogue: "down", "power", "refused", "slow", "lossy", "cut", "reply", "disk", "certificate", "strip", "dns"
	Name   string // as whoever switched it on calls it
	Detail string // what it does, in a few English words: `every 2nd "RCPT TO:*" is answered "451 4.3.0 not now"`
	Line   string // of "struck": what would have been said or heard without it; "" if nothing, or nobody knows
}

// Words is one text in each language, by language tag ("en", "ru").
type Words map[string]string

// Note is something said about the trace: a chapter that starts here, the
// story of the event that is the note's Cause, or that a step of the lesson
// begins.
type Note struct {
	Chapter bool
	Text    Words
	Step    int // from 1; 0 if none begins
}

// Kind names the payload.
func (*Connect) Kind() Kind { return KindConnect }

// Kind names the payload.
func (*Close) Kind() Kind { return KindClose }

// Kind names the payload.
func (*Refused) Kind() Kind { return KindRefused }

// Kind names the payload.
func (*Line) Kind() Kind { return KindLine }

// Kind names the payload.
func (*TLS) Kind() Kind { return KindTLS }

// Kind names the payload.
func (*Lookup) Kind() Kind { return KindLookup }

// Kind names the payload.
func (*Queue) Kind() Kind { return KindQueue }

// Kind names the payload.
func (*Store) Kind() Kind { return KindStore }

// Kind names the payload.
func (*Device) Kind() Kind { return KindDevice }

// Kind names the payload.
func (*Verdict) Kind() Kind { return KindVerdict }

// Kind names the payload.
func (*Change) Kind() Kind { return KindChange }
func (*Fault) Kind() Kind  { return KindFault }

// Kind names the payload.
func (*Note) Kind() Kind { return KindNote }
