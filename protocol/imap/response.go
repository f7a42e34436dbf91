package imap

import (
	"errors"
	"fmt"

	"mailscope/protocol/wire"
)

// result is how a command ends: the tagged response. Its text is fixed
// English, never what the client sent.
type result struct {
	status string // OK, NO or BAD
	code   string // response code, without brackets; "" if none
	text   string
}

func ok(text string) result           { return result{"OK", "", text} }
func okCode(code, text string) result { return result{"OK", code, text} }
func no(code, text string) result     { return result{"NO", code, text} }
func bad(text string) result          { return result{"BAD", "", text} }

// badSyntax answers arguments that could not be read.
func badSyntax(err error) result {
	var e *wire.SyntaxError
	if errors.As(err, &e) {
		return bad(fmt.Sprintf("syntax error at octet %d: want %s", e.At, e.Want))
	}
	return bad(err.Error())
}

// unknown answers what is no command here.
var unknown = bad("unknown command")

// failed answers what the store refused; doing is what could not be done.
//
// RFC 5530 §3, RFC 9051 §7.1, RFC 9208 §4.3.2.
func (s *session) failed(doing string, err error) result {
	for _, c := range []struct {
		err        error
		code, text string
	}{
		{ErrAuth, "AUTHENTICATIONFAILED", "user or password is wrong"},
		{ErrNoMailbox, "NONEXISTENT", "no such mailbox"},
		{ErrExists, "ALREADYEXISTS", "there is such a mailbox already"},
		{ErrCannot, "CANNOT", "this cannot be done here"},
		{ErrOverQuota, "OVERQUOTA", "the mailbox is full"},
		{ErrLimit, "LIMIT", "a limit is reached"},
		{ErrInUse, "INUSE", "the mailbox is in use"},
	} {
		if errors.Is(err, c.err) {
			return no(c.code, c.text)
		}
	}
	s.log.Error(doing, "err", err)
	return no("SERVERBUG", "this did not work")
}

// failedInto is failed for a command that puts letters into a mailbox, which
// the client may create first.
//
// RFC 3501 §6.3.11, TRYCREATE.
func (s *session) failedInto(doing string, err error) result {
	if errors.Is(err, ErrNoMailbox) {
		return no("TRYCREATE", "no such mailbox; create it first")
	}
	return s.failed(doing, err)
}

// untagged writes a response that belongs to no command, or to the one under
// way: "* " and a line.
func (s *session) untagged(format string, args ...any) { s.out.line("* "+format, args...) }

// tagged ends a command.
func (s *session) tagged(tag string, r result) {
	if r.code != "" {
		s.out.line("%s %s [%s] %s", tag, r.status, r.code, r.text)
		return
	}
	s.out.line("%s %s %s", tag, r.status, r.text)
}
