package sieve

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"mailscope/protocol/imap/letter"
)

// Limits on one run (RFC 5228 §2.10.4, §2.10.5).
const (
	maxActions   = 32
	maxRedirects = 4
	maxWork      = 1 << 27 // octets looked at, about
)

// ErrWork is of a run that takes too long.
var ErrWork = errors.New("the script takes too long")

// Input is what a script looks at.
type Input struct {
	From   string // the reverse-path, "" if it is null
	To     string // the recipient
	Letter []byte
	// Exists tells whether there is a mailbox of that name; nil is no mailbox
	// but INBOX.
	Exists func(mailbox string) bool
}

// Kind is what an action does.
type Kind string

// The kinds of actions.
const (
	Keep     Kind = "keep"
	FileInto Kind = "fileinto"
	Discard  Kind = "discard"
	Redirect Kind = "redirect"
	Reject   Kind = "reject"
)

// Action is one thing to be done with the letter.
type Action struct {
	Kind
	Mailbox  string   // of FileInto
	Create   bool     // of FileInto: the mailbox may be made
	Copy     bool     // of FileInto and Redirect: the implicit keep stands as it did
	Address  string   // of Redirect
	Reason   string   // of Reject
	Flags    []string // of Keep and FileInto: those that the letter gets
	Implicit bool     // of Keep: nothing in the script said otherwise
	Rule     Rule     // why
}

// Rule is the innermost if, elsif or else whose block an action stands in. If it
// stands in none, Line is 0.
type Rule struct {
	Line   int    // where it begins
	Text   string // if header :contains "subject" "sale"
	Source string // what it looks at: "envelope", "letter" or "both"
}

// String is the action as it would stand in a script.
func (a Action) String() string {
	var b strings.Builder
	b.WriteString(string(a.Kind))
	if a.Copy {
		b.WriteString(" :copy")
	}
	if a.Create {
		b.WriteString(" :create")
	}
	if len(a.Flags) > 0 {
		b.WriteString(" :flags " + stringsText(a.Flags))
	}
	for _, text := range [...]string{a.Mailbox, a.Address, a.Reason} {
		if text != "" {
			b.WriteString(" " + quote(text))
		}
	}
	return b.String()
}

// Run says what becomes of a letter: one action at least, in the order of the
// script. If the script goes wrong, err tells why, and the letter is to be kept
// as if there were none: nothing else that the script wanted is done.
//
// RFC 5228 §2.10.2 (implicit keep), §2.10.6 (errors).
func (s *Script) Run(in Input) (actions []Action, err error) {
	m := machine{Input: in, keep: true, rule: Rule{Source: s.source}}
	m.block(s.body)
	switch {
	case m.err != nil:
		return []Action{{Kind: Keep, Implicit: true, Rule: Rule{Source: s.source}}}, m.err
	case m.keep:
		m.actions = append(m.actions, Action{Kind: Keep, Flags: slices.Clone(m.flags), Implicit: true, Rule: Rule{Source: s.source}})
	}
	return m.actions, nil
}

// machine is one run of a script.
type machine struct {
	Input
	actions []Action
	keep    bool     // the implicit keep stands
	flags   []string // the internal variable of RFC 5232 §2
	rule    Rule
	err     error
	done    int // work

	fields []field // of the letter's header, once it was taken apart
	body   []byte
	root   *letter.Part
}

// work notes that n octets are looked at. ok is false if the run is over.
func (m *machine) work(n int) (ok bool) {
	if m.done += n; m.done > maxWork {
		m.fail(ErrWork)
	}
	return m.err == nil
}

func (m *machine) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

// block runs statements until one stops the script or something goes wrong.
func (m *machine) block(list []statement) (stopped bool) {
	for _, s := range list {
		if !m.work(1) || s.run(m) {
			return true
		}
	}
	return m.err != nil
}

// add notes an action, once (RFC 5228 §2.10.3).
func (m *machine) add(a Action) {
	a.Rule = m.rule
	same := func(b Action) bool {
		return b.Kind == a.Kind && b.Mailbox == a.Mailbox && b.Address == a.Address
	}
	redirects := 0
	for _, b := range m.actions {
		if b.Kind == Redirect {
			redirects++
		}
		if (a.Kind == Reject) != (b.Kind == Reject) && a.Kind != Discard && b.Kind != Discard || a.Kind == Reject && b.Kind == Reject { // RFC 5429 §2.3
			m.fail(fmt.Errorf("%s does not go together with %s", a.Kind, b.Kind))
			return
		}
	}
	switch {
	case slices.ContainsFunc(m.actions, same):
	case len(m.actions) == maxActions:
		m.fail(fmt.Errorf("more than %d actions", maxActions))
	case a.Kind == Redirect && redirects == maxRedirects:
		m.fail(fmt.Errorf("more than %d redirections", maxRedirects))
	default:
		m.actions = append(m.actions, a)
	}
}

// field is one field of a header.
type field struct{ name, value []byte }

// open takes the letter apart, once.
func (m *machine) open() {
	if m.fields != nil {
		return
	}
	var header []byte
	header, m.body = letter.Split(m.Letter)
	m.work(len(header))
	m.fields = make([]field, 0, 16)
	for name, value := range letter.EachField(header) {
		m.fields = append(m.fields, field{name, value})
	}
}

// values goes over the values of the fields with that name, as they stand. No
// field has a name that is none.
//
// RFC 5228 §2.4.2.2.
func (m *machine) values(name string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		m.open()
		for _, f := range m.fields {
			if !m.work(1) || len(f.name) == len(name) && strings.EqualFold(string(f.name), name) && !yield(f.value) {
				return
			}
		}
	}
}
