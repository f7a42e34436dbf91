// Package imap is the Internet Message Access Protocol: IMAP4rev1 (RFC 3501) and
// IMAP4rev2 (RFC 9051) with the extensions that mail programs of today ask for;
// a server and a client.
//
// What belongs to one end only is told by the file's name: those of the client
// begin with it.
package imap

import (
	"context"
	"errors"
	"net"
	"time"
)

// Errors of a Backend that a client is told apart, each by its response code
// (RFC 5530, RFC 9051 §7.1). Any other is answered with [SERVERBUG] and a
// general text, and logged.
var (
	ErrAuth      = errors.New("user or password is wrong")      // [AUTHENTICATIONFAILED]
	ErrNoMailbox = errors.New("no such mailbox")                // [NONEXISTENT], [TRYCREATE] where creating would help
	ErrExists    = errors.New("mailbox exists already")         // [ALREADYEXISTS]
	ErrCannot    = errors.New("not possible with this mailbox") // [CANNOT]
	ErrOverQuota = errors.New("mailbox is full")                // [OVERQUOTA]
	ErrLimit     = errors.New("a limit is reached")             // [LIMIT]
	ErrInUse     = errors.New("mailbox is in use")              // [INUSE]
)

// Backend signs users in. Its methods are called by many sessions at once.
type Backend interface {
	// Login opens the account of user; both strings are as received, in
	// UTF-8. ErrAuth if they do not fit.
	Login(ctx context.Context, nc net.Conn, user, password string) (Account, error)
}

// Account is what a signed-in user has. Names of mailboxes are in UTF-8, in
// Normalization Form C, their levels parted by Delimiter; INBOX is in capital
// letters. The methods may be called from many goroutines.
type Account interface {
	// Mailboxes lists every mailbox, and every subscribed name that has none,
	// by name, INBOX first.
	Mailboxes() []MailboxInfo
	Status(name string) (Status, error)
	// Create makes a mailbox, and those above it that are missing. use is
	// its special use, such as "\\Sent", or "" (RFC 6154 §3).
	Create(name, use string) error
	// Delete removes a mailbox and what it holds. One with mailboxes below
	// it stays as a \Noselect name (RFC 3501 §6.3.4).
	Delete(name string) error
	// Rename moves a mailbox and those below it. INBOX stays, and its letters
	// move (RFC 3501 §6.3.5).
	Rename(from, to string) error
	// Subscribe puts a name on the list of subscriptions, or takes it off.
	Subscribe(name string, on bool) error
	// Append stores a letter. The mailbox keeps data, which is not changed
	// any more.
	Append(name string, data []byte, flags []string, date time.Time) (uid UID, err error)
	Open(name string) (Mailbox, error)
	// Quota is what the account may keep and keeps (RFC 9208).
	Quota() Quota
	Close() error
}

// Delimiter parts the levels of a mailbox's name.
const Delimiter = '/'

// MailboxInfo is one row of LIST.
type MailboxInfo struct {
	Name       string
	Use        string // special use, such as "\\Sent"; "" if none
	NoSelect   bool   // a name without a mailbox, for those below it
	Gone       bool   // subscribed, but there is none: \NonExistent
	Children   bool
	Subscribed bool
}

// Status is what STATUS and SELECT tell of a mailbox.
type Status struct {
	Messages      int
	Recent        int // that no session was given as \Recent
	Unseen        int
	Deleted       int
	Size          int64 // octets
	DeletedSize   int64
	UIDNext       uint32
	UIDValidity   uint32
	HighestModSeq uint64   // RFC 7162; at least 1
	FirstUnseen   uint32   // UID; 0 if all are seen
	Keywords      []string // that the mailbox knows, sorted
}

// UID names a message for ever: its number together with the UIDVALIDITY.
type UID struct{ Validity, Number uint32 }

// Message is one letter in a mailbox as it was at some moment. It never
// changes: with other flags it is another Message.
type Message struct {
	UID    uint32
	ModSeq uint64   // of its last change (RFC 7162)
	Flags  []string // system flags as "\\Seen", in RFC 3501's spelling; keywords as first set; sorted. \Recent is not among them
	Date   time.Time
	Data   []byte // lines ending in CR LF
	Ref    string // the backend's own name for the letter, which the engine passes to Server.About
}

// Mailbox is an open mailbox: the same for all sessions that have it open.
// What changed since a mod-sequence is all that a session needs to catch up,
// so the engine keeps no copy of it. The methods may be called from many
// goroutines; UIDs that are gone are passed over.
type Mailbox interface {
	Status() Status
	// UIDs lists the UIDs of all messages, rising, and the mod-sequence of
	// that moment. The caller owns the slice.
	UIDs() (uids []uint32, modseq uint64)
	// Message is the message with that UID, nil if there is none.
	Message(uid uint32) *Message
	// Since tells what changed after modseq: messages that came or have other
	// flags, by UID, and UIDs that are gone, rising. now is the mod-sequence
	// up to which it tells. complete is false if the record of what is gone
	// does not reach back so far; then gone is empty.
	Since(modseq uint64) (changed []*Message, gone []uint32, now uint64, complete bool)
	// Recent claims \Recent for this session: the UIDs that no session was
	// given before (RFC 3501 §2.3.2).
	Recent() []uint32
	// SetFlags changes flags, and returns the messages as they are then, in
	// the order of uids. One whose ModSeq is above unchangedSince, unless that
	// is NoModSeq, is left as it is and reported in modified instead.
	SetFlags(uids []uint32, op FlagOp, flags []string, unchangedSince uint64) (now []*Message, modified []uint32, err error)
	// Expunge removes those of uids, nil means all, that have \Deleted.
	Expunge(uids []uint32) error
	// Copy adds copies to the end of another mailbox, with flags and dates,
	// all or none: to names the copies, in the order of from.
	Copy(uids []uint32, name string) (from []uint32, to []UID, err error)
	// Move is Copy and removal in one step (RFC 6851).
	Move(uids []uint32, name string) (from []uint32, to []UID, err error)
	// Watch has notify called after each change, whoever made it, until stop
	// is called. notify must not block and must not call the mailbox.
	Watch(notify func()) (stop func())
}

// NoModSeq as unchangedSince means that any message may be changed.
const NoModSeq = ^uint64(0)

// FlagOp is what STORE does with the flags it names.
type FlagOp uint8

// The operations of STORE.
const (
	SetFlags FlagOp = iota
	AddFlags
	RemoveFlags
)

// Quota is the limits of an account and what it uses of them; a limit of 0 is
// none.
type Quota struct {
	Root             string
	Storage, MaxSize int64 // octets
	Messages, Max    int
}
