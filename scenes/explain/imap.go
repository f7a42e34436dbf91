package explain

import (
	"strings"

	"mailscope/protocol/imap"
	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// imapVerb is a command of IMAP: where its standard describes it, and what is
// told after it.
type imapVerb struct {
	section string
	args    func(*reader) // nil if there is nothing to tell
}

// imapVerbs has the commands. UID stands before another of them.
var imapVerbs = map[string]imapVerb{
	"CAPABILITY":     {"RFC 9051 §6.1.1", nil},
	"NOOP":           {"RFC 9051 §6.1.2", nil},
	"LOGOUT":         {"RFC 9051 §6.1.3", nil},
	"STARTTLS":       {"RFC 9051 §6.2.1", nil},
	"AUTHENTICATE":   {"RFC 9051 §6.2.2", (*reader).authenticate},
	"LOGIN":          {"RFC 9051 §6.2.3", (*reader).login},
	"ENABLE":         {"RFC 9051 §6.3.1", (*reader).abilities},
	"SELECT":         {"RFC 9051 §6.3.2", (*reader).open},
	"EXAMINE":        {"RFC 9051 §6.3.3", (*reader).open},
	"CREATE":         {"RFC 9051 §6.3.4", (*reader).create},
	"DELETE":         {"RFC 9051 §6.3.5", (*reader).mailbox},
	"RENAME":         {"RFC 9051 §6.3.6", (*reader).rename},
	"SUBSCRIBE":      {"RFC 9051 §6.3.7", (*reader).mailbox},
	"UNSUBSCRIBE":    {"RFC 9051 §6.3.8", (*reader).mailbox},
	"LIST":           {"RFC 9051 §6.3.9", (*reader).listing},
	"LSUB":           {"RFC 3501 §6.3.9", (*reader).listing},
	"NAMESPACE":      {"RFC 9051 §6.3.10", nil},
	"STATUS":         {"RFC 9051 §6.3.11", (*reader).status},
	"APPEND":         {"RFC 9051 §6.3.12", (*reader).append},
	"IDLE":           {"RFC 9051 §6.3.13", nil},
	"CLOSE":          {"RFC 9051 §6.4.1", nil},
	"UNSELECT":       {"RFC 9051 §6.4.2", nil},
	"EXPUNGE":        {"RFC 9051 §6.4.3", (*reader).numbers},
	"SEARCH":         {"RFC 9051 §6.4.4", (*reader).search},
	"FETCH":          {"RFC 9051 §6.4.5", (*reader).fetch},
	"STORE":          {"RFC 9051 §6.4.6", (*reader).store},
	"COPY":           {"RFC 9051 §6.4.7", (*reader).copy},
	"MOVE":           {"RFC 9051 §6.4.8", (*reader).copy},
	"CHECK":          {"RFC 3501 §6.4.1", nil},
	"ID":             {"RFC 2971 §3.1", (*reader).identity},
	"GETQUOTA":       {"RFC 9208 §4.1.1", (*reader).quotaRoot},
	"GETQUOTAROOT":   {"RFC 9208 §4.1.2", (*reader).mailbox},
	"SETQUOTA":       {"RFC 9208 §4.1.3", (*reader).setQuota},
	"SORT":           {"RFC 5256 §3", (*reader).sort},
	"THREAD":         {"RFC 5256 §3", (*reader).thread},
	"UNAUTHENTICATE": {"RFC 8437 §2", nil},
	"COMPRESS":       {"RFC 4978 §3", (*reader).other},
}

// imap explains a line of an IMAP dialogue.
func (s *speech) imap() Explained {
	switch s.line.Role {
	case trace.Reply:
		return s.imapReply()
	case trace.Data:
		return s.imapData()
	}
	return s.imapCommand()
}

// imapCommand explains a command with its tag and all that it is told, or
// what a client says that is no command.
func (s *speech) imapCommand() Explained {
	if s.ctx.Before == "" && s.ctx.Command != s.line.Text {
		switch imapline.Verb(s.ctx.Command) {
		case "AUTHENTICATE":
			return s.authAnswer("RFC 9051 §6.2.2")
		case "IDLE":
			if strings.EqualFold(s.line.Text, "DONE") {
				r := s.reader()
				r.part(r.take(), Verb, "done.verb")
				return Explained{Sentence: r.t("done"), Parts: r.parts, RFC: "RFC 9051 §6.3.13"}
			}
		}
	}
	r := s.reader()
	r.tag(r.take(), "tag")
	tok := r.take()
	if r.upper(tok) == "UID" {
		if next := strings.ToLower(r.of(r.peek())); r.has("cmd." + next) {
			r.uid = true
			r.part(tok, Verb, "cmd.uid.verb")
			tok = r.take()
		}
	}
	verb := r.upper(tok)
	v, known := imapVerbs[verb]
	if !known {
		r.parts = nil
		r.at = 0
		r.tag(r.take(), "tag")
		if tok = r.take(); tok.kind != ended {
			r.part(tok, Verb, "unknown.verb")
		}
		return r.done(r.t("unknown"), "RFC 9051 §2.2.1")
	}
	key := "cmd." + strings.ToLower(verb)
	r.part(tok, Verb, key+".verb")
	if v.args != nil {
		v.args(r)
	}
	if r.uid {
		key = r.first(key+".uid", key)
	}
	if what := [...]string{"", ".marks", ".header", ".text"}[r.asked]; verb == "FETCH" {
		key += what
	}
	section := v.section
	if r.uid {
		section = "RFC 9051 §6.4.9"
	}
	return r.done(r.t(key), section)
}

// tag explains the word that pairs a command with its reply.
func (r *reader) tag(tok token, key string) {
	if tok.kind != ended {
		r.part(tok, Field, key)
	}
}

// done is the explanation of a line that was read, or of the rest of one.
//
// RFC 9051 §4.3.
func (r *reader) done(sentence, section string) Explained {
	ex := Explained{Sentence: sentence, Parts: r.parts, RFC: section}
	ends := strings.Trim(r.s.line.Text, ") ") == ""
	if r.base == 0 && !ends {
		return ex
	}
	ex.Sentence = r.t("rest")
	if ends {
		ex.Sentence = r.t("rest.end")
		ex.RFC = "RFC 9051 §4.3"
		r.parts = nil
		r.add(r.base, len(r.text), Plain, r.t("rest.end.part"))
		ex.Parts = r.parts
	}
	return ex
}

// imapData explains a literal by what its line says that it is: a letter or a
// piece of one, or some other text.
func (s *speech) imapData() Explained {
	const section = "RFC 9051 §4.3"
	if imapline.Letter(s.ctx.Before) {
		ex := s.letterBlock()
		if strings.HasPrefix(s.ctx.Before, "*") && (len(ex.Parts) == 0 || ex.Parts[0].Kind != Field) {
			ex.Sentence = s.reader().t("data.piece")
			for i := range ex.Parts {
				ex.Parts[i].Meaning = "" // where in the letter it stood is not known
			}
		}
		ex.RFC = section
		return ex
	}
	line := *s.line
	line.Text = s.ctx.Before
	before := *s
	before.line, before.ctx.Before = &line, ""
	r := before.reader()
	r.promised()
	ex := Explained{Sentence: r.t("data"), RFC: section}
	if text := s.line.Text; text != "" {
		read := readable
		if r.literal.key == "" {
			r.literal = use{Plain, "data.part"}
		} else if r.literal.key == "arg.mailbox" {
			read = imap.NameFromWire
		}
		ex.Parts = []Part{{0, len(text), r.literal.kind, r.t(r.literal.key, "Text", printable(read(text)))}}
	}
	return ex
}

// promised reads a line for what the literal at its end is.
func (r *reader) promised() {
	if tok := r.take(); r.of(tok) == "*" {
		r.untagged()
		return
	}
	tok := r.take()
	if r.upper(tok) == "UID" {
		r.uid = true
		tok = r.take()
	}
	if v, ok := imapVerbs[r.upper(tok)]; ok && v.args != nil {
		v.args(r)
	}
}
