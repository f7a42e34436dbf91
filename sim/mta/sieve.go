package mta

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mailscope/protocol/imap"
	"mailscope/protocol/sieve"
	"mailscope/protocol/smtp"
	"mailscope/sim/mailbox"
	"mailscope/sim/trace"
)

// SetSieve changes the script that sorts the letters of a mailbox here; nil is
// none. mailbox.ErrNoBox if there is no such mailbox.
func (s *Server) SetSieve(address string, script *sieve.Script) error {
	box := s.boxOf(address)
	if box == nil {
		return mailbox.ErrNoBox
	}
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	s.disk.scripts[mailbox.Key(box.Address)] = script
	return nil
}

// script is the script of a mailbox, nil if it has none.
func (s *Server) script(box *mailbox.Box) *sieve.Script {
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	return s.disk.scripts[mailbox.Key(box.Address)]
}

// fates is what becomes of a letter for its recipients here.
type fates struct {
	stored    []smtp.Rcpt // in a mailbox
	onward    []onward
	discarded []smtp.Rcpt
	results   // those who are refused it
}

// onward is a recipient whose letters are sent on.
type onward struct {
	smtp.Rcpt
	Alias
	stored bool // and is among those, too
}

// sorting is a letter that a script puts into its recipient's folders.
type sorting struct {
	*entry
	s       *Server
	box     *mailbox.Box
	usual   string   // the folder for letters that are kept
	folders []string // that the letter is in now
}

// sort does with a letter what its recipient's script says; without one it is
// kept. What has been recognised as junk is kept out of sight: a script that
// wants it elsewhere says fileinto.
//
// RFC 5228 §2.10.
func (s *Server) sort(e *entry, r smtp.Rcpt, box *mailbox.Box, f *fates) {
	by := sorting{entry: e, s: s, box: box, usual: mailbox.Inbox}
	if e.junk {
		by.usual = box.FolderFor(`\Junk`)
	}
	actions, err := []sieve.Action{{Kind: sieve.Keep}}, error(nil)
	script := s.script(box)
	if script != nil {
		actions, err = script.Run(sieve.Input{From: e.env.Mail.From, To: s.expand(r.To), Letter: e.data,
			Exists: func(name string) bool { _, ok := box.Find(name); return ok }})
	}
	var to []string
	var refusal *outcome
	for _, a := range actions {
		folder, why := "", ""
		switch {
		case a.Kind == sieve.Keep:
			folder = by.usual
		case a.Kind == sieve.FileInto:
			folder, why = by.find(a)
		case a.Kind == sieve.Redirect && s.circles(e):
			folder, why = by.usual, "the letter loops"
		case a.Kind == sieve.Redirect:
			to = append(to, a.Address)
		case a.Kind == sieve.Reject: // RFC 5429 §2.1
			refusal = failed("5.7.1", a.Reason)
		}
		if script != nil {
			s.record(e.letter, sifted(box, a, len(actions), why, err))
		}
		if folder != "" {
			by.put(folder, a.Flags)
		}
	}
	switch {
	case refusal != nil:
		f.add(r, *refusal)
		return
	case len(by.folders) > 0:
		f.stored = append(f.stored, r)
	case len(to) == 0:
		f.discarded = append(f.discarded, r)
	}
	if len(to) > 0 {
		f.onward = append(f.onward, onward{r, Alias{To: to}, len(by.folders) > 0})
	}
}

// find is the folder that fileinto means. One that is not there, or cannot be
// made, is no reason to lose a letter: it is kept, and why tells the reason.
//
// RFC 5228 §4.1, RFC 5490 §3.2.
func (by *sorting) find(a sieve.Action) (folder, why string) {
	name := strings.TrimSuffix(a.Mailbox, string(imap.Delimiter))
	folder, ok := by.box.Find(name)
	switch {
	case ok:
		return folder, ""
	case !a.Create:
		return by.usual, "there is no such folder"
	case by.box.Create(name, "") != nil:
		return by.usual, "no such folder can be made"
	}
	folder, _ = by.box.Find(name)
	return folder, ""
}

// put stores the letter in a folder, once (RFC 5228 §2.10.3).
func (by *sorting) put(folder string, flags []string) {
	if !slices.Contains(by.folders, folder) {
		by.folders = append(by.folders, folder)
		by.box.DeliverInto(folder, flags, mailbox.Message{Letter: by.letter, Date: by.s.net.Clock.Date(), Data: by.stored})
	}
}

// sifted is the verdict of a script: one of so many things that are done with a
// letter, and by which rule.
func sifted(box *mailbox.Box, a sieve.Action, of int, why string, err error) *trace.Verdict {
	v := &trace.Verdict{Check: "sieve", Source: a.Rule.Source, Value: box.Address,
		Record: brief(a.Rule.Text), Term: brief(a.String()), Result: string(a.Kind)}
	switch {
	case err != nil:
		v.Reason = "the script went wrong: " + err.Error()
	case a.Implicit && of > 1:
		v.Reason = "all else was done with copies"
	case a.Implicit:
		v.Reason = "no rule matched"
	case a.Rule.Line == 0:
		v.Reason = "the script says so of every letter"
	default:
		v.Reason = "rule in line " + strconv.Itoa(a.Rule.Line) + " matched"
	}
	if why != "" {
		v.Result, v.Reason = string(sieve.Keep), strings.Join([]string{v.Reason, why}, "; ")
	}
	return v
}

// maxBrief is how many octets of a rule an event holds.
const maxBrief = 240

// brief is a text on one line that is not too long.
func brief(text string) string {
	if strings.ContainsAny(text, "\r\n\t") || strings.Contains(text, "  ") {
		text = strings.Join(strings.Fields(text), " ")
	}
	if len(text) <= maxBrief {
		return text
	}
	n := maxBrief
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
